// Lab activations: a distribution pushed through a curve, and through the curve's slope.

import * as Plot from "@observablehq/plot";
import { curves } from "../curves.js";
import { frame, here } from "../marks.js";
import { average } from "../numbers.js";
import { show } from "../text.js";

/** @import { Lab, Pair, Panel, Trained, Values } from "../types.ts" */

/** @typedef {{ function: string, alpha: number, mean: number, spread: number }} Settings */

/**
 * @typedef {object} Shared
 * @property {number[]} quantiles of the standard normal distribution
 * @property {{ [name: string]: string }} formulas
 * @property {string[]} with_alpha the functions that have one
 * @property {number} saturated slopes below it are
 * @property {number} zero slopes below it are
 */

/** @typedef {Trained<typeof train>} State */

const X = /** @type {Pair} */ ([-10, 10]);
const SQUASHING = ["sigmoid", "tanh", "scaled_tanh"];
const HEIGHT = 210;
const BINS = 52;
const INPUT = "var(--lab-0)";
const OUTPUT = "var(--lab-1)";

/** @type {(settings: Settings, shared: Shared) => number[]} */
const scores = ({ mean, spread }, { quantiles }) => quantiles.map((q) => mean + spread * q);

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { function: name, alpha, mean } = settings;
  const hasAlpha = shared.with_alpha.includes(name);
  const pairs = scores(settings, shared).map((z) => curves[name](z, alpha));
  const A = pairs.map(([a]) => a);
  const slopes = pairs.map(([, slope]) => slope);
  const below = (/** @type {number} */ limit) =>
    average(slopes.map((slope) => Number(Math.abs(slope) < limit)));
  const [at, slope_at] = curves[name](mean, alpha);
  const out_mean = average(A);
  const dead = below(shared.zero);
  yield {
    layer: name,
    argument: hasAlpha ? `, alpha=${alpha}` : "",
    formula: shared.formulas[name],
    with_alpha: hasAlpha ? alpha : null,
    without: hasAlpha ? null : "",
    out_mean,
    out_spread: Math.sqrt(average(A.map((a) => (a - out_mean) ** 2))),
    passed: average(slopes),
    saturated: below(shared.saturated),
    dead,
    verdict: dead === 1 ? "dead" : null,
    at,
    slope_at,
  };
}

/**
 * The drawn values, and the drawn slopes.
 *
 * @type {((settings: Settings) => Pair)[]}
 */
const DOMAINS = [
  ({ function: name }) => (SQUASHING.includes(name) ? [-2, 2] : [-3, 10]),
  ({ function: name, alpha }) => {
    const above = name === "leaky_relu" || name === "elu";
    return [-0.2, above ? Math.max(1.2, alpha + 0.2) : 1.2];
  },
];

const SCORES = { stroke: INPUT, strokeWidth: 1, className: "of-mean of-spread" };

/** @typedef {0 | 1} Which of the two: the curve, or its slope */
/** @typedef {(values: Values<Settings, State>) => string} Label */

/**
 * The curve or its slope, with the density of the scores along the bottom.
 *
 * @param {Which} which
 * @param {string} title
 * @param {Label} label
 * @returns {Panel<Settings, Shared, State>}
 */
const curve = (which, title, label) => ({
  title,
  keys: which ? [] : [["▁▃▁", "the scores", { color: INPUT, of: "mean spread" }]],
  label: ({ values }) => label(values),
  draw({ settings, shared, width }) {
    const { function: name, alpha, mean, spread } = settings;
    const [low, high] = DOMAINS[which](settings);
    const line = [];
    for (let z = X[0]; z <= X[1]; z += 0.05) {
      const pair = curves[name](z, alpha);
      const open = Math.abs(pair[1]) >= shared.saturated;
      const hill = low + 0.3 * (high - low) * Math.exp(-(((z - mean) / spread) ** 2) / 2);
      line.push({ z, y: pair[which], open: open ? pair[which] : NaN, hill });
    }
    const at = { x: "z", stroke: "var(--lab-ink)", clip: true };
    const className = which ? "of-slope_at" : "of-at";
    return Plot.plot({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: X, label: "score z", ticks: 5 },
      y: { domain: [low, high], label: null, ticks: 5, grid: true },
      marks: [
        Plot.areaY(line, { x: "z", y1: low, y2: "hill", fill: INPUT, fillOpacity: 0.3 }),
        Plot.line(line, { ...SCORES, x: "z", y: "hill" }),
        Plot.line(line, { ...at, y: "y", strokeWidth: 1.2, className: "of-formula" }),
        Plot.line(line, { ...at, y: "open", strokeWidth: 4, className: "of-saturated" }),
        here([{ z: mean, y: curves[name](mean, alpha)[which] }], { x: "z", y: "y", className }),
      ],
    });
  },
});

/**
 * How the values or the slopes of the scores are spread, on the curve's own axis.
 *
 * @param {Which} which
 * @param {string} title
 * @param {Label} label
 * @returns {Panel<Settings, Shared, State>}
 */
const histogram = (which, title, label) => ({
  title,
  keys: [["╌╌", "mean", { of: which ? "passed" : "out_mean" }]],
  label: ({ values }) => label(values),
  draw({ settings, shared, values, width }) {
    const { function: name, alpha } = settings;
    const [low, high] = DOMAINS[which](settings);
    const size = (high - low) / BINS;
    const bars = Array.from({ length: BINS }, (_, i) => ({ y: low + i * size, share: 0 }));
    for (const z of scores(settings, shared)) {
      const bar = bars[Math.floor((curves[name](z, alpha)[which] - low) / size + 1e-9)];
      if (bar) bar.share += 1 / shared.quantiles.length;
    }
    const most = Math.max(...bars.map(({ share }) => share));
    const mean = which ? values.passed : values.out_mean;
    return Plot.plot({
      ...frame,
      width,
      height: HEIGHT,
      x: { domain: [0, most], label: "share", ticks: 4, tickFormat: ".0%" },
      y: { domain: [low, high], label: null, ticks: 5, grid: true },
      marks: [
        Plot.rect(bars, {
          x1: 0,
          x2: "share",
          y1: "y",
          y2: ({ y }) => y + size,
          fill: OUTPUT,
          stroke: OUTPUT,
          strokeWidth: 0.5,
        }),
        Plot.ruleY([mean], {
          stroke: "var(--lab-ink)",
          strokeDasharray: "5 3",
          clip: true,
          className: which ? "of-passed" : "of-out_mean",
        }),
      ],
    });
  },
});

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["curve outputs", "slope slopes"],
  columns: "3fr 2fr",
  terms: { "at slope_at": 3, mean: 4, spread: 5 },
  panels: {
    curve: curve(
      0,
      "The function g",
      ({ at, mean }) => `at the mean ${show(mean)} it is ${show(at, ".3f")}`,
    ),
    outputs: histogram(
      0,
      "What comes out",
      ({ out_mean, out_spread }) =>
        `mean ${show(out_mean, ".2f")}, spread ${show(out_spread, ".2f")}`,
    ),
    slope: curve(
      1,
      "Its slope g′",
      ({ slope_at, mean }) => `at the mean ${show(mean)} it is ${show(slope_at, ".3f")}`,
    ),
    slopes: histogram(
      1,
      "Slopes met",
      ({ passed, saturated }) =>
        `${show(passed, ".1%")} on average, ${show(saturated, ".1%")} saturated`,
    ),
  },
  train,
};
