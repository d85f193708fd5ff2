// Planes of numbers: pictures, kernels and outputs, drawn as cells beside each other in a box of
// fixed size. A cell too small for its number is a shade, deeper the larger the number.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, holds, middle } from "./cells.js";
import { short } from "./convolution.js";
import { clamp, range } from "./numbers.js";
import { HATCH, hatching } from "./regions.js";

/** @import { Box } from "./cells.js" */
/** @import { Context, Drag, Panel, Settings as Changes, State } from "./types.ts" */

/**
 * How a cell looks.
 *
 * @typedef {object} Look
 * @property {string} [text] in place of its value
 * @property {boolean} [picked]
 * @property {boolean} [outside] the picture, in its padding
 * @property {boolean} [unread] by any window
 * @property {boolean} [quiet]
 * @property {boolean} [dotted] depends on the chosen cell
 * @property {string | false} [of] the term of the sum that it stands for
 */

/** @typedef {{ row: number, column: number, rows: number, columns: number }} Window of cells */

/** @typedef {Window & { plane: number, dashed?: boolean }} Frame */

/** @typedef {{ k: number, value: number }} Cell */

/**
 * @typedef {object} Planes
 * @property {string[]} [titles]
 * @property {number[][]} values
 * @property {number} columns
 * @property {number} [most] pixels of a cell's side
 * @property {(cell: Cell, plane: number) => Look} [look]
 * @property {Frame[]} [frames] around windows of cells
 */

/** @typedef {{ width: number, height: number }} Size */

const HEAD = 18; // above a plane with a title
const GAP = 8;
const SMALLEST = 9; // pixels of a digit

/** @param {Size} size @param {Planes} planes */
function layout({ width, height }, { titles, values, columns, most = 54 }) {
  const rows = values[0].length / columns;
  const head = titles ? HEAD : GAP / 2;
  const wide = (/** @type {number} */ side) => Math.max(columns * side, titles ? 56 : 0);
  /** The side of a cell with so many planes beside each other. @param {number} across */
  const sideFor = (across) => {
    const room = (width - GAP) / across - GAP;
    const down = (height - GAP) / Math.ceil(values.length / across) - head;
    return Math.min(most, room / columns, down / rows);
  };
  const across = range(values.length)
    .map((n) => n + 1)
    .reduce((best, n) => (sideFor(n) > sideFor(best) + 0.1 ? n : best));
  const side = sideFor(across);
  const [stepX, stepY] = [wide(side) + GAP, rows * side + head];
  const left = Math.max(GAP / 2, (width - across * stepX + GAP) / 2);
  const cells = values.map((plane, p) =>
    cellsOf(
      plane,
      columns,
      side,
      left + (p % across) * stepX,
      GAP / 2 + head + Math.floor(p / across) * stepY,
    ),
  );
  return { cells, side };
}

/** @param {number} value */
const written = (value) => short(value).replace(/^(−?)0\./, "$1.");

/**
 * The color of a number among others, and how much of it.
 *
 * @param {number} value
 * @param {number} largest
 * @param {number} most percent
 */
const tint = (value, largest, most) =>
  `color-mix(in oklab, var(--lab-${value < 0 ? 0 : 1}) ` +
  `${Math.round((most * Math.abs(value)) / (largest || 1))}%, var(--lab-ground))`;

/**
 * Draw planes, each with its title.
 *
 * @param {Size} size
 * @param {Planes} what
 */
export function drawPlanes(size, what) {
  const { titles, look = () => ({}), frames = [] } = what;
  const { cells, side } = layout(size, what);
  const all = cells.flatMap((plane, p) =>
    plane.map((cell) => {
      const { text = written(cell.value), ...rest } = /** @type {Look} */ (look(cell, p));
      return { ...cell, ...rest, text };
    }),
  );
  return canvas(size.width, size.height, [
    hatching,
    cellMarks(all, side),
    frames.map((frame) => framed(frame, cells[frame.plane][0], side)),
    titles
      ? Plot.text(cells, {
          x: ([{ x1 }]) => x1,
          y: ([{ y1 }]) => y1 - 9,
          text: titles,
          textAnchor: "start",
        })
      : null,
  ]);
}

/**
 * Whether the factors of products stand below each other, and the size that fits all texts.
 *
 * @param {string[]} texts
 * @param {number} side
 * @returns {[wrap: boolean, fontSize: number]}
 */
function fit(texts, side) {
  const sizeFor = (/** @type {string[]} */ lines) =>
    Math.min(15, (1.6 * (side - 2)) / Math.max(...lines.map(({ length }) => length)));
  const size = Math.min(side * 0.42, sizeFor(texts));
  const halves = texts.flatMap((text) => text.split(/(?<=·)/));
  if (size >= 11 || halves.length === texts.length) return [false, size];
  return [true, Math.max(size, Math.min(side * 0.38, sizeFor(halves)))];
}

/**
 * Cells with what is to be seen on them, and their numbers where there is room.
 *
 * @param {(Box & Cell & Look & { text: string })[]} all
 * @param {number} side
 */
function cellMarks(all, side) {
  const [wrap, fontSize] = fit(
    all.map(({ text }) => text),
    side,
  );
  const small = fontSize < SMALLEST;
  const largest = Math.max(...all.map(({ value }) => Math.abs(value)));
  const shaded = all.map((cell) => ({ ...cell, fill: tint(cell.value, largest, small ? 85 : 32) }));
  const quiet = "var(--lab-quiet)";
  const [path, none] = [{ stroke: "var(--lab-path)" }, { fill: "none", ...deaf }];
  const corner = Math.max(4, side * 0.14);
  return [
    boxes(shaded, {
      stroke: "var(--lab-line)",
      strokeWidth: small ? 0.5 : 1,
      render: named(all.map(({ of }) => of)),
      ...(small ? { title: "text" } : {}),
    }),
    boxes(
      all.filter(({ unread }) => unread),
      { stroke: quiet, ...deaf, fill: HATCH },
    ),
    boxes(
      all.filter(({ outside }) => outside),
      { stroke: quiet, strokeDasharray: "2 2", strokeOpacity: small ? 0.4 : 1, ...none },
    ),
    boxes(
      all.filter(({ picked }) => picked),
      { ...path, strokeWidth: 2, inset: 1, ...none },
    ),
    Plot.dot(
      all.filter(({ dotted }) => dotted),
      {
        x: ({ x2 }) => x2 - corner,
        y: ({ y1 }) => y1 + corner,
        r: Math.min(3, side / 5),
        fill: "var(--lab-path)",
        ...deaf,
      },
    ),
    Plot.text(small ? all.filter(({ value }) => value < 0) : all, {
      ...middle,
      text: small ? () => "−" : ({ text }) => (wrap ? text.replace("·", "·\n") : text),
      fontSize: small ? Math.min(side, 10) : fontSize,
      fontVariant: "tabular-nums",
      fill: (cell) => (cell.quiet ? quiet : "var(--lab-ink)"),
      ...deaf,
    }),
  ];
}

/**
 * @param {Frame} frame
 * @param {Box} first cell of its plane
 * @param {number} side
 */
function framed({ row, column, rows, columns, dashed }, first, side) {
  const [x1, y1] = [first.x1 + column * side, first.y1 + row * side];
  return boxes([{ x1, y1, x2: x1 + columns * side, y2: y1 + rows * side }], {
    fill: "none",
    stroke: "var(--lab-path)",
    strokeWidth: dashed ? 1.5 : 3,
    strokeDasharray: dashed ? "4 3" : undefined,
    ...deaf,
  });
}

const deaf = { pointerEvents: /** @type {const} */ ("none") };

/**
 * Write on every drawn cell the term that it stands for, so that both light up together.
 *
 * @param {(string | false | undefined)[]} terms
 * @returns {Plot.RenderFunction}
 */
const named = (terms) => (index, scales, values, dimensions, context, next) => {
  const group = next?.(index, scales, values, dimensions, context) ?? null;
  index.forEach((k, n) => {
    const term = terms[k];
    if (term) group?.children[n].setAttribute("data-of", term);
  });
  return group;
};

/** @typedef {{ plane: number, k: number, row: number, column: number }} Hit */

/**
 * The cell at a point, or null beside them; `near` takes the nearest one of the nearest plane.
 *
 * @param {Size} size
 * @param {Planes} what
 * @param {number} x
 * @param {number} y
 * @returns {Hit | null}
 */
function hitAt(size, what, x, y, near = false) {
  const { cells, side } = layout(size, what);
  const rows = what.values[0].length / what.columns;
  const inner = (/** @type {Box[]} */ [{ x1, y1 }]) => ({
    x: clamp(x, [x1, x1 + side * what.columns - 0.01]),
    y: clamp(y, [y1, y1 + side * rows - 0.01]),
  });
  const away = cells.map((plane) => Math.hypot(inner(plane).x - x, inner(plane).y - y));
  const plane = away.indexOf(Math.min(...away));
  if (away[plane] > 0.1 && !near) return null;
  const point = inner(cells[plane]);
  const k = cells[plane].findIndex(holds(point.x, point.y));
  return { plane, k, row: Math.floor(k / what.columns), column: k % what.columns };
}

/**
 * A panel of planes, where a cell is pointed at or chosen.
 *
 * @template Chosen
 * @template Common
 * @template {State} Now
 * @typedef {Omit<Panel<Chosen, Common, Now>, "draw" | "drag" | "hover"> & {
 *   what: (context: Context<Chosen, Common, Now>) => Planes,
 *   height?: (width: number) => number,
 *   near?: boolean,
 *   choose?: (context: Context<Chosen, Common, Now>, hit: Hit, begins: boolean) => Drag,
 *   rest?: (context: Context<Chosen, Common, Now>, hit: Hit) => Changes | null,
 * }} PlanesPanel
 */

/**
 * @template Chosen
 * @template Common
 * @template {State} Now
 * @param {PlanesPanel<Chosen, Common, Now>} panel
 * @returns {Panel<Chosen, Common, Now>}
 */
export function planesPanel({ what, height, near, choose, rest, ...panel }) {
  /** @type {(context: Context<Chosen, Common, Now>) => Size} */
  const sizeOf = ({ width, height: given }) => ({ width, height: height?.(width) ?? given });
  return {
    ...panel,
    draw: (context) => drawPlanes(sizeOf(context), what(context)),
    drag: choose
      ? (context, x, y, begins) => {
          const hit = hitAt(sizeOf(context), what(context), x, y, near);
          return hit ? choose(context, hit, begins) : [{}];
        }
      : undefined,
    hover: rest
      ? (context, x, y) => {
          const hit = hitAt(sizeOf(context), what(context), x, y);
          return hit ? rest(context, hit) : null;
        }
      : undefined,
  };
}
