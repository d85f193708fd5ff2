// Lab conv-matrix: the matrix of a convolution, or its transpose, and what one row reads.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, holds, middle } from "../cells.js";
import { conv2dBackward, conv2dForward, convGeometry, convPairs } from "../images.js";
import { clamp, range } from "../numbers.js";
import { bracketed, show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { Product } from "../images.js" */
/** @import { Context, Drag, Lab, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings lists hold text
 * @property {number} row
 * @property {number} size
 * @property {string} kernel
 * @property {string} stride
 * @property {string} padding
 * @property {"forward" | "back"} way
 */

/** @typedef {{ letters: string, code: { forward: string, back: string } }} Shared */
/** @typedef {Trained<typeof train>} State */

/** @param {number} count */
const signal = (count) => range(count).map((k) => (7 * k + 3 * Math.floor(k / 5)) % 10);

/** @type {(w: number, count: number) => string} */
const tint = (w, count) => `oklch(0.72 0.13 ${(360 * w) / count} / 0.55)`;

/**
 * Numbers and entries at these settings: [row, weight, column], turned around for the transpose.
 *
 * @param {Settings} settings
 */
function arrays({ size, way, ...lists }) {
  const kernel = Number(lists.kernel);
  const [stride, padding] = [Number(lists.stride), Number(lists.padding)];
  const geometry = convGeometry({ H: size, W: size, kH: kernel, kW: kernel, stride, padding });
  const weights = range(kernel ** 2).map((k) => (k % 2 ? -1 : 1) * (Math.floor(k / 2) + 1));
  const pairs = convPairs(geometry);
  const X = signal(size ** 2);
  const outputs = geometry.oH * geometry.oW;
  if (way === "forward") {
    const Z = conv2dForward(X, weights, [0], geometry, pairs);
    return { weights, entries: pairs, given: X, across: size, result: [...Z], wide: geometry.oW };
  }
  const dZ = signal(outputs);
  const { dX } = conv2dBackward(dZ, X, weights, geometry, pairs);
  /** @type {Product[]} */
  const turned = pairs.map(([o, w, x]) => [x, w, o]);
  const entries = turned.sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  return { weights, entries, given: dZ, across: geometry.oW, result: [...dX], wide: size };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, { letters, code }) {
  const { weights, entries, given, result, wide } = arrays(settings);
  const rows = result.map((_, k) => entries.filter(([row]) => row === k));
  const kind = settings.way === "forward" ? "output" : "pixel";
  const read = settings.way === "forward" ? "pixel" : "output";
  /** @type {(entry: Product) => string} */
  const term = ([, w, at]) => `${bracketed(weights[w])}·${given[at]}`;
  yield {
    rows: result.length,
    columns: given.length,
    nonzero: entries.length,
    share: entries.length / result.length / given.length,
    shared: weights.length,
    kind,
    code: code[settings.way]
      .replace("{stride}", settings.stride)
      .replace("{padding}", settings.padding),
    series: {
      y: result.map((_, k) => Math.floor(k / wide)),
      x: result.map((_, k) => k % wide),
      terms: rows.map(({ length }) => `${length} ${read}${length === 1 ? "" : "s"}`),
      letters: rows.map((row) => row.map(([, w]) => letters[w]).join(", ") || "nothing"),
      sum: rows.map((row) => row.map(term).join(" + ") || "0"),
      value: result.map((value) => show(value)),
    },
  };
}

/**
 * The weights' letters in the cells.
 *
 * @param {(Box & { w?: number })[]} cells
 * @param {Shared} shared
 * @param {number} fontSize
 * @param {Plot.TextOptions} [options]
 */
const letter = (cells, { letters }, fontSize, options) =>
  Plot.text(cells, { ...middle, text: ({ w }) => letters[w], fontSize, ...options });

const HIGHEST = 340; // pixels of a matrix
const ENTRY = 26; // the side of a cell in which a letter can be read
const LINE = 38; // of the chosen row, large

/**
 * Where the matrix stands, and below it the entries of the chosen row, as many to a line as fit.
 *
 * @param {number} width
 * @param {ReturnType<typeof arrays>} arrays
 */
function planFor(width, { weights, given, result }) {
  const side = Math.min(ENTRY, (width - 8) / given.length);
  const tall = Math.min(side, HIGHEST / result.length);
  const perLine = Math.floor((width - 8) / (ENTRY + 2));
  const below = 4 + result.length * tall + 8;
  return { side, tall, perLine, below, height: below + LINE * Math.ceil(weights.length / perLine) };
}

/**
 * The row of the matrix at a height.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} y
 */
function rowAt({ settings, width }, y) {
  const found = arrays(settings);
  const row = Math.floor((y - 4) / planFor(width, found).tall);
  return row >= 0 && row < found.result.length ? row : undefined;
}

/** @type {Panel<Settings, Shared, State>} */
const matrix = {
  title: "Matrix",
  keys: [
    ["a b c", "weights of the kernel", { of: "letters" }],
    ["▭", "the chosen row, below with its columns", { color: "var(--lab-path)", of: "row" }],
  ],
  label: ({ state, values: { row, letters } }) =>
    `${state.rows} by ${state.columns}; row ${row} holds ${letters}`,
  drag: (context, _, y) => goTo(context, rowAt(context, y)),
  hover: (context, _, y) => peekAt(rowAt(context, y)),
  draw({ settings, shared, position, width }) {
    const found = arrays(settings);
    const { weights, entries, given, result } = found;
    const { side, tall, perLine, below, height } = planFor(width, found);
    const cells = entries.map(([row, w, column]) => ({
      w,
      fill: tint(w, weights.length),
      x1: 4 + column * side,
      x2: 4 + (column + 1) * side,
      y1: 4 + row * tall,
      y2: 4 + (row + 1) * tall,
    }));
    const frame = { x1: 4, x2: 4 + given.length * side, fill: "none" };
    const chosen = { ...frame, y1: 4 + position * tall, y2: 4 + (position + 1) * tall };
    const large = entries
      .filter(([row]) => row === position)
      .map(([, w, column], k) => {
        const [x1, y1] = [4 + (k % perLine) * (ENTRY + 2), below + LINE * Math.floor(k / perLine)];
        return { w, column, fill: tint(w, weights.length), x1, x2: x1 + ENTRY, y1, y2: y1 + 20 };
      });
    return canvas(width, height, [
      boxes([{ ...frame, y1: 4, y2: 4 + result.length * tall }], { stroke: "var(--lab-line)" }),
      boxes(cells, { className: "of-letters of-nonzero" }),
      tall >= 12 ? letter(cells, shared, Math.min(13, tall * 0.8)) : null,
      boxes([chosen], { stroke: "var(--lab-path)", strokeWidth: 2, className: "of-row" }),
      boxes(large, { stroke: "var(--lab-path)", className: "of-letters of-row" }),
      letter(large, shared, 13),
      Plot.text(large, { ...middle, dy: 17, text: ({ column }) => show(column) }),
    ]);
  },
};

/**
 * What a click on something of this row does, and how it is read.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number | undefined} row from 0
 * @returns {Drag}
 */
const goTo = ({ position }, row) =>
  row === undefined || row === position ? [{}] : [{ row: row + 1 }, `Row: ${row + 1}. `];

/** @param {number | undefined} row from 0 */
const peekAt = (row) => (row === undefined ? null : { row: row + 1 });

/** @typedef {{ fill: string, w?: number, chosen?: boolean }} Look of a cell, and its weight */

/**
 * @param {number} width
 * @param {number[]} values
 * @param {number} columns
 */
const layout = (width, values, columns) =>
  cellsOf(values, columns, Math.min(34, (width - 8) / columns), 4, 4);

/**
 * A picture of numbers; some of its cells carry a weight.
 *
 * @param {number} width
 * @param {number[]} values
 * @param {number} columns
 * @param {(k: number) => Look} look
 * @param {Shared} shared
 */
function plane(width, values, columns, look, shared) {
  const cells = layout(width, values, columns).map((cell) => ({ ...cell, ...look(cell.k) }));
  const side = cells[0].x2 - cells[0].x1;
  const fontSize = clamp(side * 0.4, [10, 12]);
  const chosen = cells.filter(({ chosen }) => chosen);
  const weighted = cells.filter(({ w }) => w !== undefined);
  return canvas(width, Math.ceil(values.length / columns) * side + 8, [
    boxes(cells, { stroke: "var(--lab-line)" }),
    boxes(chosen, { stroke: "var(--lab-path)", strokeWidth: 2.5, className: "of-value of-y of-x" }),
    Plot.text(cells, { ...middle, text: ({ value }) => show(value), fontSize }),
    letter(weighted, shared, 10, {
      className: "of-terms of-sum",
      dx: -side * 0.32,
      dy: -side * 0.3,
      fontWeight: 700,
    }),
  ]);
}

/**
 * The row that reads what is at a place, by the weight nearest to the kernel's middle.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} x
 * @param {number} y
 */
function readerAt({ settings, width }, x, y) {
  const { weights, entries, given, across } = arrays(settings);
  const hit = layout(width, given, across).find(holds(x, y));
  const off = (/** @type {Product} */ [, w]) => Math.abs(w - (weights.length - 1) / 2);
  const readers = entries.filter(([, , at]) => at === hit?.k).sort((a, b) => off(a) - off(b));
  return readers[0]?.[0];
}

/** @type {Panel<Settings, Shared, State>} */
const given = {
  title: "What it is applied to",
  keys: [["▪", "click one"]],
  label: ({ values: { terms } }) => `the row reads ${terms}`,
  drag: (context, x, y) => goTo(context, readerAt(context, x, y)),
  hover: (context, x, y) => peekAt(readerAt(context, x, y)),
  draw({ settings, shared, position, width }) {
    const { weights, entries, given, across } = arrays(settings);
    const row = entries.filter(([row]) => row === position);
    const read = new Map(row.map(([, w, at]) => [at, w]));
    const look = (/** @type {number} */ k) => {
      const w = read.get(k);
      return { w, fill: w === undefined ? "none" : tint(w, weights.length) };
    };
    return plane(width, given, across, look, shared);
  },
};

/**
 * The row whose result is at a place.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} x
 * @param {number} y
 */
function resultAt({ settings, width }, x, y) {
  const { result, wide } = arrays(settings);
  return layout(width, result, wide).find(holds(x, y))?.k;
}

/** @type {Panel<Settings, Shared, State>} */
const result = {
  title: "What comes out",
  keys: [["▢", "chosen; click another", { color: "var(--lab-path)", of: "value y x" }]],
  label: ({ values: { y, x, value } }) => `row ${y}, column ${x}: ${value}`,
  drag: (context, x, y) => goTo(context, resultAt(context, x, y)),
  hover: (context, x, y) => peekAt(resultAt(context, x, y)),
  draw({ settings, shared, position, width }) {
    const { result, wide } = arrays(settings);
    const look = (/** @type {number} */ k) => ({ chosen: k === position, fill: "none" });
    return plane(width, result, wide, look, shared);
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["matrix matrix", "given result"],
  terms: { "row value y x": 3, stride: 4, padding: 5, "sum terms letters": 0 },
  panels: { matrix, given, result },
  train,
};
