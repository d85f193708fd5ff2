// Activations as curves, with their slopes, as byhand/labs/activations.py has them from dlcore.

import { sigmoid } from "./engine.js";

/** @import { Pair } from "./types.ts" */

/** @typedef {(z: number, alpha: number) => Pair} Curve at a score z: [value, slope] */

/**
 * A tanh that goes up to A.
 *
 * @param {number} z
 * @param {number} A
 * @param {number} S
 * @returns {Pair}
 */
function scaledTanh(z, A, S) {
  const t = Math.tanh(S * z);
  return [A * t, A * S * (1 - t * t)];
}

/** @type {Curve} */
const leakyRelu = (z, alpha) => (z > 0 ? [z, 1] : [alpha * z, alpha]);

/** @type {{ [name: string]: Curve }} */
export const curves = {
  sigmoid(z) {
    const a = sigmoid(z);
    return [a, a * (1 - a)];
  },
  tanh: (z) => scaledTanh(z, 1, 1),
  scaled_tanh: (z) => scaledTanh(z, 1.7159, 2 / 3),
  relu: (z) => leakyRelu(z, 0),
  leaky_relu: leakyRelu,
  elu: (z, alpha) => (z > 0 ? [z, 1] : [alpha * Math.expm1(z), alpha * Math.exp(z)]),
  silu(z) {
    const gate = sigmoid(z);
    return [z * gate, gate * (1 + z * (1 - gate))];
  },
  gelu(z) {
    const c = 2 * Math.sqrt(2 / Math.PI); // (1 + tanh u) / 2 = sigmoid(2u)
    const gate = sigmoid(c * z * (1 + 0.044715 * z * z));
    return [z * gate, gate + z * gate * (1 - gate) * c * (1 + 3 * 0.044715 * z * z)];
  },
};
