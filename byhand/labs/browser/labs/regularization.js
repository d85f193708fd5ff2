// Lab regularization: the decision, both accuracies with their gap, the weights' norms, and twelve
// subnetworks with their mean. It trains here.

import * as Plot from "@observablehq/plot";
import {
  adam,
  affineForward,
  binaryAccuracy,
  l2,
  logistic,
  shallowNetwork,
  sigmoid,
} from "../engine.js";
import { CLASS_KEYS, equalHeight, frame, here, points, regions } from "../marks.js";
import { randomState } from "../random.js";
import { show } from "../text.js";

const SQUARE = [-1.03, 1.03];
const wave = (x) => 0.5 * Math.sin(2 * x);
const netOf = ({ units }) => shallowNetwork(2, units, "tanh");
const labels = ({ noise }, { clean, flips }) =>
  clean.map((label, i) => Number(noise >= flips[i]) ^ label);

// The scores of the twelve, one array each. They share the hidden units, under masks in which a
// larger keep_prob only adds units.
function crowd(settings, { uniforms }, theta, X) {
  const { units, keep_prob } = settings;
  const net = netOf(settings);
  const [, , W2, b2] = net.split(theta);
  const [, { cacheAct: A }] = net.forward(theta, X);
  const masked = (row) => W2.map((w, j) => (row[j] < keep_prob ? w / keep_prob : 0));
  return uniforms.map((row) => affineForward(A, masked(row), b2, A.length / units)[0]);
}

// Above zero where the mean of their probabilities is above one half.
const together = (members) =>
  members[0].map((_, n) =>
    members.reduce((sum, scores) => sum + sigmoid(scores[n]), -members.length / 2),
  );

function* train(settings, shared, stops) {
  const { lam, keep_prob: keepProb, units } = settings;
  const m = shared.train;
  const [X, y] = [Float64Array.from(shared.X.flat()), labels(settings, shared)];
  const [XTrain, yTrain, XTest, yTest] = [
    X.slice(0, 2 * m),
    y.slice(0, m),
    X.slice(2 * m),
    y.slice(m),
  ];
  const net = netOf(settings);
  const dropout = { keepProb, random: randomState(shared.seed) };
  const own = shared.start.slice(0, units);
  let theta = Float64Array.of(
    ...own.flatMap(([w1, w2]) => [w1, w2]),
    ...own.map(() => 0),
    ...own.map(([, , v]) => v / Math.sqrt(units)),
    0,
  );
  const zeros = theta.map(() => 0);
  let memory = { v: zeros, s: zeros, t: 0 };
  const decayed = (i) => i < 2 * units || (i >= 3 * units && i < 4 * units); // no biases
  const penaltyOf = (theta) =>
    l2(
      theta.map((w, i) => (decayed(i) ? w : 0)),
      lam,
      m,
    );
  const right = (theta, X, y) => binaryAccuracy(net.forward(theta, X)[0], y);
  const state = {
    best: binaryAccuracy(
      yTest.map((_, n) => XTest[2 * n + 1] - wave(XTest[2 * n])),
      yTest,
    ),
    some: keepProb < 1 ? "" : null,
    all: keepProb < 1 ? null : "",
    series: {},
  };
  const stop = () => {
    const [W1, , W2] = net.split(theta);
    const [cost] = logistic(net.forward(theta, XTrain)[0], yTrain);
    const [accuracy, test_accuracy] = [right(theta, XTrain, yTrain), right(theta, XTest, yTest)];
    const members = crowd(settings, shared, theta, XTest);
    const singles = members.map((scores) => binaryAccuracy(scores, yTest));
    return {
      theta,
      cost,
      total: cost + penaltyOf(theta)[0],
      accuracy,
      test_accuracy,
      gap: 100 * (accuracy - test_accuracy),
      norm1: Math.hypot(...W1),
      norm2: Math.hypot(...W2),
      singles,
      low: Math.min(...singles),
      high: Math.max(...singles),
      together: binaryAccuracy(together(members), yTest),
    };
  };
  for (let iteration = 0; iteration <= stops.at(-1); iteration++) {
    if (stops.includes(iteration)) {
      for (const [name, value] of Object.entries(stop())) (state.series[name] ??= []).push(value);
    }
    const [scores, cache] = net.forward(theta, XTrain, dropout);
    const penalty = penaltyOf(theta)[1];
    const gradient = net.backward(logistic(scores, yTrain)[1], cache).map((g, i) => g + penalty[i]);
    [theta, memory] = adam(theta, gradient, memory, shared.rate);
    yield state;
  }
}

// The square, divided by the scores, with the wave.
const plane = (title, keys, label, scores, { marks = () => [], cells } = {}) => ({
  title,
  keys: [...keys, ["╌╌", "the wave"]],
  label,
  draw(context) {
    const { width } = context;
    const side = { domain: SQUARE, ticks: 5 };
    const curve = { x: Plot.identity, y: wave, stroke: "var(--lab-ink)", strokeDasharray: "5 4" };
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, SQUARE, SQUARE),
      x: { ...side, label: "x₁" },
      y: { ...side, label: "x₂" },
      marks: [
        regions((X) => scores(context, X), [SQUARE, SQUARE], cells),
        Plot.line(
          Array.from({ length: 61 }, (_, k) => k / 30 - 1),
          curve,
        ),
        marks(context),
      ],
    });
  },
});

const decision = plane(
  "Decision of the full net",
  CLASS_KEYS,
  ({ values: { accuracy } }) => `${show(accuracy, ".1%")} of the training points on their side`,
  ({ settings, values: { theta } }, X) => netOf(settings).forward(theta, X)[0],
  {
    marks({ settings, shared }) {
      const first = (rows) => rows.slice(0, shared.train);
      return points(first(shared.X), first(labels(settings, shared)));
    },
  },
);

const mean = plane(
  "Their mean",
  [],
  ({ values }) => `${show(values.together, ".1%")} of the test points right`,
  ({ settings, shared, values: { theta } }, X) => together(crowd(settings, shared, theta, X)),
  { cells: 40 },
);

const SIDE = 0.9; // of a tile whose place is 1 wide and 1.15 high

const members = {
  title: "Twelve subnetworks, test accuracy",
  label: ({ values: { low, high } }) => `between ${show(low, ".1%")} and ${show(high, ".1%")}`,
  draw({ settings, shared, values, width }) {
    const tiles = values.singles.map((single, k) => {
      const [x, y] = [k % 4, -1.15 * Math.floor(k / 4)];
      return { single, x1: x, x2: x + SIDE, y1: y, y2: y + SIDE };
    });
    let all; // on the first tile's points; the others' lie alike
    const scores = (k, P) =>
      (all ??= crowd(
        settings,
        shared,
        values.theta,
        P.map((p) => (2 * p) / SIDE - 1),
      ))[k];
    const edges = { x1: "x1", x2: "x2", y1: "y1", y2: "y2" };
    return Plot.plot({
      ...frame,
      marginTop: 4,
      marginBottom: 8,
      marginLeft: 16,
      width,
      height: Math.round((width - 32) * 0.88) + 12,
      x: { domain: [0, 3 + SIDE], axis: null },
      y: { domain: [-2.3, 1.13], axis: null },
      marks: [
        tiles.map(({ x1, x2, y1, y2 }, k) =>
          regions(
            (P) => scores(k, P),
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
        }),
      ],
    });
  },
};

const COLORS = ["var(--lab-path)", "var(--lab-ink)"];

// Two curves over the iterations, the second one dashed.
const over = (title, names, keys, y, label, marks = () => []) => ({
  title,
  keys: keys.map(([sign, text], i) => [sign, text, { color: COLORS[i % 2] }]),
  minHeight: 160,
  label,
  draw({ state, position, spec, width, height }) {
    const stops = spec.controls.at(-1).values;
    const [low, high] = y.domain;
    const at = { x: "0", y: "1" };
    const [first, second] = names.map((name) =>
      state.series[name].map((value, i) => [stops[i], Math.min(Math.max(value, low), high)]),
    );
    return Plot.plot({
      ...frame,
      marginLeft: 44,
      width,
      height,
      x: { domain: [0, stops.at(-1)], label: "iteration", ticks: 5 },
      y: { label: null, grid: true, ...y },
      marks: [
        marks(first, second, state),
        Plot.line(first, { ...at, stroke: COLORS[0], strokeWidth: 2.2 }),
        Plot.line(second, { ...at, stroke: COLORS[1], strokeDasharray: "5 3" }),
        here([first[position]], at),
        Plot.dot([second[position]], { ...at, symbol: "square", r: 4, fill: COLORS[1] }),
      ],
    });
  },
});

const accuracy = over(
  "Accuracy",
  ["accuracy", "test_accuracy"],
  [
    ["━━", "train"],
    ["╌╌", "test"],
    ["▒", "gap"],
    ["┄", "the wave's"],
  ],
  { domain: [0.4, 1], tickFormat: ".0%", ticks: 6 },
  ({ values }) =>
    `train ${show(values.accuracy, ".1%")}, test ${show(values.test_accuracy, ".1%")}`,
  (first, second, { best }) => [
    Plot.areaY(first, {
      x: "0",
      y1: "1",
      y2: (_, i) => second[i][1],
      fill: COLORS[0],
      fillOpacity: 0.15,
    }),
    Plot.ruleY([best], { strokeDasharray: "1 3" }),
  ],
);

const norms = over(
  "Weight norms",
  ["norm1", "norm2"],
  [
    ["━━", "W₁"],
    ["╌╌", "W₂"],
  ],
  { domain: [0.01, 100], type: "log", ticks: [0.01, 0.1, 1, 10, 100], tickFormat: String },
  ({ values }) => `${show(values.norm1, ".2f")} and ${show(values.norm2, ".2f")}`,
);

export default {
  areas: ["decision accuracy", "decision norms", "members mean"],
  columns: "3fr 2fr",
  panels: { decision, accuracy, norms, members, mean },
  train,
};
