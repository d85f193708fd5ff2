// Lab batchnorm: what goes in, what comes out, one example among changing batches, and both costs.

import * as Plot from "@observablehq/plot";
import { inputs, train } from "../batchnorm.js";
import { chart } from "../chart.js";
import { frame, here } from "../marks.js";
import { average, clamp, nearest } from "../numbers.js";
import { controlOf } from "../spec.js";
import { show } from "../text.js";

/** @import { Settings, Shared } from "../batchnorm.js" */
/** @import { Context, Drag, Key, Lab, Panel, Trained } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */

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
 * How many numbers lie beyond the ends of the drawing, said there.
 *
 * @param {Iterable<number>} numbers
 */
function beyond(numbers) {
  const all = [...numbers];
  const ends = [
    { x: -EDGE, text: "◀ ", count: all.filter((x) => x < -EDGE).length, textAnchor: "start" },
    { x: EDGE, text: "▶ ", count: all.filter((x) => x > EDGE).length, textAnchor: "end" },
  ];
  return ends
    .filter(({ count }) => count)
    .map(({ x, text, count, textAnchor }) =>
      Plot.text([`${text}${show(count, ",d")} beyond`], {
        x,
        y: 0.85,
        textAnchor: /** @type {"start" | "end"} */ (textAnchor),
        fill: "var(--lab-ink)",
      }),
    );
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
    return chart({
      ...frame,
      marginLeft: 16,
      width: context.width,
      height: 140,
      x: { domain: [-EDGE, EDGE], label: null, ticks: 9 },
      y: { domain: [-0.25, 1.5], axis: null },
      marks: [
        histogram(numbers, color),
        Plot.ruleY([0], { stroke: "var(--lab-line)" }),
        Plot.dot(members, { x: Plot.identity, y: -0.1, r: 2, fill: "var(--lab-ink)", clip: true }),
        bars.map(barAt),
        beyond(numbers),
        here([followed], { x: Plot.identity, y: -0.1 }),
      ],
    });
  },
});

/**
 * The place of the followed example that a drag goes to.
 *
 * @param {Now} context
 * @param {number} x
 * @returns {Drag}
 */
function dragged({ spec, settings: { shift, scale } }, x) {
  const values = /** @type {number[]} */ (controlOf(spec, "followed").values);
  const followed = values[nearest(values, (x - shift) / scale)];
  return [
    { followed },
    `The followed example goes in at ${show(shift + scale * followed)}. `,
    "followed",
  ];
}

/** @param {number} x */
const within = (x) => clamp(x, [-EDGE, EDGE]);

const before = spread(
  "Inputs",
  [
    ["●━", "this batch: mean ± standard deviation"],
    ["■╌", "running averages"],
  ],
  ({ values: { mean, sd, run_mean, run_sd } }) => {
    const batch = `batch mean ${show(mean, ".2f")}, standard deviation ${show(sd, ".2f")}`;
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

const FEW = 16; // members whose way through the layer is drawn strongly

/** @type {Panel<Settings, Shared, State>} */
const carry = {
  title: "This batch: drag its followed example",
  keys: [
    ["●", "the followed example", { color: "var(--lab-path)", of: "x z" }],
    ["━", "the others"],
  ],
  label({ settings: { batch }, values: { x, z } }) {
    const others = batch === 1 ? "it is alone" : `with it go ${batch - 1} of its batch`;
    const [from, to] = [x, z].map((v) => show(v, ".2f"));
    return `the followed example goes in at ${from} and out at ${to}; ${others}`;
  },
  draw({ settings: { batch, gamma, beta }, values, width }) {
    const { x, z, members, center, spread } = values;
    const others = members.slice(1).map((x) => ({ x, z: (gamma * (x - center)) / spread + beta }));
    const followed = [{ x: within(x), z: within(z) }];
    const way = { x1: "x", y1: 1, x2: "z", y2: 0, clip: true };
    const ink = "var(--lab-ink)";
    return chart({
      ...frame,
      marginLeft: 16,
      width,
      height: 130,
      x: { domain: [-EDGE, EDGE], label: null, ticks: 9 },
      y: { domain: [-0.15, 1.15], axis: null },
      marks: [
        Plot.ruleY([0, 1], { stroke: "var(--lab-line)" }),
        Plot.text(
          [
            { y: 1, text: "in" },
            { y: 0, text: "out" },
          ],
          {
            x: -EDGE,
            y: "y",
            text: "text",
            dy: -7,
            textAnchor: "start",
          },
        ),
        Plot.link(others, { ...way, stroke: ink, strokeOpacity: batch > FEW ? 0.25 : 0.7 }),
        Plot.dot(others, { x: "x", y: 1, r: 3, fill: ink, clip: true }),
        Plot.dot(others, { x: "z", y: 0, r: 3, fill: ink, clip: true }),
        Plot.link(followed, { ...way, stroke: "var(--lab-path)", strokeWidth: 2.2 }),
        here(followed, { x: "x", y: 1, className: "of-x" }, { hollow: x !== within(x) }),
        here(followed, { x: "z", y: 0, className: "of-z" }, { hollow: z !== within(z) }),
      ],
    });
  },
  drag: dragged,
};

/**
 * Go to the batch at this place of a chart.
 *
 * @type {NonNullable<Panel<Settings, Shared, State>["drag"]>}
 */
function toBatch({ stops, state }, x) {
  const step = stops[clamp(Math.round(x), [0, state.series.z.length - 1])];
  return [{ step }, `Batches seen: ${step}. `, "step"];
}

/** @type {Panel<Settings, Shared, State>} */
const trace = {
  title: "Its output, batch after batch",
  minHeight: 150,
  drag: toBatch,
  label: ({ values: { z, noise } }) =>
    `now ${show(z, ".2f")}, standard deviation ${show(noise, ".2f")}`,
  draw({ state, position, width, height }) {
    const { z } = state.series;
    const points = z.map((z, step) => ({ step, z }));
    const middle = average(z);
    const domain = [Math.min(middle - 2, ...z), Math.max(middle + 2, ...z)];
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, z.length - 1], label: "batch", ticks: 6 },
      y: { domain, label: null, ticks: 5, grid: true },
      marks: [
        Plot.line(points, { x: "step", y: "z", stroke: "var(--lab-path)", className: "of-z" }),
        here([points[position]], { x: "step", y: "z", className: "of-z of-step" }),
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
  drag: toBatch,
  keys: COSTS.map(({ of, text, color, sign }) => [sign, `${text} batch norm`, { color, of }]),
  label: ({ values }) =>
    COSTS.map(({ of, text }) => `${text} ${show(values[of], ".3f")}`).join(", "),
  draw({ state, position, width, height }) {
    const most = Math.max(1, ...state.series.with_cost, ...state.series.without_cost);
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, state.series.z.length - 1], label: "batches seen", ticks: 6 },
      y: { domain: [0, most], label: null, ticks: 5, grid: true },
      marks: COSTS.map(({ of, color, symbol, dash }) => {
        const points = state.series[of].map((cost, step) => ({ step, cost }));
        const at = { x: "step", y: "cost", className: `of-${of}` };
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
  areas: ["before trace", "carry trace", "after cost"],
  terms: { x: 3, "z normal": 3, with_cost: 0, without_cost: 1 },
  panels: { before, carry, after, trace, cost },
  train,
};
