// Lab regularization: the decision, both accuracies with their gap, the weights' norms, and twelve
// subnetworks with their mean. It trains here.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { scrubTo } from "../drags.js";
import { affineForward, binaryAccuracy, l2, logistic, sigmoid } from "../engine.js";
import { CLASS_KEYS, equalHeight, frame, here, points } from "../marks.js";
import { shallowNetwork } from "../network.js";
import { clamp, lastOf, range } from "../numbers.js";
import { adam, adamInit } from "../optimizers.js";
import { randomState } from "../random.js";
import { regions } from "../regions.js";
import { append, seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Context, Key, Lab, Numbers, Pair, Panel, Series, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {number} lam
 * @property {number} keep_prob
 * @property {number} noise
 * @property {number} units
 * @property {number} iteration
 */

/**
 * @typedef {object} Shared
 * @property {Pair[]} X those to train with, then those to test
 * @property {number[]} clean their labels without noise
 * @property {number[]} flips from which noise on a label is flipped
 * @property {number} train how many there are to train with
 * @property {[w1: number, w2: number, v: number][]} start weights of each unit, in and out
 * @property {number[][]} uniforms draws for the masks of the twelve
 * @property {number} half with which a unit stays where there was no dropout
 * @property {number} rate
 * @property {number} seed
 */

/** @typedef {Trained<typeof train>} State */

/** @type {Pair} */
const SQUARE = [-1.03, 1.03];

/** @param {number} x */
const wave = (x) => 0.5 * Math.sin(2 * x);

/** @param {Settings} settings */
const netOf = ({ units }) => shallowNetwork(2, units, "tanh");

/** @type {(settings: Settings, shared: Shared) => number[]} */
const labels = ({ noise }, { clean, flips }) =>
  clean.map((label, i) => Number(noise >= flips[i]) ^ label);

/**
 * The scores of the twelve, one array each. They share the hidden units, under masks in which a
 * larger keep_prob only adds units; a net that was trained without dropout is halved.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {Float64Array} theta
 * @param {Numbers} X
 */
function crowd(settings, { uniforms, half }, theta, X) {
  const { units } = settings;
  const keep_prob = settings.keep_prob < 1 ? settings.keep_prob : half;
  const net = netOf(settings);
  const [, , W2, b2] = net.split(theta);
  const [, { cacheAct: A }] = net.forward(theta, X);
  const masked = (/** @type {number[]} */ row) =>
    W2.map((w, j) => (row[j] < keep_prob ? w / keep_prob : 0));
  return uniforms.map((row) => affineForward(A, masked(row), b2, A.length / units)[0]);
}

/**
 * Above zero where the mean of their probabilities is above one half.
 *
 * @param {Float64Array[]} members
 */
const together = (members) =>
  members[0].map((_, n) =>
    members.reduce((sum, scores) => sum + sigmoid(scores[n]), -members.length / 2),
  );

/**
 * The examples to train with, and those to test.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
function dataOf(settings, shared) {
  const m = shared.train;
  const X = Float64Array.from(shared.X.flat());
  const y = labels(settings, shared);
  return {
    train: { X: X.slice(0, 2 * m), y: y.slice(0, m) },
    test: { X: X.slice(2 * m), y: y.slice(m) },
  };
}

/**
 * The weights at the start; the net's width does not change what a unit begins with.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
function startOf({ units }, { start }) {
  const own = start.slice(0, units);
  return Float64Array.of(
    ...own.flatMap(([w1, w2]) => [w1, w2]),
    ...own.map(() => 0),
    ...own.map(([, , v]) => v / Math.sqrt(units)),
    0,
  );
}

/**
 * The penalty and its gradient; biases have none.
 *
 * @param {Settings} settings
 * @param {Float64Array} theta
 * @param {number} m
 */
function penaltyOf({ units, lam }, theta, m) {
  const decayed = (/** @type {number} */ i) => i < 2 * units || (i >= 3 * units && i < 4 * units);
  return l2(
    theta.map((w, i) => (decayed(i) ? w : 0)),
    lam,
    m,
  );
}

/**
 * What there is to say of the network.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {ReturnType<typeof dataOf>} data
 * @param {Float64Array} theta
 */
function stopAt(settings, shared, { train, test }, theta) {
  const net = netOf(settings);
  const [W1, , W2] = net.split(theta);
  const [trained, tested] = [train, test].map(({ X }) => net.forward(theta, X)[0]);
  const [cost] = logistic(trained, train.y);
  const accuracy = binaryAccuracy(trained, train.y);
  const test_accuracy = binaryAccuracy(tested, test.y);
  const members = crowd(settings, shared, theta, test.X);
  const singles = members.map((scores) => binaryAccuracy(scores, test.y));
  return {
    theta,
    cost,
    total: cost + penaltyOf(settings, theta, shared.train)[0],
    accuracy,
    test_accuracy,
    gap: 100 * (accuracy - test_accuracy),
    norm1: Math.hypot(...W1),
    norm2: Math.hypot(...W2),
    singles,
    low: Math.min(...singles),
    high: Math.max(...singles),
    together: binaryAccuracy(together(members), test.y),
  };
}

/** @typedef {ReturnType<typeof stopAt>} Stop */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const { keep_prob: keepProb } = settings;
  const data = dataOf(settings, shared);
  const { X, y } = data.train;
  const beyond = data.test.y.map((_, n) => data.test.X[2 * n + 1] - wave(data.test.X[2 * n]));
  const net = netOf(settings);
  const dropout = { keepProb, random: randomState(shared.seed) };
  let theta = startOf(settings, shared);
  let memory = adamInit(theta);
  /** @type {Series<Stop>} */
  const series = seriesOf([]);
  const state = {
    best: binaryAccuracy(beyond, data.test.y),
    some: keepProb < 1 ? "" : null,
    all: keepProb < 1 ? null : "",
    series,
  };
  for (let iteration = 0; iteration <= lastOf(stops); iteration++) {
    if (stops.includes(iteration)) append(series, stopAt(settings, shared, data, theta));
    const [scores, cache] = net.forward(theta, X, dropout);
    const [, penalty] = penaltyOf(settings, theta, shared.train);
    const gradient = net.backward(logistic(scores, y)[1], cache).map((g, i) => g + penalty[i]);
    [theta, memory] = adam(theta, gradient, memory, shared.rate);
    yield state;
  }
}

// --- the panels ---

/** @typedef {Context<Settings, Shared, State>} Now */

/**
 * The square, divided by the scores, with the wave.
 *
 * @typedef {object} Plane
 * @property {string} title
 * @property {Key[]} keys
 * @property {(context: Now) => string} label
 * @property {(context: Now, X: Float64Array) => Numbers} scores
 * @property {(context: Now) => Plot.Markish} [marks]
 * @property {number} [cells]
 */

/**
 * @param {Plane} plane
 * @returns {Panel<Settings, Shared, State>}
 */
const plane = ({ title, keys, label, scores, marks = () => [], cells }) => ({
  title,
  keys: [...keys, ["╌╌", "the wave", { of: "best" }]],
  label,
  plot: ({ width }) => ({
    ...frame,
    width,
    height: equalHeight(width, SQUARE, SQUARE),
    x: { domain: SQUARE, ticks: 5, label: "x₁" },
    y: { domain: SQUARE, ticks: 5, label: "x₂" },
  }),
  layers: [
    (context) => regions((X) => scores(context, X), [SQUARE, SQUARE], cells),
    (context) => [
      Plot.line(
        range(61).map((k) => k / 30 - 1),
        {
          x: Plot.identity,
          y: wave,
          stroke: "var(--lab-ink)",
          strokeDasharray: "5 4",
          className: "of-best",
        },
      ),
      marks(context),
    ],
  ],
});

const decision = plane({
  title: "Decision of the full net",
  keys: CLASS_KEYS,
  label: ({ values: { accuracy } }) =>
    `${show(accuracy, ".1%")} of the training points on their side`,
  scores: ({ settings, values: { theta } }, X) => netOf(settings).forward(theta, X)[0],
  marks: ({ settings, shared }) =>
    points(shared.X.slice(0, shared.train), labels(settings, shared).slice(0, shared.train)),
});

const mean = plane({
  title: "Their mean",
  keys: [],
  label: ({ values }) => `${show(values.together, ".1%")} of the test points right`,
  scores: ({ settings, shared, values: { theta } }, X) =>
    together(crowd(settings, shared, theta, X)),
  cells: 40,
});

const SIDE = 0.9; // of a tile whose place is 1 wide and 1.15 high

/** @type {Panel<Settings, Shared, State>} */
const members = {
  title: "Twelve subnetworks",
  label: ({ values: { low, high } }) => `between ${show(low, ".1%")} and ${show(high, ".1%")}`,
  draw({ settings, shared, values, width }) {
    const columns = width < 260 ? 3 : 4; // a narrow panel stands beside a high one
    const [wide, high] = [columns - 1 + SIDE, 1.15 * (12 / columns - 1)];
    const tiles = values.singles.map((single, k) => {
      const [x, y] = [k % columns, -1.15 * Math.floor(k / columns)];
      return { single, x1: x, x2: x + SIDE, y1: y, y2: y + SIDE };
    });
    /** @type {Float64Array[] | undefined} on the first tile's points; the others' lie alike */
    let all;
    const scores = (/** @type {number} */ k, /** @type {Float64Array} */ points) => {
      const onTile = points.map((p) => (2 * p) / SIDE - 1);
      all ??= crowd(settings, shared, values.theta, onTile);
      return all[k];
    };
    const edges = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
    return chart({
      ...frame,
      marginTop: 4,
      marginBottom: 8,
      marginLeft: 16,
      width,
      height: Math.round(((width - 32) * (high + 1.13)) / wide) + 12,
      x: { domain: [0, wide], axis: null },
      y: { domain: [-high, 1.13], axis: null },
      marks: [
        tiles.map(({ x1, x2, y1, y2 }, k) =>
          regions(
            (points) => scores(k, points),
            [
              [x1, x2],
              [y1, y2],
            ],
            24,
          ),
        ),
        Plot.rect(tiles, { ...edges, inset: -3, stroke: "var(--lab-ground)", strokeWidth: 7 }),
        Plot.text(tiles, {
          ...edges,
          x: ({ x1 }) => x1 + SIDE / 2,
          y: "y2",
          dy: -8,
          text: ({ single }) => show(single, ".0%"),
          className: "of-low of-high of-keep_prob",
        }),
      ],
    });
  },
};

const COLORS = ["var(--lab-path)", "var(--lab-ink)"];

/** @typedef {"accuracy" | "test_accuracy" | "norm1" | "norm2"} Measure */

/**
 * Two curves over the iterations, the second one dashed.
 *
 * @typedef {object} Over
 * @property {string} title
 * @property {[Measure, Measure]} names
 * @property {[sign: string, text: string, of: string][]} keys
 * @property {Plot.ScaleOptions & { domain: Pair }} y
 * @property {(context: Now) => string} label
 * @property {(first: Pair[], second: Pair[], state: State) => Plot.Markish} [marks]
 */

/**
 * @param {Over} over
 * @returns {Panel<Settings, Shared, State>}
 */
const over = ({ title, names, keys, y, label, marks = () => [] }) => ({
  title,
  keys: keys.map(([sign, text, of], i) => [sign, text, { color: COLORS[i % 2], of }]),
  minHeight: 160,
  label,
  drag: (context, iteration) => scrubTo(context, iteration),
  plot: ({ stops, width, height }) => ({
    ...frame,
    marginLeft: 44,
    width,
    height,
    x: { domain: [0, lastOf(stops)], label: "iteration", ticks: 5 },
    y: { label: null, grid: true, ...y },
  }),
  layers: [
    ({ state, stops }) => {
      const at = { x: "0", y: "1" };
      const [first, second] = names.map((name) =>
        state.series[name].map(
          (value, i) => /** @type {Pair} */ ([stops[i], clamp(value, y.domain)]),
        ),
      );
      const look = { ...at, stroke: COLORS[0], strokeWidth: 2.2 };
      const dashed = { ...at, stroke: COLORS[1], strokeDasharray: "5 3" };
      return [
        marks(first, second, state),
        Plot.line(first, { ...look, className: `of-${names[0]}` }),
        Plot.line(second, { ...dashed, className: `of-${names[1]}` }),
      ];
    },
    ({ values, position, stops }) => {
      const [first, second] = names.map((name) => [
        [stops[position], clamp(values[name], y.domain)],
      ]);
      const at = { x: "0", y: "1" };
      return [
        here(first, at),
        Plot.dot(second, { ...at, symbol: "square", r: 4, fill: COLORS[1] }),
      ];
    },
  ],
});

const accuracy = over({
  title: "Accuracy",
  names: ["accuracy", "test_accuracy"],
  keys: [
    ["━━", "train", "accuracy"],
    ["╌╌", "test", "test_accuracy"],
    ["▒", "gap", "gap"],
    ["┄", "the wave's", "best"],
  ],
  y: { domain: [0.4, 1], tickFormat: ".0%", ticks: 6 },
  label: ({ values }) =>
    `train ${show(values.accuracy, ".1%")}, test ${show(values.test_accuracy, ".1%")}`,
  marks: (first, second, { best }) => [
    Plot.areaY(first, {
      x: "0",
      y1: "1",
      y2: (_, i) => second[i][1],
      fill: COLORS[0],
      fillOpacity: 0.15,
      className: "of-gap",
    }),
    Plot.ruleY([best], { strokeDasharray: "1 3", className: "of-best" }),
  ],
});

const norms = over({
  title: "Weight norms",
  names: ["norm1", "norm2"],
  keys: [
    ["━━", "W₁", "norm1"],
    ["╌╌", "W₂", "norm2"],
  ],
  y: { domain: [0.01, 100], type: "log", ticks: [0.01, 0.1, 1, 10, 100], tickFormat: String },
  label: ({ values }) => `${show(values.norm1, ".2f")} and ${show(values.norm2, ".2f")}`,
});

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["decision members mean", "accuracy norms norms"],
  columns: "3fr 2fr 2fr",
  terms: { "accuracy norm1": 3, lam: 4, keep_prob: 5 },
  panels: { decision, members, mean, accuracy, norms },
  train,
};
