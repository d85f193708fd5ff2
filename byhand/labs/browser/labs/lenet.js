// Lab lenet: a digit that can be drawn on, every feature map of a trained network, its answer.

import * as Plot from "@observablehq/plot";
import { kinds } from "../controls.js";
import { button, element } from "../dom.js";
import { forward, softmax } from "../lenet.js";
import { boxes, canvas, cellsOf, middle } from "../marks.js";
import { show } from "../text.js";

// --- the drawing: a digit a cell (0 leaves it, 1 is white, f is black), then the pen's row and column ---

const HALF = "8";
const level = (digit) => (parseInt(digit, 16) - 1) / 14;
const penOf = (word) => [...word.slice(-2)].map((place) => parseInt(place, 16));

function picture({ digit, edits }, { samples, side }) {
  const sample = samples[digit];
  const ink = (_, i) => (edits[i] > "0" ? level(edits[i]) : (sample?.[i] ?? 0));
  return Float64Array.from({ length: side * side }, ink);
}

// Go to a cell in steps of one, and leave ink, or take it away, on the way.
function moved(settings, shared, row, column, jump = false) {
  const { side } = shared;
  const cells = [...settings.edits];
  const image = picture(settings, shared);
  const [y, x] = jump ? [row, column] : penOf(settings.edits);
  const steps = Math.max(Math.abs(row - y), Math.abs(column - x), 1);
  for (let t = settings.pen === "lifted" ? steps + 1 : 0; t <= steps; t++) {
    const [r, c] = [
      Math.round(y + ((row - y) * t) / steps),
      Math.round(x + ((column - x) * t) / steps),
    ];
    for (const [dr, dc] of [
      [0, 0],
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      const i = (r + dr) * side + c + dc;
      if (r + dr < 0 || r + dr >= side || c + dc < 0 || c + dc >= side) continue;
      if (settings.pen === "eraser") cells[i] = shared.samples[settings.digit]?.[i] ? "1" : "0";
      else if (!dr && !dc) cells[i] = "f";
      else if ((cells[i] === "0" ? image[i] : level(cells[i])) < 0.5) cells[i] = HALF;
    }
  }
  return cells.slice(0, -2).join("") + row.toString(16) + column.toString(16);
}

const placed = (word) => `row ${penOf(word)[0]}, column ${penOf(word)[1]}`;

// --- the numbers ---

function* train({ digit, edits, layer, map, place }, shared) {
  const theta = Float64Array.from(shared.theta);
  const blank = "0".repeat(edits.length);
  const image = picture({ digit, edits }, shared);
  const now = forward(theta, image);
  const plain = forward(theta, picture({ digit, edits: blank }, shared));
  const [P, before] = [now, plain].map(({ output }) => [...softmax(output)]);
  const order = P.map((_, k) => k).sort((a, b) => P[b] - P[a] || a - b);
  const edited = /[^0]/.test(edits.slice(0, -2));
  const { label, maps, side, sees, jump, field, weights } = shared.layers[layer];
  const m = Math.min(map, maps - 1);
  const at = Math.min(place, side * side - 1);
  const [row, column] = [Math.floor(at / side), at % side];
  const index = m * side * side + at;
  const flat = side === 1;
  const below = now[shared.below[layer]];
  const first = (m * side * 2 + 2 * row) * side * 2 + 2 * column; // of the four that are pooled
  const bias = weights ? now.biases[layer][m] : null;
  yield {
    answer: String(order[0]),
    percent: 100 * P[order[0]],
    second: String(order[1]),
    second_percent: 100 * P[order[1]],
    was: edited ? String(before.indexOf(Math.max(...before))) : null,
    was_percent: 100 * Math.max(...before),
    label,
    m,
    row: flat ? null : row,
    column: flat ? null : column,
    unit: flat ? m : null,
    value: now[layer][index],
    before: edited ? plain[layer][index] : null,
    top: row * jump,
    bottom: row * jump + sees - 1,
    left: column * jump,
    right: column * jump + sees - 1,
    field,
    sees,
    four: below
      ? [0, 1, 2 * side, 2 * side + 1].map((step) => show(below[first + step], ".2f")).join(", ")
      : null,
    weights,
    products: weights ? now.sums[layer][index] - bias : null,
    bias,
    hidden: layer === "f5" ? m : null,
    score: layer === "output" ? m : null,
    probability: layer === "output" ? P[m] : null,
    at,
    image,
    now,
    plain,
    P,
    before_P: before,
  };
}

// --- the panels ---

const PICKED = { fill: "none", stroke: "var(--lab-path)", strokeWidth: 2.5 };
const inside =
  (x, y) =>
  ({ x1, x2, y1, y2 }) =>
    x >= x1 && x < x2 && y >= y1 && y < y2;
const shaded = (cells, options) =>
  boxes(cells, { fill: "var(--lab-ink)", fillOpacity: "value", ...options });

const sheet = (width) => ({ unit: Math.min((width - 8) / 16, 24), left: 4, top: 4 });

const input = {
  title: "Input: draw here",
  keys: [["▢", "what the unit sees", { color: PICKED.stroke }]],
  freely: true,
  label: ({ settings, values: { top, bottom, left, right } }) =>
    `${settings.digit}; the unit sees rows ${top} to ${bottom}, columns ${left} to ${right}`,
  draw({
    settings: { edits, pen },
    state: { image, top, bottom, left, right },
    shared: { side },
    width,
  }) {
    const { unit, ...at } = sheet(width);
    const cells = cellsOf([...image], side, unit, at.left, at.top);
    const [row, column] = penOf(edits);
    const [from, to] = [cells[top * side + left], cells[bottom * side + right]];
    return canvas(width, side * unit + 8, [
      boxes(cells, { fill: "none", stroke: "var(--lab-line)", strokeWidth: 0.5 }),
      shaded(cells.filter(({ value }) => value > 0)),
      boxes([{ ...from, x2: to.x2, y2: to.y2 }], PICKED),
      Plot.text([cells[row * side + column]], {
        ...middle,
        text: () => ({ ink: "✎", eraser: "⌫", lifted: "✛" })[pen],
        fontSize: 15,
        fill: "var(--lab-ink)",
        stroke: "var(--lab-ground)",
        strokeWidth: 4,
      }),
    ]);
  },
  drag({ settings, shared, width }, x, y, begins) {
    const { unit, left, top } = sheet(width);
    const cell = (at) => Math.min(Math.max(Math.floor(at / unit), 0), shared.side - 1);
    const edits = moved(settings, shared, cell(y - top), cell(x - left), begins);
    return [{ edits }, `Your pen: ${placed(edits)}. `];
  },
};

const HEAD = 18; // above a layer
const ACROSS = { c1: [6, 3], s2: [6, 6], c3: [16, 8], s4: [16, 8], f5: [32, 16] }; // maps a row

// Every map of every layer but the last: its frame, and where its cells are.
function layout(width, layers) {
  const narrow = width < 460 ? 1 : 0;
  const room = width - 8;
  const found = [];
  let top = 0;
  for (const [layer, across] of Object.entries(ACROSS)) {
    const { maps, side } = layers[layer];
    const gap = side > 2 ? 6 : 3;
    const unit = Math.min((room / across[narrow] - gap) / side, side > 2 ? 9 : 14);
    const size = unit * side;
    top += HEAD;
    for (let m = 0; m < maps; m++) {
      const [x1, y1] = [
        4 + (m % across[narrow]) * (size + gap),
        top + Math.floor(m / across[narrow]) * (size + gap),
      ];
      found.push({ layer, m, side, unit, x1, y1, x2: x1 + size, y2: y1 + size });
    }
    top += Math.ceil(maps / across[narrow]) * (size + gap);
  }
  return { frames: found, height: top + 4 };
}

const maps = {
  title: "Every feature map",
  keys: [
    ["■", "large, or more than before"],
    ["▪", "less than before", { color: "var(--lab-0)" }],
    ["▢", "chosen; click another", { color: PICKED.stroke }],
  ],
  label: ({ values: { label, m, value } }) =>
    `${label}, number ${m} is chosen and says ${show(value, ".2f")}`,
  draw({ settings, state: { now, plain, m, at }, shared: { layers }, width }) {
    const { frames, height } = layout(width, layers);
    const changes = settings.show === "changes";
    const cells = frames.flatMap(({ layer, m, side, unit, x1, y1 }) => {
      const top = Math.max(...now[layer], ...plain[layer], 1e-9);
      const part = (values) => [...values.slice(m * side * side, (m + 1) * side * side)];
      const [values, before] = [part(now[layer]), part(plain[layer])];
      return cellsOf(values, side, unit, x1, y1).map((cell, k) => {
        const value = (cell.value - (changes ? before[k] : 0)) / top;
        return { ...cell, value: Math.abs(value), less: value < 0 };
      });
    });
    const heads = frames.filter(({ m }) => m === 0);
    const chosen = frames.find((frame) => frame.layer === settings.layer && frame.m === m);
    const unit =
      chosen &&
      cellsOf(Array(chosen.side ** 2).fill(0), chosen.side, chosen.unit, chosen.x1, chosen.y1)[at];
    return canvas(width, height, [
      boxes(frames, { fill: "none", stroke: "var(--lab-line)" }),
      shaded(
        cells.filter(({ value, less }) => value > 0.01 && !less),
        { fill: changes ? "var(--lab-1)" : "var(--lab-ink)" },
      ),
      shaded(
        cells.filter(({ value, less }) => value > 0.01 && less),
        { fill: "var(--lab-0)", inset: 1.5 },
      ),
      boxes(chosen ? [chosen, unit] : [], PICKED),
      Plot.text(heads, {
        x: "x1",
        y: ({ y1 }) => y1 - 9,
        text: ({ layer, side }) =>
          `${layers[layer].label}: ${layers[layer].maps} ${side > 1 ? `maps of ${side} × ${side}` : "units"}`,
        textAnchor: "start",
      }),
    ]);
  },
  drag({ shared, width }, x, y) {
    const hit = layout(width, shared.layers).frames.find(inside(x, y));
    if (!hit) return [{}];
    const { layer, m, side, unit, x1, y1 } = hit;
    const place = Math.floor((y - y1) / unit) * side + Math.floor((x - x1) / unit);
    return [
      { layer, map: m, ...(side > 1 && { place }) },
      `${shared.layers[layer].label}: number ${m}. `,
    ];
  },
};

const bars = (width, height, values) => {
  const row = (height - 8) / 10;
  return values.map((value, k) => ({
    value,
    k,
    x1: 24,
    x2: 24 + value * (width - 78),
    y1: 4 + (k + 0.15) * row,
    y2: 4 + (k + 0.85) * row,
  }));
};

const scores = {
  title: "Probability of each digit",
  keys: [["┄", "without your strokes"]],
  minHeight: 230,
  label: ({ state: { P } }) => P.map((p, k) => `${k}: ${show(100 * p, ".1f")}%`).join(", "),
  draw({ settings, state: { P, before_P, was, m }, width, height }) {
    const cells = bars(width, height, P);
    const ghosts = was ? bars(width, height, before_P) : [];
    return canvas(width, height, [
      boxes(cells, { fill: "var(--lab-0)" }),
      boxes(ghosts, { fill: "none", stroke: "var(--lab-ink)", strokeDasharray: "3 2" }),
      boxes(settings.layer === "output" ? [cells[m]] : [], { ...PICKED, x1: 4, x2: width - 4 }),
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
  drag({ height }, x, y) {
    const map = Math.min(Math.max(Math.floor((10 * (y - 4)) / (height - 8)), 0), 9);
    return [{ layer: "output", map }, `Output: unit ${map}. `];
  },
};

// --- controls of its own ---

// The pen's four buttons.
function drawing(spec, change, { shared }) {
  let now = null;
  const steps = {
    "←": [0, -1, "left"],
    "↑": [-1, 0, "up"],
    "↓": [1, 0, "down"],
    "→": [0, 1, "right"],
  };
  const buttons = Object.entries(steps).map(([text, [down, right, word]]) =>
    button(text, `Move the pen ${word}`, () => {
      const [row, column] = penOf(now.edits);
      const within = (at) => Math.min(Math.max(at, 0), shared.side - 1);
      const edits = moved(now, shared, within(row + down), within(column + right));
      change(edits, placed(edits));
    }),
  );
  const head = element("div", { className: "lab-control-head" }, spec.label);
  const row = element(
    "div",
    { className: "lab-buttons" },
    ...buttons.flatMap(({ parts }) => parts),
  );
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    head,
    row,
  );
  const update = ({ settings }) => (now = settings);
  return { node, input: buttons[0].node, update };
}

// A slider over as many maps, or places, as the layer has.
function slider(spec, change, context) {
  const base = kinds.slider(spec, change, context);
  const update = (now) => {
    const { maps, side } = context.shared.layers[now.settings.layer];
    const last = (spec.name === "map" ? maps : side * side) - 1;
    base.input.max = last;
    base.update({ ...now, value: Math.min(now.value, last) });
  };
  return { ...base, update };
}

export default {
  areas: ["input scores", "maps maps"],
  panels: { input, scores, maps },
  train,
  kinds: { drawing, slider },
};
