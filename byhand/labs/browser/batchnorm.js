// The lab batchnorm without its drawings: one feature in batch after batch, and both trainings.

import {
  affineBackward,
  affineForward,
  batchnormBackward,
  batchnormForward,
  logistic,
} from "./engine.js";
import { average, range } from "./numbers.js";
import { gradientDescent } from "./optimizers.js";
import { seriesOf } from "./series.js";

/** @import { Pair } from "./types.ts" */

/**
 * @typedef {object} Settings
 * @property {"train" | "test"} mode
 * @property {number} batch
 * @property {number} followed its place before shift and scale
 * @property {number} shift of the inputs
 * @property {number} scale of the inputs
 * @property {number} gamma
 * @property {number} beta
 * @property {number} step
 */

/**
 * @typedef {object} Shared
 * @property {number[]} x the inputs, before shift and scale
 * @property {number[]} y
 * @property {number} eps
 * @property {number} rate
 * @property {Pair} running mean and variance
 * @property {{ train: string, test: string }} words
 * @property {{ train: string, test: string }} lines of dlcore
 */

/**
 * The examples of a step's batch.
 *
 * @param {number} step
 * @param {number} size
 * @param {number} count of all examples
 */
const rows = (step, size, count) =>
  range(size).map((i) => (97 * step + i * (2 * step + 1)) % count);

/**
 * @param {Settings} settings
 * @param {number[]} x
 */
export const inputs = ({ shift, scale }, x) => Float64Array.from(x, (x) => shift + scale * x);

/**
 * A neuron's scores, and how their gradient is pulled back to theta: gamma and beta, or w and b.
 *
 * @typedef {(X: Float64Array, theta: Float64Array) =>
 *   [Float64Array, backward: (dZ: Float64Array) => Float64Array]} Neuron
 */

/** @type {(eps: number) => Neuron} */
const withNorm = (eps) => (X, theta) => {
  const [Z, cache] = batchnormForward(X, theta[0], theta[1], eps);
  return [Z, (dZ) => batchnormBackward(dZ, cache)];
};

/** @type {Neuron} */
const without = (X, theta) => {
  const [Z, cache] = affineForward(X, theta.subarray(0, 1), theta.subarray(1));
  return [
    Z,
    (dZ) => {
      const { dW, db } = affineBackward(dZ, cache);
      return Float64Array.of(...dW, ...db);
    },
  ];
};

/**
 * The cost of all examples before each step.
 *
 * @param {Neuron} neuron
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function learn(neuron, settings, shared, stops) {
  const X = inputs(settings, shared.x);
  let theta = Float64Array.of(settings.gamma, settings.beta);
  return stops.map((step) => {
    const [cost] = logistic(neuron(X, theta)[0], shared.y);
    const of = rows(step, settings.batch, X.length);
    const [Z, backward] = neuron(
      Float64Array.from(of, (i) => X[i]),
      theta,
    );
    const labels = of.map((i) => shared.y[i]);
    const [, dZ] = logistic(Z, labels);
    theta = gradientDescent(theta, backward(dZ), shared.rate);
    return cost;
  });
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
export function* train(settings, shared, stops) {
  const { batch, followed, shift, scale, gamma, beta, mode } = settings;
  const X = inputs(settings, shared.x);
  const x = shift + scale * followed;
  const [run_mean, run_variance] = shared.running;
  const batchAt = (/** @type {number} */ step) =>
    Float64Array.from(rows(step, batch, X.length), (i) => X[i]);
  const seen = stops.map((step) => {
    const members = batchAt(step);
    members[0] = x;
    const [, { mean, variance }] = batchnormForward(members, gamma, beta, shared.eps);
    const [center, square] = mode === "train" ? [mean, variance] : shared.running;
    const spread = Math.sqrt(square + shared.eps);
    const normal = (x - center) / spread;
    const z = gamma * normal + beta;
    return { mean, sd: Math.sqrt(variance), center, spread, z, normal, members: [...members] };
  });
  const z = seen.map(({ z }) => z);
  const middle = average(z);
  yield {
    x,
    noise: Math.sqrt(average(z.map((z) => (z - middle) ** 2))),
    run_mean,
    run_sd: Math.sqrt(run_variance),
    by: shared.words[mode],
    line: shared.lines[mode],
    alone: batch === 1 && mode === "train" ? "" : null,
    outputs: stops.flatMap((step, k) => {
      const members = batchAt(step);
      if (mode === "train") return [...batchnormForward(members, gamma, beta, shared.eps)[0]];
      return Array.from(members, (x) => gamma * ((x - seen[k].center) / seen[k].spread) + beta);
    }),
    series: {
      ...seriesOf(seen),
      with_cost: learn(withNorm(shared.eps), settings, shared, stops),
      without_cost: learn(without, settings, shared, stops),
    },
  };
}
