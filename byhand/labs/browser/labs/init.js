// Lab init: signals and errors of a network at its start, layer by layer, and its first steps.

import * as Plot from "@observablehq/plot";
import { size, train } from "../init.js";
import { frame } from "../marks.js";
import { clamp, range } from "../numbers.js";
import { show } from "../text.js";

/** @import { Settings, Shared } from "../init.js" */
/** @import { Key, Lab, Numbers, Pair, Panel, Trained, Values } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */

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
