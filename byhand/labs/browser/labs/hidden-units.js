// Lab hidden-units: the decision with each unit's line, and the curves. It trains here.

import * as Plot from "@observablehq/plot";
import { binaryAccuracy, logistic } from "../engine.js";
import { box, CLASS_KEYS, equalHeight, frame, here, points } from "../marks.js";
import { shallowNetwork } from "../network.js";
import { lastOf, sum } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { regions } from "../regions.js";
import { append, seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Lab, Numbers, Pair, Panel, Series, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {number} units
 * @property {string} activation
 * @property {string} data
 * @property {number} seed
 * @property {number} iteration
 */

/** @typedef {{ X: Pair[], y: [number][], X_test: Pair[], y_test: [number][] }} Data */

/**
 * @typedef {object} Shared
 * @property {{ [name: string]: Data }} data
 * @property {number[][][]} starts theta, for each seed and number of units
 * @property {number} rate
 * @property {{ [activation: string]: { act: string | null, layer: string } }} words
 */

/**
 * What is said of the network at a stop.
 *
 * @typedef {object} Measured
 * @property {Numbers} theta
 * @property {number} cost
 * @property {number} test_cost
 * @property {number} accuracy
 * @property {number} test_accuracy
 */

/** @typedef {Measured & ReturnType<typeof numbers>} Stop */

/** @typedef {Trained<typeof train>} State */

/** @param {number[][]} rows */
const flat = (rows) => Float64Array.from(rows.flat());

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const { units, activation, seed } = settings;
  const data = shared.data[settings.data];
  const [X, y, X_test, y_test] = [data.X, data.y, data.X_test, data.y_test].map(flat);
  const net = shallowNetwork(2, units, activation);
  let theta = Float64Array.from(shared.starts[seed][units - 1]);
  /** @type {Series<Stop>} */
  const series = seriesOf([]);
  const state = { ...shared.words[activation], parameters: theta.length, series };
  const wanted = new Set(stops);
  for (let iteration = 0; iteration <= lastOf(stops); iteration++) {
    const [scores, cache] = net.forward(theta, X);
    const [cost, dscores] = logistic(scores, y);
    if (wanted.has(iteration)) {
      const [testScores] = net.forward(theta, X_test);
      append(series, {
        theta,
        cost,
        test_cost: logistic(testScores, y_test)[0],
        accuracy: binaryAccuracy(scores, y),
        test_accuracy: binaryAccuracy(testScores, y_test),
        ...numbers(net.split(theta), activation),
      });
    }
    theta = gradientDescent(theta, net.backward(dscores, cache), shared.rate);
    yield state;
  }
}

/**
 * Unit 1, and the straight line that no activation leaves: W2 W1 x + W2 b1 + b2.
 *
 * @param {Float64Array[]} parameters
 * @param {string} activation
 */
function numbers([W1, b1, W2, b2], activation) {
  const straight = activation === "none";
  const through = (/** @type {(j: number) => number} */ value) =>
    sum(W2.map((v, j) => v * value(j)));
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

/** @type {Panel<Settings, Shared, State>} */
const plane = {
  title: "Decision",
  keys: [...CLASS_KEYS, ["╌╌", "a unit's line", { of: "units unit_w1 unit_w2 unit_b" }]],
  label({ settings: { units }, values: { accuracy } }) {
    const right = `${show(accuracy, ".1%")} of the training points on the right side`;
    return `the plane divided between the classes, ${right}; ${units} dashed lines, one a unit`;
  },
  plot({ settings, shared, width }) {
    const [x1, x2] = box(shared.data[settings.data].X);
    return {
      ...frame,
      width,
      height: equalHeight(width, x1, x2),
      x: { domain: x1, label: "x₁", ticks: 5 },
      y: { domain: x2, label: "x₂", ticks: 5 },
    };
  },
  layers: [
    ({ settings, shared, values }) => {
      const net = shallowNetwork(2, settings.units, settings.activation);
      const theta = Float64Array.from(values.theta);
      return regions((X) => net.forward(theta, X)[0], box(shared.data[settings.data].X));
    },
    ({ settings, shared }) => {
      const { X, y } = shared.data[settings.data];
      return points(X, y.map(Number));
    },
    ({ settings, shared, values }) => {
      const net = shallowNetwork(2, settings.units, settings.activation);
      const parameters = net.split(Float64Array.from(values.theta));
      const lines = unitLines(parameters, ...box(shared.data[settings.data].X));
      return [
        Plot.link(lines, {
          x1: "ax",
          y1: "ay",
          x2: "bx",
          y2: "by",
          stroke: "var(--lab-ink)",
          strokeOpacity: "weight",
          strokeDasharray: "5 4",
          clip: true,
          className: "of-units of-unit_w1 of-unit_w2 of-unit_b",
        }),
        Plot.text(lines, {
          x: "bx",
          y: "by",
          text: "unit",
          fill: "var(--lab-ink)",
          stroke: "var(--lab-ground)",
          strokeWidth: 4,
        }),
      ];
    },
  ],
};

/**
 * Where w · x + b = 0 crosses the frame, one a unit that crosses it.
 *
 * @param {Float64Array[]} parameters
 * @param {Pair} x
 * @param {Pair} y
 */
function unitLines([W1, b1, W2], [left, right], [low, high]) {
  const heaviest = Math.max(...W2.map(Math.abs));
  const lines = [...W2].flatMap((v, j) => {
    const [w1, w2, b] = [W1[2 * j], W1[2 * j + 1], b1[j]];
    const ends = [
      [left, -(w1 * left + b) / w2],
      [right, -(w1 * right + b) / w2],
      [-(w2 * low + b) / w1, low],
      [-(w2 * high + b) / w1, high],
    ].filter(([x, y]) => x >= left && x <= right && y >= low && y <= high);
    if (ends.length < 2) return [];
    const [[ax, ay], [bx, by]] = ends;
    const weight = 0.25 + (0.75 * Math.abs(v)) / heaviest;
    return [{ unit: String(j + 1), ax, ay, bx, by, weight }];
  });
  // Where two numbers would cover each other, the one with the larger weight is written.
  const room = 0.05 * (right - left);
  lines.sort((p, q) => q.weight - p.weight);
  return lines.map((line, i) => {
    const covered = lines
      .slice(0, i)
      .some((other) => Math.hypot(line.bx - other.bx, line.by - other.by) < room);
    return covered ? { ...line, unit: "" } : line;
  });
}

const TRAIN = { stroke: "var(--lab-path)", strokeWidth: 2.2 };
const SQUARE = { y: Plot.identity, symbol: /** @type {const} */ ("square"), r: 4 };
const TEST = { stroke: "var(--lab-ink)", strokeWidth: 1.6, strokeDasharray: "5 3" };

/** @typedef {"cost" | "test_cost" | "accuracy" | "test_accuracy"} Measure */

/**
 * @param {string} title
 * @param {Measure} train
 * @param {Measure} test
 * @param {Plot.ScaleOptions} y
 * @param {string} format
 * @returns {Panel<Settings, Shared, State>}
 */
const curve = (title, train, test, y, format) => ({
  title,
  keys: [
    ["━━", "train", { color: TRAIN.stroke, of: train }],
    ["╌╌", "test", { color: TEST.stroke, of: test }],
  ],
  minHeight: 160,
  label: ({ values }) => `train ${show(values[train], format)}, test ${show(values[test], format)}`,
  plot: ({ stops, width, height }) => ({
    ...frame,
    width,
    height,
    x: { domain: [0, lastOf(stops)], label: "iteration", ticks: 4 },
    y: { ...y, label: null, grid: true },
  }),
  layers: [
    ({ position, stops }) => [
      Plot.ruleX([stops[position]], {
        stroke: "var(--lab-quiet)",
        strokeOpacity: 0.5,
        className: "of-iteration",
      }),
    ],
    ({ state, stops }) => {
      const at = { x: (/** @type {number} */ _, /** @type {number} */ i) => stops[i], clip: true };
      const { [train]: trained, [test]: tested } = state.series;
      return [
        Plot.line(trained, { ...at, y: Plot.identity, ...TRAIN, className: `of-${train}` }),
        Plot.line(tested, { ...at, y: Plot.identity, ...TEST, className: `of-${test}` }),
      ];
    },
    ({ values, position, stops }) => {
      const at = { x: [stops[position]] };
      return [
        here([values[train]], { ...at, y: Plot.identity, className: `of-${train}` }),
        Plot.dot([values[test]], { ...at, ...SQUARE, fill: TEST.stroke }),
      ];
    },
  ],
});

const accuracy = curve(
  "Accuracy",
  "accuracy",
  "test_accuracy",
  { domain: [0.4, 1], tickFormat: ".0%", ticks: 6 },
  ".1%",
);
const cost = curve("Cost J", "cost", "test_cost", { domain: [0, 0.8], ticks: 5 }, ".3f");

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["plane accuracy", "plane cost"],
  columns: "3fr 2fr",
  terms: { accuracy: 3, cost: 3, "unit_w1 unit_w2 unit_b unit_out": 4, units: 5 },
  panels: { plane, accuracy, cost },
  train,
};
