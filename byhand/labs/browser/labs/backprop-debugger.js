// Lab backprop-debugger: the map of all arrays with what the check says, and the line that runs now.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, middle } from "../marks.js";
import { show } from "../text.js";

const SIGNS = { right: "✓", wrong: "✗", spoiled: "≠" };
const WORDS = { right: "right", wrong: "mistake", spoiled: "spoiled" };
const PAINT = {
  right: "var(--lab-tint-0)",
  wrong: "color-mix(in oklab, var(--lab-path) 35%, var(--lab-ground))",
  spoiled: "var(--lab-tint-1)",
};
const TALL = 46; // a cell of the map
const ROW = 23; // a row of numbers
const HEAD = 20; // what stands above an array
const GAP = 12;

const read = (name) => name.replace(/\d/, (digit) => "₀₁₂₃"[digit]).replace(".T", "ᵀ");

// Vectors and numbers are drawn as one row.
const grid = (array) => (array[0]?.length ? array : [[array].flat()]);
const shape = (array) => {
  if (!array.length) return "()";
  return array[0].length ? `(${array.length}, ${array[0].length})` : `(${array.length},)`;
};

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
      i <= position && verdict[i] ? [`${read(name)} ${WORDS[verdict[i]]}`] : [],
    );
    return `at ${read(array[position])}; ${judged.join(", ") || "no gradient yet"}`;
  },
  draw({ settings, shared, state, position, width }) {
    const places = shared.maps[settings.net];
    const wide = width / (1 + Math.max(...places.map(([, column]) => column)));
    const words = wide >= 80; // whether there is room for them
    const cells = places.map(([name, column, row, step]) => {
      const verdict = step <= position ? state.series.verdict[step] : "";
      return {
        name: read(name),
        sign: verdict
          ? `${SIGNS[verdict]} ${words ? WORDS[verdict] : ""}`
          : row === 0 && words
            ? shape(state.arrays[name])
            : "",
        fill: PAINT[verdict] ?? "none",
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
    const ways = cells.filter(({ column, row }) =>
      row === 0 ? column > 0 : row === 1 || row === 2,
    );
    return canvas(width, 4 * TALL, [
      boxes(
        cells.filter(({ reached }) => reached),
        { stroke: "var(--lab-quiet)", rx: 4 },
      ),
      boxes(
        cells.filter(({ now }) => now),
        { stroke: "var(--lab-ink)", strokeWidth: 3, rx: 4 },
      ),
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

// What a step shows: the arrays that its line reads, what it gives, and the check.
function blocks({ state }, step) {
  const { arrays, checks, series } = state;
  const sign = (name) => SIGNS[series.verdict[series.array.indexOf(name)]] ?? "";
  const turn = (rows) => rows[0].map((_, j) => rows.map((row) => row[j]));
  const picked = series.picked[step];
  const reads = series.reads[step].map((name, k) => {
    const key = name.replace(".T", "");
    const array = key === name ? arrays[key] : turn(arrays[key]);
    return block(`${read(name)} ${sign(key)}`, array, picked[k]);
  });
  const name = series.array[step];
  const gives = [block(`= ${read(name)}`, arrays[name], picked.at(-1))];
  if (checks[name]) {
    const same = shape(arrays[name]) === shape(checks[name]);
    const check = block(`central diff. ${sign(name)}`, checks[name], same ? picked.at(-1) : [-1]);
    gives[0].against = same ? check.rows : [];
    gives.push(check);
  }
  return [reads, gives];
}

const block = (title, array, picked) => ({
  title: `${title} ${shape(array)}`,
  rows: grid(array),
  picked,
});

// Lay the blocks out from left to right. What the line gives and its check stay together; where the
// width is used up, a new row begins.
function layout(groups, width) {
  const wide = Math.min(50, Math.max(38, (width - 3 * GAP) / 13)); // 13 columns beside each other
  let [x, y, below] = [0, ROW + 6, 0];
  const size = ({ title, rows }) => Math.max(rows[0].length * wide, title.length * 5.8) + GAP;
  const total = (blocks) => blocks.reduce((sum, block) => sum + size(block), 0) - GAP;
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

const step = {
  title: "The line that runs now",
  keys: [
    ["▣", "differs"],
    ["𝟏", "the entry worked out below"],
  ],
  label: (context) => {
    const { values } = context;
    const [reads, gives] = blocks(context, context.position);
    const told = [...reads, ...gives].map(
      ({ title, rows }) =>
        `${title} ${rows.map((row) => row.map((v) => show(v, ".3f")).join(", ")).join("; ")}`,
    );
    return `${values.line}. ${told.join(". ")}`;
  },
  draw(context) {
    const width = context.width - 16;
    const { length } = context.state.series.array;
    const layouts = Array.from({ length }, (_, i) => layout(blocks(context, i), width));
    const height = Math.max(...layouts.map(({ height }) => height)); // no jump from step to step
    const { placed } = layouts[context.position];
    const [{ wide }] = placed;
    const cells = placed.flatMap(({ rows, against, picked: [i0, j0], x, y }) => {
      const most = Math.max(...rows.flat().map(Math.abs)) || 1;
      return rows.flatMap((row, i) =>
        row.map((value, j) => ({
          text: show(value, wide < 40 ? ".2f" : ".3f"),
          off: against && !(Math.abs(value - against[i]?.[j]) < 5e-4), // in the digits that are shown
          fill: `color-mix(in oklab, var(--lab-${value < 0 ? 0 : 1}) ${Math.round((45 * Math.abs(value)) / most)}%, var(--lab-ground))`,
          picked: (i0 ?? i) === i && (j0 ?? j) === j,
          x1: 8 + x + j * wide,
          x2: 8 + x + (j + 1) * wide,
          y1: y + HEAD + i * ROW,
          y2: y + HEAD + (i + 1) * ROW,
        })),
      );
    });
    return canvas(context.width, height, [
      Plot.text([context.values.line + (context.values.verdict === "wrong" ? "  ✗" : "")], {
        x: 8,
        y: 14,
        text: Plot.identity,
        textAnchor: "start",
        fontFamily: "monospace",
        fontSize: width < 480 ? 12 : 14,
      }),
      boxes(cells, { stroke: "var(--lab-line)" }),
      boxes(
        cells.filter(({ off }) => off),
        { stroke: "var(--lab-path)", strokeWidth: 2, inset: 1 },
      ),
      ...[false, true].map((on) =>
        Plot.text(
          cells.filter(({ picked }) => picked === on),
          { ...middle, text: "text", fontSize: wide < 48 ? 10.5 : 11, fontWeight: on ? 800 : 400 },
        ),
      ),
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

export default {
  areas: ["map", "step"],
  columns: "1fr",
  panels: { map, step },
};
