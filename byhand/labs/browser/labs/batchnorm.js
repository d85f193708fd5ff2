// Lab batchnorm: what goes in, what comes out, one example among changing batches, and both costs.

import * as Plot from "@observablehq/plot";
import {
  affineBackward,
  affineForward,
  batchnormBackward,
  batchnormForward,
  gradientDescent,
  logistic,
} from "../engine.js";
import { frame, here } from "../marks.js";
import { show } from "../text.js";

const EDGE = 10; // of the drawn inputs and outputs
const BIN = 0.25;

function rows(step, size, count) {
  return Array.from({ length: size }, (_, i) => (97 * step + i * (2 * step + 1)) % count);
}

const inputs = ({ shift, scale }, x) => Float64Array.from(x, (x) => shift + scale * x);

const neurons = {
  with_cost(X, [gamma, beta], { eps }) {
    const [Z, cache] = batchnormForward(X, gamma, beta, eps);
    return [Z, (dZ) => batchnormBackward(dZ, cache)];
  },
  without_cost(X, theta) {
    const [Z, cache] = affineForward(X, theta.subarray(0, 1), theta.subarray(1));
    return [
      Z,
      (dZ) =>
        Object.values(affineBackward(dZ, cache))
          .slice(1)
          .flatMap((d) => [...d]),
    ];
  },
};

function learn(neuron, settings, shared, stops) {
  const X = inputs(settings, shared.x);
  let theta = Float64Array.of(settings.gamma, settings.beta);
  return stops.map((step) => {
    const [cost] = logistic(neuron(X, theta, shared)[0], shared.y);
    const of = rows(step, settings.batch, X.length);
    const [Z, backward] = neuron(
      Float64Array.from(of, (i) => X[i]),
      theta,
      shared,
    );
    const [, dZ] = logistic(
      Z,
      of.map((i) => shared.y[i]),
    );
    theta = gradientDescent(theta, Float64Array.from(backward(dZ)), shared.rate);
    return cost;
  });
}

function* train(settings, shared, stops) {
  const { batch, shift, scale, gamma, beta, mode } = settings;
  const X = inputs(settings, shared.x);
  const x = shift + scale * shared.followed;
  const [run_mean, run_variance] = shared.running;
  const seen = stops.map((step) => {
    const members = Float64Array.from(rows(step, batch, X.length), (i) => X[i]);
    members[0] = x;
    const [, moments] = batchnormForward(members, gamma, beta, shared.eps);
    const [center, variance] = mode === "train" ? [moments.mean, moments.variance] : shared.running;
    const spread = Math.sqrt(variance + shared.eps);
    const normal = (x - center) / spread;
    return { ...moments, center, spread, normal, members, z: gamma * normal + beta };
  });
  const of = (f) => seen.map(f);
  const z = of(({ z }) => z);
  const middle = z.reduce((a, b) => a + b) / z.length;
  yield {
    x,
    noise: Math.sqrt(z.reduce((sum, z) => sum + (z - middle) ** 2, 0) / z.length),
    run_mean,
    run_sd: Math.sqrt(run_variance),
    by: shared.words[mode],
    line: shared.lines[mode],
    alone: batch === 1 && mode === "train" ? "" : null,
    outputs: stops.flatMap((step, k) => {
      const members = Float64Array.from(rows(step, batch, X.length), (i) => X[i]);
      if (mode === "train") return [...batchnormForward(members, gamma, beta, shared.eps)[0]];
      return Array.from(members, (x) => gamma * ((x - seen[k].center) / seen[k].spread) + beta);
    }),
    series: {
      mean: of(({ mean }) => mean),
      sd: of(({ variance }) => Math.sqrt(variance)),
      center: of(({ center }) => center),
      spread: of(({ spread }) => spread),
      z,
      normal: of(({ normal }) => normal),
      members: of(({ members }) => Array.from(members)),
      with_cost: learn(neurons.with_cost, settings, shared, stops),
      without_cost: learn(neurons.without_cost, settings, shared, stops),
    },
  };
}

// The histogram of many numbers, its highest bar 1.
function histogram(numbers, color) {
  const counts = new Map();
  for (const number of numbers) {
    const bin = Math.floor(number / BIN);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  return Plot.rect([...counts], {
    x1: ([bin]) => bin * BIN,
    x2: ([bin]) => (bin + 1) * BIN,
    y1: 0,
    y2: ([, count]) => count / most,
    fill: color,
    fillOpacity: 0.6,
    clip: true,
  });
}

// Under the axis: the batch's members; `bars` are [mean, deviation, sign, dash] above the histogram.
const spread = (title, keys, label, parts) => ({
  title,
  keys,
  label,
  draw(context) {
    const { width } = context;
    const { numbers, color, members, followed, bars } = parts(context);
    return Plot.plot({
      ...frame,
      marginLeft: 16,
      width,
      height: 170,
      x: { domain: [-EDGE, EDGE], label: null, ticks: 9 },
      y: { domain: [-0.25, 1.5], axis: null },
      marks: [
        histogram(numbers, color),
        Plot.ruleY([0], { stroke: "var(--lab-line)" }),
        Plot.dot(members, { x: Plot.identity, y: -0.1, r: 2, fill: "var(--lab-ink)", clip: true }),
        bars.map(([mean, deviation, sign, dash], i) => [
          Plot.line([mean - deviation, mean + deviation], {
            x: Plot.identity,
            y: 1.42 - 0.2 * i,
            stroke: "var(--lab-ink)",
            strokeWidth: 2,
            strokeDasharray: dash,
            clip: true,
          }),
          Plot.dot([mean], {
            x: Plot.identity,
            y: 1.42 - 0.2 * i,
            symbol: sign,
            r: 4,
            fill: "var(--lab-ink)",
            clip: true,
          }),
        ]),
        here([followed], { x: Plot.identity, y: -0.1 }),
      ],
    });
  },
});

const within = (x) => Math.min(Math.max(x, -EDGE), EDGE);

const before = spread(
  "Inputs",
  [
    ["●━", "this batch: mean ± deviation"],
    ["■╌", "running averages"],
  ],
  ({ values: { mean, sd, run_mean, run_sd } }) =>
    `batch mean ${show(mean, ".2f")}, deviation ${show(sd, ".2f")}; running ${show(run_mean, ".2f")} and ${show(run_sd, ".2f")}`,
  ({ settings, shared, state, values: { mean, sd, run_mean, run_sd, members } }) => ({
    numbers: inputs(settings, shared.x),
    color: "var(--lab-quiet)",
    members,
    followed: within(state.x),
    bars: [
      [mean, sd, "circle", null],
      [run_mean, run_sd, "square", "4 3"],
    ],
  }),
);

const after = spread(
  "Outputs γx̂ + β",
  [["●", "the followed example", { color: "var(--lab-path)" }]],
  ({ values: { z } }) => `the followed example comes out at ${show(z, ".2f")}`,
  ({ settings: { gamma, beta }, state, values: { members, center, spread, z } }) => ({
    numbers: state.outputs,
    color: "var(--lab-0)",
    members: members.map((x) => (gamma * (x - center)) / spread + beta),
    followed: within(z),
    bars: [],
  }),
);

const trace = {
  title: "The followed example's output, batch after batch",
  minHeight: 150,
  label: ({ values: { z, noise } }) => `now ${show(z, ".2f")}, deviation ${show(noise, ".2f")}`,
  draw({ state, position, width, height }) {
    const { z } = state.series;
    const points = z.map((z, step) => ({ step, z }));
    const middle = z.reduce((a, b) => a + b) / z.length;
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, z.length - 1], label: "batch", ticks: 6 },
      y: {
        domain: [Math.min(middle - 2, ...z), Math.max(middle + 2, ...z)],
        label: null,
        ticks: 5,
        grid: true,
      },
      marks: [
        Plot.line(points, { x: "step", y: "z", stroke: "var(--lab-path)" }),
        here([points[position]], { x: "step", y: "z" }),
      ],
    });
  },
};

const COSTS = [
  ["with_cost", "with", "var(--lab-0)", null, "━━", "circle"],
  ["without_cost", "without", "var(--lab-1)", "6 3", "╌╌", "square"],
];

const cost = {
  title: "Cost",
  minHeight: 150,
  keys: COSTS.map(([, text, color, , sign]) => [sign, `${text} batch norm`, { color }]),
  label: ({ values }) =>
    COSTS.map(([name, text]) => `${text} ${show(values[name], ".3f")}`).join(", "),
  draw({ state, position, width, height }) {
    const most = Math.max(1, ...state.series.with_cost, ...state.series.without_cost);
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, state.series.z.length - 1], label: "batches seen", ticks: 6 },
      y: { domain: [0, most], label: null, ticks: 5, grid: true },
      marks: COSTS.map(([name, , color, dash, , symbol]) => {
        const points = state.series[name].map((cost, step) => ({ step, cost }));
        const at = { x: "step", y: "cost" };
        return [
          Plot.line(points, { ...at, stroke: color, strokeWidth: 2.2, strokeDasharray: dash }),
          Plot.dot([points[position]], { ...at, symbol, r: 5, fill: color }),
        ];
      }),
    });
  },
};

export default {
  areas: ["before trace", "after cost"],
  panels: { before, after, trace, cost },
  train,
};
