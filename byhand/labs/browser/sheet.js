// The sheet with a digit that is drawn on: its pixels, the pen above them, and what a stroke does.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, middle } from "./cells.js";
import { clamp } from "./numbers.js";
import { moved, penOf, placed } from "./pen.js";

/** @import { Box } from "./cells.js" */
/** @import { Drawn, Samples } from "./pen.js" */
/** @import { Drag, Numbers } from "./types.ts" */

/** @typedef {{ settings: Drawn, shared: Samples, width: number }} Where a sheet is drawn */

const MARGIN = 4;
const MOST = 384; // pixels of the screen

const PENS = { ink: "✎", eraser: "⌫", lifted: "✛" };

/** @param {Where} where */
const unitOf = ({ width, shared }) => Math.min(width - 2 * MARGIN, MOST) / shared.side;

/**
 * Cells whose values, from 0 to 1, are how dark they are.
 *
 * @param {(Box & { value: number })[]} cells
 * @param {Plot.RectOptions} options
 */
export const shaded = (cells, options = {}) =>
  boxes(cells, { fill: "var(--lab-ink)", fillOpacity: "value", ...options });

/**
 * @param {Where} where
 * @param {Numbers} image
 * @param {(cells: Box[]) => Plot.Markish} over what else lies on the cells, below the pen
 */
export function drawSheet(where, image, over) {
  const { settings, shared, width } = where;
  const unit = unitOf(where);
  const last = shared.side - 1;
  const cells = cellsOf(Array.from(image), shared.side, unit, MARGIN, MARGIN);
  const [row, column] = penOf(settings.edits).map((place) => clamp(place, [0, last]));
  return canvas(width, shared.side * unit + 2 * MARGIN, [
    boxes(cells, { fill: "none", stroke: "var(--lab-line)", strokeWidth: 0.5 }),
    shaded(cells.filter(({ value }) => value > 0)),
    over(cells),
    Plot.text([cells[row * shared.side + column]], {
      ...middle,
      text: () => PENS[settings.pen],
      fontSize: 15,
      fill: "var(--lab-ink)",
      stroke: "var(--lab-ground)",
      strokeWidth: 4,
    }),
  ]);
}

/**
 * The pen goes where the pointer is.
 *
 * @param {Where} where
 * @param {number} x
 * @param {number} y
 * @param {boolean} begins
 * @returns {Drag}
 */
export function dragPen(where, x, y, begins) {
  const { settings, shared } = where;
  const cell = (/** @type {number} */ at) =>
    clamp(Math.floor((at - MARGIN) / unitOf(where)), [0, shared.side - 1]);
  const edits = moved(settings, shared, cell(y), cell(x), begins);
  return [{ edits }, `Your pen: ${placed(edits)}. `];
}
