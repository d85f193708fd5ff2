// Lab init: signals and errors of a network at its start, layer by layer, and its first steps.

import * as Plot from "@observablehq/plot";
import { activations, affineBackward, affineForward, logistic } from "../engine.js";
import { frame } from "../marks.js";
import { average, clamp, lastOf, range } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { show } from "../text.js";

/** @import { Activation, AffineCache } from "../engine.js" */
/** @import { Key, Lab, Numbers, Pair, Panel, Trained, Values } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} scheme
 * @property {number} gain
 * @property {string} activation
 * @property {number} depth
 * @property {number} width
 */

/**
 * @typedef {object} Shared
 * @property {number[][]} X
 * @property {number[][]} y
 * @property {number[]} draws of the standard normal distribution
 * @property {number[]} quantiles of the same
 * @property {number} steps
 * @property {number} rate
 * @property {number} saturated slopes below this share of the largest are
 * @property {{ [activation: string]: string }} layers
 * @property {{ [scheme: string]: string }} weights
 */

/** @typedef {Trained<typeof train>} State */

// --- the network ---

/** @type {{ [activation: string]: number }} slope */
const LARGEST = { sigmoid: 0.25, tanh: 1, relu: 1 };

/** @type {{ [scheme: string]: (nIn: number, nOut: number) => number }} of the weights */
const SPREAD = {
  zeros: () => 0,
  constant: (nIn) => 1 / nIn,
  normal: () => 1,
  xavier: (nIn, nOut) => Math.sqrt(2 / (nIn + nOut)),
  he: (nIn) => Math.sqrt(2 / nIn),
};

/** @param {number} v */
const square = (v) => v * v;

/** @param {Numbers} values */
const meanSquare = (values) => average(Array.from(values, square));

/** @param {Numbers} values */
const size = (values) => Math.sqrt(meanSquare(values));

/** @typedef {{ W: Float64Array, b: Float64Array }} Layer */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Layer[]}
 */
function start({ scheme, gain, depth, width }, { draws }) {
  let used = 0;
  return range(depth + 1).map((k) => {
    const [nIn, nOut] = [k ? width : 2, k < depth ? width : 1];
    const unit = draws.slice(used, used + nIn * nOut);
    used += nIn * nOut;
    const spread = gain * SPREAD[scheme](nIn, nOut);
    const W = Float64Array.from(unit, (u) => spread * (scheme === "constant" ? 1 : u));
    return { W, b: new Float64Array(nOut) };
  });
}

/**
 * What a hidden layer saw: its scores, its outputs, and the errors of its scores.
 *
 * @typedef {object} Seen
 * @property {Float64Array} Z
 * @property {Float64Array} A
 * @property {Float64Array} actCache
 * @property {Float64Array} dZ
 */

/**
 * One pass forward and back: the cost, the gradients, and what each hidden layer saw.
 *
 * @param {Layer[]} layers
 * @param {Activation} act
 * @param {Float64Array} X
 * @param {Numbers} y
 */
function pass(layers, act, X, y) {
  /** @type {AffineCache[]} */
  const caches = [];
  /** @type {Omit<Seen, "dZ">[]} */
  const hidden = [];
  let A = X;
  for (const { W, b } of layers.slice(0, -1)) {
    const [Z, cache] = affineForward(A, W, b);
    const [out, actCache] = act.forward(Z);
    caches.push(cache);
    hidden.push({ Z, A: out, actCache });
    A = out;
  }
  const { W, b } = lastOf(layers);
  const [scores, cache] = affineForward(A, W, b);
  caches.push(cache);
  let [cost, dZ] = logistic(scores, y);
  /** @type {Layer[]} */
  const grads = [];
  /** @type {Seen[]} */
  const seen = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(dZ, caches[k]);
    grads.unshift({ W: dW, b: db });
    if (k === 0) break;
    dZ = act.backward(dX, hidden[k - 1].actCache);
    seen.unshift({ ...hidden[k - 1], dZ });
  }
  return { cost, grads, seen };
}

/**
 * @param {Activation} act
 * @param {Float64Array} A
 * @param {Float64Array} cache
 */
const slopesOf = (act, A, cache) =>
  act.backward(
    A.map(() => 1),
    cache,
  );

/**
 * What an infinitely wide network has in each layer: q, the mean square of the scores, and the mean
 * squares of the inputs and of the slopes.
 *
 * @param {Settings} settings
 * @param {Activation} act
 * @param {Numbers} X
 * @param {Shared} shared
 */
function theory({ scheme, gain, depth, width }, act, X, { quantiles }) {
  const found = [];
  let [mean, nIn] = [meanSquare(X), 2];
  for (let k = 0; k < depth; k++) {
    const q = nIn * square(gain * SPREAD[scheme](nIn, width)) * mean;
    const [A, cache] = act.forward(Float64Array.from(quantiles, (u) => Math.sqrt(q) * u));
    found.push({ q, inputs: mean, slopes: meanSquare(slopesOf(act, A, cache)) });
    [mean, nIn] = [meanSquare(A), width];
  }
  return found;
}

/**
 * The share of the units whose slope is 0 for every example.
 *
 * @param {Float64Array} slopes of all examples
 * @param {number} width
 */
function deadShare(slopes, width) {
  const alive = new Set();
  slopes.forEach((v, i) => {
    if (v) alive.add(i % width);
  });
  return 1 - alive.size / width;
}

/**
 * What becomes of the errors on their way down, from the last layer to the first.
 *
 * @param {number} first
 * @param {number} last
 */
function verdictOn(first, last) {
  if (!first) return "there are none";
  if (first / last < 0.01) return "they vanish";
  return first / last > 100 ? "they explode" : "they get through";
}

/**
 * What there is to say of the network before its first step.
 *
 * @param {Seen[]} seen
 * @param {Activation} act
 * @param {Settings} settings
 * @param {Numbers} X
 * @param {Shared} shared
 */
function atStart(seen, act, settings, X, shared) {
  const { scheme, gain, activation, depth, width } = settings;
  const flat = shared.saturated * LARGEST[activation];
  const slopes = seen.map(({ A, actCache }) => slopesOf(act, A, actCache));
  const saturated = slopes.map((s) => average(s.map((v) => Number(v < flat))));
  const dead = slopes.map((s) => deadShare(s, width));
  const [first, last] = [size(seen[0].dZ), size(lastOf(seen).dZ)];
  const squares = seen.map(({ Z }) => meanSquare(Z));
  const wide = theory(settings, act, X, shared);
  const variance = square(gain * SPREAD[scheme](width, width));
  const factors = wide.map(({ slopes }) => width * variance * slopes);
  return {
    signals: seen.map(({ A }) => A),
    errors: seen.map(({ dZ }) => dZ),
    squares,
    saturated,
    dead,
    q: wide.map(({ q }) => q),
    expected: factors.map((_, k) => {
      const growth = factors.slice(k, -1).reduce((a, b) => a * b, 1);
      return last * Math.sqrt(growth);
    }),
    variance,
    inputs: wide[depth - 1].inputs,
    should: wide[depth - 1].q,
    is: squares[depth - 1],
    slopes: wide[depth - 2].slopes,
    factor: factors[depth - 2],
    first,
    last,
    verdict: verdictOn(first, last),
    all_saturated: average(saturated),
    all_dead: average(dead),
    layer: shared.layers[activation],
    weights: shared.weights[scheme],
  };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const act = activations[settings.activation];
  const X = Float64Array.from(shared.X.flat());
  const y = shared.y.flat();
  /** @type {number[]} */
  const costs = [];
  let layers = start(settings, shared);
  let found;
  for (let step = 0; step <= shared.steps; step++) {
    const { cost, grads, seen } = pass(layers, act, X, y);
    found ??= atStart(seen, act, settings, X, shared);
    costs.push(cost);
    const finite = Number.isFinite(cost);
    yield { ...found, costs, step, cost: finite ? cost : null, overflow: finite ? null : "" };
    layers = layers.map(({ W, b }, k) => ({
      W: gradientDescent(W, grads[k].W, shared.rate),
      b: gradientDescent(b, grads[k].b, shared.rate),
    }));
  }
}

// --- the panels ---

const HEIGHT = 260;
const BINS = 48;
const MEASURED = "var(--lab-0)";
const INK = "var(--lab-ink)";
const dashed = { stroke: INK, strokeDasharray: "5 3", clip: true };

/** @param {number} v */
const log = (v) => (v ? Math.log10(Math.abs(v)) : NaN);

/** @typedef {Values<Settings, State>} Now */

/**
 * Wide enough for the sizes of all layers, and otherwise fixed by the depth: a gain moves what is
 * drawn and not the axis.
 *
 * @param {Pair} fixed
 * @param {Numbers[]} layers
 * @returns {Pair}
 */
function decades([low, high], layers) {
  const finite = layers.map((values) => log(size(values))).filter(Number.isFinite);
  return [Math.min(low, ...finite.map((v) => v - 1)), Math.max(high, ...finite.map((v) => v + 1))];
}

/**
 * @typedef {object} Histograms
 * @property {"signals" | "errors"} of
 * @property {Key[]} [keys]
 * @property {(settings: Settings, values: Now) => Pair} domain
 * @property {(settings: Settings) => string} label
 * @property {(v: number, settings: Settings) => number} transform
 * @property {"expected"} [expected]
 */

/**
 * The bars of a layer's histogram, its highest 1.
 *
 * @param {Numbers} places
 * @param {Pair} domain
 */
function binned(places, [low, high]) {
  const step = (high - low) / BINS;
  const counts = range(BINS).map(() => 0);
  for (const place of Array.from(places)) {
    const bin = Math.floor((place - low) / step);
    if (!Number.isNaN(bin)) counts[clamp(bin, [0, BINS - 1])] += 1;
  }
  const most = Math.max(...counts);
  return counts
    .map((count, i) => ({ x1: low + i * step, x2: low + i * step + step, share: count / most }))
    .filter(({ share }) => share > 0);
}

/**
 * A histogram a layer, one below the other, each as high as there is room.
 *
 * @param {string} title
 * @param {Histograms} options
 * @returns {Panel<Settings, Shared, State>}
 */
const histograms = (title, { of, keys = [], domain, label, transform, expected }) => ({
  title,
  keys,
  label: ({ values }) => values.verdict,
  draw({ settings, values, width }) {
    const x = domain(settings, values);
    const bars = values[of].flatMap((numbers, k) => {
      const places = Array.from(numbers, (v) => transform(v, settings));
      return binned(places, x).map((bar) => ({ ...bar, k }));
    });
    return Plot.plot({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: x, label: label(settings), ticks: 5, grid: true },
      y: {
        domain: [settings.depth + 0.5, 0.5],
        label: "layer",
        ticks: Math.min(settings.depth, 10),
      },
      marks: [
        Plot.rect(bars, {
          x1: "x1",
          x2: "x2",
          y1: ({ k }) => k + 1.45,
          y2: ({ k, share }) => k + 1.45 - 0.9 * share,
          fill: MEASURED,
        }),
        Plot.line(expected ? values[expected] : [], { x: log, y: (_, k) => k + 1, ...dashed }),
        Plot.text(bars.length ? [] : ["all of them are 0"], { frameAnchor: "middle", fill: INK }),
      ],
    });
  },
});

/**
 * What is drawn over the layers, or over the steps.
 *
 * @typedef {object} Curves
 * @property {number[]} measured
 * @property {number[]} other to hold it against
 * @property {number} [from] the first place
 * @property {Plot.ScaleOptions} [x]
 * @property {Plot.ScaleOptions} [y]
 */

/**
 * Measured numbers a layer (or a step), with a dashed line to hold them against.
 *
 * @param {string} title
 * @param {string} key
 * @param {(values: Now, settings: Settings, shared: Shared) => Curves} curvesOf
 * @param {(values: Now) => string} label
 * @returns {Panel<Settings, Shared, State>}
 */
const curves = (title, key, curvesOf, label) => ({
  title,
  keys: [["╌╌", key]],
  label: ({ values }) => label(values),
  draw({ settings, shared, values, width }) {
    const { measured, other, from = 1, x, y } = curvesOf(values, settings, shared);
    const at = {
      x: (/** @type {number} */ _, /** @type {number} */ i) => i + from,
      y: (/** @type {number} */ v) => v,
    };
    const ticks = Math.min(settings.depth - 1, 6);
    return Plot.plot({
      ...frame,
      marginLeft: 44, // room for 100%
      width,
      height: HEIGHT,
      x: { domain: [1, settings.depth], label: "layer", ticks, ...x },
      y: { grid: true, ticks: 5, ...y },
      marks: [
        Plot.line(measured, { ...at, stroke: MEASURED, strokeWidth: 1.8, clip: !from }),
        Plot.dot(from ? measured : [], { ...at, r: 2.5, fill: MEASURED }),
        Plot.line(other, { ...at, ...dashed }),
      ],
    });
  },
});

/**
 * A range around the finite values, at least 4 wide.
 *
 * @param {number[]} values
 */
function around(values) {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length ? [Math.min(...finite), Math.max(...finite)] : [0, 0];
  const extra = Math.max(0.3, 2 - (high - low) / 2);
  return [low - extra, high + extra];
}

const signals = histograms("Activations", {
  of: "signals",
  domain({ activation, depth }, { signals }) {
    if (activation === "relu") return decades([-2 - 0.2 * depth, 1 + 0.2 * depth], signals);
    return activation === "tanh" ? [-1.02, 1.02] : [-0.01, 1.01];
  },
  label: ({ activation }) => (activation === "relu" ? "log₁₀ a" : "a"),
  transform: (v, { activation }) => (activation === "relu" ? log(v) : v),
});

const errors = histograms("Errors", {
  of: "errors",
  keys: [["╌╌", "size, by the theory"]],
  domain: ({ depth }, { errors }) => decades([-4 - 0.8 * depth, 2 + 0.2 * depth], errors),
  label: () => "log₁₀ |δ|",
  transform: log,
  expected: "expected",
});

const squares = curves(
  "Scores",
  "theory",
  ({ squares, q }) => {
    const [measured, other] = [squares.map(log), q.map(log)];
    const domain = around([...measured, ...other]);
    return { measured, other, y: { label: "log₁₀ 𝔼[z²]", domain } };
  },
  ({ is, should }) =>
    `mean square ${show(is, ".2g")} in the last layer, ${show(should, ".2g")} by the theory`,
);

const shares = curves(
  "Saturated",
  "dead",
  ({ saturated, dead }) => ({
    measured: saturated,
    other: dead,
    y: { domain: [0, 1], label: "share", tickFormat: ".0%" },
  }),
  ({ all_saturated, all_dead }) => `${show(all_saturated, ".0%")}, dead ${show(all_dead, ".0%")}`,
);

const costs = curves(
  "Training",
  "log 2",
  ({ costs }, _, { steps }) => ({
    measured: costs.map((cost) => Math.min(cost, 9)),
    other: range(steps + 1).map(() => Math.LN2),
    from: 0,
    x: { domain: [0, steps], label: "step", ticks: 5 },
    y: { domain: [0, 1.5], label: "cost" },
  }),
  ({ cost, step }) =>
    cost === null ? "overflow" : `cost ${show(cost, ".3f")} after ${step} steps`,
);

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: [
    "signals signals signals errors errors errors",
    "squares squares shares shares costs costs",
  ],
  columns: "repeat(6, 1fr)",
  panels: { signals, errors, squares, shares, costs },
  train,
};
