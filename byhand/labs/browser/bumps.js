// What lab bumps draws: the target, and the network that is built or trained to follow it.

import { heightsOf } from "./drawing.js";
import { squaredError } from "./engine.js";
import { average, clamp, lastOf, range } from "./numbers.js";
import { shallowNetwork } from "./network.js";
import { adam, adamInit } from "./optimizers.js";
import { append, seriesOf } from "./series.js";
import { fill, show } from "./text.js";

/** @import { Numbers, Series } from "./types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} target
 * @property {"sigmoid" | "relu"} unit
 * @property {"hand" | "own" | "trained"} way
 * @property {number} steepness
 * @property {number} point
 * @property {string} drawing
 * @property {number} bumps
 * @property {number} bump to move, if there are as many
 * @property {string} heights of one's own
 * @property {number} iteration
 */

/**
 * @typedef {object} Shared
 * @property {number[]} grid
 * @property {{ [target: string]: number[] }} targets on the grid
 * @property {number[][]} starts theta, for each number of units
 * @property {number} rate
 * @property {{ sigmoid: string, relu: string, own: string, trained: string }} code
 * @property {number} few heights that the code shows
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
 *   by_hats: number | null, by_training: number | null, by_own: number | null,
 *   half: number | null }} Fixed
 * @typedef {Fixed & Stop & { series?: undefined }} Built
 * @typedef {Fixed & { series: Series<Stop> }} Learned
 */

/** @typedef {(x: number) => number} Target */

export const POINTS = range(21).map((k) => k / 20);
export const LEVELS = 20; // of a height, from 0 to 1
export const FINE = 35; // levels of a bump
const X_TRAIN = Float64Array.from(range(101), (k) => k / 100);

// --- the target: straight between the points that are known ---

/**
 * @param {Pick<Settings, "target" | "drawing">} settings
 * @param {Shared} shared
 * @returns {[xs: number[], ys: number[]]}
 */
export function known({ target, drawing }, { grid, targets }) {
  if (target !== "drawn") return [grid, targets[target]];
  return [POINTS, heightsOf(drawing).map((level) => level / LEVELS)];
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Target}
 */
export function functionOf(settings, shared) {
  const [xs, ys] = known(settings, shared);
  return (x) => {
    let i = Math.floor(x * (xs.length - 3)); // at or before x: the points are even, but for a pair
    while (xs[i + 1] <= x) i++;
    if (xs[i] === x) return ys[i];
    return ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (x - xs[i]) + ys[i];
  };
}

/**
 * What the network is built from: the target, or the reader's heights, constant on each bump or
 * around each knot.
 *
 * @param {Settings} settings
 * @param {Target} f
 * @returns {Target}
 */
export function shapeOf(settings, f) {
  if (settings.way !== "own") return f;
  const heights = heightsOf(settings.heights);
  return (x) => heights[bumpAt(settings, x)] / FINE;
}

/**
 * The bump at x, or the nearest knot.
 *
 * @param {Settings} settings
 * @param {number} x
 */
export const bumpAt = ({ unit, bumps: n }, x) =>
  clamp(unit === "sigmoid" ? Math.floor(x * n + 1e-9) : Math.round(x * (n - 1)), [0, n - 1]);

// --- the networks: theta in the layout of shallowNetwork ---

/** @type {(f: Target, n: number) => number[]} */
export const middles = (f, n) => range(n).map((k) => f((k + 0.5) / n));

/** @type {(f: Target, n: number) => number[]} */
export const knots = (f, n) => range(n).map((k) => f(k / Math.max(n - 1, 1)));

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
export function build(f, n, unit, w) {
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
export const networkOf = ({ bumps, unit }) => shallowNetwork(1, bumps - 1, unit);

/** @type {(size: Size, theta: Float64Array, grid: Numbers) => Float64Array} */
export const output = (size, theta, grid) =>
  networkOf(size).forward(theta, Float64Array.from(grid))[0];

/**
 * The largest and the mean distance.
 *
 * @param {Numbers} a
 * @param {Numbers} b
 */
export function distance(a, b) {
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
export function perfect(f, n, grid) {
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
  const called = callOf(settings, shared);
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
    by_own: way === "own" ? bumps : null,
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
      code: fill(code[way === "hand" ? unit : way], {
        ...settings,
        ...called,
        units,
        iteration,
      }),
    };
  };
  return { fixed, stopAt };
}

/**
 * The reader's heights, and the model that is made of them, as the code has them.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
function callOf({ heights, bumps, steepness, unit }, { few }) {
  const first = heightsOf(heights.slice(0, Math.min(bumps, few)));
  const written = first.map((level) => show(level / FINE, ".2f"));
  const builder =
    unit === "sigmoid" ? `staircase(heights, steepness=${show(steepness)})` : "hats(heights)";
  return { yours: [...written, ...(bumps > few ? ["…"] : [])].join(", "), builder };
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
export function* train(settings, shared, stops) {
  const { bumps, unit, way, steepness } = settings;
  const f = functionOf(settings, shared);
  const { fixed, stopAt } = measures(settings, shared, f);
  if (way !== "trained") {
    yield { ...fixed, ...stopAt(build(shapeOf(settings, f), bumps, unit, steepness), null) };
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
