// Lab init: signals and errors of a network at its start, layer by layer, and its first steps.

import * as Plot from "@observablehq/plot";
import {
  activations,
  affineBackward,
  affineForward,
  gradientDescent,
  logistic,
} from "../engine.js";
import { frame } from "../marks.js";
import { show } from "../text.js";

const LARGEST = { sigmoid: 0.25, tanh: 1, relu: 1 };
const SPREAD = {
  zeros: () => 0,
  constant: (nIn) => 1 / nIn,
  normal: () => 1,
  xavier: (nIn, nOut) => Math.sqrt(2 / (nIn + nOut)),
  he: (nIn) => Math.sqrt(2 / nIn),
};
const square = (v) => v * v;
const average = (values, f = (v) => v) => values.reduce((sum, v) => sum + f(v), 0) / values.length;
const size = (values) => Math.sqrt(average(values, square));

function start({ scheme, gain, depth, width }, { draws }) {
  let used = 0;
  return Array.from({ length: depth + 1 }, (_, k) => {
    const [nIn, nOut] = [k ? width : 2, k < depth ? width : 1];
    const unit = draws.slice(used, (used += nIn * nOut));
    const spread = gain * SPREAD[scheme](nIn, nOut);
    return {
      W: Float64Array.from(unit, (u) => spread * (scheme === "constant" ? 1 : u)),
      b: new Float64Array(nOut),
    };
  });
}

// One pass forward and back: the cost, the gradients, and what each hidden layer saw.
function pass(layers, act, X, y) {
  const caches = [];
  const seen = [];
  let A = X;
  layers.forEach(({ W, b }, k) => {
    const [Z, cache] = affineForward(A, W, b);
    const [out, actCache] = k < layers.length - 1 ? act.forward(Z) : [Z];
    caches.push([cache, actCache]);
    if (actCache) seen.push({ Z, A: out, actCache });
    A = out;
  });
  let [cost, dZ] = logistic(A, y);
  const grads = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(dZ, caches[k][0]);
    grads[k] = { W: dW, b: db };
    if (k) seen[k - 1].dZ = dZ = act.backward(dX, caches[k - 1][1]);
  }
  return { cost, grads, seen };
}

const slopesOf = (act, A, cache) =>
  act.backward(
    A.map(() => 1),
    cache,
  );

function theory({ scheme, gain, depth, width }, act, X, { quantiles }) {
  const [q, inputs, slopes] = [[], [], []];
  let [mean, nIn] = [average(X, square), 2];
  for (let k = 0; k < depth; k++) {
    inputs.push(mean);
    q.push(nIn * square(gain * SPREAD[scheme](nIn, width)) * mean);
    const [A, cache] = act.forward(Float64Array.from(quantiles, (u) => Math.sqrt(q[k]) * u));
    slopes.push(average(slopesOf(act, A, cache), square));
    [mean, nIn] = [average(A, square), width];
  }
  return { q, inputs, slopes };
}

// What there is to say of the network before its first step.
function atStart(seen, act, settings, X, shared) {
  const { scheme, gain, activation, depth, width } = settings;
  const slopes = seen.map(({ A, actCache }) => slopesOf(act, A, actCache));
  const saturated = slopes.map((s) =>
    average(s, (v) => Number(v < shared.saturated * LARGEST[activation])),
  );
  const dead = slopes.map((s) => {
    const alive = new Set();
    s.forEach((v, i) => v && alive.add(i % width));
    return 1 - alive.size / width;
  });
  const [first, last] = [size(seen[0].dZ), size(seen.at(-1).dZ)];
  const ratio = first / last;
  const squares = seen.map(({ Z }) => average(Z, square));
  const wide = theory(settings, act, X, shared);
  const variance = square(gain * SPREAD[scheme](width, width));
  const factors = wide.slopes.map((s) => width * variance * s);
  const expected = factors.map(
    (_, k) => last * Math.sqrt(factors.slice(k, -1).reduce((a, b) => a * b, 1)),
  );
  return {
    signals: seen.map(({ A }) => A),
    errors: seen.map(({ dZ }) => dZ),
    squares,
    saturated,
    dead,
    q: wide.q,
    expected,
    variance,
    inputs: wide.inputs[depth - 1],
    should: wide.q[depth - 1],
    is: squares[depth - 1],
    slopes: wide.slopes[depth - 2],
    factor: factors[depth - 2],
    first,
    last,
    verdict: !first
      ? "there are none"
      : ratio < 0.01
        ? "they vanish"
        : ratio > 100
          ? "they explode"
          : "they get through",
    all_saturated: average(saturated),
    all_dead: average(dead),
    layer: shared.layers[activation],
    weights: shared.weights[scheme],
  };
}

function* train(settings, shared) {
  const act = activations[settings.activation];
  const X = Float64Array.from(shared.X.flat());
  const y = shared.y.flat();
  const costs = [];
  let layers = start(settings, shared);
  let found;
  for (let step = 0; step <= shared.steps; step++) {
    const { cost, grads, seen } = pass(layers, act, X, y);
    found ??= atStart(seen, act, settings, X, shared);
    costs.push(cost);
    const finite = Number.isFinite(cost);
    yield { ...found, costs, step, cost: finite ? cost : null, overflow: finite ? null : "" };
    const moved = (k, name) => gradientDescent(layers[k][name], grads[k][name], shared.rate);
    layers = layers.map((_, k) => ({ W: moved(k, "W"), b: moved(k, "b") }));
  }
}

const HEIGHT = 260;
const BINS = 48;
const MEASURED = "var(--lab-0)";
const INK = "var(--lab-ink)";
const log = (v) => (v ? Math.log10(Math.abs(v)) : NaN);
const dashed = { stroke: INK, strokeDasharray: "5 3", clip: true };

// Wide enough for the sizes of all layers, and otherwise fixed by the depth: a gain moves what is
// drawn and not the axis.
function decades([low, high], sizes) {
  const finite = sizes.map(log).filter(Number.isFinite);
  return [Math.min(low, ...finite.map((v) => v - 1)), Math.max(high, ...finite.map((v) => v + 1))];
}

// A histogram a layer, one below the other, each as high as there is room.
const histograms = (title, name, { keys = [], domain, label, transform, expected }) => ({
  title,
  keys,
  label: ({ values }) => values.verdict,
  draw({ settings, values, width }) {
    const [low, high] = domain(settings, values);
    const step = (high - low) / BINS;
    const bars = values[name].flatMap((numbers, k) => {
      const counts = new Array(BINS).fill(0);
      for (const v of numbers) {
        const bin = Math.floor((transform(v, settings) - low) / step);
        if (!Number.isNaN(bin)) counts[Math.min(Math.max(bin, 0), BINS - 1)] += 1;
      }
      const most = Math.max(...counts);
      return counts
        .map((count, i) => ({ x: low + i * step, k, high: count / most }))
        .filter(({ high }) => high > 0);
    });
    return Plot.plot({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: [low, high], label: label(settings), ticks: 5, grid: true },
      y: {
        domain: [settings.depth + 0.5, 0.5],
        label: "layer",
        ticks: Math.min(settings.depth, 10),
      },
      marks: [
        Plot.rect(bars, {
          x1: "x",
          x2: ({ x }) => x + step,
          y1: ({ k }) => k + 1.45,
          y2: ({ k, high }) => k + 1.45 - 0.9 * high,
          fill: MEASURED,
        }),
        Plot.line(expected ? values[expected] : [], { x: log, y: (_, k) => k + 1, ...dashed }),
        Plot.text(bars.length ? [] : ["all of them are 0"], { frameAnchor: "middle", fill: INK }),
      ],
    });
  },
});

// Measured numbers a layer (or a step), with a dashed line to hold them against.
const curves = (title, key, { values: valuesOf, label, ...scales }) => ({
  title,
  keys: [["╌╌", key]],
  label,
  draw({ settings, shared, values, width }) {
    const { measured, other, from = 1, ...options } = valuesOf(values, settings, shared);
    const x = { x: (_, i) => i + from, y: (v) => v };
    return Plot.plot({
      ...frame,
      marginLeft: 44, // room for 100%
      width,
      height: HEIGHT,
      x: {
        domain: [1, settings.depth],
        label: "layer",
        ticks: Math.min(settings.depth - 1, 6),
        ...scales.x,
        ...options.x,
      },
      y: { grid: true, ticks: 5, ...scales.y, ...options.y },
      marks: [
        Plot.line(measured, { ...x, stroke: MEASURED, strokeWidth: 1.8, clip: !from }),
        Plot.dot(from ? measured : [], { ...x, r: 2.5, fill: MEASURED }),
        Plot.line(other, { ...x, ...dashed }),
      ],
    });
  },
});

function around(values) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length ? [Math.min(...finite), Math.max(...finite)] : [0, 0];
  const extra = Math.max(0.3, 2 - (high - low) / 2);
  return [low - extra, high + extra];
}

export default {
  areas: [
    "signals signals signals errors errors errors",
    "squares squares shares shares costs costs",
  ],
  columns: "repeat(6, 1fr)",
  panels: {
    signals: histograms("Activations", "signals", {
      domain: ({ activation, depth }, { signals }) =>
        activation === "relu"
          ? decades([-2 - 0.2 * depth, 1 + 0.2 * depth], signals.map(size))
          : activation === "tanh"
            ? [-1.02, 1.02]
            : [-0.01, 1.01],
      label: ({ activation }) => (activation === "relu" ? "log₁₀ a" : "a"),
      transform: (v, { activation }) => (activation === "relu" ? log(v) : v),
    }),
    errors: histograms("Errors", "errors", {
      keys: [["╌╌", "size, by the theory"]],
      domain: ({ depth }, { errors }) =>
        decades([-4 - 0.8 * depth, 2 + 0.2 * depth], errors.map(size)),
      label: () => "log₁₀ |δ|",
      transform: log,
      expected: "expected",
    }),
    squares: curves("Scores", "theory", {
      values({ squares, q }) {
        const [measured, other] = [squares.map(log), q.map(log)];
        return { measured, other, y: { domain: around([...measured, ...other]) } };
      },
      y: { label: "log₁₀ E[z²]" },
      label: ({ values }) =>
        `mean square ${show(values.is, ".2g")} in the last layer, ${show(values.should, ".2g")} by the theory`,
    }),
    shares: curves("Saturated", "dead", {
      values: ({ saturated, dead }) => ({ measured: saturated, other: dead }),
      y: { domain: [0, 1], label: "share", tickFormat: ".0%" },
      label: ({ values }) =>
        `${show(values.all_saturated, ".0%")}, dead ${show(values.all_dead, ".0%")}`,
    }),
    costs: curves("Training", "log 2", {
      values: ({ costs }, _, { steps }) => ({
        measured: costs.map((cost) => Math.min(cost, 9)),
        other: new Array(steps + 1).fill(Math.LN2),
        from: 0,
        x: { domain: [0, steps] },
      }),
      x: { label: "step", ticks: 5 },
      y: { domain: [0, 1.5], label: "cost" },
      label: ({ values }) =>
        values.cost === null
          ? "overflow"
          : `cost ${show(values.cost, ".3f")} after ${values.step} steps`,
    }),
  },
  train,
};
