// Lab softmax: a digit that can be drawn on, its ten scores, and the ten templates as they learn.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, holds, middle } from "../cells.js";
import { chart } from "../chart.js";
import { frame, here } from "../marks.js";
import { clamp, nearest, range } from "../numbers.js";
import { penButtons } from "../pen-buttons.js";
import { dragPen, drawSheet, shaded } from "../sheet.js";
import { descended, look, train } from "../softmax.js";
import { show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { Settings, Shared } from "../softmax.js" */
/** @import { Context, Drag, Lab, Panel, Trained } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */
/** @typedef {Context<Settings, Shared, State>} Now */

const INK = "var(--lab-ink)";
const CHOSEN = {
  fill: "none",
  stroke: "var(--lab-path)",
  strokeWidth: 2.5,
  className: "of-y of-truth",
};

/**
 * The label that a click on a digit's row or template gives.
 *
 * @param {number} k
 * @returns {Drag}
 */
const labeled = (k) => [{ truth: String(k) }, `Label y: a ${k}. `, "truth"];

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "Image: draw here",
  keys: [["▢", "the pen's pixel", { color: "var(--lab-2)", of: "ink weight row column" }]],
  label: ({ settings: { digit }, values: { row, column, ink } }) =>
    `${digit}; the pen is in row ${row}, column ${column}, where the ink is ${show(ink, ".2f")}`,
  draw: (context) =>
    drawSheet(context, context.state.image, (cells) =>
      boxes([cells[context.state.row * context.shared.side + context.state.column]], {
        ...CHOSEN,
        stroke: "var(--lab-2)",
        className: "of-ink of-weight of-row of-column",
      }),
    ),
  drag: dragPen,
};

// --- the probabilities ---

/**
 * A row for each digit, with the bar of its probability.
 *
 * @param {Pick<Now, "width" | "height">} size
 * @param {ArrayLike<number>} P
 */
function bars({ width, height }, P) {
  const row = (height - 8) / 10;
  const end = width - 54; // room for a percentage
  return range(10).map((k) => ({
    k,
    p: P[k],
    x1: 62,
    x2: 62 + P[k] * (end - 62),
    end,
    y1: 4 + (k + 0.15) * row,
    y2: 4 + (k + 0.85) * row,
  }));
}

/** @type {Panel<Settings, Shared, State>} */
const scores = {
  title: "Scores z, probabilities p",
  keys: [
    ["┄", "missing y − p", { color: CHOSEN.stroke, of: "error" }],
    ["○", "one step later", { of: "next_percent" }],
  ],
  minHeight: 230,
  label: ({ values: { P } }) =>
    Array.from(P, (p, k) => `${k}: ${show(100 * p, ".1f")}%`).join(", "),
  draw(context) {
    const { width, height, values, state } = context;
    const rows = bars(context, values.P);
    const later = values.P_next ? bars(context, values.P_next) : [];
    const missing = rows.filter(({ k }) => k === state.y).map((row) => ({ ...row, x1: row.x2 }));
    return canvas(width, height, [
      boxes(rows, { fill: "var(--lab-0)", className: "of-percent of-second_percent of-answer" }),
      boxes(missing, {
        ...CHOSEN,
        x2: "end",
        strokeWidth: 1.5,
        strokeDasharray: "3 2",
        className: "of-error of-probability",
      }),
      Plot.dot(later, {
        x: "x2",
        y: middle.y,
        r: 4,
        stroke: INK,
        strokeWidth: 1.6,
        fill: "var(--lab-ground)",
        className: "of-next_percent of-rate",
      }),
      Plot.text(rows, {
        x: 12,
        y: middle.y,
        text: ({ k }) => String(k),
        fontSize: 13,
        fontWeight: 600,
      }),
      Plot.text(rows, {
        x: 56,
        y: middle.y,
        text: ({ k }) => show(values.scores[k], ".1f"),
        textAnchor: "end",
        className: "of-score",
      }),
      Plot.text(rows, {
        x: ({ k, x2 }) => (k === state.y ? width - 54 : Math.max(x2, later[k]?.x2 ?? 0)) + 8,
        y: middle.y,
        text: ({ p }) => `${show(100 * p, ".1f")}%`,
        textAnchor: "start",
      }),
    ]);
  },
  drag: ({ height }, _, y) => labeled(clamp(Math.floor((10 * (y - 4)) / (height - 8)), [0, 9])),
};

// --- the templates ---

const HEAD = 18; // above a template
const GAP = 8;

/**
 * @param {number} width
 * @param {number} side pixels of a template's row
 */
function layout(width, side) {
  const unit = Math.min((width - 4 * GAP - 8) / 5 / side, 15);
  const [stepX, stepY] = [side * unit + GAP, side * unit + HEAD + 4];
  /** @type {(Box & { k: number })[]} */
  const frames = range(10).map((k) => {
    const [x1, y1] = [4 + (k % 5) * stepX, HEAD + Math.floor(k / 5) * stepY];
    return { k, x1, y1, x2: x1 + side * unit, y2: y1 + side * unit };
  });
  return { frames, unit, height: 2 * stepY + 2 };
}

/**
 * What the templates show: ten times 64 numbers, and the largest that a full shade stands for.
 *
 * @param {Now} context
 */
function shown({ settings, shared, state: { image, y }, position }) {
  const theta = descended(shared.templates[position], image, y, settings);
  if (settings.show === "step") {
    const { gradient } = look(theta, image, y);
    return { numbers: gradient.map((g) => -settings.rate * g), least: 0.02 };
  }
  if (settings.show === "weights") return { numbers: theta, least: 0.4 };
  return { numbers: theta.map((w, i) => w * image[i % image.length]), least: 0.4 };
}

/** @type {{ [shown in Settings["show"]]: [more: string, less: string] }} */
const WORDS = {
  weights: ["ink speaks for it", "against it"],
  products: ["adds to its score", "takes away"],
  step: ["gains", "loses"],
};

/** @type {Panel<Settings, Shared, State>} */
const templates = {
  title: "Ten templates",
  keysNow: ({ settings }) => [
    ["■", WORDS[settings.show][0], { color: "var(--lab-1)" }],
    ["▪", WORDS[settings.show][1], { color: "var(--lab-0)" }],
    ["▢", "the label's", { color: CHOSEN.stroke, of: "y truth" }],
  ],
  label({ settings, values: { scores } }) {
    const all = Array.from(scores, (score) => show(score, ".1f"));
    return `${settings.show} of each digit, whose scores are ${all.join(", ")}`;
  },
  draw(context) {
    const { settings, width, shared, state, values } = context;
    const { side } = shared;
    const { frames, unit, height } = layout(width, side);
    const { numbers, least } = shown(context);
    const change = (/** @type {number} */ k) => {
      const text = show(-values.errors[k], "+.3f");
      return unit < 8 ? text.replace("0.", ".") : text;
    };
    const size = side * side;
    const most = Math.max(least, ...numbers.subarray(0, 10 * size).map(Math.abs));
    const cells = frames.flatMap(({ k, x1, y1 }) =>
      cellsOf(Array.from(numbers.subarray(k * size, (k + 1) * size)), side, unit, x1, y1),
    );
    const shares = cells.map((cell) => ({
      ...cell,
      less: cell.value < 0,
      value: Math.abs(cell.value) / most,
    }));
    const seen = shares.filter(({ value }) => value > 0.02);
    const pen = cells[(state.y ?? 0) * size + state.row * side + state.column];
    return canvas(width, height, [
      boxes(frames, { fill: "none", stroke: "var(--lab-line)" }),
      shaded(
        seen.filter(({ less }) => !less),
        { fill: "var(--lab-1)" },
      ),
      shaded(
        seen.filter(({ less }) => less),
        { fill: "var(--lab-0)", inset: unit / 7 },
      ),
      boxes(
        frames.filter(({ k }) => k === state.y),
        CHOSEN,
      ),
      boxes(state.y === null ? [] : [pen], {
        ...CHOSEN,
        stroke: "var(--lab-2)",
        className: "of-weight of-stepped",
      }),
      Plot.text(frames, {
        x: "x1",
        y: ({ y1 }) => y1 - 9,
        text: ({ k }) => (settings.show === "step" ? `${k}: ${change(k)}` : String(k)),
        textAnchor: "start",
        fontWeight: 600,
      }),
    ]);
  },
  drag({ width, shared }, x, y) {
    const hit = layout(width, shared.side).frames.findIndex(holds(x, y));
    return hit < 0 ? [{}] : labeled(hit);
  },
};

// --- the training ---

/** @type {Panel<Settings, Shared, State>} */
const training = {
  title: "Loss during the training",
  keys: [
    ["━━", "mean of the training images", { of: "cost" }],
    ["╌╌", "of this image", { color: "var(--lab-1)", of: "loss" }],
  ],
  minHeight: 150,
  label({ values: { cost, loss } }) {
    const own = loss === null ? "" : `, of this image ${show(loss, ".3g")}`;
    return `mean ${show(cost, ".3f")}${own}`;
  },
  draw({ state: { series }, stops, position, width, height }) {
    const points = stops.map((step, i) => ({
      step,
      cost: series.cost[i],
      loss: series.loss[i] ?? NaN,
    }));
    const most = Math.max(2.5, ...series.loss.map(Number));
    const mean = { x: "step", y: "cost", className: "of-cost" };
    const own = { x: "step", y: "loss", className: "of-loss" };
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, 300], label: "step", ticks: 5 },
      y: { domain: [0, most], label: null, ticks: 5, grid: true },
      marks: [
        Plot.ruleX([stops[position]], { stroke: "var(--lab-quiet)", className: "of-step" }),
        Plot.line(points, { ...mean, stroke: INK, strokeWidth: 2 }),
        Plot.line(points, {
          ...own,
          stroke: "var(--lab-1)",
          strokeWidth: 2,
          strokeDasharray: "6 3",
        }),
        here([points[position]], mean),
        Plot.dot([points[position]], { ...own, symbol: "square", r: 5, fill: "var(--lab-1)" }),
      ],
    });
  },
  drag({ stops }, x) {
    const step = stops[nearest(stops, x)];
    return [{ step }, `Training step: ${step}. `, "step"];
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input templates", "scores training"],
  narrow: ["input scores", "templates templates", "training training"],
  columns: "1fr 2fr",
  terms: {
    "y given truth error": 3,
    "percent answer probability": 0,
    "ink weight row column stepped": 2,
    loss: 1,
    cost: null,
    rate: 4,
  },
  panels: { input, templates, scores, training },
  train,
  kinds: { drawing: penButtons },
};
