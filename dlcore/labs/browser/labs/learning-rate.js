// Lab learning-rate: the data with the boundary, the cost, and the path on the cost surface.

import * as Plot from "@observablehq/plot";
import { box, CLASSES, frame, points } from "../marks.js";
import { show } from "../text.js";

const COSTS = [0.3, 20];

const data = {
  title: "Data and boundary",
  label: ({ values: { w1, w2 } }) =>
    `the boundary is the line ${show(w1, ".2f")} x1 + ${show(w2, ".2f")} x2 = 0`,
  draw({ shared, values: { w1, w2 }, width }) {
    const [x, y] = box(shared.points);
    const height = Math.round(width * 0.62);
    const side = halfPlane([w1, w2], x, y);
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: x, label: "x₁", ticks: 5 },
      y: { domain: y, label: "x₂", ticks: 5 },
      marks: [
        Plot.rect([0], { x1: x[0], x2: x[1], y1: y[0], y2: y[1], fill: CLASSES[0].tint }),
        Plot.line(side, { x: "0", y: "1", fill: CLASSES[1].tint, stroke: "none", clip: true }),
        points(shared.points, shared.labels),
        Plot.line(edge([w1, w2], x, y), { x: "0", y: "1", stroke: "var(--lab-ink)", strokeWidth: 2, clip: true }),
      ],
    });
  },
};

const cost = {
  title: "Cost J",
  label: ({ values: { cost, iteration } }) =>
    `${show(cost, ".3f")} at iteration ${show(iteration)}`,
  draw({ shared, state, position, width }) {
    const run = state.series.cost.map((cost, iteration) => ({ cost, iteration }));
    return Plot.plot({
      ...frame,
      width,
      height: Math.round(Math.max(150, width * 0.42)),
      x: { domain: [0, run.length - 1], label: "iteration", ticks: 6 },
      y: { type: "log", domain: COSTS, label: null, ticks: [0.3, 0.5, 1, 2, 5, 10, 20], tickFormat: String, grid: true },
      marks: [
        Plot.ruleY([shared.lowest.cost], { stroke: "var(--lab-quiet)", strokeDasharray: "2 3" }),
        Plot.text([shared.lowest.cost], { y: Plot.identity, text: ["lowest possible"], frameAnchor: "right", dy: -7, fill: "var(--lab-quiet)" }),
        Plot.line(run, { x: "iteration", y: "cost", stroke: "var(--lab-quiet)", strokeWidth: 1, clip: true }),
        Plot.line(run.slice(0, position + 1), { x: "iteration", y: "cost", stroke: "var(--lab-path)", strokeWidth: 2.5, clip: true }),
        Plot.dot([run[position]], { x: "iteration", y: "cost", r: 5, fill: "var(--lab-path)", stroke: "var(--lab-ground)" }),
      ],
    });
  },
};

const surface = {
  title: "Cost surface and path",
  label: ({ values: { w1, w2, iteration } }) =>
    `after ${show(iteration)} iterations the weights are at (${show(w1, ".2f")}, ${show(w2, ".2f")})`,
  draw({ shared, state, position, width }) {
    const { w1, w2, lowest, columns, rows } = shared;
    const inner = width - frame.marginLeft - frame.marginRight;
    const path = state.series.w1.map((a, i) => ({ w1: a, w2: state.series.w2[i] })).slice(0, position + 1);
    const levels = Array.from({ length: 14 }, (_, i) => lowest.cost * 1.01 * 18 ** (i / 13));
    return Plot.plot({
      ...frame,
      width,
      height: Math.round((inner * (w2[1] - w2[0])) / (w1[1] - w1[0])) + frame.marginTop + frame.marginBottom,
      x: { domain: w1, label: "w₁", ticks: 6 },
      y: { domain: w2, label: "w₂", ticks: 8 },
      color: {
        type: "threshold",
        domain: levels,
        range: Array.from({ length: 15 }, (_, i) => `color-mix(in oklab, var(--lab-low), var(--lab-high) ${Math.round((100 * i) / 14)}%)`),
      },
      marks: [
        Plot.contour(shared.surface.flat(), { width: columns, height: rows, x1: w1[0], x2: w1[1], y1: w2[0], y2: w2[1], fill: Plot.identity, thresholds: levels, stroke: "var(--lab-contour)", strokeWidth: 0.5, clip: true }),
        Plot.text([lowest], { x: "w1", y: "w2", text: ["✕"], fill: "var(--lab-ink)", fontSize: 13 }),
        Plot.line(path, { x: "w1", y: "w2", stroke: "var(--lab-path)", strokeWidth: 1.6, clip: true }),
        Plot.dot(path, { x: "w1", y: "w2", r: 2, fill: "var(--lab-path)", clip: true }),
        Plot.dot(path.slice(-1), { x: "w1", y: "w2", r: 5.5, fill: "var(--lab-path)", stroke: "var(--lab-ground)", strokeWidth: 1.5 }),
      ],
    });
  },
};

// The two far ends of the line w · x = 0.
function edge([w1, w2], x, y) {
  const reach = 2 * Math.hypot(x[1] - x[0], y[1] - y[0]);
  const length = Math.hypot(w1, w2) || 1;
  const [a, b] = [(-w2 / length) * reach, (w1 / length) * reach];
  return [[-a, -b], [a, b]];
}

// The side of that line where w · x > 0, far beyond the frame.
function halfPlane([w1, w2], x, y) {
  const [from, to] = edge([w1, w2], x, y);
  const length = Math.hypot(w1, w2) || 1;
  const reach = 2 * Math.hypot(x[1] - x[0], y[1] - y[0]);
  const [a, b] = [(w1 / length) * reach, (w2 / length) * reach];
  return [from, to, [to[0] + a, to[1] + b], [from[0] + a, from[1] + b]];
}

export default {
  areas: ["data surface", "cost surface"],
  columns: "3fr 2fr",
  panels: { data, cost, surface },
};
