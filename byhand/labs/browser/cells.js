// Drawings made of cells, whose coordinates are pixels and whose colors are those given.

import * as Plot from "@observablehq/plot";
import { frame } from "./marks.js";
import { scrubberOf } from "./spec.js";

/** @import { Context, Drag } from "./types.ts" */

/** @typedef {{ x1: number, x2: number, y1: number, y2: number }} Box */

/**
 * @param {number} width
 * @param {number} height
 * @param {Plot.Markish[]} marks
 */
export const canvas = (width, height, marks, fontSize = "11px") =>
  Plot.plot({
    width,
    height,
    margin: 0,
    axis: null,
    x: { type: "identity" },
    y: { type: "identity" },
    color: { type: "identity" },
    style: { ...frame.style, fontSize },
    marks,
  });

/**
 * @param {Box[]} cells
 * @param {Plot.RectOptions} options
 */
export const boxes = (cells, options = {}) =>
  Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "fill", ...options });

// Channels of what stands in the middle of a cell.
export const middle = {
  x: (/** @type {Box} */ { x1, x2 }) => (x1 + x2) / 2,
  y: (/** @type {Box} */ { y1, y2 }) => (y1 + y2) / 2,
};

/**
 * The cells of a matrix with `columns` columns whose upper left corner is at (left, top).
 *
 * @template V
 * @param {V[]} values
 * @param {number} columns
 * @param {number} side
 * @param {number} left
 * @param {number} top
 */
export const cellsOf = (values, columns, side, left, top) =>
  values.map((value, k) => ({
    value,
    k,
    x1: left + (k % columns) * side,
    x2: left + ((k % columns) + 1) * side,
    y1: top + Math.floor(k / columns) * side,
    y2: top + (Math.floor(k / columns) + 1) * side,
  }));

/**
 * Whether a box holds the point.
 *
 * @param {number} x
 * @param {number} y
 */
export const holds =
  (x, y) =>
  (/** @type {Box} */ { x1, x2, y1, y2 }) =>
    x >= x1 && x < x2 && y >= y1 && y < y2;

/**
 * What a click on one of the cells changes: the scrubber goes to the stop of the same number.
 *
 * @param {Pick<Context, "spec" | "position">} context
 * @param {Box[]} cells
 * @param {number} x
 * @param {number} y
 * @returns {Drag}
 */
export function choose({ spec, position }, cells, x, y) {
  const scrubber = scrubberOf(spec);
  if (!scrubber) throw new Error(`choose: lab ${spec.name} has no scrubber, expected one`);
  const { name, label, values } = scrubber;
  const hit = cells.findIndex(holds(x, y));
  if (hit < 0 || hit === position) return [{}]; // a run that is shorter may stand at its end
  return [{ [name]: values[hit] }, `${label}: ${values[hit]}. `];
}
