// dlcore's arithmetic, for the labs that train in the browser: layers, losses and averages; the
// optimizers and the network stand in files of their own. tests/byhand/labs/test_engine.py holds
// all of it against dlcore's numbers. Matrices are flat, row by row; a batch is rows.

import { average, sum } from "./numbers.js";

/** @import { Numbers } from "./types.ts" */

// --- layers: forward returns [out, cache]; backward(dout, cache) returns the gradients ---

/** @typedef {{ X: Numbers, W: Numbers, dOut: number, N: number }} AffineCache */

/**
 * Z = X W^T + b, X (N, dIn), W (dOut, dIn), b (dOut). N must be said where dIn or dOut is 0.
 *
 * @param {Numbers} X
 * @param {Numbers} W
 * @param {Numbers} b
 * @returns {[Float64Array, AffineCache]}
 */
export function affineForward(X, W, b, N = (X.length * b.length) / W.length) {
  const dOut = b.length;
  const dIn = X.length / N;
  const Z = new Float64Array(N * dOut);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < dOut; i++) {
      let z = b[i];
      for (let j = 0; j < dIn; j++) z += X[n * dIn + j] * W[i * dIn + j];
      Z[n * dOut + i] = z;
    }
  }
  return [Z, { X, W, dOut, N }];
}

/**
 * @param {Numbers} dZ
 * @param {AffineCache} cache
 */
export function affineBackward(dZ, { X, W, dOut, N }) {
  const dIn = X.length / N;
  const dX = new Float64Array(X.length);
  const dW = new Float64Array(W.length);
  const db = new Float64Array(dOut);
  for (let n = 0; n < N; n++) {
    for (let i = 0; i < dOut; i++) {
      const d = dZ[n * dOut + i];
      db[i] += d;
      for (let j = 0; j < dIn; j++) {
        dX[n * dIn + j] += d * W[i * dIn + j];
        dW[i * dIn + j] += d * X[n * dIn + j];
      }
    }
  }
  return { dX, dW, db };
}

/** @typedef {{ keepProb: number, random: () => number }} Dropout `random` is uniform in [0, 1) */

/**
 * Keep each number with this probability. The cache is the mask.
 *
 * @param {Float64Array} X
 * @param {Dropout} dropout
 * @returns {[Float64Array, Float64Array]}
 */
export function dropoutForward(X, { keepProb, random }) {
  const mask = X.map(() => (random() < keepProb ? 1 : 0) / keepProb);
  return [X.map((x, i) => x * mask[i]), mask];
}

/** @type {(dA: Float64Array, mask: Float64Array) => Float64Array} */
export const dropoutBackward = (dA, mask) => dA.map((d, i) => d * mask[i]);

/** @typedef {{ mean: number, variance: number, normal: Float64Array }} BatchnormCache */

/**
 * One feature: Z = gamma x_hat + beta, X (N). The cache has the batch's mean and variance.
 *
 * @param {Float64Array} X
 * @param {number} gamma
 * @param {number} beta
 * @param {number} eps
 * @returns {[Float64Array, BatchnormCache]}
 */
export function batchnormForward(X, gamma, beta, eps) {
  const mean = average(X);
  const variance = average(X.map((x) => (x - mean) ** 2));
  const normal = X.map((x) => (x - mean) / Math.sqrt(variance + eps));
  return [normal.map((x) => gamma * x + beta), { mean, variance, normal }];
}

/**
 * The gradients of gamma and beta; nothing lies below the layer.
 *
 * @param {Float64Array} dZ
 * @param {BatchnormCache} cache
 */
export function batchnormBackward(dZ, { normal }) {
  const gradient = new Float64Array(2);
  dZ.forEach((d, i) => {
    gradient[0] += d * normal[i];
    gradient[1] += d;
  });
  return gradient;
}

/** @param {number} z */
export const sigmoid = (z) => {
  const e = Math.exp(-Math.abs(z));
  return (z >= 0 ? 1 : e) / (1 + e);
};

/**
 * @typedef {object} Activation
 * @property {(Z: Float64Array) => [Float64Array, Float64Array]} forward
 * @property {(dA: Float64Array, cache: Float64Array) => Float64Array} backward
 */

/**
 * An activation is a function and its derivative, written in terms of its output a, as in dlcore.
 *
 * @param {(z: number) => number} f
 * @param {(a: number) => number} derivative
 * @returns {Activation}
 */
const elementwise = (f, derivative) => ({
  forward(Z) {
    const A = new Float64Array(Z.length); // a loop is several times as fast as map
    for (let i = 0; i < Z.length; i++) A[i] = f(Z[i]);
    return [A, A];
  },
  backward(dA, A) {
    const dZ = new Float64Array(A.length);
    for (let i = 0; i < A.length; i++) dZ[i] = dA[i] * derivative(A[i]);
    return dZ;
  },
});

/** @type {{ [name: string]: Activation }} */
export const activations = {
  none: { forward: (Z) => [Z, Z], backward: (dA) => dA },
  sigmoid: elementwise(sigmoid, (a) => a * (1 - a)),
  tanh: elementwise(Math.tanh, (a) => 1 - a * a),
  relu: elementwise(
    (z) => Math.max(z, 0),
    (a) => (a > 0 ? 1 : 0),
  ),
};

// --- losses: scores (N) and targets (N), labels in {0, 1}, to [value, dscores] ---

/** @typedef {(scores: Float64Array, targets: Numbers) => [number, Float64Array]} Loss */

/** @type {Loss} */
export function squaredError(scores, targets) {
  const N = scores.length;
  const errors = scores.map((s, n) => s - targets[n]);
  return [errors.reduce((sum, e) => sum + e * e, 0) / N, errors.map((e) => (2 * e) / N)];
}

/** @type {Loss} */
export function quadratic(scores, targets) {
  const N = scores.length;
  const dscores = scores.map((s, n) => (s - targets[n]) / N);
  return [(N / 2) * dscores.reduce((sum, d) => sum + d * d, 0), dscores];
}

/** @type {Loss} */
export function logistic(scores, targets) {
  const N = scores.length;
  let value = 0;
  const dscores = new Float64Array(N);
  for (let n = 0; n < N; n++) {
    const s = scores[n];
    value += Math.max(s, 0) + Math.log1p(Math.exp(-Math.abs(s))) - targets[n] * s;
    dscores[n] = (sigmoid(s) - targets[n]) / N;
  }
  return [value / N, dscores];
}

/** @param {Float64Array} scores of one example */
export function softmax(scores) {
  const most = Math.max(...scores);
  const powers = scores.map((s) => Math.exp(s - most));
  const total = sum(powers);
  return powers.map((p) => p / total);
}

/**
 * The loss of one example, whose class is y.
 *
 * @param {Float64Array} scores
 * @param {number} y
 * @returns {[number, Float64Array]}
 */
export function softmaxCrossEntropy(scores, y) {
  const most = Math.max(...scores);
  const total = sum(scores.map((s) => Math.exp(s - most)));
  const errors = softmax(scores);
  errors[y] -= 1;
  return [most - scores[y] + Math.log(total), errors];
}

// --- penalty and metric ---

/**
 * @param {Float64Array} W
 * @param {number} lam
 * @param {number} n examples
 * @returns {[number, Float64Array]}
 */
export function l2(W, lam, n) {
  const square = W.reduce((sum, w) => sum + w * w, 0);
  return [(lam / (2 * n)) * square, W.map((w) => (lam / n) * w)];
}

/**
 * @param {Numbers} scores
 * @param {Numbers} targets
 */
export function binaryAccuracy(scores, targets) {
  let right = 0;
  for (let n = 0; n < scores.length; n++) right += Number(scores[n] > 0 === targets[n] > 0);
  return right / scores.length;
}

// --- averages ---

/**
 * The exponentially weighted average after each value.
 *
 * @param {number[]} values
 * @param {number} beta
 */
export function ewa(values, beta, { biasCorrection = false } = {}) {
  let v = 0;
  return values.map((value, i) => {
    v = beta * v + (1 - beta) * value;
    return biasCorrection ? v / (1 - beta ** (i + 1)) : v;
  });
}
