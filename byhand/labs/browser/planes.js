// Planes of numbers: pictures, kernels and outputs, drawn as cells beside each other.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, choose, middle } from "./cells.js";
import { clamp } from "./numbers.js";
import { HATCH, hatching } from "./regions.js";
import { show } from "./text.js";

/** @import { Context, Panel, State } from "./types.ts" */

/**
 * How a cell looks.
 *
 * @typedef {object} Look
 * @property {string} fill
 * @property {string} [text] in place of its value
 * @property {boolean} [picked]
 * @property {boolean} [outside] the picture, in its padding
 * @property {boolean} [unread] by any window
 * @property {boolean} [quiet]
 */

/**
 * @template {number | string} V
 * @typedef {object} Planes
 * @property {string[]} titles
 * @property {V[][]} values
 * @property {number} columns
 * @property {number} most pixels of a cell's side
 * @property {(cell: { k: number, value: V }, plane: number) => Look} look
 */

const HEAD = 18; // above a plane
const GAP = 10;

/**
 * A number as a cell has room for it.
 *
 * @param {number} value
 */
export function short(value) {
  const near = Math.round(value); // sums of rounded weights are not exactly whole
  return Math.abs(value - near) < 1e-9 ? show(near) : show(value, ".3g");
}

/**
 * Planes of cells, beside each other as long as they fit.
 *
 * @template {number | string} V
 * @param {number} width
 * @param {Planes<V>} planes
 */
function layout(width, { titles, values, columns, most }) {
  const rows = values[0].length / columns;
  const wide = (/** @type {number} */ side) => Math.max(columns * side, 52) + GAP;
  const across = clamp(Math.floor((width - GAP) / wide(26)), [1, titles.length]);
  const side = Math.min(most, (width - GAP) / across / columns - GAP / columns);
  const cells = values.map((plane, p) => {
    const left = GAP / 2 + (p % across) * wide(side);
    const top = HEAD + Math.floor(p / across) * (rows * side + HEAD + GAP);
    return cellsOf(plane, columns, side, left, top);
  });
  return { cells, side, height: Math.ceil(titles.length / across) * (rows * side + HEAD + GAP) };
}

/**
 * Draw planes, each with its title.
 *
 * @template {number | string} V
 * @param {number} width
 * @param {Planes<V>} what
 */
export function drawPlanes(width, what) {
  const { cells, side, height } = layout(width, what);
  const all = cells.flatMap((plane, p) =>
    plane.map((cell) => ({ ...cell, ...what.look(cell, p) })),
  );
  const unread = all.filter(({ unread }) => unread);
  const outside = all.filter(({ outside }) => outside);
  const picked = all.filter(({ picked }) => picked);
  const titles = cells.map(([cell], p) => ({ ...cell, title: what.titles[p] }));
  const quiet = "var(--lab-quiet)";
  const fontSize = clamp(side * 0.38, [7, 13]);
  return canvas(width, height, [
    hatching,
    boxes(all, { stroke: "var(--lab-line)" }),
    boxes(unread, { fill: HATCH, stroke: quiet }),
    boxes(outside, { fill: "none", stroke: quiet, strokeDasharray: "2 2" }),
    boxes(picked, { fill: "var(--lab-tint-1)", stroke: "var(--lab-path)", strokeWidth: 2 }),
    Plot.text(all, {
      ...middle,
      text: ({ text, value }) => text ?? short(value).replace(/^(−?)0\./, "$1."),
      fontSize: ({ text = "" }) => Math.min(fontSize, (1.35 * side) / text.length),
      fill: (cell) => (cell.quiet ? quiet : "var(--lab-ink)"),
    }),
    Plot.text(titles, { x: "x1", y: ({ y1 }) => y1 - 8, text: "title", textAnchor: "start" }),
  ]);
}

/**
 * A panel of planes; a click on a cell chooses the scrubber's stop.
 *
 * @template Chosen
 * @template Common
 * @template {State} Now
 * @template {number | string} V
 * @param {Omit<Panel<Chosen, Common, Now>, "draw" | "drag">} panel
 * @param {(context: Context<Chosen, Common, Now>) => Planes<V>} what
 * @returns {Panel<Chosen, Common, Now>}
 */
export const chooser = (panel, what) => ({
  ...panel,
  draw: (context) => drawPlanes(context.width, what(context)),
  drag: (context, x, y) => choose(context, layout(context.width, what(context)).cells.flat(), x, y),
});
