// dlcore's arithmetic on images: pooling and convolution, as engine.js has the rest.

import { sum } from "./numbers.js";

/** @import { Numbers } from "./types.ts" */

/**
 * How many windows of this size fit along a side of an image.
 *
 * @param {number} side
 * @param {number} size
 * @param {number} stride
 * @param {number} padding
 */
export const outputSize = (side, size, stride, padding) =>
  Math.floor((side + 2 * padding - size) / stride) + 1;

// --- pooling: the windows of a square image, row by row ---

/**
 * One output of a pooling layer.
 *
 * @typedef {object} PoolWindow
 * @property {number} value
 * @property {(number | null)[]} places the cells of its window, null where that lies on padding
 * @property {number[]} cells those of them that are in the image
 * @property {number[]} to the cells that its gradient goes to
 * @property {number} share of the gradient, to each of them
 */

/**
 * @param {Numbers} X
 * @param {{ max: boolean, size: number, stride: number, padding: number }} options
 * @returns {PoolWindow[]}
 */
export function pool2d(X, { max, size, stride, padding }) {
  const side = Math.sqrt(X.length);
  const out = outputSize(side, size, stride, padding);
  return Array.from({ length: out * out }, (_, n) => {
    const places = Array.from({ length: size * size }, (_, i) => {
      const row = Math.floor(n / out) * stride + Math.floor(i / size) - padding;
      const column = (n % out) * stride + (i % size) - padding;
      const inside = row >= 0 && column >= 0 && row < side && column < side;
      return inside ? row * side + column : null;
    });
    const cells = places.filter((cell) => cell !== null);
    // Of equals, the first.
    const largest = cells.reduce((best, cell) => (X[cell] > X[best] ? cell : best));
    const share = max ? 1 : 1 / size ** 2;
    const value = max ? X[largest] : sum(cells.map((cell) => X[cell])) * share;
    return { places, cells, value, to: max ? [largest] : cells, share };
  });
}

// --- convolution of one image: X (C, H, W), weights (F, C, kH, kW), b (F), flat ---

/**
 * @typedef {object} Geometry
 * @property {number} C channels
 * @property {number} F filters
 * @property {number} H
 * @property {number} W
 * @property {number} kH
 * @property {number} kW
 * @property {number} stride
 * @property {number} padding
 * @property {number} oH
 * @property {number} oW
 */

/** @typedef {[o: number, w: number, x: number]} Product indices into Z, the weights and X */

/**
 * @param {Omit<Geometry, "C" | "F" | "oH" | "oW"> & { C?: number, F?: number }} sizes
 * @returns {Geometry}
 */
export function convGeometry({ C = 1, F = 1, H, W, kH, kW, stride, padding }) {
  const oH = outputSize(H, kH, stride, padding);
  const oW = outputSize(W, kW, stride, padding);
  return { C, F, H, W, kH, kW, stride, padding, oH, oW };
}

/**
 * Every product of the sum. All passes go through these.
 *
 * @param {Geometry} geometry
 */
export function convPairs({ C, F, H, W, kH, kW, stride, padding, oH, oW }) {
  /** @type {Product[]} */
  const pairs = [];
  for (let o = 0; o < F * oH * oW; o++) {
    const [f, u, v] = [Math.floor(o / (oH * oW)), Math.floor(o / oW) % oH, o % oW];
    for (let k = 0; k < C * kH * kW; k++) {
      const c = Math.floor(k / (kH * kW));
      const y = u * stride + (Math.floor(k / kW) % kH) - padding;
      const x = v * stride + (k % kW) - padding;
      const inside = y >= 0 && y < H && x >= 0 && x < W;
      if (inside) pairs.push([o, f * C * kH * kW + k, (c * H + y) * W + x]);
    }
  }
  return pairs;
}

/**
 * @param {Numbers} X
 * @param {Numbers} weights
 * @param {Numbers} b
 * @param {Geometry} geometry
 */
export function conv2dForward(X, weights, b, geometry, pairs = convPairs(geometry)) {
  const { F, oH, oW } = geometry;
  const Z = Float64Array.from({ length: F * oH * oW }, (_, o) => b[Math.floor(o / (oH * oW))]);
  for (const [o, w, x] of pairs) Z[o] += weights[w] * X[x];
  return Z;
}

/**
 * @param {Numbers} dZ
 * @param {Numbers} X
 * @param {Numbers} weights
 * @param {Geometry} geometry
 */
export function conv2dBackward(dZ, X, weights, geometry, pairs = convPairs(geometry)) {
  const { F, oH, oW } = geometry;
  const dX = new Float64Array(X.length);
  const dW = new Float64Array(weights.length);
  const db = new Float64Array(F);
  for (const [o, w, x] of pairs) {
    dX[x] += weights[w] * dZ[o];
    dW[w] += dZ[o] * X[x];
  }
  for (let o = 0; o < dZ.length; o++) db[Math.floor(o / (oH * oW))] += dZ[o];
  return { dX, dW, db };
}
