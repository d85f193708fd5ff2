// A network with one hidden layer, on one vector theta: fc1.W, fc1.b, fc2.W, fc2.b.

import {
  activations,
  affineBackward,
  affineForward,
  dropoutBackward,
  dropoutForward,
} from "./engine.js";

/** @import { AffineCache, Dropout } from "./engine.js" */
/** @import { Numbers } from "./types.ts" */

/**
 * @typedef {object} NetworkCache
 * @property {AffineCache} cache1
 * @property {Float64Array} cacheAct
 * @property {Float64Array | null} mask
 * @property {AffineCache} cache2
 */

/**
 * @param {number} dIn
 * @param {number} units
 * @param {string} activation
 */
export function shallowNetwork(dIn, units, activation) {
  const { forward: actForward, backward: actBackward } = activations[activation];
  /** @param {Float64Array} theta */
  const split = (theta) => {
    const ends = [units * dIn, units, units, 1].map((_, i, all) =>
      all.slice(0, i + 1).reduce((a, b) => a + b),
    );
    return ends.map((end, i) => theta.slice(i ? ends[i - 1] : 0, end)); // from Python it is a list
  };
  return {
    split,
    /**
     * With dropout, in training, behind the hidden layer.
     *
     * @param {Float64Array} theta
     * @param {Numbers} X
     * @param {Dropout | null} dropout
     * @returns {[Float64Array, NetworkCache]}
     */
    forward(theta, X, dropout = null) {
      const [W1, b1, W2, b2] = split(theta);
      const N = X.length / dIn;
      const [Z1, cache1] = affineForward(X, W1, b1, N); // (N, units)
      const [A1, cacheAct] = actForward(Z1);
      const [kept, mask] = dropout ? dropoutForward(A1, dropout) : [A1, null];
      const [scores, cache2] = affineForward(kept, W2, b2, N); // (N, 1)
      return [scores, { cache1, cacheAct, mask, cache2 }];
    },
    /**
     * The gradient, in theta's layout.
     *
     * @param {Numbers} dscores
     * @param {NetworkCache} cache
     */
    backward(dscores, { cache1, cacheAct, mask, cache2 }) {
      const { dX, dW: dW2, db: db2 } = affineBackward(dscores, cache2);
      const dA1 = mask ? dropoutBackward(dX, mask) : dX;
      const { dW: dW1, db: db1 } = affineBackward(actBackward(dA1, cacheAct), cache1);
      return Float64Array.of(...dW1, ...db1, ...dW2, ...db2);
    },
  };
}
