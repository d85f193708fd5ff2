// Three searches and nine points of one's own, on the same thousand tasks: the draws and the trials
// of byhand/labs/search.py.

import { heightsOf } from "./drawing.js";
import { clamp, lastOf, range } from "./numbers.js";
import { randomState } from "./random.js";

/** @import { Pair } from "./types.ts" */

/**
 * What all tasks share.
 *
 * @typedef {object} Given
 * @property {number} seed
 * @property {number} tasks how many
 * @property {number} width of the hill around a best setting
 * @property {Pair} rates
 * @property {number} rounds of the search from coarse to fine
 * @property {number} zoom what each of them keeps
 * @property {number[]} budgets
 * @property {{ [budget: string]: Pair }} grids values of the rate, values of the other one
 */

/** @typedef {{ budget: number, axis: string, importance: number }} Asked */

/**
 * Where the trials of a task are, in order: x, y, x, y, …
 *
 * @typedef {(task: number) => Float64Array} Search
 */

/** The steps from one end of an axis to the other at which a point of one's own can stand. */
export const LEVELS = 20;

/**
 * The places of one's own points: x, y, x, y, …
 *
 * @param {string} across
 * @param {string} up
 */
export function ownPlaces(across, up) {
  const heights = heightsOf(up);
  return Float64Array.from(heightsOf(across).flatMap((x, i) => [x / LEVELS, heights[i] / LEVELS]));
}

/** @type {{ optima: Float64Array, draws: Float64Array } | null} */
let drawn = null;

/**
 * Where the best setting of each task lies, and the draws of each task: drawn once.
 *
 * @param {Given} given
 */
export function drawsOf({ seed, tasks, budgets }) {
  if (drawn) return drawn;
  const random = randomState(seed);
  const optima = new Float64Array(2 * tasks).map(random);
  drawn = { optima, draws: new Float64Array(2 * tasks * lastOf(budgets)).map(random) };
  return drawn;
}

/**
 * Turn shares of the two ranges into places on the map, whose learning rates are logarithmic.
 *
 * @param {Float64Array} shares
 * @param {string} axis
 * @param {Pair} rates
 */
function placesOf(shares, axis, [low, high]) {
  if (axis === "log") return shares;
  const places = shares.slice();
  for (let i = 0; i < places.length; i += 2) {
    places[i] = Math.log((low + shares[i] * (high - low)) / low) / Math.log(high / low);
  }
  return places;
}

/**
 * How far the trial `i` is from the best setting, squared.
 *
 * @param {Float64Array} places
 * @param {number} i
 * @param {Float64Array} optima
 * @param {number} task
 * @param {number} importance
 */
const distance = (places, i, optima, task, importance) =>
  (places[2 * i] - optima[2 * task]) ** 2 +
  importance * (places[2 * i + 1] - optima[2 * task + 1]) ** 2;

/**
 * The three searches.
 *
 * @param {Asked} asked
 * @param {Given} given
 * @returns {{ grid: Search, random: Search, fine: Search }}
 */
export function searches(asked, given) {
  const { budget, axis } = asked;
  const { rates, grids, budgets } = given;
  const { draws } = drawsOf(given);
  const [across, up] = grids[budget];
  const shares = range(across).flatMap((i) =>
    range(up).flatMap((j) => [i / (across - 1), j / (up - 1)]),
  );
  const grid = placesOf(Float64Array.from(shares), axis, rates);
  const drawsFor = (/** @type {number} */ task) => {
    const first = 2 * task * lastOf(budgets);
    return draws.subarray(first, first + 2 * budget);
  };
  return {
    grid: () => grid,
    random: (task) => placesOf(drawsFor(task), axis, rates),
    fine: (task) => closingIn(task, drawsFor(task), asked, given),
  };
}

/**
 * The search from coarse to fine: each round draws from a part of the ranges around the best
 * setting so far.
 *
 * @param {number} task
 * @param {Float64Array} draws
 * @param {Asked} asked
 * @param {Given} given
 */
function closingIn(task, draws, { budget, axis, importance }, given) {
  const { rates, rounds, zoom } = given;
  const { optima } = drawsOf(given);
  const shares = draws.slice();
  const each = budget / rounds;
  /** @type {[Pair, Pair]} */
  const ranges = [
    [0, 1],
    [0, 1],
  ];
  let best = { i: 0, off: Infinity };
  for (let first = 0; first < budget; first += each) {
    const round = shares.subarray(2 * first, 2 * (first + each));
    round.forEach((share, k) => {
      const [low, high] = ranges[k % 2];
      round[k] = low + share * (high - low);
    });
    const places = placesOf(round, axis, rates);
    for (let i = 0; i < each; i++) {
      const off = distance(places, i, optima, task, importance);
      if (off < best.off) best = { i: first + i, off };
    }
    ranges.forEach((range, k) => {
      const half = (zoom * (range[1] - range[0])) / 2;
      const center = shares[2 * best.i + k];
      ranges[k] = [clamp(center - half, range), clamp(center + half, range)];
    });
  }
  return placesOf(shares, axis, rates);
}

/**
 * The best score of each task.
 *
 * @param {Search} search
 * @param {number} importance
 * @param {Given} given
 */
export function scoresOf(search, importance, given) {
  const { optima } = drawsOf(given);
  return new Float64Array(given.tasks).map((_, task) => {
    const places = search(task);
    let least = Infinity;
    for (let i = 0; 2 * i < places.length; i++) {
      least = Math.min(least, distance(places, i, optima, task, importance));
    }
    return Math.exp((-0.5 * least) / given.width ** 2);
  });
}

/** @typedef {{ [method in "grid" | "random" | "fine"]: Float64Array }} Scores */

/** @type {{ key: string, scores: Scores } | null} */
let known = null;

/**
 * The best scores of the three searches. One's own points change none of them, so those that were
 * asked for last are kept.
 *
 * @param {Asked} asked
 * @param {Given} given
 */
export function threeScores(asked, given) {
  const key = [asked.budget, asked.axis, asked.importance].join();
  if (known?.key === key) return known.scores;
  const found = searches(asked, given);
  const scores = {
    grid: scoresOf(found.grid, asked.importance, given),
    random: scoresOf(found.random, asked.importance, given),
    fine: scoresOf(found.fine, asked.importance, given),
  };
  known = { key, scores };
  return scores;
}

/**
 * The means of the scores up to each stop.
 *
 * @param {Float64Array} scores
 * @param {number[]} stops
 */
export function meansOf(scores, stops) {
  let total = 0;
  const means = scores.map((score, i) => (total += score) / (i + 1));
  return stops.map((stop) => means[stop - 1]);
}

/**
 * Between what the middle 80% lie, of the scores up to each stop.
 *
 * @param {Float64Array} scores
 * @param {number[]} stops
 */
export const middles = (scores, stops) =>
  stops.map((stop) => {
    const sorted = scores.slice(0, stop).sort();
    return [quantile(sorted, 0.1), quantile(sorted, 0.9)];
  });

/**
 * What the share `part` of some numbers lies below, between the two that are nearest.
 *
 * @param {Float64Array} sorted
 * @param {number} part
 */
function quantile(sorted, part) {
  const place = part * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
