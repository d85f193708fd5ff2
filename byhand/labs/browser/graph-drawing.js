// A graph of gates as boxes with arrows between them.

import * as Plot from "@observablehq/plot";
import { boxes, canvas } from "./cells.js";
import { show } from "./text.js";

/** @import { Box } from "./cells.js" */
/** @import { Pair } from "./types.ts" */

/**
 * What stands in a box, from above: name and gate, value, gradient and difference; whether the
 * node is at work; and the classes by which value and gradient say what they show.
 *
 * @typedef {object} Words
 * @property {string} head
 * @property {string} value
 * @property {string} gradient
 * @property {string} check
 * @property {boolean} now
 * @property {string} valueOf
 * @property {string} gradientOf
 * @property {string} [ink] of the value
 */

/** @typedef {Box & Words & { x: number, y: number }} Cell */
/** @typedef {{ points: Pair[], live: boolean }} Arrow from point to point */

export const VALUE = "var(--lab-ink)";
export const GRADIENT = "var(--lab-path)";

/**
 * A box around its middle.
 *
 * @param {Pair} middle
 * @param {Pair} half of its width and height
 */
export const around = ([x, y], [halfX, halfY]) => ({
  x,
  y,
  x1: x - halfX,
  x2: x + halfX,
  y1: y - halfY,
  y2: y + halfY,
});

/**
 * @param {Pair} size
 * @param {Cell[]} cells
 * @param {Arrow[]} arrows
 * @param {{ ink: string, fontSize: string }} look
 */
export const drawGraph = ([width, height], cells, arrows, { ink, fontSize }) =>
  canvas(
    width,
    height,
    [
      arrowsOf(arrows, { stroke: "var(--lab-contour)", headLength: 4 }),
      arrowsOf(
        arrows.filter(({ live }) => live),
        { stroke: ink, strokeWidth: 2.5 },
      ),
      boxes(cells, {
        rx: 6,
        fill: "var(--lab-card)",
        stroke: ({ now }) => (now ? ink : "var(--lab-line)"),
        strokeWidth: ({ now }) => (now ? 2.5 : 1),
      }),
      wordsIn(cells),
    ],
    fontSize,
  );

/**
 * @param {Arrow[]} arrows
 * @param {Plot.ArrowOptions & { stroke: string }} look
 */
function arrowsOf(arrows, look) {
  const bent = arrows.filter(({ points }) => points.length > 2);
  const ways = bent.flatMap(({ points }, z) =>
    points.slice(0, -1).map(([x, y]) => ({ x, y, z: String(z) })),
  );
  const { stroke, strokeWidth } = look;
  const ends = arrows.map(({ points }) => {
    const [[x1, y1], [x2, y2]] = points.slice(-2);
    return { x1, y1, x2, y2 };
  });
  return [
    ...(ways.length ? [Plot.line(ways, { x: "x", y: "y", z: "z", stroke, strokeWidth })] : []),
    Plot.arrow(ends, { x1: "x1", y1: "y1", x2: "x2", y2: "y2", ...look }),
  ];
}

/** @param {Cell[]} cells */
function wordsIn(cells) {
  const faint = { fill: "var(--lab-quiet)", fontWeight: 400 };
  /**
   * @param {Cell[]} some
   * @param {number} dy
   * @param {keyof Words} text
   * @param {Plot.TextOptions} options
   */
  const words = (some, dy, text, options) =>
    Plot.text(some, {
      x: "x",
      y: "y",
      text,
      dy,
      fontVariant: "tabular-nums",
      fontWeight: 600,
      ...options,
    });
  const together = (/** @type {"valueOf" | "gradientOf"} */ what) =>
    [...new Set(cells.map((cell) => cell[what]))].map((className) => {
      const some = cells.filter((cell) => cell[what] === className);
      return { some, className };
    });
  return [
    words(cells, -24, "head", faint),
    together("valueOf").map(({ some, className }) =>
      words(some, -8, "value", { fill: some[0].ink ?? VALUE, className }),
    ),
    together("gradientOf").map(({ some, className }) =>
      words(some, 9, "gradient", { fill: GRADIENT, className }),
    ),
    words(cells, 24, "check", faint),
  ];
}

/**
 * A number in a box.
 *
 * @param {number} value
 */
export const written = (value) =>
  show(value, value && (Math.abs(value) < 0.001 || Math.abs(value) >= 1000) ? ".1e" : ".3g");

/**
 * The arrows of an edge, turned around where the gradient flows.
 *
 * @param {Pair[]} points
 * @param {boolean} live
 * @param {boolean} back
 * @returns {Arrow}
 */
export const arrow = (points, live, back) => ({
  points: back ? [...points].reverse() : points,
  live,
});
