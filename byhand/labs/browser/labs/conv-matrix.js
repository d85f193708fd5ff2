// Lab conv-matrix: the matrix of a convolution, or its transpose, and what one row reads.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, choose, middle } from "../cells.js";
import { conv2dBackward, conv2dForward, convGeometry, convPairs } from "../images.js";
import { clamp, range } from "../numbers.js";
import { bracketed, show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { Product } from "../images.js" */
/** @import { Lab, Panel, Trained } from "../types.ts" */

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

/** @type {Panel<Settings, Shared, State>} */
const matrix = {
  title: "Matrix",
  keys: [
    ["a b c", "weights of the kernel", { of: "letters" }],
    ["▭", "the chosen row", { color: "var(--lab-path)", of: "row" }],
  ],
  label: ({ state, values: { row, letters } }) =>
    `${state.rows} by ${state.columns}; row ${row} holds ${letters}`,
  draw({ settings, shared, position, width }) {
    const { weights, entries, given, result } = arrays(settings);
    const side = Math.min(26, (width - 8) / given.length);
    const tall = Math.min(side, Math.max(3, 480 / result.length));
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
    return canvas(width, result.length * tall + 8, [
      boxes([{ ...frame, y1: 4, y2: 4 + result.length * tall }], { stroke: "var(--lab-line)" }),
      boxes(cells, { className: "of-letters of-nonzero" }),
      tall >= 8 ? letter(cells, shared, Math.min(13, tall * 0.8)) : null,
      boxes([chosen], { stroke: "var(--lab-path)", strokeWidth: 2, className: "of-row" }),
    ]);
  },
};

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
  const fontSize = clamp(side * 0.4, [7, 12]);
  const chosen = cells.filter(({ chosen }) => chosen);
  const weighted = cells.filter(({ w }) => w !== undefined);
  return canvas(width, Math.ceil(values.length / columns) * side + 8, [
    boxes(cells, { stroke: "var(--lab-line)" }),
    boxes(chosen, { stroke: "var(--lab-path)", strokeWidth: 2.5, className: "of-value of-y of-x" }),
    Plot.text(cells, { ...middle, text: ({ value }) => show(value), fontSize }),
    letter(weighted, shared, fontSize * 0.85, {
      className: "of-terms of-sum",
      dx: -side * 0.32,
      dy: -side * 0.3,
      fontWeight: 700,
    }),
  ]);
}

/** @type {Panel<Settings, Shared, State>} */
const given = {
  title: "What it is applied to",
  label: ({ values: { terms } }) => `the row reads ${terms}`,
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

/** @type {Panel<Settings, Shared, State>} */
const result = {
  title: "What comes out",
  keys: [["▢", "chosen; click another", { color: "var(--lab-path)", of: "value y x" }]],
  label: ({ values: { y, x, value } }) => `row ${y}, column ${x}: ${value}`,
  draw({ settings, shared, position, width }) {
    const { result, wide } = arrays(settings);
    const look = (/** @type {number} */ k) => ({ chosen: k === position, fill: "none" });
    return plane(width, result, wide, look, shared);
  },
  drag(context, x, y) {
    const { result, wide } = arrays(context.settings);
    return choose(context, layout(context.width, result, wide), x, y);
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["matrix matrix", "given result"],
  terms: { "row value y x": 3, stride: 4, padding: 5, "sum terms letters": 0 },
  panels: { matrix, given, result },
  train,
};
