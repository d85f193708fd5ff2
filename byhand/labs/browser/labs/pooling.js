// Lab pooling: the input with its window, the outputs, and where their gradients go.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, choose, holds, middle } from "../cells.js";
import { element, labeled } from "../dom.js";
import { moved } from "../drawing.js";
import { pool2d } from "../images.js";
import { range, sum } from "../numbers.js";
import { arrivals, numbers, optionsOf, short, told } from "../pooling.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { Context, ControlState, DrawingSpec, Kind, Lab, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings lists hold text
 * @property {string} cells
 * @property {number} cell
 * @property {string} kind
 * @property {string} size
 * @property {string} stride
 * @property {string} padding
 * @property {string} upstream
 * @property {number} output
 */

/**
 * @typedef {object} Shared
 * @property {number} side
 * @property {number} zero the digit of a 0
 * @property {{ [rule: string]: number[] }} upstream the gradient of each output
 */

/** @typedef {Trained<typeof train>} State */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, { side, zero, upstream: rules }) {
  const X = numbers(settings.cells, zero);
  const options = optionsOf(settings, side);
  const { max, size: k, stride: s, padding: p } = options;
  const windows = pool2d(X, options);
  const out = Math.sqrt(windows.length);
  const upstream = rules[settings.upstream];
  const arrived = arrivals(windows, upstream, X.length);
  const stops = windows.map((window, n) => {
    const { dX, visits } = arrived[n];
    return {
      ...told(window, X, options),
      row: Math.floor(n / out),
      column: n % out,
      given: upstream[n],
      share: max ? null : upstream[n] * window.share,
      shared: visits.filter((count) => count > 1).length || null,
      arrived: sum(dX),
      dX,
      visits,
    };
  });
  const whole = settings.kind.startsWith("global");
  const call = max ? "maxpool" : "avgpool";
  const name = max ? "maximum" : "average";
  yield {
    name: whole ? null : max ? "Max" : "Average",
    all: whole ? name : null,
    k,
    s,
    p,
    count: k * k,
    out,
    outputs: windows.length,
    call: whole ? `global_${call}` : `${call}2d`,
    words: whole ? "" : `, size=${k}, stride=${s}, padding=${p}`,
    windows,
    series: seriesOf(stops),
  };
}

// --- drawing ---

const GAP = 40; // pixels between the two grids
const HEAD = 18; // above each of them, for its name
const SIDE_BY_SIDE = 400; // pixels, from which they stand beside each other
const MOST = 46; // pixels of a cell

/** @typedef {{ fill: string, stroke: string, strokeWidth: number }} Look */

/** @type {Look} */
const HIT = { stroke: "var(--lab-path)", strokeWidth: 2.5, fill: "var(--lab-tint-1)" };

/** @type {(fill?: string) => Look} */
const plain = (fill = "var(--lab-ground)") => ({ stroke: "var(--lab-line)", strokeWidth: 1, fill });

/** @param {(Box & Look)[]} cells */
const drawn = (cells) => boxes(cells, { inset: 1, stroke: "stroke", strokeWidth: "strokeWidth" });

/**
 * @param {Box[]} cells
 * @param {Plot.TextOptions} options
 */
const words = (cells, options) =>
  Plot.text(cells, {
    ...middle,
    fontVariant: "tabular-nums",
    fontWeight: 600,
    fill: "var(--lab-ink)",
    stroke: "var(--lab-ground)", // an arrow that passes below stays off the figures
    strokeWidth: 4,
    ...options,
  });

/**
 * The cells of the input with its padding, whose value is their place in the input.
 *
 * @param {Context<Settings, Shared, State>} context
 */
function inputCells({ state: { p }, shared: { side }, width }) {
  const rows = side + 2 * p;
  const unit = Math.min((width - 8) / rows, MOST);
  const places = range(rows * rows).map((i) => {
    const [y, x] = [Math.floor(i / rows) - p, (i % rows) - p];
    return y >= 0 && x >= 0 && y < side && x < side ? y * side + x : null;
  });
  const left = (width - rows * unit) / 2;
  return { unit, rows, cells: cellsOf(places, rows, unit, left, 4) };
}

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "Input X",
  keys: [
    ["▢", "window", { color: "var(--lab-path)", of: "k size row column output" }],
    ["⬚", "click, then type", { of: "cell" }],
  ],
  label: ({ settings, shared }) =>
    numbers(settings.cells, shared.zero)
      .map((v) => show(v))
      .join(", "),
  drag(context, x, y) {
    const hit = inputCells(context).cells.find(holds(x, y));
    if (!hit || hit.value === null) return [{}];
    const { side } = context.shared;
    const words = `row ${Math.floor(hit.value / side)}, column ${hit.value % side}`;
    return [{ cell: hit.value }, `Cell: ${words}. `, "cells"];
  },
  draw(context) {
    const { settings, state, shared, position, width } = context;
    const { s, k, out, windows } = state;
    const X = numbers(settings.cells, shared.zero);
    const padding = settings.kind.endsWith("max") ? "−∞" : "0";
    const { unit, rows, cells } = inputCells(context);
    const { to } = windows[position];
    const looks = cells.map((cell) => ({
      ...cell,
      ...plain(cell.value !== null && to.includes(cell.value) ? HIT.fill : undefined),
      text: cell.value === null ? padding : show(X[cell.value]),
    }));
    const numbered = looks.filter(({ value }) => value !== null);
    const padded = looks.filter(({ value }) => value === null);
    const [y, x] = [Math.floor(position / out) * s, (position % out) * s];
    const { x1, y1 } = cells[y * rows + x];
    return canvas(width, rows * unit + 8, [
      drawn(numbered),
      drawn(padded),
      boxes(numbered.slice(settings.cell, settings.cell + 1), {
        fill: "none",
        inset: 4,
        stroke: "var(--lab-ink)",
        strokeDasharray: "3 2",
        className: "of-cell",
      }),
      boxes([{ x1, y1, x2: x1 + unit * k, y2: y1 + unit * k }], {
        fill: "none",
        stroke: HIT.stroke,
        strokeWidth: 3,
        className: "of-k of-size of-row of-column of-output",
      }),
      words(numbered, { text: "text", fontSize: 14 }),
      words(padded, {
        text: "text",
        fill: "var(--lab-quiet)",
        fontWeight: 400,
        className: "of-p of-padding of-outside",
      }),
    ]);
  },
};

/**
 * Where the two grids stand, beside or below each other, and how large their cells are.
 *
 * @param {number} width
 * @param {number} side of the input
 * @param {number} out side of the output
 */
function planFor(width, side, out) {
  const wide = width >= SIDE_BY_SIDE;
  const room = wide ? (width - GAP - 8) / 2 : width - 8;
  const block = Math.min(room, 5 * MOST);
  const small = Math.min(block / out, 50);
  const height = (wide ? HEAD + block : HEAD + small * out + GAP + block) + 8;
  const left = (room - small * out) / 2 + 4;
  const unit = block / side;
  return {
    wide,
    height,
    outputs: { unit: small, left, top: wide ? HEAD + 4 + (block - small * out) / 2 : HEAD + 4 },
    inputs: { unit, left: wide ? width - block - 4 : (width - block) / 2, top: height - block - 4 },
  };
}

/**
 * An arrow from an output to each cell that its gradient goes to.
 *
 * @param {Box} from
 * @param {Box[]} onto
 * @param {boolean} wide
 * @param {Plot.ArrowOptions} options
 */
const arrows = (from, onto, wide, options) =>
  Plot.arrow(onto, {
    ...(wide
      ? { x1: from.x2, y1: middle.y(from), x2: ({ x1 }) => x1 + 3, y2: middle.y }
      : { x1: middle.x(from), y1: from.y2, x2: middle.x, y2: ({ y1 }) => y1 + 3 }),
    strokeOpacity: 0.6,
    headLength: 6,
    ...options,
  });

/**
 * The gradient that has arrived in each cell, and how often where that was more than once.
 *
 * @param {(Box & { value: number, times: string })[]} cells
 * @param {number} corner from the middle
 */
const arrived = (cells, corner) => [
  words(cells, {
    text: ({ value, times }) => (value || times ? short(value) : "0"),
    className: "of-arrived",
  }),
  words(cells, {
    text: "times",
    dx: corner - 9,
    dy: corner - 8,
    fontSize: 11,
    fontWeight: 400,
    className: "of-shared",
  }),
];

/**
 * The name of a grid, above it.
 *
 * @param {{ left: number, top: number }} grid
 * @param {string} name
 */
const named = ({ left, top }, name) =>
  Plot.text([name], { x: left, y: top - 9, text: [name], textAnchor: "start" });

/**
 * The cells of the outputs.
 *
 * @param {Context<Settings, Shared, State>} context
 */
function outputCells({ state: { out, windows }, shared, width }) {
  const { unit, left, top } = planFor(width, shared.side, out).outputs;
  const A = windows.map(({ value }) => value);
  return cellsOf(A, out, unit, left, top);
}

/** @type {Panel<Settings, Shared, State>} */
const routes = {
  title: "Where the gradients go",
  keys: [
    ["∂ 2", "from above; click one", { color: "var(--lab-path)", of: "given upstream" }],
    ["×2", "from two windows", { of: "shared" }],
  ],
  label: ({ values: { dX } }) => `∂ℒ/∂X is ${dX.map(short).join(", ")}`,
  drag: (context, x, y) => choose(context, outputCells(context), x, y),
  hover(context, x, y) {
    const hit = outputCells(context).find(holds(x, y));
    return hit ? { output: hit.k + 1 } : null;
  },
  draw(context) {
    const { settings, state, shared, values, position, width } = context;
    const { out, windows } = state;
    const { dX, visits } = values;
    const { wide, height, outputs, inputs } = planFor(width, shared.side, out);
    const upstream = shared.upstream[settings.upstream];
    const from = outputCells(context).map((cell) => ({
      ...cell,
      ...(cell.k === position ? HIT : plain()),
      given: cell.k <= position ? `∂ ${show(upstream[cell.k])}` : "",
    }));
    const { to } = windows[position];
    const onto = cellsOf(dX, shared.side, inputs.unit, inputs.left, inputs.top).map((cell) => ({
      ...cell,
      ...(to.includes(cell.k) ? HIT : plain(visits[cell.k] ? "var(--lab-tint-0)" : undefined)),
      times: visits[cell.k] > 1 ? `×${visits[cell.k]}` : "",
    }));
    const targets = (/** @type {number} */ n) => windows[n].to.map((cell) => onto[cell]);
    const max = settings.kind.endsWith("max");
    const before = max && out <= 3 ? from.slice(0, position) : []; // more would hide each other
    const large = outputs.unit > 34;
    return canvas(width, height, [
      drawn(from),
      drawn(onto),
      before.map((cell, n) =>
        arrows(cell, targets(n), wide, { stroke: "var(--lab-contour)", strokeWidth: 1 }),
      ),
      arrows(from[position], targets(position), wide, {
        stroke: HIT.stroke,
        strokeWidth: max ? 2.5 : 1,
        className: "of-share of-to_row of-to_column",
      }),
      named(outputs, "output A"),
      named(inputs, "∂ℒ/∂X so far"),
      words(from, {
        text: ({ value }) => short(value),
        className: "of-value of-out",
        dy: large ? -8 : -6,
        fontSize: large ? 13 : 11,
      }),
      words(from, {
        text: "given",
        className: "of-given of-upstream",
        dy: large ? 9 : 7,
        fontSize: 11,
        fill: "var(--lab-path)",
      }),
      arrived(onto, inputs.unit / 2),
    ]);
  },
};

// --- the control ---

/**
 * A field for the number of the chosen cell.
 *
 * @type {Kind<DrawingSpec>}
 */
const drawing = (spec, change) => {
  const zero = spec.levels / 2;
  const side = Math.sqrt(spec.value.length);
  const input = element("input", { type: "number", min: -zero, max: zero, step: 1 });
  const [name] = labeled("X", input);
  /** @type {Pick<Settings, "cells" | "cell">} */
  let now;
  let shown = NaN;
  const place = () => `row ${Math.floor(now.cell / side)}, column ${now.cell % side}`;
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    if (input.value === "" || !input.validity.valid) return;
    shown = input.valueAsNumber;
    const cells = moved(now.cells, now.cell, shown + zero, spec.levels);
    change(cells, `${place()} is ${show(shown)}`);
  });
  input.addEventListener("blur", () => {
    input.value = String(numbers(now.cells, zero)[now.cell]);
  });
  const head = element("div", { className: "lab-control-head" }, name);
  const group = { className: "lab-control", role: "group", ariaLabel: spec.label };
  const node = element("div", group, head, input);
  const update = (/** @type {ControlState<string, Settings>} */ { settings, disabled }) => {
    const other = settings.cell !== now?.cell;
    now = settings;
    name.textContent = `Number at ${place()}`;
    input.disabled = disabled;
    const value = numbers(now.cells, zero)[now.cell];
    if (!other && value === shown) return; // the reader may be writing "−"
    shown = value;
    input.value = String(value);
    if (input === document.activeElement) input.select();
  };
  return { node, input, update };
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input routes"],
  columns: "2fr 3fr",
  terms: {
    "row column output": 3,
    "k size": 4,
    "s stride": 5,
    "p padding": 0,
    "given upstream": 1,
  },
  panels: { input, routes },
  train,
  kinds: { drawing },
};
