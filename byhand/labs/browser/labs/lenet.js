// Lab lenet: a digit that can be drawn on, every feature map of a trained network, its answer.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, holds, middle } from "../cells.js";
import { kinds } from "../controls.js";
import { softmax } from "../engine.js";
import { forward, partsOf } from "../lenet.js";
import { clamp, range } from "../numbers.js";
import { penButtons } from "../pen-buttons.js";
import { picture } from "../pen.js";
import { dragPen, drawSheet, shaded } from "../sheet.js";
import { show } from "../text.js";
import { unit } from "../unit.js";

/** @import { Box } from "../cells.js" */
/** @import { Found, LayerName } from "../lenet.js" */
/** @import { Drawn, Samples } from "../pen.js" */
/** @import { Context, ControlState, Kind, Lab, Numbers, Panel } from "../types.ts" */
/** @import { SliderSpec, Trained } from "../types.ts" */

/** @typedef {Drawn & { show: string, layer: LayerName, map: number, place: number }} Settings */

/**
 * A layer: its maps and their side; how many pixels a unit sees, each way, and how far apart.
 *
 * @typedef {object} Layer
 * @property {string} label
 * @property {number} maps
 * @property {number} side
 * @property {number} sees
 * @property {number} jump
 * @property {string} field
 * @property {number | null} weights
 */

/**
 * @typedef {object} Network
 * @property {number[]} theta
 * @property {{ [layer in LayerName]: Layer }} layers
 */

/** @typedef {Samples & Network} Shared */
/** @typedef {Trained<typeof train>} State */

// --- the numbers ---

/**
 * What the network answers, and what it did before the strokes.
 *
 * @param {Float64Array} now scores
 * @param {Float64Array} plain
 * @param {boolean} edited
 */
function answers(now, plain, edited) {
  const [P, before_P] = [now, plain].map((scores) => [...softmax(scores)]);
  const [first, second] = range(P.length).sort((a, b) => P[b] - P[a] || a - b);
  const most = Math.max(...before_P);
  return {
    answer: String(first),
    percent: 100 * P[first],
    second: String(second),
    second_percent: 100 * P[second],
    was: edited ? String(before_P.indexOf(most)) : null,
    was_percent: 100 * most,
    P,
    before_P,
  };
}

/**
 * Which unit is chosen, and the pixels that it sees.
 *
 * @param {Pick<Settings, "map" | "place">} settings
 * @param {Layer} layer
 */
function unitOf({ map, place }, { maps, side, sees, jump }) {
  const m = Math.min(map, maps - 1);
  const at = Math.min(place, side * side - 1);
  const [row, column] = [Math.floor(at / side), at % side];
  const [top, left] = [row * jump, column * jump];
  return { m, at, row, column, top, bottom: top + sees - 1, left, right: left + sees - 1 };
}

/**
 * The sum of products, and the bias, of a unit with weights.
 *
 * @param {Found} now
 * @param {LayerName} layer
 * @param {number} m
 * @param {number} index
 */
function sumOf({ sums, biases }, layer, m, index) {
  if (layer === "s2" || layer === "s4") return { products: null, bias: null };
  const bias = biases[layer][m];
  return { products: sums[layer][index] - bias, bias };
}

/** @type {{ key: string, now: Found, plain: Found } | null} */
let known = null;

/**
 * The network on a digit with and without its strokes. Another unit changes neither, so what was
 * read last is kept.
 *
 * @param {string} digit
 * @param {string} edits
 * @param {Shared} shared
 */
function read(digit, edits, shared) {
  const cells = edits.slice(0, -2);
  const key = digit + cells;
  if (known?.key === key) return known;
  const theta = Float64Array.from(shared.theta);
  const now = forward(theta, picture({ digit, edits }, shared));
  const blank = "0".repeat(edits.length);
  const plain = /[^0]/.test(cells) ? forward(theta, picture({ digit, edits: blank }, shared)) : now;
  known = { key, now, plain };
  return known;
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { digit, edits, layer } = settings;
  const { now, plain } = read(digit, edits, shared);
  const edited = /[^0]/.test(edits.slice(0, -2));
  const told = answers(now.output, plain.output, edited);
  const { label, side, sees, field, weights } = shared.layers[layer];
  const unit = unitOf(settings, shared.layers[layer]);
  const { m, at, row, column, top, bottom, left, right } = unit;
  const index = m * side * side + at;
  const flat = side === 1;
  const { inputs, factors, window } = partsOf(now, layer, unit);
  yield {
    ...told,
    label,
    m,
    row: flat ? null : row,
    column: flat ? null : column,
    unit: flat ? m : null,
    value: now[layer][index],
    before: edited ? plain[layer][index] : null,
    top,
    bottom,
    left,
    right,
    field,
    sees,
    inputs,
    factors,
    window,
    four: factors ? null : inputs.map((value) => show(value, ".2f")).join(", "),
    weights,
    ...sumOf(now, layer, m, index),
    hidden: layer === "f5" ? m : null,
    score: layer === "output" ? m : null,
    probability: layer === "output" ? told.P[m] : null,
    at,
    image: now.image,
    now,
    plain,
  };
}

// --- the panels ---

const PICKED = { fill: "none", stroke: "var(--lab-path)", strokeWidth: 2.5 };
const SEEN = { ...PICKED, className: "of-top of-bottom of-left of-right of-sees" };
const CHOSEN = { ...PICKED, className: "of-value of-m of-row of-column of-layer of-map of-place" };
const BARS = { fill: "var(--lab-0)", className: "of-percent of-second_percent of-answer" };

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "Input: draw here",
  keys: [["▢", "what the unit sees", { color: PICKED.stroke, of: "top bottom left right sees" }]],
  label: ({ settings, values: { top, bottom, left, right } }) =>
    `${settings.digit}; the unit sees rows ${top} to ${bottom}, columns ${left} to ${right}`,
  draw(context) {
    const { state, shared } = context;
    const { image, top, bottom, left, right } = state;
    return drawSheet(context, image, (cells) => {
      const [from, to] = [cells[top * shared.side + left], cells[bottom * shared.side + right]];
      return boxes([{ ...from, x2: to.x2, y2: to.y2 }], SEEN);
    });
  },
  drag: dragPen,
};

const HEAD = 18; // above a layer

/** @type {[LayerName, wide: number, narrow: number][]} maps a row */
const ACROSS = [
  ["c1", 6, 3],
  ["s2", 6, 6],
  ["c3", 16, 8],
  ["s4", 16, 8],
  ["f5", 32, 16],
];

/** @typedef {Box & { layer: LayerName, m: number, side: number, unit: number }} Frame of a map */

/**
 * Every map of every layer but the last: its frame, and where its cells are.
 *
 * @param {number} width
 * @param {Shared["layers"]} layers
 */
function layout(width, layers) {
  const room = width - 8;
  /** @type {Frame[]} */
  const frames = [];
  let top = 0;
  for (const [layer, wide, narrow] of ACROSS) {
    const across = width < 460 ? narrow : wide;
    const { maps, side } = layers[layer];
    const gap = side > 2 ? 6 : 3;
    const unit = Math.min((room / across - gap) / side, side > 2 ? 10 : 18);
    const size = unit * side;
    top += HEAD;
    for (let m = 0; m < maps; m++) {
      const x1 = 4 + (m % across) * (size + gap);
      const y1 = top + Math.floor(m / across) * (size + gap);
      frames.push({ layer, m, side, unit, x1, y1, x2: x1 + size, y2: y1 + size });
    }
    top += Math.ceil(maps / across) * (size + gap);
  }
  return { frames, height: top + 4 };
}

/** @param {Frame} frame */
const cellsIn = ({ side, unit, x1, y1 }, values = range(side * side).map(() => 0)) =>
  cellsOf(values, side, unit, x1, y1);

/**
 * The cells of a map: how much each unit says, or how much more or less than before the strokes.
 *
 * @param {Frame} frame
 * @param {State} state
 * @param {boolean} changes
 */
function unitsIn(frame, { now, plain }, changes) {
  const { layer, m, side } = frame;
  const top = Math.max(...now[layer], ...plain[layer], 1e-9);
  const part = (/** @type {Numbers} */ values) =>
    Array.from(values).slice(m * side * side, (m + 1) * side * side);
  const before = part(plain[layer]);
  return cellsIn(frame, part(now[layer])).map((cell, k) => {
    const value = (cell.value - (changes ? before[k] : 0)) / top;
    return { ...cell, value: Math.abs(value), less: value < 0 };
  });
}

/**
 * The unit at a place of the drawing.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} x
 * @param {number} y
 */
function unitAt({ shared, width }, x, y) {
  const hit = layout(width, shared.layers).frames.find(holds(x, y));
  if (!hit) return null;
  const { layer, m, side, unit, x1, y1 } = hit;
  const place = Math.floor((y - y1) / unit) * side + Math.floor((x - x1) / unit);
  return { layer, map: m, ...(side > 1 && { place }) };
}

/** @type {Panel<Settings, Shared, State>} */
const maps = {
  title: "Every feature map",
  keys: [
    ["■", "large, or more than before"],
    ["▪", "less than before", { color: "var(--lab-0)" }],
    [
      "▢",
      "chosen; click another",
      { color: PICKED.stroke, of: "value m row column layer map place" },
    ],
  ],
  label: ({ values: { label, m, value } }) =>
    `${label}, number ${m} is chosen and says ${show(value, ".2f")}`,
  draw({ settings, state, shared: { layers }, width }) {
    const { frames, height } = layout(width, layers);
    const changes = settings.show === "changes";
    const cells = frames
      .flatMap((frame) => unitsIn(frame, state, changes))
      .filter(({ value }) => value > 0.01);
    const more = cells.filter(({ less }) => !less);
    const less = cells.filter(({ less }) => less);
    const chosen = frames.find(({ layer, m }) => layer === settings.layer && m === state.m);
    const heads = frames
      .filter(({ m }) => m === 0)
      .map(({ layer, side, ...frame }) => {
        const { label, maps } = layers[layer];
        const what = side > 1 ? `maps of ${side} × ${side}` : "units";
        return { ...frame, text: `${label}: ${maps} ${what}` };
      });
    return canvas(width, height, [
      boxes(frames, { fill: "none", stroke: "var(--lab-line)" }),
      shaded(more, { fill: changes ? "var(--lab-1)" : "var(--lab-ink)" }),
      shaded(less, { fill: "var(--lab-0)", inset: 1.5 }),
      boxes(chosen ? [chosen, cellsIn(chosen)[state.at]] : [], CHOSEN),
      Plot.text(heads, { x: "x1", y: ({ y1 }) => y1 - 9, text: "text", textAnchor: "start" }),
    ]);
  },
  drag(context, x, y) {
    const unit = unitAt(context, x, y);
    if (!unit) return [{}];
    return [unit, `${context.shared.layers[unit.layer].label}: number ${unit.map}. `];
  },
  hover: unitAt,
};

/**
 * A bar for each digit.
 *
 * @param {number} width
 * @param {number} height
 * @param {number[]} values
 */
function bars(width, height, values) {
  const row = (height - 8) / 10;
  return values.map((value, k) => ({
    value,
    k,
    x1: 24,
    x2: 24 + value * (width - 78),
    y1: 4 + (k + 0.15) * row,
    y2: 4 + (k + 0.85) * row,
  }));
}

const DASHED = { fill: "none", stroke: "var(--lab-ink)", strokeDasharray: "3 2" };

/** @type {Panel<Settings, Shared, State>} */
const scores = {
  title: "Probability of each digit",
  keys: [["┄", "without your strokes", { of: "was was_percent" }]],
  minHeight: 145,
  label: ({ state: { P } }) => P.map((p, k) => `${k}: ${show(100 * p, ".1f")}%`).join(", "),
  draw({ settings, state: { P, before_P, was, m }, width, height }) {
    const cells = bars(width, height, P);
    const ghosts = was ? bars(width, height, before_P) : [];
    const chosen = settings.layer === "output" ? [cells[m]] : [];
    return canvas(width, height, [
      boxes(cells, BARS),
      boxes(ghosts, { ...DASHED, className: "of-was of-was_percent" }),
      boxes(chosen, { ...PICKED, x1: 4, x2: width - 4 }),
      Plot.text(cells, {
        x: 14,
        y: middle.y,
        text: ({ k }) => String(k),
        fontSize: 13,
        fontWeight: 600,
      }),
      Plot.text(cells, {
        x: ({ x2, k }) => Math.max(x2, ghosts[k]?.x2 ?? 0) + 6,
        y: middle.y,
        text: ({ value }) => `${show(100 * value, ".1f")}%`,
        textAnchor: "start",
      }),
    ]);
  },
  drag({ height }, _, y) {
    const map = clamp(Math.floor((10 * (y - 4)) / (height - 8)), [0, 9]);
    return [{ layer: "output", map }, `Output: unit ${map}. `];
  },
};

// --- controls of its own ---

/**
 * A slider over as many maps, or places, as the layer has.
 *
 * @type {Kind<SliderSpec>}
 */
const slider = (spec, change, context) => {
  const shared = /** @type {Shared} */ (context.shared);
  const base = kinds.slider(spec, change, context);
  const update = (/** @type {ControlState<number, Settings>} */ now) => {
    const { maps, side } = shared.layers[now.settings.layer];
    const last = (spec.name === "map" ? maps : side * side) - 1;
    base.input.max = String(last);
    base.update({ ...now, value: Math.min(now.value, last) });
  };
  return { ...base, update };
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input maps", "unit maps", "scores maps"],
  columns: "2fr 3fr",
  terms: {
    "value m row column layer map place": 3,
    "percent answer": 0,
    "top bottom left right sees": 4,
  },
  panels: { input, unit, scores, maps },
  train,
  kinds: { drawing: penButtons, slider },
};
