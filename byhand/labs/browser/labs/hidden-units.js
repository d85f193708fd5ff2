// Lab hidden-units: the decision with each unit's line, and the curves. It trains here.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, cellsOf, holds } from "../cells.js";
import { sliderUpTo } from "../controls.js";
import { svg } from "../dom.js";
import { scrubTo, slideTo } from "../drags.js";
import { activations, binaryAccuracy, logistic } from "../engine.js";
import { box, CLASS_KEYS, equalHeight, frame, here, points } from "../marks.js";
import { shallowNetwork } from "../network.js";
import { clamp, lastOf, range, sum } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { regions } from "../regions.js";
import { append, seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Box } from "../cells.js" */
/** @import { Context, Lab, Pair, Panel } from "../types.ts" */
/** @import { Series, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {number} units
 * @property {string} activation
 * @property {string} data
 * @property {number} seed
 * @property {number} iteration
 * @property {number} unit shown, if there are as many
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
 * @property {Float64Array} theta
 * @property {number} cost
 * @property {number} test_cost
 * @property {number} accuracy
 * @property {number} test_accuracy
 */

/** @typedef {Measured & ReturnType<typeof numbers>} Stop */

/** @typedef {Trained<typeof train>} State */

/** @param {number[][]} rows */
const flat = (rows) => Float64Array.from(rows.flat());

const shownOf = (/** @type {Settings} */ { unit, units }) => Math.min(unit, units);

/** @type {{ key: string, run: Measured[] }} the last one: another unit leaves it as it is */
let last = { key: "", run: [] };

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const { units, activation, data, seed } = settings;
  const net = shallowNetwork(2, units, activation);
  const shown = shownOf(settings);
  /** @type {Series<Stop>} */
  const series = seriesOf([]);
  const parameters = shared.starts[seed][units - 1].length;
  const state = { ...shared.words[activation], parameters, shown, series };
  const key = [units, activation, data, seed].join();
  const known = key === last.key ? last.run : null;
  const run = [];
  for (const stop of known ?? training(settings, shared, stops)) {
    if (stop) {
      run.push(stop);
      append(series, { ...stop, ...numbers(net.split(stop.theta), activation, shown - 1) });
    }
    if (!known) yield state;
  }
  last = { key, run };
  yield state;
}

/**
 * An iteration at a time; at a stop, what is measured there.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 * @returns {Generator<Measured | undefined, void, void>}
 */
function* training({ units, activation, data, seed }, shared, stops) {
  const sets = shared.data[data];
  const [X, y, X_test, y_test] = [sets.X, sets.y, sets.X_test, sets.y_test].map(flat);
  const net = shallowNetwork(2, units, activation);
  let theta = Float64Array.from(shared.starts[seed][units - 1]);
  const wanted = new Set(stops);
  for (let iteration = 0; iteration <= lastOf(stops); iteration++) {
    const [scores, cache] = net.forward(theta, X);
    const [cost, dscores] = logistic(scores, y);
    let stop;
    if (wanted.has(iteration)) {
      const [testScores] = net.forward(theta, X_test);
      stop = {
        theta,
        cost,
        test_cost: logistic(testScores, y_test)[0],
        accuracy: binaryAccuracy(scores, y),
        test_accuracy: binaryAccuracy(testScores, y_test),
      };
    }
    theta = gradientDescent(theta, net.backward(dscores, cache), shared.rate);
    yield stop;
  }
}

/**
 * Unit j, and the straight line that no activation leaves: W2 W1 x + W2 b1 + b2.
 *
 * @param {Float64Array[]} parameters
 * @param {string} activation
 * @param {number} j
 */
function numbers([W1, b1, W2, b2], activation, j) {
  const straight = activation === "none";
  const through = (/** @type {(j: number) => number} */ value) =>
    sum(W2.map((v, j) => v * value(j)));
  return {
    unit_w1: W1[2 * j],
    unit_w2: W1[2 * j + 1],
    unit_b: b1[j],
    unit_out: W2[j],
    line_w1: straight ? through((j) => W1[2 * j]) : null,
    line_w2: straight ? through((j) => W1[2 * j + 1]) : null,
    line_b: straight ? through((j) => b1[j]) + b2[0] : null,
  };
}

/** @type {Panel<Settings, Shared, State>} */
const plane = {
  title: "Decision",
  keys: [...CLASS_KEYS, ["╌╌", "a unit's line", { of: "units" }]],
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
      const shown = lines.filter(({ unit }) => unit === shownOf(settings));
      const ends = { x1: "ax", y1: "ay", x2: "bx", y2: "by", strokeDasharray: "5 4", clip: true };
      return [
        Plot.link(lines, {
          ...ends,
          stroke: "var(--lab-ink)",
          strokeOpacity: "weight",
          className: "of-units",
        }),
        Plot.link(shown, {
          ...ends,
          stroke: SHOWN,
          strokeWidth: 3,
          className: "of-unit of-shown of-unit_w1 of-unit_w2 of-unit_b",
        }),
        Plot.text(lines, {
          x: "bx",
          y: "by",
          text: "written",
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
    return [{ unit: j + 1, written: String(j + 1), ax, ay, bx, by, weight }];
  });
  // Where two numbers would cover each other, the one with the larger weight is written.
  const room = 0.05 * (right - left);
  lines.sort((p, q) => q.weight - p.weight);
  return lines.map((line, i) => {
    const covered = lines
      .slice(0, i)
      .some((other) => Math.hypot(line.bx - other.bx, line.by - other.by) < room);
    return covered ? { ...line, written: "" } : line;
  });
}

// --- the units' shares ---

const SHOWN = "var(--lab-hue-4)";
const ROOM = 150; // pixels, for all of them
const GAP = 5;
const BANDS = 8; // of a share, from one end of the map to the other

/** @typedef {Context<Settings, Shared, State>} Now */

/**
 * The maps of the units, as many as find room.
 *
 * @param {Now} context
 */
function mapsOf({ settings: { units }, width }) {
  const count = Math.min(units, 20);
  const fits = range(count).map((i) =>
    Math.min(width / (i + 1), ROOM / Math.ceil(count / (i + 1))),
  );
  const side = Math.min(Math.max(...fits), ROOM / 2);
  return cellsOf(range(count), Math.floor(width / side + 1e-9), side, 0, 0).map((cell) => ({
    ...cell,
    x2: cell.x2 - GAP,
    y2: cell.y2 - GAP,
  }));
}

/**
 * How a unit's share v g(w · x + b) lies over its map: along w it changes, across it does not, so a
 * linear gradient draws it. Its name is made of what it shows.
 *
 * @param {Box} map
 * @param {number[]} unit w1, w2 and b where the map goes from −1 to 1
 * @param {(z: number) => number} share of the largest one, at a score
 */
function shadeOf({ x1, x2, y1, y2 }, [w1, w2, b], share) {
  const [x, y, half] = [(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2];
  const reach = Math.abs(w1) + Math.abs(w2); // of w · x, from the middle to the last corner
  const size = (half * reach) / (w1 * w1 + w2 * w2 || 1);
  const ends = [x - size * w1, y + size * w2, x + size * w1, y - size * w2].map(Math.round);
  const shares = range(BANDS + 1).map((i) =>
    Math.round(80 * share(b + reach * ((2 * i) / BANDS - 1))),
  );
  const id = `lab-share-${[...ends, ...shares].join("_")}`;
  const stops = shares.map((percent, i) => {
    const paint = `var(--lab-${Number(percent > 0)}) ${Math.abs(percent)}%`;
    const color = `color-mix(in oklab, ${paint}, var(--lab-ground))`;
    return svg("stop", { offset: i / BANDS, style: `stop-color: ${color}` });
  });
  const [ax, ay, bx, by] = ends;
  const line = { x1: ax, y1: ay, x2: bx, y2: by, gradientUnits: "userSpaceOnUse" };
  return { id, gradient: svg("linearGradient", { id, ...line }, ...stops) };
}

/** @type {Panel<Settings, Shared, State>} */
const shares = {
  title: "Each unit adds",
  keys: CLASS_KEYS,
  label: ({ values }) => `unit ${show(values.shown)} is weighed by ${show(values.unit_out, ".2f")}`,
  drag(context, x, y) {
    const hit = mapsOf(context).find(holds(x, y));
    return hit ? slideTo(context, { unit: hit.k + 1 }) : [{}];
  },
  draw(context) {
    const { settings, shared, values, width } = context;
    const [W1, b1, W2] = shallowNetwork(2, settings.units, settings.activation).split(values.theta);
    const [[left, right], [low, high]] = box(shared.data[settings.data].X);
    const { forward } = activations[settings.activation];
    const units = mapsOf(context).map((map, j) => {
      const [w1, w2] = [(W1[2 * j] * (right - left)) / 2, (W1[2 * j + 1] * (high - low)) / 2];
      const middle = W1[2 * j] * (left + right) + W1[2 * j + 1] * (low + high);
      const b = b1[j] + middle / 2;
      const share = (/** @type {number} */ z) => W2[j] * forward(Float64Array.of(z))[0][0];
      const reach = Math.abs(w1) + Math.abs(w2);
      const most = Math.max(Math.abs(share(b - reach)), Math.abs(share(b + reach)));
      return { map, unit: [w1, w2, b], share, most };
    });
    const most = Math.max(...units.map((unit) => unit.most)) || 1;
    const drawn = units.map(({ map, unit, share }) => {
      const shade = shadeOf(map, unit, (z) => clamp(share(z) / most, [-1, 1]));
      return { ...map, ...shade, fill: `url(#${shade.id})`, shown: map.k + 1 === values.shown };
    });
    const names = { x: "x1", y: "y1", dx: 4, dy: 9, textAnchor: /** @type {const} */ ("start") };
    return canvas(width, ROOM, [
      () => svg("defs", {}, ...drawn.map(({ gradient }) => gradient)),
      boxes(drawn, { stroke: "var(--lab-line)" }),
      boxes(
        drawn.filter(({ shown }) => shown),
        { stroke: SHOWN, strokeWidth: 3, className: "of-unit of-shown of-unit_out" },
      ),
      Plot.text(drawn, {
        ...names,
        text: ({ k }) => String(k + 1),
        stroke: "var(--lab-ground)",
        fill: "var(--lab-ink)",
      }),
    ]);
  },
};

// --- the curves ---

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
  minHeight: 118,
  drag: (context, iteration) => scrubTo(context, iteration),
  label: ({ values }) => `train ${show(values[train], format)}, test ${show(values[test], format)}`,
  plot: ({ stops, width, height }) => ({
    ...frame,
    width,
    height,
    marginLeft: 44, // for 100%
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
  areas: ["plane shares", "plane accuracy", "plane cost"],
  columns: "3fr 2fr",
  terms: { accuracy: 3, cost: 3, "unit shown unit_w1 unit_w2 unit_b unit_out": 4, units: 5 },
  panels: { plane, shares, accuracy, cost },
  train,
  kinds: { unit: sliderUpTo((/** @type {Settings} */ { units }) => units) },
};
