// Softmax regression on one image, as byhand/labs/softmax.py has it from dlcore. A vector theta
// holds the ten rows of W, and behind them b.

import { affineBackward, affineForward, softmax, softmaxCrossEntropy } from "./engine.js";
import { clamp, range } from "./numbers.js";
import { gradientDescent } from "./optimizers.js";
import { penOf, picture } from "./pen.js";
import { append, seriesOf } from "./series.js";

/** @import { Drawn, Samples } from "./pen.js" */
/** @import { Numbers, Series } from "./types.ts" */

/**
 * @typedef {Drawn & { truth: string, show: "weights" | "products" | "step", taken: number,
 *   rate: number, step: number }} Settings
 */

/**
 * @typedef {object} Training
 * @property {number[][]} templates theta at each stop of the training
 * @property {number[]} cost
 * @property {number[]} accuracy
 * @property {{ [sample: string]: number | null }} labels
 * @property {number} digits of a probability that count
 */

/** @typedef {Samples & Training} Shared */

const CLASSES = 10;

/** @param {Numbers} theta */
const split = (theta) => {
  const all = Float64Array.from(theta);
  return { W: all.subarray(0, -CLASSES), b: all.subarray(-CLASSES) };
};

/**
 * Read one image: its scores, the loss, the errors, and the gradient in theta's layout.
 *
 * @param {Numbers} theta
 * @param {Float64Array} image
 * @param {number | null} y
 */
export function look(theta, image, y) {
  const { W, b } = split(theta);
  const [scores, cache] = affineForward(image, W, b);
  const nothing = new Float64Array(CLASSES);
  const [loss, errors] = y === null ? [null, nothing] : softmaxCrossEntropy(scores, y);
  const { dW, db } = affineBackward(errors, cache);
  return { scores, loss, errors, gradient: Float64Array.of(...dW, ...db) };
}

/**
 * The templates after some steps on one image alone.
 *
 * @param {Numbers} theta
 * @param {Float64Array} image
 * @param {number | null} y
 * @param {Pick<Settings, "rate" | "taken">} settings
 */
export function descended(theta, image, y, { rate, taken }) {
  let now = Float64Array.from(theta);
  for (let t = 0; t < taken; t++) now = gradientDescent(now, look(now, image, y).gradient, rate);
  return now;
}

/** @typedef {{ image: Float64Array, y: number | null, pixel: number, digits: number }} At */

/**
 * What belongs to the label: without one there is nothing.
 *
 * @typedef {object} Told
 * @property {number | null} score
 * @property {number | null} products the score without the bias
 * @property {number | null} bias
 * @property {number | null} probability
 * @property {number | null} loss
 * @property {number | null} error
 * @property {number | null} weight at the pen
 * @property {number | null} stepped the same after the next step
 * @property {number | null} next_percent its probability then
 * @property {Float64Array | null} P_next all of them
 */

/**
 * What there is to say of an image's class y at one pixel, before the next step and after it.
 *
 * @param {Float64Array} theta
 * @param {ReturnType<typeof look>} found
 * @param {At} at
 * @param {number} rate
 * @returns {Told}
 */
function told(theta, { scores, loss, errors, gradient }, { image, y, pixel }, rate) {
  if (y === null) {
    const [score, products, bias, probability, error, weight, stepped] = Array(7).fill(null);
    const nothing = { next_percent: null, P_next: null };
    return { score, products, bias, probability, loss, error, weight, stepped, ...nothing };
  }
  const bias = split(theta).b[y];
  const place = y * image.length + pixel;
  const next = gradientDescent(theta, gradient, rate);
  const P_next = softmax(look(next, image, y).scores);
  return {
    score: scores[y],
    products: scores[y] - bias,
    bias,
    probability: errors[y] + 1,
    loss,
    error: errors[y],
    weight: theta[place],
    stepped: next[place],
    next_percent: 100 * P_next[y],
    P_next,
  };
}

/**
 * What the templates answer.
 *
 * @param {Float64Array} P
 * @param {number} digits that count
 */
function answers(P, digits) {
  const ranked = P.map((p) => Math.round(p * 10 ** digits));
  const [first, second] = range(CLASSES).sort((a, b) => ranked[b] - ranked[a] || a - b);
  const tied = ranked.every((p) => p === ranked[first]);
  return {
    answer: tied ? null : String(first),
    percent: 100 * P[first],
    second: String(second),
    second_percent: 100 * P[second],
    tied: tied ? 100 * P[first] : null,
  };
}

/**
 * What there is to say of an image at one stop of the training.
 *
 * @param {Settings} settings
 * @param {Numbers} theta
 * @param {At} at
 */
function atStop(settings, theta, at) {
  const now = descended(theta, at.image, at.y, settings);
  const found = look(now, at.image, at.y);
  const P = softmax(found.scores);
  return {
    scores: found.scores,
    P,
    errors: found.errors,
    ...answers(P, at.digits),
    ...told(now, found, at, settings.rate),
  };
}

/** @typedef {ReturnType<typeof atStop> & { cost: number, accuracy: number }} Stop */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
export function* train(settings, shared, stops) {
  const { digit, edits, truth, taken } = settings;
  const image = picture(settings, shared);
  const y = truth === "own" ? shared.labels[digit] : Number(truth);
  const [row, column] = penOf(edits).map((place) => clamp(place, [0, shared.side - 1]));
  const at = { image, y, pixel: row * shared.side + column, digits: shared.digits };
  /** @type {Series<Stop>} */
  const series = seriesOf([]);
  const found = {
    y,
    given: y ?? "y",
    unlabeled: y === null ? "" : null,
    after: taken && y !== null ? taken : null,
    row,
    column,
    ink: image[at.pixel],
    image,
    series,
  };
  for (const [k, theta] of shared.templates.slice(0, stops.length).entries()) {
    const [cost, accuracy] = [shared.cost[k], shared.accuracy[k]];
    append(series, { cost, accuracy, ...atStop(settings, theta, at) });
    if (k % 4 === 0) yield { ...found };
  }
  yield found;
}
