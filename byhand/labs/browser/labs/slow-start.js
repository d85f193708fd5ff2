// Lab slow-start: one neuron trained with two losses: the slope where it stands, and three curves.

import * as Plot from "@observablehq/plot";
import { scrubTo, slideTo } from "../drags.js";
import {
  activations,
  affineBackward,
  affineForward,
  logistic,
  quadratic,
  sigmoid,
} from "../engine.js";
import { chart } from "../chart.js";
import { frame } from "../marks.js";
import { clamp, lastOf, range } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { show } from "../text.js";

/** @import { Key, Lab, Pair, Panel, Trained, Values } from "../types.ts" */

/** @typedef {"quadratic" | "entropy"} Loss */

/**
 * @typedef {object} Settings
 * @property {number} w
 * @property {number} b
 * @property {number} rate
 * @property {Loss | "both"} loss
 * @property {number} epoch
 */

/** @typedef {{ words: { [loss in Loss]: string }, few: number }} Shared `few` epochs are drawn */
/** @typedef {Trained<typeof train>} State */

const X = [1];
const Y = [0];

/**
 * Each loss of the scores, and their error.
 *
 * @type {{ [loss in Loss]: (Z: Float64Array) => [number, Float64Array] }}
 */
const LOSSES = {
  quadratic(Z) {
    const [A, cache] = activations.sigmoid.forward(Z);
    const [value, dA] = quadratic(A, Y);
    return [value, activations.sigmoid.backward(dA, cache)];
  },
  entropy: (Z) => logistic(Z, Y),
};
const NAMES = /** @type {Loss[]} */ (Object.keys(LOSSES));

/** @typedef {{ z: number, a: number, slope: number, cost: number, error: number }} Epoch */

/**
 * A run, epoch by epoch; null where it is not shown.
 *
 * @param {Loss} name
 * @param {Settings} settings
 * @param {number} epochs
 */
function learn(name, { w, b, rate, loss }, epochs) {
  if (loss !== name && loss !== "both") return null;
  /** @type {Epoch[]} */
  const run = [];
  let theta = Float64Array.of(w, b);
  while (run.length <= epochs) {
    const [Z, cache] = affineForward(X, theta.subarray(0, 1), theta.subarray(1));
    const [cost, dZ] = LOSSES[name](Z);
    const a = sigmoid(Z[0]);
    run.push({ z: Z[0], a, slope: a * (1 - a), cost, error: dZ[0] });
    const { dW, db } = affineBackward(dZ, cache);
    theta = gradientDescent(theta, [dW[0], db[0]], rate);
  }
  return run;
}

/**
 * The run at the stops, in columns of the series; null where it is not shown.
 *
 * @param {Loss} name
 * @param {Epoch[] | null} run
 * @param {number[]} stops
 * @returns {{ [column: string]: (number | null)[] }}
 */
function columnsOf(name, run, stops) {
  const column = (/** @type {keyof Epoch} */ of) =>
    stops.map((epoch) => (run ? run[epoch][of] : null));
  return {
    [`${name}_z`]: column("z"),
    [`${name}_a`]: column("a"),
    [`${name}_slope`]: column("slope"),
    [`${name}_cost`]: column("cost"),
    [`${name}_error`]: column("error"),
  };
}

/**
 * The first epoch with an output below one half, -1 where there is none.
 *
 * @param {Epoch[] | null} run
 */
const halfOf = (run) => run?.findIndex(({ a }) => a < 0.5) ?? null;

/** @param {number | null} half */
const reached = (half) => (half !== null && half > 0 ? half : null);

/** @param {number | null} half */
const never = (half) => (half === -1 ? "" : null);

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, { words }, stops) {
  const [slow, fast] = NAMES.map((name) => learn(name, settings, lastOf(stops)));
  const [slowHalf, fastHalf] = [slow, fast].map(halfOf);
  const shown = NAMES.filter((name) => [name, "both"].includes(settings.loss));
  yield {
    score: settings.w + settings.b,
    code: shown.map((name) => words[name]).join("\n"),
    quadratic_half: reached(slowHalf),
    quadratic_never: never(slowHalf),
    entropy_half: reached(fastHalf),
    entropy_never: never(fastHalf),
    series: { ...columnsOf("quadratic", slow, stops), ...columnsOf("entropy", fast, stops) },
  };
}

// --- the panels ---

/**
 * @typedef {object} Style
 * @property {Loss} name
 * @property {string} text
 * @property {string} color
 * @property {string} symbol
 * @property {string} sign of its line
 * @property {string} mark of its dot
 * @property {string} [dash]
 */

/** @type {Style[]} */
const STYLES = [
  {
    name: "quadratic",
    text: "quadratic",
    color: "var(--lab-0)",
    symbol: "circle",
    sign: "━━",
    mark: "●",
  },
  {
    name: "entropy",
    text: "cross-entropy",
    color: "var(--lab-1)",
    symbol: "square",
    sign: "╌╌",
    mark: "■",
    dash: "6 3",
  },
];

/**
 * The names in the sentences of what a loss does.
 *
 * @param {Loss} name
 */
const namesOf = (name) =>
  ["a", "error", "slope", "half"].map((column) => `${name}_${column}`).join(" ");

/** @type {Key[]} */
const KEYS = STYLES.map(({ name, sign, text, color }) => [
  sign,
  text,
  { color, of: namesOf(name) },
]);

/** @typedef {Values<Settings, State>} Now */

/** @param {Now} values */
const shownIn = (values) => STYLES.filter(({ name }) => values[`${name}_a`] != null);

/**
 * @param {unknown} point
 * @param {Plot.DotOptions} at
 * @param {Style} style
 * @param {keyof Epoch} column that it shows
 */
const dot = (point, at, { name, color, symbol }, column) =>
  Plot.dot([point], {
    ...at,
    symbol,
    r: 5,
    fill: color,
    stroke: "var(--lab-ground)",
    className: `of-${name}_${column}`,
  });

/** @type {(column: keyof Epoch, format: string, words: string) => (values: Now) => string} */
const said = (column, format, words) => (values) =>
  shownIn(values)
    .map(({ name, text }) => `${text} ${words} ${show(values[`${name}_${column}`], format)}`)
    .join(", ");

/** @type {Pair} */
const Z = [-10, 10]; // the part of the curve that is drawn

/**
 * Where a run stands on the sigmoid: its tangent, its dot, and the slope in words.
 *
 * @param {Style} style
 * @param {Now} values
 * @param {number} i from the top
 */
function standing(style, values, i) {
  const { name, color, mark, dash } = style;
  const slope = Number(values[`${name}_slope`]);
  const z = clamp(Number(values[`${name}_z`]), Z);
  const y = sigmoid(z);
  const end = (/** @type {number} */ run) => [z + run, y + slope * run];
  const run = 2.2 / Math.hypot(1, 6 * slope); // about as long at any slope
  return [
    Plot.line([end(-run), end(run)], {
      stroke: color,
      strokeWidth: 4,
      strokeDasharray: dash,
      className: `of-${name}_slope`,
    }),
    dot([z, y], { x: "0", y: "1" }, style, "slope"),
    Plot.text([`${mark} σ′ = ${show(slope, ".3g")}`], {
      frameAnchor: "right",
      dy: 12 + 18 * i,
      fill: color,
      fontWeight: 600,
    }),
  ];
}

const slopeIn = said("slope", ".3g", "slope");

/** @type {Panel<Settings, Shared, State>} */
const slope = {
  title: "Where it stands on the sigmoid",
  keys: [["○", "start", { of: "score" }]],
  minHeight: 190,
  label: ({ values }) => slopeIn(values),
  drag: (context, z) => slideTo(context, { w: z / 2, b: z / 2 }), // with an input of 1, z is w + b
  draw({ values, width, height }) {
    const curve = range(101).map((i) => ({ z: (i / 50 - 1) * Z[1] }));
    return chart({
      ...frame,
      width,
      height,
      x: { domain: Z, label: "score z", ticks: 5 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      marks: [
        Plot.line(curve, {
          x: "z",
          y: ({ z }) => sigmoid(z),
          stroke: "var(--lab-quiet)",
          strokeWidth: 2,
        }),
        Plot.dot([clamp(values.score, Z)], {
          x: Plot.identity,
          y: sigmoid,
          r: 8,
          stroke: "var(--lab-ink)",
          strokeWidth: 2,
          className: "of-score of-w of-b",
        }),
        shownIn(values).map((style, i) => standing(style, values, i)),
      ],
    });
  },
};

/**
 * One curve a loss over the epochs; `share` divides by where the curve starts.
 *
 * @param {string} title
 * @param {keyof Epoch} column
 * @param {string} format
 * @returns {Panel<Settings, Shared, State>}
 */
const curve = (title, column, format, { share = false } = {}) => ({
  title,
  keys: KEYS,
  minHeight: 170,
  label: ({ values }) => said(column, format, "at")(values),
  drag: (context, epoch) => scrubTo(context, epoch),
  draw({ state, values, shared, position, stops, width, height }) {
    const at = { x: "epoch", y: "y" };
    // All epochs, where the first few do not show when an output falls below one half.
    const slow = shownIn(values).some(({ name }) => {
      const half = values[`${name}_half`] ?? (values[`${name}_never`] === null ? 0 : Infinity);
      return half > shared.few;
    });
    const end = slow || stops[position] > shared.few ? lastOf(stops) : shared.few;
    const curves = shownIn(values).map((style) => {
      const series = state.series[`${style.name}_${column}`].map(Number);
      const points = series.map((y, i) => ({ epoch: stops[i], y: share ? y / series[0] : y }));
      return [
        Plot.line(points, {
          ...at,
          clip: true,
          stroke: style.color,
          strokeWidth: 2.2,
          strokeDasharray: style.dash,
          className: `of-${style.name}_${column}`,
        }),
        dot(points[position], at, style, column),
      ];
    });
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, end], label: "epoch", ticks: 5 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      marks: [
        Plot.ruleX([stops[position]], {
          stroke: "var(--lab-quiet)",
          strokeOpacity: 0.5,
          className: "of-epoch",
        }),
        curves,
      ],
    });
  },
});

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["slope output", "cost error"],
  terms: {
    [namesOf("quadratic")]: 0,
    [namesOf("entropy")]: 1,
    "w b score": null,
    rate: 4,
    epoch: 5,
  },
  panels: {
    slope,
    output: curve("Output a, target 0", "a", ".3f"),
    cost: curve("Cost, as a share of the first", "cost", ".3g", { share: true }),
    error: curve("Error δ = ∂ℒ/∂z", "error", ".3g"),
  },
  train,
};
