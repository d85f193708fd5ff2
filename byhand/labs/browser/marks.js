// What several labs draw: the two classes, told apart by color and by shape; where a run stands;
// contours.

import * as Plot from "@observablehq/plot";
import { range } from "./numbers.js";

/** @import { Key, Numbers, Pair } from "./types.ts" */

export const CLASSES = [
  { name: "●", symbol: "circle", color: "var(--lab-0)", tint: "var(--lab-tint-0)" },
  { name: "▲", symbol: "triangle", color: "var(--lab-1)", tint: "var(--lab-tint-1)" },
];

/** @type {Key[]} */
export const CLASS_KEYS = CLASSES.map(({ name, color }, label) => [
  name,
  `class ${label}`,
  { color },
]);

// Settings that every panel shares.
export const frame = {
  marginTop: 22,
  marginRight: 16,
  marginBottom: 32,
  marginLeft: 38,
  style: {
    background: "transparent",
    fontFamily: "inherit",
    fontSize: "11px",
    overflow: "visible",
  },
};

/**
 * The height of a drawing of this width whose units are as long across as up.
 *
 * @param {number} width
 * @param {Pair} x
 * @param {Pair} y
 */
export function equalHeight(width, [left, right], [low, high]) {
  const inner = width - frame.marginLeft - frame.marginRight;
  return Math.round((inner * (high - low)) / (right - left)) + frame.marginTop + frame.marginBottom;
}

/**
 * @param {number[][]} X
 * @param {number[]} y labels
 */
export function points(X, y) {
  return CLASSES.map(({ symbol, color }, label) =>
    Plot.dot(
      X.filter((_, i) => y[i] === label),
      { x: "0", y: "1", symbol, r: 3, fill: color, stroke: "var(--lab-ground)", strokeWidth: 0.6 },
    ),
  );
}

/**
 * Where the run stands now; hollow when that is not its true place.
 *
 * @param {unknown[]} point one of them, or none
 * @param {Plot.DotOptions} channels
 */
export function here(point, channels, { hollow = false } = {}) {
  return Plot.dot(point, {
    ...channels,
    r: 5.5,
    fill: hollow ? "var(--lab-ground)" : "var(--lab-path)",
    stroke: hollow ? "var(--lab-path)" : "var(--lab-ground)",
    strokeWidth: hollow ? 2 : 1.5,
  });
}

/**
 * The smallest box around the points, with a margin.
 *
 * @param {number[][]} X
 * @returns {[Pair, Pair]}
 */
export function box(X, margin = 0.06) {
  /** @type {(axis: number) => Pair} */
  const side = (axis) => {
    const values = X.map((point) => point[axis]);
    const low = Math.min(...values);
    const high = Math.max(...values);
    const extra = margin * (high - low);
    return [low - extra, high + extra];
  };
  return [side(0), side(1)];
}

/**
 * One more shade than there are levels, from low to high.
 *
 * @param {number} levels
 */
export const shades = (levels) =>
  range(levels + 1).map((i) => {
    const share = Math.round((100 * i) / levels);
    return `color-mix(in oklab, var(--lab-low), var(--lab-high) ${share}%)`;
  });

/**
 * Contours of values that lie on a regular grid, row by row from the low end of y.
 *
 * @param {Numbers} values
 * @param {{ columns: number, rows: number, x: Pair, y: Pair } & Plot.ContourOptions} options
 */
export function contours(values, { columns, rows, x, y, ...options }) {
  return Plot.contour(values, {
    width: columns,
    height: rows,
    x: null, // the grid is the drawing's: nothing to interpolate
    y: null,
    interpolate: null,
    x1: x[0],
    x2: x[1],
    y1: y[0],
    y2: y[1],
    value: Plot.identity,
    clip: true,
    ...options,
  });
}
