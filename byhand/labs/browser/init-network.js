// A deep network of the lab init, from its start weights through its training.

import { affineBackward, affineForward, logistic } from "./engine.js";
import { lastOf, range } from "./numbers.js";
import { gradientDescent } from "./optimizers.js";
import { normals, randomState } from "./random.js";

/** @import { Activation, AffineCache } from "./engine.js" */
/** @import { Pair } from "./types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} scheme
 * @property {number} gain
 * @property {string} other
 * @property {string} activation
 * @property {number} depth
 * @property {number} width
 * @property {number} seed
 * @property {number} step
 * @property {number} layer
 * @property {"signals" | "errors"} shown
 */

/**
 * @typedef {object} Shared
 * @property {Pair[]} X
 * @property {[number][]} y
 * @property {number[]} quantiles of the standard normal distribution
 * @property {number} steps
 * @property {number} rate
 * @property {number} nudge of all weights, to see whether training is chaotic
 * @property {number} visible difference of two costs
 * @property {number} rounding a smaller spread or score is rounding's
 * @property {number} saturated slopes below this share of the largest are
 * @property {{ [activation: string]: string }} layers
 * @property {{ [scheme: string]: string }} weights
 */

/**
 * What is to be learned, and with which activation.
 *
 * @typedef {object} Problem
 * @property {string} name of the activation
 * @property {Activation} act
 * @property {Float64Array} X
 * @property {number[]} y
 */

/** @type {{ [scheme: string]: (nIn: number, nOut: number) => number }} of the weights */
export const SPREAD = {
  zeros: () => 0,
  constant: (nIn) => 1 / nIn,
  normal: () => 1,
  xavier: (nIn, nOut) => Math.sqrt(2 / (nIn + nOut)),
  he: (nIn) => Math.sqrt(2 / nIn),
};

/** @typedef {{ W: Float64Array, b: Float64Array }} Layer */

/**
 * The seed's numbers, times what the scheme says.
 *
 * @param {Settings} settings
 * @returns {Layer[]}
 */
export function start({ scheme, gain, depth, width, seed }) {
  const normal = normals(randomState(seed));
  return range(depth + 1).map((k) => {
    const [nIn, nOut] = [k ? width : 2, k < depth ? width : 1];
    const spread = gain * SPREAD[scheme](nIn, nOut);
    const unit = Float64Array.from({ length: nIn * nOut }, normal);
    const W = unit.map((u) => spread * (scheme === "constant" ? 1 : u));
    return { W, b: new Float64Array(nOut) };
  });
}

/**
 * What a hidden layer saw: its scores, its outputs, and the errors of its scores.
 *
 * @typedef {object} Seen
 * @property {Float64Array} Z
 * @property {Float64Array} A
 * @property {Float64Array} actCache
 * @property {Float64Array} dZ
 */

/**
 * The scores of the points, and what each layer keeps.
 *
 * @param {Layer[]} layers
 * @param {Activation} act
 * @param {Float64Array} X
 */
export function forward(layers, act, X) {
  /** @type {AffineCache[]} */
  const caches = [];
  /** @type {Omit<Seen, "dZ">[]} */
  const hidden = [];
  let A = X;
  for (const { W, b } of layers.slice(0, -1)) {
    const [Z, cache] = affineForward(A, W, b);
    const [out, actCache] = act.forward(Z);
    caches.push(cache);
    hidden.push({ Z, A: out, actCache });
    A = out;
  }
  const { W, b } = lastOf(layers);
  const [scores, cache] = affineForward(A, W, b);
  caches.push(cache);
  return { scores, caches, hidden };
}

/**
 * One pass forward and back: the cost, the gradients, and what each hidden layer saw.
 *
 * @param {Layer[]} layers
 * @param {Problem} problem
 */
function pass(layers, { act, X, y }) {
  const { scores, caches, hidden } = forward(layers, act, X);
  let [cost, dZ] = logistic(scores, y);
  /** @type {Layer[]} */
  const grads = [];
  /** @type {Seen[]} */
  const seen = [];
  for (let k = layers.length - 1; k >= 0; k--) {
    const { dX, dW, db } = affineBackward(dZ, caches[k]);
    grads.unshift({ W: dW, b: db });
    if (k === 0) break;
    dZ = act.backward(dX, hidden[k - 1].actCache);
    seen.unshift({ ...hidden[k - 1], dZ });
  }
  return { layers, cost, scores, grads, seen };
}

/** @typedef {ReturnType<typeof pass>} Pass */

/**
 * The passes of gradient descent, one a step.
 *
 * @param {Layer[]} layers
 * @param {Problem} problem
 * @param {Shared} shared
 * @returns {Generator<Pass, void, void>}
 */
export function* descent(layers, problem, { steps, rate }) {
  for (let step = 0; step <= steps; step++) {
    const now = pass(layers, problem);
    yield now;
    layers = layers.map(({ W, b }, k) => ({
      W: gradientDescent(W, now.grads[k].W, rate),
      b: gradientDescent(b, now.grads[k].b, rate),
    }));
  }
}
