// Lab search: one task's trials with their shadows on both axes, and what 1,000 tasks say.

import * as Plot from "@observablehq/plot";
import { equalHeight, frame, here } from "../marks.js";
import { clamp, lastOf, range } from "../numbers.js";
import { show } from "../text.js";

/** @import { Lab, Pair, Panel } from "../types.ts" */

/** @typedef {"grid" | "random" | "fine"} Method */

/** @typedef {{ method: Method, budget: number, axis: string, importance: number }} Settings */

/** @typedef {{ [method in Method]: number[] }} Means for each budget */

/**
 * @typedef {object} Shared
 * @property {Pair} optimum
 * @property {number} width of the hill around it
 * @property {Pair} rates
 * @property {number[]} budgets
 * @property {{ [axis: string]: { [importance: number]: Means } }} curves
 */

/**
 * @typedef {object} Trials
 * @property {{ [method in Method]: Pair[] }} points
 * @property {{ [method in Method]: Pair }} spread of the best scores
 */

/** @typedef {Trials & { [method in Method]: number }} State with the mean best scores */

const METHODS = {
  grid: { sign: "■", words: "grid", symbol: "square", color: "var(--lab-0)" },
  random: { sign: "▲", words: "random", symbol: "triangle", color: "var(--lab-1)" },
  fine: { sign: "●", words: "coarse to fine", symbol: "circle", color: "var(--lab-2)" },
};
const NAMES = /** @type {Method[]} */ (Object.keys(METHODS));
const SYMBOLS = {
  domain: NAMES,
  range: NAMES.map((name) => METHODS[name].symbol),
};
const colorOf = (/** @type {{ method: Method }} */ { method }) => METHODS[method].color;
const SHADOW = -0.07; // where the axes' shadows end, below 0

/** @type {Panel<Settings, Shared, State>} */
const trials = {
  title: "One task: the trials, and their values on each axis",
  keys: [["✕", "best setting"]],
  label: ({ settings: { method }, state }) =>
    `${state.points[method].length} trials of ${METHODS[method].words} search`,
  draw({ shared, settings: { method, importance }, state, width }) {
    const [low, high] = shared.rates;
    const rate = (/** @type {number} */ x) => low * (high / low) ** x;
    const tried = state.points[method].map(([x, y]) => ({ x: rate(x), y, place: x }));
    const [cx, cy] = shared.optimum;
    const off = (/** @type {{ place: number, y: number }} */ { place, y }) =>
      (place - cx) ** 2 + importance * (y - cy) ** 2;
    const best = tried.reduce((a, b) => (off(b) < off(a) ? b : a));
    const hill = [1, 2].flatMap((k) => ring(k * shared.width, importance, shared.optimum, k));
    const stroke = METHODS[method].color;
    const shade = { stroke, strokeOpacity: 0.7 };
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, [0, 1], [0, 1]),
      x: {
        type: "log",
        domain: [rate(SHADOW), high],
        label: "learning rate",
        ticks: 5,
        tickFormat: "~g",
      },
      y: { domain: [SHADOW, 1], label: "the other one", ticks: 5 },
      marks: [
        Plot.areaY(hill, {
          x: ({ x }) => rate(x),
          y1: "y1",
          y2: "y2",
          z: "k",
          fill: "var(--lab-high)",
          fillOpacity: 0.35,
          clip: true,
        }),
        Plot.ruleX(tried, { x: "x", y1: SHADOW, y2: SHADOW / 4, ...shade }),
        Plot.ruleY(tried, { y: "y", x1: rate(SHADOW), x2: rate(SHADOW / 4), ...shade }),
        Plot.dot(tried, { x: "x", y: "y", symbol: METHODS[method].symbol, r: 3.2, stroke }),
        here([best], { x: "x", y: "y" }),
        Plot.text([[rate(cx), cy]], { text: ["✕"], fontSize: 17, fontWeight: 700 }),
      ],
    });
  },
};

/**
 * Where the score is above exp(-k²/2): an ellipse around the optimum, or a band.
 *
 * @param {number} radius
 * @param {number} importance
 * @param {Pair} optimum
 * @param {number} k
 */
function ring(radius, importance, [cx, cy], k) {
  const edges = range(61).map((i) => {
    const dx = radius * (i / 30 - 1);
    const dy = Math.sqrt((radius ** 2 - dx ** 2) / Math.max(importance, 1e-9));
    return { x: cx + dx, y1: clamp(cy - dy, [0, 1]), y2: clamp(cy + dy, [0, 1]), k };
  });
  return edges.filter(({ x }) => x >= 0 && x <= 1);
}

/** @type {Panel<Settings, Shared, State>} */
const spread = {
  title: "Best score of each task: mean, and the middle 80%",
  label: ({ values: { grid, random, fine } }) =>
    `mean ${show(grid, ".2f")} grid, ${show(random, ".2f")} random, ` +
    `${show(fine, ".2f")} coarse to fine`,
  draw({ settings, state, values, width }) {
    const rows = NAMES.map((method) => {
      const [low, high] = state.spread[method];
      return { method, low, high, mean: values[method] };
    });
    /** @param {Method} method */
    const words = (method) => `${METHODS[method].sign} ${METHODS[method].words}`;
    return Plot.plot({
      ...frame,
      width,
      height: 130,
      marginLeft: 106,
      x: { domain: [0, 1], label: "best score", ticks: 5, grid: true },
      y: { domain: NAMES, label: null, tickSize: 0, tickFormat: words },
      symbol: SYMBOLS,
      marks: [
        Plot.ruleY(rows, {
          y: "method",
          x1: "low",
          x2: "high",
          stroke: colorOf,
          strokeOpacity: 0.5,
          strokeWidth: 5,
        }),
        Plot.dot(rows, {
          x: "mean",
          y: "method",
          symbol: "method",
          r: ({ method }) => (method === settings.method ? 8 : 6),
          fill: colorOf,
          stroke: "var(--lab-ground)",
        }),
        Plot.text(rows, { x: "mean", y: "method", text: ({ mean }) => show(mean, ".2f"), dy: -13 }),
      ],
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const budget = {
  title: "Mean best score for each number of trials",
  minHeight: 150,
  keys: NAMES.map((name) => {
    const { sign, words, color } = METHODS[name];
    return [sign, words, { color, of: name }];
  }),
  label: ({ values }) => `${values.budget} trials are marked`,
  draw({ shared, settings, width, height }) {
    const curves = shared.curves[settings.axis][settings.importance];
    const points = NAMES.flatMap((method) =>
      curves[method].map((mean, i) => ({ method, mean, trials: shared.budgets[i] })),
    );
    const at = { x: "trials", y: "mean" };
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, lastOf(shared.budgets)], label: "trials", ticks: 6 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      symbol: SYMBOLS,
      marks: [
        Plot.ruleX([settings.budget], { strokeDasharray: "3 3", className: "of-budget" }),
        Plot.line(points, {
          ...at,
          z: "method",
          stroke: colorOf,
          strokeWidth: ({ method }) => (method === settings.method ? 2.5 : 1),
        }),
        Plot.dot(points, { ...at, symbol: "method", r: 3, fill: colorOf }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["trials spread", "trials budget"],
  terms: { grid: 0, random: 1, fine: 2, budget: 4 },
  panels: { trials, spread, budget },
};
