// Lab batchnorm: what goes in, what comes out, one example among changing batches, and both costs.

import * as Plot from "@observablehq/plot";
import {
  affineBackward,
  affineForward,
  batchnormBackward,
  batchnormForward,
  logistic,
} from "../engine.js";
import { frame, here } from "../marks.js";
import { average, clamp, range } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Context, Key, Lab, Pair, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {"train" | "test"} mode
 * @property {number} batch
 * @property {number} shift of the inputs
 * @property {number} scale of the inputs
 * @property {number} gamma
 * @property {number} beta
 * @property {number} step
 */

/**
 * @typedef {object} Shared
 * @property {number[]} x the inputs, before shift and scale
 * @property {number[]} y
 * @property {number} followed one more input
 * @property {number} eps
 * @property {number} rate
 * @property {Pair} running mean and variance
 * @property {{ train: string, test: string }} words
 * @property {{ train: string, test: string }} lines of dlcore
 */

/** @typedef {Trained<typeof train>} State */

/**
 * The examples of a step's batch.
 *
 * @param {number} step
 * @param {number} size
 * @param {number} count of all examples
 */
const rows = (step, size, count) =>
  range(size).map((i) => (97 * step + i * (2 * step + 1)) % count);

/**
 * @param {Settings} settings
 * @param {number[]} x
 */
const inputs = ({ shift, scale }, x) => Float64Array.from(x, (x) => shift + scale * x);

/**
 * A neuron's scores, and how their gradient is pulled back to theta: gamma and beta, or w and b.
 *
 * @typedef {(X: Float64Array, theta: Float64Array) =>
 *   [Float64Array, backward: (dZ: Float64Array) => Float64Array]} Neuron
 */

/** @type {(eps: number) => Neuron} */
const withNorm = (eps) => (X, theta) => {
  const [Z, cache] = batchnormForward(X, theta[0], theta[1], eps);
  return [Z, (dZ) => batchnormBackward(dZ, cache)];
};

/** @type {Neuron} */
const without = (X, theta) => {
  const [Z, cache] = affineForward(X, theta.subarray(0, 1), theta.subarray(1));
  return [
    Z,
    (dZ) => {
      const { dW, db } = affineBackward(dZ, cache);
      return Float64Array.of(...dW, ...db);
    },
  ];
};

/**
 * The cost of all examples before each step.
 *
 * @param {Neuron} neuron
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function learn(neuron, settings, shared, stops) {
  const X = inputs(settings, shared.x);
  let theta = Float64Array.of(settings.gamma, settings.beta);
  return stops.map((step) => {
    const [cost] = logistic(neuron(X, theta)[0], shared.y);
    const of = rows(step, settings.batch, X.length);
    const [Z, backward] = neuron(
      Float64Array.from(of, (i) => X[i]),
      theta,
    );
    const labels = of.map((i) => shared.y[i]);
    const [, dZ] = logistic(Z, labels);
    theta = gradientDescent(theta, backward(dZ), shared.rate);
    return cost;
  });
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const { batch, shift, scale, gamma, beta, mode } = settings;
  const X = inputs(settings, shared.x);
  const x = shift + scale * shared.followed;
  const [run_mean, run_variance] = shared.running;
  const batchAt = (/** @type {number} */ step) =>
    Float64Array.from(rows(step, batch, X.length), (i) => X[i]);
  const seen = stops.map((step) => {
    const members = batchAt(step);
    members[0] = x;
    const [, { mean, variance }] = batchnormForward(members, gamma, beta, shared.eps);
    const [center, square] = mode === "train" ? [mean, variance] : shared.running;
    const spread = Math.sqrt(square + shared.eps);
    const normal = (x - center) / spread;
    const z = gamma * normal + beta;
    return { mean, sd: Math.sqrt(variance), center, spread, z, normal, members: [...members] };
  });
  const z = seen.map(({ z }) => z);
  const middle = average(z);
  yield {
    x,
    noise: Math.sqrt(average(z.map((z) => (z - middle) ** 2))),
    run_mean,
    run_sd: Math.sqrt(run_variance),
    by: shared.words[mode],
    line: shared.lines[mode],
    alone: batch === 1 && mode === "train" ? "" : null,
    outputs: stops.flatMap((step, k) => {
      const members = batchAt(step);
      if (mode === "train") return [...batchnormForward(members, gamma, beta, shared.eps)[0]];
      return Array.from(members, (x) => gamma * ((x - seen[k].center) / seen[k].spread) + beta);
    }),
    series: {
      ...seriesOf(seen),
      with_cost: learn(withNorm(shared.eps), settings, shared, stops),
      without_cost: learn(without, settings, shared, stops),
    },
  };
}

// --- the panels ---

const EDGE = 10; // of the drawn inputs and outputs
const BIN = 0.25;

/**
 * The histogram of many numbers, its highest bar 1.
 *
 * @param {Iterable<number>} numbers
 * @param {string} color
 */
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

/**
 * A mean with its deviation, above the histogram.
 *
 * @typedef {{ mean: number, sd: number, symbol: string, dash?: string }} Bar
 */

/**
 * @param {Bar} bar
 * @param {number} i from the top
 */
function barAt({ mean, sd, symbol, dash }, i) {
  const at = { x: Plot.identity, y: 1.42 - 0.2 * i, clip: true };
  const ink = "var(--lab-ink)";
  return [
    Plot.line([mean - sd, mean + sd], {
      ...at,
      stroke: ink,
      strokeWidth: 2,
      strokeDasharray: dash,
    }),
    Plot.dot([mean], { ...at, symbol, r: 4, fill: ink }),
  ];
}

/** @typedef {Context<Settings, Shared, State>} Now */

/**
 * @typedef {object} Spread what is drawn of one side of the neuron
 * @property {Iterable<number>} numbers of all examples
 * @property {string} color
 * @property {number[]} members of the batch, under the axis
 * @property {number} followed
 * @property {Bar[]} bars
 */

/**
 * @param {string} title
 * @param {Key[]} keys
 * @param {(context: Now) => string} label
 * @param {(context: Now) => Spread} parts
 * @returns {Panel<Settings, Shared, State>}
 */
const spread = (title, keys, label, parts) => ({
  title,
  keys,
  label,
  draw(context) {
    const { numbers, color, members, followed, bars } = parts(context);
    return Plot.plot({
      ...frame,
      marginLeft: 16,
      width: context.width,
      height: 170,
      x: { domain: [-EDGE, EDGE], label: null, ticks: 9 },
      y: { domain: [-0.25, 1.5], axis: null },
      marks: [
        histogram(numbers, color),
        Plot.ruleY([0], { stroke: "var(--lab-line)" }),
        Plot.dot(members, { x: Plot.identity, y: -0.1, r: 2, fill: "var(--lab-ink)", clip: true }),
        bars.map(barAt),
        here([followed], { x: Plot.identity, y: -0.1 }),
      ],
    });
  },
});

/** @param {number} x */
const within = (x) => clamp(x, [-EDGE, EDGE]);

const before = spread(
  "Inputs",
  [
    ["●━", "this batch: mean ± deviation"],
    ["■╌", "running averages"],
  ],
  ({ values: { mean, sd, run_mean, run_sd } }) => {
    const batch = `batch mean ${show(mean, ".2f")}, deviation ${show(sd, ".2f")}`;
    return `${batch}; running ${show(run_mean, ".2f")} and ${show(run_sd, ".2f")}`;
  },
  ({ settings, shared, state, values: { mean, sd, run_mean, run_sd, members } }) => ({
    numbers: inputs(settings, shared.x),
    color: "var(--lab-quiet)",
    members,
    followed: within(state.x),
    bars: [
      { mean, sd, symbol: "circle" },
      { mean: run_mean, sd: run_sd, symbol: "square", dash: "4 3" },
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

/** @type {Panel<Settings, Shared, State>} */
const trace = {
  title: "The followed example's output, batch after batch",
  minHeight: 150,
  label: ({ values: { z, noise } }) => `now ${show(z, ".2f")}, deviation ${show(noise, ".2f")}`,
  draw({ state, position, width, height }) {
    const { z } = state.series;
    const points = z.map((z, step) => ({ step, z }));
    const middle = average(z);
    const domain = [Math.min(middle - 2, ...z), Math.max(middle + 2, ...z)];
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, z.length - 1], label: "batch", ticks: 6 },
      y: { domain, label: null, ticks: 5, grid: true },
      marks: [
        Plot.line(points, { x: "step", y: "z", stroke: "var(--lab-path)" }),
        here([points[position]], { x: "step", y: "z" }),
      ],
    });
  },
};

/**
 * @typedef {object} Curve
 * @property {"with_cost" | "without_cost"} of
 * @property {string} text
 * @property {string} color
 * @property {string} sign
 * @property {string} symbol
 * @property {string} [dash]
 */

/** @type {Curve[]} */
const COSTS = [
  { of: "with_cost", text: "with", color: "var(--lab-0)", sign: "━━", symbol: "circle" },
  {
    of: "without_cost",
    text: "without",
    color: "var(--lab-1)",
    sign: "╌╌",
    symbol: "square",
    dash: "6 3",
  },
];

/** @type {Panel<Settings, Shared, State>} */
const cost = {
  title: "Cost",
  minHeight: 150,
  keys: COSTS.map(({ text, color, sign }) => [sign, `${text} batch norm`, { color }]),
  label: ({ values }) =>
    COSTS.map(({ of, text }) => `${text} ${show(values[of], ".3f")}`).join(", "),
  draw({ state, position, width, height }) {
    const most = Math.max(1, ...state.series.with_cost, ...state.series.without_cost);
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, state.series.z.length - 1], label: "batches seen", ticks: 6 },
      y: { domain: [0, most], label: null, ticks: 5, grid: true },
      marks: COSTS.map(({ of, color, symbol, dash }) => {
        const points = state.series[of].map((cost, step) => ({ step, cost }));
        const at = { x: "step", y: "cost" };
        return [
          Plot.line(points, { ...at, stroke: color, strokeWidth: 2.2, strokeDasharray: dash }),
          Plot.dot([points[position]], { ...at, symbol, r: 5, fill: color }),
        ];
      }),
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["before trace", "after cost"],
  panels: { before, after, trace, cost },
  train,
};
