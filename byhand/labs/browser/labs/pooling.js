// Lab pooling: the input with its window, the outputs, and where their gradients go.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, middle } from "../cells.js";
import { element, labeled } from "../dom.js";
import { heightsOf } from "../drawing.js";
import { pool2d } from "../images.js";
import { range, sum } from "../numbers.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { PoolWindow } from "../images.js" */
/** @import { ControlState, DrawingSpec, Kind, Lab, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings lists hold text
 * @property {string} cells
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
 * The numbers that a word stands for.
 *
 * @param {string} word
 * @param {number} zero
 */
const numbers = (word, zero) => heightsOf(word).map((height) => height - zero);

/** @param {number} value */
const short = (value) => show(value, Number.isInteger(value) ? "d" : ".2f");

/**
 * The options of the pooling: global pooling is one window.
 *
 * @param {Settings} settings
 * @param {number} side
 */
function optionsOf({ kind, size, stride, padding }, side) {
  const max = kind.endsWith("max");
  if (kind.startsWith("global")) return { max, size: side, stride: 1, padding: 0 };
  return { max, size: Number(size), stride: Number(stride), padding: Number(padding) };
}

/** @typedef {{ dX: number[], visits: number[] }} Arrived at each cell, and how many times */

/**
 * What has arrived after each of the windows.
 *
 * @param {PoolWindow[]} windows
 * @param {number[]} upstream
 * @param {number} cells
 */
function arrivals(windows, upstream, cells) {
  const dX = range(cells).map(() => 0);
  const visits = range(cells).map(() => 0);
  return windows.map(({ to, share }, n) => {
    for (const cell of to) {
      dX[cell] += upstream[n] * share;
      visits[cell]++;
    }
    return { dX: [...dX], visits: [...visits] };
  });
}

/**
 * What there is to say of one output.
 *
 * @param {PoolWindow} window
 * @param {number[]} X
 * @param {ReturnType<typeof optionsOf>} options
 */
function told({ value, places, cells, to }, X, { max, size }) {
  const padding = max ? "−∞" : "0";
  const words = places.map((cell) => (cell === null ? padding : show(X[cell])));
  const equals = cells.filter((cell) => X[cell] === value).length;
  const side = Math.sqrt(X.length);
  return {
    value,
    sum: max ? `max(${words.join(", ")})` : `(${words.join(" + ")}) / ${size * size}`,
    to_row: max ? Math.floor(to[0] / side) : null,
    to_column: max ? to[0] % side : null,
    inside: max ? null : cells.length,
    outside: max ? null : size * size - cells.length || null,
    tie: max && equals > 1 ? equals : null,
  };
}

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

const GAP = 34; // pixels between the two grids
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
    ...options,
  });

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "Input X and the window",
  keys: [["▢", "window", { color: "var(--lab-path)", of: "k size row column output" }]],
  label: ({ settings, shared }) =>
    numbers(settings.cells, shared.zero)
      .map((v) => show(v))
      .join(", "),
  draw({ settings, state, shared: { side, zero }, position, width }) {
    const { p, s, k, out, windows } = state;
    const X = numbers(settings.cells, zero);
    const padding = settings.kind.endsWith("max") ? "−∞" : "0";
    const rows = side + 2 * p;
    const unit = Math.min((width - 8) / rows, MOST);
    const [left, top] = [(width - rows * unit) / 2, 4];
    const { to } = windows[position];
    const places = range(rows * rows).map((i) => {
      const [y, x] = [Math.floor(i / rows) - p, (i % rows) - p];
      return y >= 0 && x >= 0 && y < side && x < side ? y * side + x : null;
    });
    const cells = cellsOf(places, rows, unit, left, top).map((cell) => ({
      ...cell,
      ...plain(cell.value !== null && to.includes(cell.value) ? HIT.fill : undefined),
      text: cell.value === null ? padding : show(X[cell.value]),
    }));
    const numbered = cells.filter(({ value }) => value !== null);
    const padded = cells.filter(({ value }) => value === null);
    const [y, x] = [Math.floor(position / out) * s, (position % out) * s];
    const window = { x1: left + x * unit, y1: top + y * unit };
    const frame = { ...window, x2: window.x1 + unit * k, y2: window.y1 + unit * k };
    return canvas(width, rows * unit + 8, [
      drawn(cells),
      boxes([frame], {
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
  const height = (wide ? block : small * out + GAP + block) + 8;
  const left = (room - small * out) / 2 + 4;
  const unit = block / side;
  return {
    wide,
    height,
    outputs: { unit: small, left, top: wide ? (height - small * out) / 2 : 4 },
    inputs: wide
      ? { unit, left: width - block - 4, top: 4 }
      : { unit, left: (width - block) / 2, top: height - block - 4 },
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
    dx: corner - 8,
    dy: corner - 7,
    fontSize: 9,
    fontWeight: 400,
    className: "of-shared",
  }),
];

/** @type {Panel<Settings, Shared, State>} */
const routes = {
  title: "Output A, and ∂ℒ/∂X so far",
  keys: [
    ["∂ 2", "from above", { color: "var(--lab-path)", of: "given upstream" }],
    ["×2", "from two windows", { of: "shared" }],
  ],
  label: ({ values: { dX } }) => `∂ℒ/∂X is ${dX.map(short).join(", ")}`,
  draw({ settings, state, shared, values, position, width }) {
    const { out, windows } = state;
    const { dX, visits } = values;
    const { wide, height, outputs, inputs } = planFor(width, shared.side, out);
    const upstream = shared.upstream[settings.upstream];
    const A = windows.map(({ value }) => value);
    const from = cellsOf(A, out, outputs.unit, outputs.left, outputs.top).map((cell) => ({
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
      words(from, {
        text: ({ value }) => short(value),
        className: "of-value of-out",
        dy: large ? -7 : -4,
        fontSize: large ? 12 : 9,
      }),
      words(from, {
        text: "given",
        className: "of-given of-upstream",
        dy: large ? 9 : 6,
        fontSize: large ? 11 : 8,
        fill: "var(--lab-path)",
      }),
      arrived(onto, inputs.unit / 2),
    ]);
  },
};

// --- the control ---

/**
 * The numbers of the input, each in a field of its own.
 *
 * @type {Kind<DrawingSpec>}
 */
const drawing = (spec, change) => {
  const zero = spec.levels / 2;
  const side = Math.sqrt(spec.value.length);
  let word = spec.value;
  const fields = Array.from(word, (_, i) => {
    const name = `row ${Math.floor(i / side)}, column ${i % side}`;
    const input = element("input", { type: "number", min: -zero, max: zero, step: 1 });
    input.addEventListener("input", () => {
      if (input.value === "" || !input.validity.valid) return;
      const digit = (input.valueAsNumber + zero).toString(36);
      change(
        word.slice(0, i) + digit + word.slice(i + 1),
        `${name} is ${show(input.valueAsNumber)}`,
      );
    });
    input.addEventListener("blur", () => {
      input.value = String(numbers(word, zero)[i]);
    });
    return labeled(name, input, { hidden: true });
  });
  const grid = element("div", { className: "lab-cells" }, ...fields.flat());
  grid.style.setProperty("--cells", String(side));
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    element("div", { className: "lab-control-head" }, spec.label),
    grid,
  );
  const inputs = fields.map(([, input]) => input);
  const update = (/** @type {ControlState<string>} */ { value }) => {
    word = value;
    numbers(word, zero).forEach((number, i) => showIn(inputs[i], number));
  };
  return { node, input: inputs[0], update };
};

/**
 * Show a number, but not in a field that the reader has emptied and is writing in.
 *
 * @param {HTMLInputElement} input
 * @param {number} number
 */
function showIn(input, number) {
  const empty = input.value === "";
  const writing = input === document.activeElement;
  if (empty ? !writing : input.valueAsNumber !== number) input.value = String(number);
}

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
