// Lab search: one task's trials with their shadows on both axes, and what 1,000 tasks say.

import * as Plot from "@observablehq/plot";
import { equalHeight, frame, here } from "../marks.js";
import { show } from "../text.js";

const SIGNS = { grid: "square", random: "triangle", fine: "circle" };
const NAMES = { grid: "■ grid", random: "▲ random", fine: "● coarse to fine" };
const KEYS = Object.values(NAMES).map((name) => [name[0], name.slice(2)]);
const SHADOW = -0.07; // where the axes' shadows end, below 0

const trials = {
  title: "One task: the trials, and their values on each axis",
  keys: [["✕", "best setting"]],
  label: ({ settings, state }) =>
    `${state.points[settings.method].length} trials of ${NAMES[settings.method].slice(2)} search`,
  draw({ shared, settings, state, width }) {
    const [low, high] = shared.rates;
    const rate = (x) => low * (high / low) ** x;
    const tried = state.points[settings.method].map(([x, y]) => ({ x: rate(x), y, place: x }));
    const [cx, cy] = shared.optimum;
    const off = ({ place, y }) => (place - cx) ** 2 + settings.importance * (y - cy) ** 2;
    const best = tried.reduce((a, b) => (off(b) < off(a) ? b : a));
    const hill = [1, 2].flatMap((k) => ring(k * shared.width, settings.importance, cx, cy, k));
    const shade = { stroke: "var(--lab-path)", strokeOpacity: 0.7 };
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, [0, 1], [0, 1]),
      x: {
        type: "log",
        domain: [rate(SHADOW), high],
        label: "learning rate",
        ticks: 5,
        tickFormat: "~g",
      },
      y: { domain: [SHADOW, 1], label: "the other one", ticks: 5 },
      marks: [
        Plot.areaY(hill, {
          x: ({ x }) => rate(x),
          y1: "y1",
          y2: "y2",
          z: "k",
          fill: "var(--lab-high)",
          fillOpacity: 0.35,
          clip: true,
        }),
        Plot.ruleX(tried, { x: "x", y1: SHADOW, y2: SHADOW / 4, ...shade }),
        Plot.ruleY(tried, { y: "y", x1: rate(SHADOW), x2: rate(SHADOW / 4), ...shade }),
        Plot.dot(tried, {
          x: "x",
          y: "y",
          symbol: SIGNS[settings.method],
          r: 3.2,
          stroke: "var(--lab-path)",
        }),
        here([best], { x: "x", y: "y" }),
        Plot.text([[rate(cx), cy]], { text: ["✕"], fontSize: 17, fontWeight: 700 }),
      ],
    });
  },
};

// Where the score is above exp(-k²/2): an ellipse around the optimum, or a band.
function ring(radius, importance, cx, cy, k) {
  return Array.from({ length: 61 }, (_, i) => {
    const dx = radius * (i / 30 - 1);
    const dy = Math.sqrt((radius ** 2 - dx ** 2) / Math.max(importance, 1e-9));
    const [y1, y2] = [cy - dy, cy + dy].map((y) => Math.min(Math.max(y, 0), 1));
    return { x: cx + dx, y1, y2, k };
  }).filter(({ x }) => x >= 0 && x <= 1);
}

const spread = {
  title: "Best score of each task: mean, and the middle 80%",
  label: ({ values: { grid, random, fine } }) =>
    `mean ${show(grid, ".2f")} grid, ${show(random, ".2f")} random, ${show(fine, ".2f")} coarse to fine`,
  draw({ settings, state, values, width }) {
    const rows = Object.entries(state.spread).map(([method, [low, high]]) => {
      return { method, low, high, mean: values[method] };
    });
    return Plot.plot({
      ...frame,
      width,
      height: 130,
      marginLeft: 92,
      x: { domain: [0, 1], label: "best score", ticks: 5, grid: true },
      y: { domain: Object.keys(SIGNS), label: null, tickSize: 0, tickFormat: (m) => NAMES[m] },
      symbol: { domain: Object.keys(SIGNS), range: Object.values(SIGNS) },
      marks: [
        Plot.ruleY(rows, {
          y: "method",
          x1: "low",
          x2: "high",
          stroke: "var(--lab-quiet)",
          strokeWidth: 5,
        }),
        Plot.dot(rows, {
          x: "mean",
          y: "method",
          symbol: "method",
          r: ({ method }) => (method === settings.method ? 7 : 4.5),
          fill: "var(--lab-path)",
        }),
        Plot.text(rows, { x: "mean", y: "method", text: ({ mean }) => show(mean, ".2f"), dy: -13 }),
      ],
    });
  },
};

const budget = {
  title: "Mean best score for each number of trials",
  minHeight: 150,
  keys: KEYS,
  label: ({ values }) => `${values.budget} trials are marked`,
  draw({ shared, settings, width, height }) {
    const curves = shared.curves[settings.axis][settings.importance];
    const points = Object.entries(curves).flatMap(([method, means]) =>
      means.map((mean, i) => ({ method, mean, trials: shared.budgets[i] })),
    );
    const at = { x: "trials", y: "mean" };
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, shared.budgets.at(-1)], label: "trials", ticks: 6 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      symbol: { domain: Object.keys(SIGNS), range: Object.values(SIGNS) },
      marks: [
        Plot.ruleX([settings.budget], { stroke: "var(--lab-path)", strokeDasharray: "3 3" }),
        Plot.line(points, {
          ...at,
          z: "method",
          stroke: "var(--lab-path)",
          strokeWidth: ({ method }) => (method === settings.method ? 2.5 : 1),
        }),
        Plot.dot(points, { ...at, symbol: "method", r: 3, fill: "var(--lab-path)" }),
      ],
    });
  },
};

export default {
  areas: ["trials spread", "trials budget"],
  panels: { trials, spread, budget },
};
