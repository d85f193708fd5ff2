// Lab backprop-debugger: the map of all arrays with what the check says, and the line that runs
// now.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, choose, middle } from "../cells.js";
import { clamp, lastOf, range, sum } from "../numbers.js";
import { show } from "../text.js";

/** @import { Context, Lab, Panel } from "../types.ts" */

/** @typedef {{ net: string, batch: string, mistake: string, step: number }} Settings */

/** @typedef {[name: string, column: number, row: number, step: number]} Place on the map */
/** @typedef {{ maps: { [net: string]: Place[] } }} Shared */

/** @typedef {"" | "right" | "wrong" | "spoiled"} Verdict */
/** @typedef {number[][] | number[] | number} Numbers an array of the network */
/** @typedef {(number | null)[]} Picked the row and column of an entry; null stands for all */

/**
 * @typedef {object} State
 * @property {{ [name: string]: Numbers }} arrays
 * @property {{ [name: string]: Numbers }} checks the gradients by central differences
 * @property {object} series
 * @property {string[]} series.array what each step computes
 * @property {string[]} series.line
 * @property {string[][]} series.reads
 * @property {Verdict[]} series.verdict
 * @property {Picked[][]} series.picked
 */

/** @type {{ [verdict: string]: { sign: string, word: string, paint: string } }} */
const VERDICTS = {
  right: { sign: "✓", word: "right", paint: "var(--lab-tint-0)" },
  wrong: {
    sign: "✗",
    word: "mistake",
    paint: "color-mix(in oklab, var(--lab-path) 35%, var(--lab-ground))",
  },
  spoiled: { sign: "≠", word: "spoiled", paint: "var(--lab-tint-1)" },
};

/** @param {string} name */
const read = (name) => name.replace(/\d/, (digit) => "₀₁₂₃"[Number(digit)]).replace(".T", "ᵀ");

/**
 * Vectors and numbers are drawn as one row.
 *
 * @param {Numbers} array
 * @returns {number[][]}
 */
function grid(array) {
  return isMatrix(array) ? array : [[array].flat()];
}

/**
 * @param {Numbers} array
 * @returns {array is number[][]}
 */
const isMatrix = (array) => Array.isArray(array) && Array.isArray(array[0]);

/** @param {Numbers} array */
function shape(array) {
  if (!Array.isArray(array)) return "()";
  return isMatrix(array) ? `(${array.length}, ${array[0].length})` : `(${array.length},)`;
}

// --- the map ---

const TALL = 46; // a cell of the map

/** @typedef {Context<Settings, Shared, State>} Now */

/**
 * The arrays on the map, as far as the run has come.
 *
 * @param {Now} context
 */
function cellsOn({ settings, shared, state, position, width }) {
  const places = shared.maps[settings.net];
  const wide = width / (1 + Math.max(...places.map(([, column]) => column)));
  const words = wide >= 80; // whether there is room for them
  return places.map(([name, column, row, step]) => {
    const found = step <= position ? VERDICTS[state.series.verdict[step]] : undefined;
    const size = row === 0 && words ? shape(state.arrays[name]) : "";
    return {
      name: read(name),
      sign: found ? `${found.sign} ${words ? found.word : ""}` : size,
      fill: found?.paint ?? "none",
      reached: step <= position,
      now: step === position,
      column,
      row,
      x1: column * wide + 6,
      x2: (column + 1) * wide - 6,
      y1: row * TALL + 6,
      y2: (row + 1) * TALL - 6,
    };
  });
}

/** @type {Panel<Settings, Shared, State>} */
const map = {
  title: "The way forward, and back",
  keys: [
    ["✓", "right"],
    ["✗", "mistake in its line"],
    ["≠", "spoiled: its line is right, its input is not"],
  ],
  label: ({ state, position }) => {
    const { array, verdict } = state.series;
    const judged = array.flatMap((name, i) =>
      i <= position && verdict[i] ? [`${read(name)} ${VERDICTS[verdict[i]].word}`] : [],
    );
    return `at ${read(array[position])}; ${judged.join(", ") || "no gradient yet"}`;
  },
  // A click on an array goes to the line that computes it; X, the first, is given.
  drag: (context, x, y) => choose(context, cellsOn(context).slice(1), x, y),
  draw(context) {
    const cells = cellsOn(context);
    const reached = cells.filter(({ reached }) => reached);
    const now = cells.filter(({ now }) => now);
    const ways = cells.filter(({ column, row }) => (row === 0 ? column > 0 : row < 3));
    return canvas(context.width, 4 * TALL, [
      boxes(reached, { stroke: "var(--lab-quiet)", rx: 4 }),
      boxes(now, { stroke: "var(--lab-ink)", strokeWidth: 3, rx: 4, className: "of-step of-code" }),
      Plot.text(cells, {
        x: middle.x,
        y: ({ y1, sign }) => y1 + (sign ? 10 : 17),
        text: "name",
        fontSize: 13,
        fill: ({ reached }) => (reached ? "var(--lab-ink)" : "var(--lab-quiet)"),
        fontWeight: 600,
      }),
      Plot.text(cells, { x: middle.x, y: ({ y2 }) => y2 - 10, text: "sign" }),
      Plot.text(ways, {
        x: ({ row, x1, x2 }) => (row === 0 ? x1 - 6 : row === 1 ? x2 + 6 : (x1 + x2) / 2),
        y: ({ row, y1, y2 }) => (row === 2 ? y1 - 6 : (y1 + y2) / 2),
        text: ({ row }) => "→←↓"[row],
        fill: "var(--lab-quiet)",
      }),
    ]);
  },
};

// --- the line that runs ---

const ROW = 23; // a row of numbers
const HEAD = 20; // what stands above an array
const GAP = 12;

/**
 * An array with its title, and the numbers that it is held against.
 *
 * @typedef {{ title: string, rows: number[][], picked: Picked, against?: number[][] }} Block
 */

/** @type {(title: string, array: Numbers, picked: Picked) => Block} */
const block = (title, array, picked) => ({
  title: `${title} ${shape(array)}`,
  rows: grid(array),
  picked,
});

/** @param {number[][]} rows */
const turned = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));

/**
 * What a step shows: the arrays that its line reads; and what it gives, with the check.
 *
 * @param {State} state
 * @param {number} step
 */
function blocks({ arrays, checks, series }, step) {
  const sign = (/** @type {string} */ name) =>
    VERDICTS[series.verdict[series.array.indexOf(name)]]?.sign ?? "";
  const picked = series.picked[step];
  const reads = series.reads[step].map((name, k) => {
    const key = name.replace(".T", "");
    const array = key === name ? arrays[key] : turned(grid(arrays[key]));
    return block(`${read(name)} ${sign(key)}`, array, picked[k]);
  });
  const name = series.array[step];
  const last = lastOf(picked);
  const gives = [block(`= ${read(name)}`, arrays[name], last)];
  if (checks[name]) {
    const same = shape(arrays[name]) === shape(checks[name]);
    const check = block(`central diff. ${sign(name)}`, checks[name], same ? last : [-1]);
    gives[0].against = same ? check.rows : [];
    gives.push(check);
  }
  return [reads, gives];
}

/**
 * Lay the blocks out from left to right. What the line gives and its check stay together; where the
 * width is used up, a new row begins.
 *
 * @param {Block[][]} groups
 * @param {number} width
 */
function layout(groups, width) {
  const wide = clamp((width - 3 * GAP) / 13, [38, 50]); // 13 columns beside each other
  let [x, y, below] = [0, ROW + 6, 0];
  const size = (/** @type {Block} */ { title, rows }) =>
    Math.max(rows[0].length * wide, title.length * 5.8) + GAP;
  const total = (/** @type {Block[]} */ blocks) => sum(blocks.map(size)) - GAP;
  const placed = groups.flatMap((group) => {
    if (x && x + total(group) > width) [x, y] = [0, below];
    return group.map((block) => {
      if (x && x + size(block) - GAP > width) [x, y] = [0, below];
      const here = { ...block, x, y, wide };
      x += size(block);
      below = Math.max(below, y + HEAD + block.rows.length * ROW + 10);
      return here;
    });
  });
  return { placed, height: below };
}

/** @typedef {ReturnType<typeof layout>["placed"][number]} PlacedBlock */

/**
 * The cells of a block: which are worked out below, and which differ from the check.
 *
 * @param {PlacedBlock} block
 */
function cellsIn({ rows, against, picked: [i0, j0], x, y, wide }) {
  const most = Math.max(...rows.flat().map(Math.abs)) || 1;
  return rows.flatMap((row, i) =>
    row.map((value, j) => {
      const share = Math.round((45 * Math.abs(value)) / most);
      const paint = `var(--lab-${value < 0 ? 0 : 1}) ${share}%`;
      return {
        text: show(value, wide < 40 ? ".2f" : ".3f"),
        off: against && value !== against[i]?.[j], // in the digits that are shown
        fill: `color-mix(in oklab, ${paint}, var(--lab-ground))`,
        picked: (i0 ?? i) === i && (j0 ?? j) === j,
        x1: 8 + x + j * wide,
        x2: 8 + x + (j + 1) * wide,
        y1: y + HEAD + i * ROW,
        y2: y + HEAD + (i + 1) * ROW,
      };
    }),
  );
}

/** @type {Panel<Settings, Shared, State>} */
const step = {
  title: "The line that runs now",
  keys: [
    ["▣", "differs"],
    ["𝟏", "the entry worked out below", { of: "entry" }],
  ],
  label: ({ state, values, position }) => {
    const numbers = (/** @type {number[]} */ row) => row.map((v) => show(v, ".3f")).join(", ");
    const told = blocks(state, position)
      .flat()
      .map(({ title, rows }) => `${title} ${rows.map(numbers).join("; ")}`);
    return `${values.line}. ${told.join(". ")}`;
  },
  drag: ({ values }, _, y, begins) =>
    begins && y < ROW && values.verdict === "wrong"
      ? [{ mistake: "none" }, "The line is mended. ", "mistake"]
      : [{}],
  draw({ state, values, position, width: outer }) {
    const width = outer - 16;
    const steps = range(state.series.array.length);
    const layouts = steps.map((i) => layout(blocks(state, i), width));
    const height = Math.max(...layouts.map(({ height }) => height)); // no jump from step to step
    const { placed } = layouts[position];
    const [{ wide }] = placed;
    const cells = placed.flatMap(cellsIn);
    const differ = cells.filter(({ off }) => off);
    const entries = (/** @type {boolean} */ on) =>
      Plot.text(
        cells.filter(({ picked }) => picked === on),
        {
          ...middle,
          text: "text",
          fontSize: wide < 48 ? 10.5 : 11,
          fontWeight: on ? 800 : 400,
          className: on ? "of-entry" : undefined,
        },
      );
    return canvas(outer, height, [
      Plot.text([values.line + (values.verdict === "wrong" ? "  ✗" : "")], {
        x: 8,
        y: 14,
        text: Plot.identity,
        textAnchor: "start",
        fontFamily: "monospace",
        fontSize: width < 480 ? 12 : 14,
      }),
      Plot.text(values.verdict === "wrong" ? ["click to mend"] : [], {
        x: outer - 8,
        y: 14,
        text: Plot.identity,
        textAnchor: "end",
        fill: "var(--lab-path)",
      }),
      boxes(cells, { stroke: "var(--lab-line)" }),
      boxes(differ, { stroke: "var(--lab-path)", strokeWidth: 2, inset: 1 }),
      entries(false),
      entries(true),
      Plot.text(placed, {
        x: ({ x }) => x + 8,
        y: ({ y }) => y + HEAD / 2,
        text: "title",
        textAnchor: "start",
        fontWeight: 600,
      }),
    ]);
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["map", "step"],
  columns: "1fr",
  terms: { entry: 3, "step code": 4 },
  panels: { map, step },
};
