// Lab hidden-units: the decision with each unit's line, and the curves. It trains here.

import * as Plot from "@observablehq/plot";
import { binaryAccuracy, gradientDescent, logistic, shallowNetwork } from "../engine.js";
import { box, CLASS_KEYS, equalHeight, frame, here, points, regions } from "../marks.js";
import { show } from "../text.js";

function* train(settings, shared, stops) {
  const { units, activation, data, seed } = settings;
  const { X, y, X_test, y_test } = flat(shared.data[data]);
  const net = shallowNetwork(2, units, activation);
  let theta = Float64Array.from(shared.starts[seed][units - 1]);
  const state = { ...shared.words[activation], parameters: theta.length, series: {} };
  const wanted = new Set(stops);
  for (let iteration = 0; iteration <= stops.at(-1); iteration++) {
    const [scores, cache] = net.forward(theta, X);
    const [cost, dscores] = logistic(scores, y);
    if (wanted.has(iteration)) {
      const [testScores] = net.forward(theta, X_test);
      const stop = {
        theta,
        cost,
        test_cost: logistic(testScores, y_test)[0],
        accuracy: binaryAccuracy(scores, y),
        test_accuracy: binaryAccuracy(testScores, y_test),
        ...numbers(net.split(theta), activation),
      };
      for (const [name, value] of Object.entries(stop)) (state.series[name] ??= []).push(value);
    }
    theta = gradientDescent(theta, net.backward(dscores, cache), shared.rate);
    yield state;
  }
}

const flat = ({ X, y, X_test, y_test }) =>
  Object.fromEntries(
    Object.entries({ X, y, X_test, y_test }).map(([name, rows]) => [
      name,
      Float64Array.from(rows.flat()),
    ]),
  );

// Unit 1, and the straight line that no activation leaves: W2 W1 x + W2 b1 + b2.
function numbers([W1, b1, W2, b2], activation) {
  const straight = activation === "none";
  const through = (values) => W2.reduce((sum, v, j) => sum + v * values(j), 0);
  return {
    unit_w1: W1[0],
    unit_w2: W1[1],
    unit_b: b1[0],
    unit_out: W2[0],
    line_w1: straight ? through((j) => W1[2 * j]) : null,
    line_w2: straight ? through((j) => W1[2 * j + 1]) : null,
    line_b: straight ? through((j) => b1[j]) + b2[0] : null,
  };
}

const plane = {
  title: "Decision",
  keys: [...CLASS_KEYS, ["╌╌", "a unit's line"]],
  label: ({ settings, values: { accuracy } }) =>
    `the plane divided between the classes, ${show(accuracy, ".1%")} of the training points on the right side; ${settings.units} dashed lines, one a unit`,
  draw({ settings, shared, values, width }) {
    const { X, y } = shared.data[settings.data];
    const net = shallowNetwork(2, settings.units, settings.activation);
    const theta = Float64Array.from(values.theta);
    const [x1, x2] = box(X);
    const lines = unitLines(net.split(theta), x1, x2);
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, x1, x2),
      x: { domain: x1, label: "x₁", ticks: 5 },
      y: { domain: x2, label: "x₂", ticks: 5 },
      marks: [
        regions((X) => net.forward(theta, X)[0], [x1, x2]),
        points(X, y.map(Number)),
        Plot.link(lines, {
          x1: "ax",
          y1: "ay",
          x2: "bx",
          y2: "by",
          stroke: "var(--lab-ink)",
          strokeOpacity: "weight",
          strokeDasharray: "5 4",
          clip: true,
        }),
        Plot.text(lines, {
          x: "bx",
          y: "by",
          text: "unit",
          fill: "var(--lab-ink)",
          stroke: "var(--lab-ground)",
          strokeWidth: 4,
        }),
      ],
    });
  },
};

// Where w · x + b = 0 crosses the frame, one a unit that crosses it.
function unitLines([W1, b1, W2], [left, right], [low, high]) {
  const heaviest = Math.max(...W2.map(Math.abs));
  const lines = Array.from(W2, (v, j) => {
    const [w1, w2, b] = [W1[2 * j], W1[2 * j + 1], b1[j]];
    const ends = [
      [left, -(w1 * left + b) / w2],
      [right, -(w1 * right + b) / w2],
      [-(w2 * low + b) / w1, low],
      [-(w2 * high + b) / w1, high],
    ].filter(([x, y]) => x >= left && x <= right && y >= low && y <= high);
    if (ends.length < 2) return null;
    const [[ax, ay], [bx, by]] = ends;
    return { unit: String(j + 1), ax, ay, bx, by, weight: 0.25 + (0.75 * Math.abs(v)) / heaviest };
  }).filter(Boolean);
  // Where two numbers would cover each other, the one with the larger weight is written.
  const room = 0.05 * (right - left);
  const close = (p, q) => Math.hypot(p.bx - q.bx, p.by - q.by) < room;
  lines.sort((p, q) => q.weight - p.weight);
  return lines.map((line, i) => ({
    ...line,
    unit: lines.slice(0, i).some((other) => close(line, other)) ? "" : line.unit,
  }));
}

const TRAIN = { stroke: "var(--lab-path)", strokeWidth: 2.2 };
const TEST = { stroke: "var(--lab-ink)", strokeWidth: 1.6, strokeDasharray: "5 3" };

const curve = (title, train, test, y, format) => ({
  title,
  keys: [
    ["━━", "train", { color: TRAIN.stroke }],
    ["╌╌", "test", { color: TEST.stroke }],
  ],
  minHeight: 160,
  label: ({ values }) => `train ${show(values[train], format)}, test ${show(values[test], format)}`,
  draw({ state, position, spec, width, height }) {
    const stops = spec.controls.find(({ kind }) => kind === "scrubber").values;
    const points = (name) => state.series[name].map((y, i) => ({ iteration: stops[i], y }));
    const now = (name) => [points(name)[position]];
    const at = { x: "iteration", y: "y" };
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, stops.at(-1)], label: "iteration", ticks: 4 },
      y: { ...y, label: null, grid: true },
      marks: [
        Plot.ruleX([stops[position]], { stroke: "var(--lab-quiet)", strokeOpacity: 0.5 }),
        Plot.line(points(train), { ...at, ...TRAIN, clip: true }),
        Plot.line(points(test), { ...at, ...TEST, clip: true }),
        here(now(train), at),
        Plot.dot(now(test), { ...at, symbol: "square", r: 4, fill: TEST.stroke }),
      ],
    });
  },
});

const accuracy = curve(
  "Accuracy",
  "accuracy",
  "test_accuracy",
  { domain: [0.4, 1], tickFormat: ".0%", ticks: 6 },
  ".1%",
);
const cost = curve("Cost J", "cost", "test_cost", { domain: [0, 0.8], ticks: 5 }, ".3f");

export default {
  areas: ["plane accuracy", "plane cost"],
  columns: "3fr 2fr",
  panels: { plane, accuracy, cost },
  train,
};
