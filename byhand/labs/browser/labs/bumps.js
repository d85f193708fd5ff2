// Lab bumps: a target, the network that follows it, its bumps one by one, and the error. It builds
// and trains here.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { heightControl, heightsOf, moved } from "../drawing.js";
import { sigmoid, squaredError } from "../engine.js";
import { frame, here } from "../marks.js";
import { average, clamp, lastOf, range } from "../numbers.js";
import { shallowNetwork } from "../network.js";
import { adam, adamInit } from "../optimizers.js";
import { append, seriesOf } from "../series.js";
import { controlOf } from "../spec.js";
import { fill, show } from "../text.js";

/** @import { Lab, Numbers, Panel, Series, Spec } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} target
 * @property {"sigmoid" | "relu"} unit
 * @property {"hand" | "trained"} way
 * @property {number} steepness
 * @property {number} point
 * @property {string} drawing
 * @property {number} bumps
 * @property {number} iteration
 */

/**
 * @typedef {object} Shared
 * @property {number[]} grid
 * @property {{ [target: string]: number[] }} targets on the grid
 * @property {number[][]} starts theta, for each number of units
 * @property {number} rate
 * @property {{ sigmoid: string, relu: string, trained: string }} code
 */

/**
 * What is said of a network.
 *
 * @typedef {object} Stop
 * @property {Numbers} theta
 * @property {number} error
 * @property {number} mean
 * @property {string} verdict
 * @property {number | null} unit_v
 * @property {number | null} unit_w
 * @property {number | null} unit_b
 * @property {string | null} code
 */

/**
 * What is said of the settings; then of the network that is built, or of the stops of its training.
 *
 * @typedef {{ units: number, act: string, ideal: number, by_bumps: number | null,
 *   by_hats: number | null, by_training: number | null, half: number | null }} Fixed
 * @typedef {Fixed & Stop & { series?: undefined }} Built
 * @typedef {Fixed & { series: Series<Stop> }} Learned
 */

/** @typedef {(x: number) => number} Target */
/** @typedef {Panel<Settings, Shared, Built>} DrawnPanel at a stop both name the same values */

const POINTS = range(21).map((k) => k / 20);
const LEVELS = 20; // of a height, from 0 to 1
const X_TRAIN = Float64Array.from(range(101), (k) => k / 100);

// --- the target: straight between the points that are known ---

/**
 * @param {Pick<Settings, "target" | "drawing">} settings
 * @param {Shared} shared
 * @returns {[xs: number[], ys: number[]]}
 */
function known({ target, drawing }, { grid, targets }) {
  if (target !== "drawn") return [grid, targets[target]];
  return [POINTS, heightsOf(drawing).map((level) => level / LEVELS)];
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Target}
 */
function functionOf(settings, shared) {
  const [xs, ys] = known(settings, shared);
  return (x) => {
    let i = Math.floor(x * (xs.length - 3)); // at or before x: the points are even, but for a pair
    while (xs[i + 1] <= x) i++;
    if (xs[i] === x) return ys[i];
    return ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (x - xs[i]) + ys[i];
  };
}

// --- the networks: theta in the layout of shallowNetwork ---

/** @type {(f: Target, n: number) => number[]} */
const middles = (f, n) => range(n).map((k) => f((k + 0.5) / n));

/** @type {(f: Target, n: number) => number[]} */
const knots = (f, n) => range(n).map((k) => f(k / Math.max(n - 1, 1)));

/** @param {number[]} values */
const differences = (values) => range(values.length - 1).map((k) => values[k + 1] - values[k]);

/**
 * Stairs of n steps by sigmoids with weights w, or straight pieces between n knots by ReLUs.
 *
 * @param {Target} f
 * @param {number} n
 * @param {Settings["unit"]} unit
 * @param {number} w
 */
function build(f, n, unit, w) {
  const m = n - 1;
  const stairs = unit === "sigmoid";
  const heights = stairs ? middles(f, n) : knots(f, n);
  const slopes = [0, ...differences(heights).map((d) => d * m)];
  return Float64Array.of(
    ...range(m).map(() => (stairs ? w : 1)),
    ...range(m).map((k) => (stairs ? -w * ((k + 1) / n) : 0 - k / m)),
    ...(stairs ? differences(heights) : differences(slopes)),
    heights[0],
  );
}

/** @typedef {Pick<Settings, "bumps" | "unit">} Size */

/** @param {Size} settings */
const networkOf = ({ bumps, unit }) => shallowNetwork(1, bumps - 1, unit);

/** @type {(size: Size, theta: Float64Array, grid: Numbers) => Float64Array} */
const output = (size, theta, grid) => networkOf(size).forward(theta, Float64Array.from(grid))[0];

/**
 * The largest and the mean distance.
 *
 * @param {Numbers} a
 * @param {Numbers} b
 */
function distance(a, b) {
  const errors = Array.from(a, (y, i) => Math.abs(y - b[i]));
  return [Math.max(...errors), average(errors)];
}

/**
 * Stairs of n steps that no sigmoid rounds off.
 *
 * @param {Target} f
 * @param {number} n
 * @param {number[]} grid
 */
function perfect(f, n, grid) {
  const heights = middles(f, n);
  return grid.map((x) => heights[Math.min(Math.floor(x * n), n - 1)]);
}

/**
 * An error as the summary shows it: what looks the same there is no better.
 *
 * @param {number} error
 */
const shown = (error) => Number(error.toFixed(3));

/**
 * What is said of the settings, and how a network is measured.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {Target} f
 */
function measures(settings, shared, f) {
  const { target, bumps, unit, way } = settings;
  const { grid, code } = shared;
  const units = bumps - 1;
  const goal = grid.map(f);
  const [ideal] = distance(perfect(f, bumps, grid), goal);
  /** @type {Fixed} */
  const fixed = {
    units,
    act: unit === "sigmoid" ? "σ" : "relu",
    ideal,
    by_bumps: way === "hand" && unit === "sigmoid" ? bumps : null,
    by_hats: way === "hand" && unit === "relu" ? bumps : null,
    by_training: way === "trained" ? bumps : null,
    half: target === "jump" ? 0.25 : null,
  };
  /** @type {(theta: Float64Array, iteration: number | null) => Stop} */
  const stopAt = (theta, iteration) => {
    const [error, mean] = distance(output(settings, theta, grid), goal);
    const [W, b, v] = networkOf(settings).split(theta);
    return {
      theta,
      error,
      mean,
      verdict: shown(error) < shown(ideal) ? "beaten" : "not beaten",
      unit_v: v[0] ?? null,
      unit_w: W[0] ?? null,
      unit_b: b[0] ?? null,
      code: fill(code[way === "hand" ? unit : "trained"], { ...settings, units, iteration }),
    };
  };
  return { fixed, stopAt };
}

/**
 * Train, and yield theta before each step.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {Target} f
 */
function* descend(settings, { starts, rate }, f) {
  const net = networkOf(settings);
  const units = settings.bumps - 1;
  const steep = settings.unit === "sigmoid" ? 20 : 1;
  let theta = Float64Array.from(starts[units], (t, i) => (i < 2 * units ? steep * t : t));
  let memory = adamInit(theta);
  const y = X_TRAIN.map(f);
  while (true) {
    yield theta;
    const [scores, cache] = net.forward(theta, X_TRAIN);
    const gradient = net.backward(squaredError(scores, y)[1], cache);
    [theta, memory] = adam(theta, gradient, memory, rate);
  }
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 * @returns {Generator<Built | Learned, void, void>}
 */
function* train(settings, shared, stops) {
  const { bumps, unit, way, steepness } = settings;
  const f = functionOf(settings, shared);
  const { fixed, stopAt } = measures(settings, shared, f);
  if (way === "hand") {
    yield { ...fixed, ...stopAt(build(f, bumps, unit, steepness), null) };
    return;
  }
  const state = { ...fixed, series: seriesOf(/** @type {Stop[]} */ ([])) };
  let iteration = 0;
  for (const theta of descend(settings, shared, f)) {
    if (stops.includes(iteration)) append(state.series, stopAt(theta, iteration));
    yield state;
    if (iteration++ === lastOf(stops)) return;
  }
}

// --- drawing ---

const TARGET = { stroke: "var(--lab-quiet)", strokeOpacity: 0.55, strokeWidth: 5 };
const NETWORK = { stroke: "var(--lab-path)", strokeWidth: 2 };
const at = { x: "x", y: "y" };
const x01 = { domain: [0, 1], label: "x", ticks: 6 };

/** @type {(xs: Numbers, ys: Numbers) => { x: number, y: number }[]} */
const curve = (xs, ys) => Array.from(xs, (x, i) => ({ x, y: ys[i] }));

/** @param {{ point: number }} settings */
const placeOf = ({ point }) => Math.round(20 * point);

/** @type {DrawnPanel} */
const fit = {
  title: "Target and network",
  keys: [
    ["━━", "target", { color: "var(--lab-quiet)", of: "target drawing" }],
    ["━━", "network", { color: NETWORK.stroke }],
    ["┃", "largest error", { of: "error" }],
  ],
  label: ({ values: { error } }) => `the network is off by ${show(error, ".3f")} at most`,
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const goal = grid.map(functionOf(settings, shared));
    const g = output(settings, Float64Array.from(values.theta), grid);
    const errors = goal.map((y, i) => Math.abs(g[i] - y));
    const worst = errors.indexOf(Math.max(...errors));
    const drawn = settings.target === "drawn" ? curve(...known(settings, shared)) : [];
    const chosen = drawn.filter(({ x }) => x === settings.point);
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.5 * width, 190)),
      x: x01,
      y: { domain: [-0.1, 1.1], label: null, ticks: 6, grid: true },
      marks: [
        Plot.line(curve(grid, goal), { ...at, ...TARGET, className: "of-target of-drawing" }),
        Plot.dot(drawn, { ...at, r: 3, fill: TARGET.stroke }),
        Plot.dot(chosen, {
          ...at,
          r: 7,
          stroke: "var(--lab-ink)",
          strokeWidth: 2,
          className: "of-point of-drawing",
        }),
        Plot.line(curve(grid, g), { ...at, ...NETWORK, clip: true }),
        Plot.ruleX([worst], {
          x: (i) => grid[i],
          y1: (i) => g[i],
          y2: (i) => goal[i],
          strokeWidth: 3,
          clip: true,
          className: "of-error",
        }),
      ],
    });
  },
  drag({ settings, shared }, x, y) {
    const f = functionOf(settings, shared);
    const point = POINTS[clamp(Math.round(20 * x), [0, 20])];
    /** @type {(word: string, point: number, height: number) => string} */
    const put = (word, point, height) => moved(word, placeOf({ point }), LEVELS * height, LEVELS);
    const before = POINTS.reduce((word, p) => put(word, p, f(p)), settings.drawing);
    const drawing = put(before, point, y);
    return [{ target: "drawn", drawing, point }, `Your drawing at ${point}. `];
  },
};

/**
 * What adds up to the network: the bumps or hats, or what each trained unit adds.
 *
 * @param {Settings} settings
 * @param {number[]} grid
 * @param {Target} f
 * @param {Float64Array} theta
 */
function pieces(settings, grid, f, theta) {
  const { bumps: n, steepness, unit, way } = settings;
  if (way === "trained") {
    const [W, b, v] = networkOf(settings).split(theta);
    return range(n - 1).map((k) => {
      const one = Float64Array.of(W[k], b[k], v[k], 0);
      return output({ bumps: 2, unit }, one, grid);
    });
  }
  if (unit === "relu") {
    /** @type {(k: number, x: number) => number} */
    const hat = (k, x) => Math.max(1 - Math.abs(x * (n - 1) - k), 0);
    return knots(f, n).map((h, k) => grid.map((x) => h * hat(k, x)));
  }
  /** @type {(k: number, x: number) => number} */
  const step = (k, x) => (k === 0 ? 1 : k === n ? 0 : sigmoid(steepness * (x - k / n)));
  return middles(f, n).map((h, k) => grid.map((x) => h * (step(k, x) - step(k + 1, x))));
}

/** @type {DrawnPanel} */
const parts = {
  title: "The single bumps, hats, or trained units",
  label: ({ settings: { bumps, way } }) =>
    way === "hand"
      ? `${bumps} bumps, each as high as the target`
      : `what each of ${bumps - 1} units adds`,
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const theta = Float64Array.from(values.theta);
    const all = pieces(settings, grid, functionOf(settings, shared), theta);
    const points = all.flatMap((ys, k) =>
      curve(grid, ys)
        .filter(({ y }, i) => i % 2 === 0 && Math.abs(y) > 0.001)
        .map((point) => ({ ...point, k })),
    );
    const domain = settings.way === "hand" ? [0, 1.1] : undefined;
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.26 * width, 130)),
      x: x01,
      y: { domain, label: null, ticks: 4, grid: true },
      marks: [
        Plot.line(points, {
          ...at,
          z: "k",
          stroke: ({ k }) => (k % 2 ? "var(--lab-1)" : "var(--lab-0)"),
          strokeWidth: 1.6,
          className: "of-bumps of-units of-steepness",
        }),
      ],
    });
  },
};

const LEAST = 0.001;

/** @typedef {{ key: string, built: object[], ideal: object[] }} Curves of errors over n */

/** @type {Curves | null} most changes leave them alone */
let remembered = null;

/**
 * @param {Settings} settings
 * @param {Spec} spec
 * @param {Shared} shared
 */
function errorsOver(settings, spec, shared) {
  const { target, drawing, unit, steepness } = settings;
  const key = JSON.stringify([target, drawing, unit, steepness]);
  if (remembered?.key === key) return remembered;
  const { grid } = shared;
  const f = functionOf(settings, shared);
  const goal = grid.map(f);
  const counts = /** @type {number[]} */ (controlOf(spec, "bumps").values);
  /** @param {(n: number) => Numbers} network */
  const over = (network) =>
    counts.map((n) => ({ x: n, y: Math.max(distance(network(n), goal)[0], LEAST) }));
  remembered = {
    key,
    built: over((n) => output({ bumps: n, unit }, build(f, n, unit, steepness), grid)),
    ideal: over((n) => perfect(f, n, grid)),
  };
  return remembered;
}

/** @type {DrawnPanel} */
const errors = {
  title: "Largest error",
  keys: [
    ["━━", "by hand", { color: "var(--lab-0)", of: "by_bumps by_hats" }],
    ["╌╌", "to beat", { of: "ideal" }],
    ["●", "here", { color: NETWORK.stroke, of: "error" }],
  ],
  minHeight: 220,
  label: ({ settings, values: { error, ideal } }) =>
    `${show(error, ".3f")} at n = ${settings.bumps}; the score to beat is ${show(ideal, ".3f")}`,
  draw({ settings, spec, shared, values, width, height }) {
    const { built, ideal } = errorsOver(settings, spec, shared);
    const now = { x: settings.bumps, y: clamp(values.error, [LEAST, 1]) };
    /** @type {Plot.ScaleOptions} */
    const log = { type: "log", grid: true, tickFormat: String };
    return chart({
      ...frame,
      marginLeft: 46,
      width,
      height,
      x: { ...log, domain: [1, 50], label: "n", ticks: [1, 2, 5, 10, 20, 50] },
      y: { ...log, domain: [LEAST, 1], label: null, ticks: [0.001, 0.01, 0.1, 1] },
      marks: [
        Plot.line(built, {
          ...at,
          stroke: "var(--lab-0)",
          strokeWidth: 2.2,
          className: "of-by_bumps of-by_hats",
        }),
        Plot.line(ideal, {
          ...at,
          stroke: "var(--lab-ink)",
          strokeDasharray: "5 4",
          className: "of-ideal",
        }),
        here([now], { ...at, className: "of-error of-bumps" }, { hollow: now.y !== values.error }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, Built | Learned>} */
export default {
  areas: ["fit errors", "parts errors"],
  columns: "2fr 1fr",
  terms: { error: 3, "bumps by_bumps by_hats by_training units": 4, steepness: 5 },
  panels: { fit, parts, errors },
  train,
  kinds: { drawing: heightControl(placeOf, LEVELS) },
};
