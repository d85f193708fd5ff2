// Lab conv-matrix: the matrix of a convolution, or its transpose, and what one row reads.

import * as Plot from "@observablehq/plot";
import { conv2dBackward, conv2dForward, convGeometry, convPairs } from "../images.js";
import { boxes, canvas, cellsOf, choose, middle } from "../marks.js";
import { show } from "../text.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const signal = (count) => range(count).map((k) => (7 * k + 3 * Math.floor(k / 5)) % 10);
const factor = (weight) => (weight < 0 ? `(${show(weight)})` : show(weight));
const tint = (w, count) => `oklch(0.72 0.13 ${(360 * w) / count} / 0.55)`;

// Numbers and entries at these settings: [row, weight, column], turned around for the transpose.
function arrays({ size, way, ...lists }) {
  const [kernel, stride, padding] = ["kernel", "stride", "padding"].map((name) =>
    Number(lists[name]),
  ); // of text
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
  const entries = pairs.map(([o, w, x]) => [x, w, o]).sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  return { weights, entries, given: dZ, across: geometry.oW, result: [...dX], wide: size };
}

function* train(settings, { letters, code }) {
  const { weights, entries, given, result, wide } = arrays(settings);
  const rows = result.map(() => []);
  for (const entry of entries) rows[entry[0]].push(entry);
  const join = (row, text, sign, none) => row.map(text).join(sign) || none;
  const forward = settings.way === "forward";
  yield {
    rows: result.length,
    columns: given.length,
    nonzero: entries.length,
    share: entries.length / result.length / given.length,
    shared: weights.length,
    kind: forward ? "output" : "pixel",
    code: code[settings.way]
      .replace("{stride}", settings.stride)
      .replace("{padding}", settings.padding),
    series: {
      y: result.map((_, k) => Math.floor(k / wide)),
      x: result.map((_, k) => k % wide),
      terms: rows.map(
        ({ length }) => `${length} ${forward ? "pixel" : "output"}${length === 1 ? "" : "s"}`,
      ),
      letters: rows.map((row) => join(row, ([, w]) => letters[w], ", ", "nothing")),
      sum: rows.map((row) =>
        join(row, ([, w, at]) => `${factor(weights[w])}·${given[at]}`, " + ", "0"),
      ),
      value: result.map((value) => show(value)),
    },
  };
}

const matrix = {
  title: "Matrix",
  keys: [
    ["a b c", "weights of the kernel"],
    ["▭", "the chosen row", { color: "var(--lab-path)" }],
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
      boxes(cells, {}),
      ...(tall >= 8 ? [letter(cells, shared, Math.min(13, tall * 0.8))] : []),
      boxes([chosen], { stroke: "var(--lab-path)", strokeWidth: 2 }),
    ]);
  },
};

const letter = (cells, { letters }, fontSize, options) =>
  Plot.text(cells, { ...middle, text: ({ w }) => letters[w], fontSize, ...options });

const layout = (width, values, columns) =>
  cellsOf(values, columns, Math.min(34, (width - 8) / columns), 4, 4);

// A picture of numbers; some of its cells carry a weight.
function plane(width, values, columns, marked, shared) {
  const cells = layout(width, values, columns).map((cell) => ({ ...cell, ...marked(cell.k) }));
  const side = cells[0].x2 - cells[0].x1;
  const fontSize = Math.max(7, Math.min(12, side * 0.4));
  return canvas(width, Math.ceil(values.length / columns) * side + 8, [
    boxes(cells, { stroke: "var(--lab-line)" }),
    boxes(
      cells.filter(({ chosen }) => chosen),
      { stroke: "var(--lab-path)", strokeWidth: 2.5 },
    ),
    Plot.text(cells, { ...middle, text: ({ value }) => show(value), fontSize }),
    letter(
      cells.filter(({ w }) => w !== undefined),
      shared,
      fontSize * 0.85,
      {
        dx: -side * 0.32,
        dy: -side * 0.3,
        fontWeight: 700,
      },
    ),
  ]);
}

const given = {
  title: "What it is applied to",
  label: ({ values: { terms } }) => `the row reads ${terms}`,
  draw({ settings, shared, position, width }) {
    const { weights, entries, given, across } = arrays(settings);
    const read = new Map(entries.filter(([row]) => row === position).map(([, w, at]) => [at, w]));
    const marked = (k) => ({
      w: read.get(k),
      fill: read.has(k) ? tint(read.get(k), weights.length) : "none",
    });
    return plane(width, given, across, marked, shared);
  },
};

const result = {
  title: "What comes out",
  keys: [["▢", "chosen; click another", { color: "var(--lab-path)" }]],
  label: ({ values: { y, x, value } }) => `row ${y}, column ${x}: ${value}`,
  draw({ settings, shared, position, width }) {
    const { result, wide } = arrays(settings);
    return plane(width, result, wide, (k) => ({ chosen: k === position, fill: "none" }), shared);
  },
  drag(context, x, y) {
    const { result, wide } = arrays(context.settings);
    return choose(context, layout(context.width, result, wide), x, y);
  },
};

export default {
  areas: ["matrix matrix", "given result"],
  panels: { matrix, given, result },
  train,
};
