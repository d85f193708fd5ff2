// What the lab init draws of a network at one stop: a histogram a layer, and scores in the plane.

import { forward } from "./init-network.js";
import { between, clamp, range } from "./numbers.js";

/** @import { Pass, Problem, Settings } from "./init-network.js" */
/** @import { Numbers, Pair } from "./types.ts" */

export const BINS = 36;

/** @type {{ x: Pair, y: Pair }} the part of the plane that is drawn */
export const PLANE = { x: [-1.76, 1.76], y: [-1.1, 1.1] };

// The cells on which scores are computed, one more on each side than are drawn: there contours
// close along the frame.
/** @type {{ columns: number, rows: number, x: Pair, y: Pair }} */
export const GRID = { columns: 27, rows: 18, x: [-1.89, 1.89], y: [-1.26, 1.26] };

/**
 * Where values lie on an axis.
 *
 * @typedef {object} Axis
 * @property {string} label
 * @property {Pair} domain
 * @property {boolean} logarithmic
 */

/** @typedef {{ signals: Axis, errors: Axis }} Axes */

/**
 * @typedef {object} View
 * @property {Uint16Array[]} signals counted in bins, a layer each
 * @property {Uint16Array[]} errors
 * @property {Float32Array} scores of the cells in GRID
 */

/** @param {number} v */
export const log = (v) => (v ? Math.log10(Math.abs(v)) : NaN);

/** @param {Numbers} values */
const size = (values) =>
  Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0) / values.length);

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
  return [
    Math.min(low, ...finite.map((v) => v - 1.6)),
    Math.max(high, ...finite.map((v) => v + 1)),
  ];
}

/**
 * The axes of both networks, from where they start.
 *
 * @param {Pass[]} starts
 * @param {Settings} settings
 * @returns {Axes}
 */
export function axesOf(starts, { activation, depth }) {
  const seen = starts.flatMap(({ seen }) => seen);
  const signals = seen.map(({ A }) => A);
  const errors = seen.map(({ dZ }) => dZ);
  /** @type {{ [activation: string]: Axis }} */
  const known = {
    sigmoid: { label: "a", domain: [-0.01, 1.01], logarithmic: false },
    tanh: { label: "a", domain: [-1.02, 1.02], logarithmic: false },
  };
  return {
    signals: known[activation] ?? {
      label: "log₁₀ a",
      domain: decades([-2 - 0.2 * depth, 1 + 0.1 * depth], signals),
      logarithmic: true,
    },
    errors: {
      label: "log₁₀ |δ|",
      domain: decades([-4 - 0.3 * depth, 1], errors),
      logarithmic: true,
    },
  };
}

/**
 * How many values lie in each bin; what lies beyond the axis is counted at its end.
 *
 * @param {Numbers} values
 * @param {Axis} axis
 */
function binned(values, { domain: [low, high], logarithmic }) {
  const counts = new Uint16Array(BINS);
  const scale = BINS / (high - low);
  for (let i = 0; i < values.length; i++) {
    const place = logarithmic ? log(values[i]) : values[i];
    if (!Number.isNaN(place)) counts[clamp(Math.floor((place - low) * scale), [0, BINS - 1])] += 1;
  }
  return counts;
}

/** The middles of the cells, row by row from the low end of y. */
const middles = Float64Array.from(
  range(GRID.columns * GRID.rows).flatMap((k) => [
    between(GRID.x, ((k % GRID.columns) + 0.5) / GRID.columns),
    between(GRID.y, (Math.floor(k / GRID.columns) + 0.5) / GRID.rows),
  ]),
);

/**
 * @param {Pass} pass
 * @param {Problem} problem
 * @param {Axes} axes
 * @returns {View}
 */
export const viewOf = ({ layers, seen }, { act }, axes) => ({
  signals: seen.map(({ A }) => binned(A, axes.signals)),
  errors: seen.map(({ dZ }) => binned(dZ, axes.errors)),
  scores: Float32Array.from(forward(layers, act, middles).scores),
});
