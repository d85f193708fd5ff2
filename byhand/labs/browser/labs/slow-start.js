// Lab slow-start: one neuron trained with two losses: the slope where it stands, and three curves.

import * as Plot from "@observablehq/plot";
import {
  activations,
  affineBackward,
  affineForward,
  gradientDescent,
  logistic,
  quadratic,
  sigmoid,
} from "../engine.js";
import { frame } from "../marks.js";
import { show } from "../text.js";

const X = [1];
const Y = [0];
const COLUMNS = ["z", "a", "slope", "cost", "error"];

const LOSSES = {
  quadratic(Z) {
    const [A, cache] = activations.sigmoid.forward(Z);
    const [value, dA] = quadratic(A, Y);
    return [value, activations.sigmoid.backward(dA, cache)];
  },
  entropy: (Z) => logistic(Z, Y),
};

function* train({ w, b, rate, loss }, { words }, stops) {
  const shown = Object.keys(LOSSES).filter((name) => loss === name || loss === "both");
  const state = { score: w + b, code: shown.map((name) => words[name]).join("\n"), series: {} };
  for (const name of Object.keys(LOSSES)) {
    const rows = shown.includes(name)
      ? learn(LOSSES[name], Float64Array.of(w, b), rate, stops.at(-1))
      : null;
    COLUMNS.forEach((column, i) => {
      state.series[`${name}_${column}`] = stops.map((epoch) => rows && rows[epoch][i]);
    });
    const half = rows?.findIndex(([, a]) => a < 0.5);
    state[`${name}_half`] = half > 0 ? half : null;
    state[`${name}_never`] = half < 0 ? "" : null;
  }
  yield state;
}

function learn(loss, theta, rate, epochs) {
  const rows = [];
  while (rows.length <= epochs) {
    const [Z, cache] = affineForward(X, theta.subarray(0, 1), theta.subarray(1));
    const [value, dZ] = loss(Z);
    const a = sigmoid(Z[0]);
    rows.push([Z[0], a, a * (1 - a), value, dZ[0]]);
    const { dW, db } = affineBackward(dZ, cache);
    theta = gradientDescent(theta, Float64Array.of(dW[0], db[0]), rate);
  }
  return rows;
}

const STYLES = {
  quadratic: { color: "var(--lab-0)", symbol: "circle", text: "quadratic", sign: "━━", mark: "●" },
  entropy: {
    color: "var(--lab-1)",
    symbol: "square",
    text: "cross-entropy",
    sign: "╌╌",
    mark: "■",
    dash: "6 3",
  },
};
const KEYS = Object.values(STYLES).map(({ sign, text, color }) => [sign, text, { color }]);

const shownIn = (values) => Object.entries(STYLES).filter(([name]) => values[`${name}_a`] != null);

const dot = (point, at, { color, symbol }) =>
  Plot.dot([point], { ...at, symbol, r: 5, fill: color, stroke: "var(--lab-ground)" });

const said =
  (column, format, words) =>
  ({ values }) =>
    shownIn(values)
      .map(([name, { text }]) => `${text} ${words} ${show(values[`${name}_${column}`], format)}`)
      .join(", ");

const Z = 10; // the part of the curve that is drawn

const slope = {
  title: "Where it stands on the sigmoid",
  minHeight: 190,
  label: said("slope", ".3g", "slope"),
  draw({ values, width, height }) {
    const curve = Array.from({ length: 101 }, (_, i) => ({ z: (i / 50 - 1) * Z }));
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [-Z, Z], label: "score z", ticks: 5 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      marks: [
        Plot.line(curve, {
          x: "z",
          y: ({ z }) => sigmoid(z),
          stroke: "var(--lab-quiet)",
          strokeWidth: 2,
        }),
        shownIn(values).map(([name, style], i) => {
          const slope = values[`${name}_slope`];
          const z = Math.min(Math.max(values[`${name}_z`], -Z), Z);
          const y = sigmoid(z);
          const end = (run) => [z + run, y + slope * run];
          const run = 2.2 / Math.hypot(1, 6 * slope); // about as long at any slope
          return [
            Plot.line([end(-run), end(run)], {
              stroke: style.color,
              strokeWidth: 4,
              strokeDasharray: style.dash,
            }),
            dot([z, y], { x: "0", y: "1" }, style),
            Plot.text([`${style.mark} σ′ = ${show(slope, ".3g")}`], {
              frameAnchor: "right",
              dy: 12 + 18 * i,
              fill: style.color,
              fontWeight: 600,
            }),
          ];
        }),
      ],
    });
  },
};

// One curve a loss over the epochs; `share` divides by where the curve starts.
const curve = (title, column, format, { share = false } = {}) => ({
  title,
  keys: KEYS,
  minHeight: 170,
  label: said(column, format, "at"),
  draw({ spec, state, values, position, width, height }) {
    const stops = spec.controls.find(({ kind }) => kind === "scrubber").values;
    const lines = shownIn(values).map(([name, style]) => {
      const series = state.series[`${name}_${column}`];
      const points = series.map((y, i) => ({ epoch: stops[i], y: share ? y / series[0] : y }));
      return { points, style };
    });
    const at = { x: "epoch", y: "y" };
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, stops.at(-1)], label: "epoch", ticks: 6 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      marks: [
        Plot.ruleX([stops[position]], { stroke: "var(--lab-quiet)", strokeOpacity: 0.5 }),
        lines.map(({ points, style }) => [
          Plot.line(points, {
            ...at,
            stroke: style.color,
            strokeWidth: 2.2,
            strokeDasharray: style.dash,
          }),
          dot(points[position], at, style),
        ]),
      ],
    });
  },
});

export default {
  areas: ["slope output", "cost error"],
  panels: {
    slope,
    output: curve("Output a, target 0", "a", ".3f"),
    cost: curve("Cost, as a share of the first", "cost", ".3g", { share: true }),
    error: curve("Error δ = ∂C/∂z", "error", ".3g"),
  },
  train,
};
