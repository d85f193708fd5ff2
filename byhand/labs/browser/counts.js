// What models.summary counts, from the layers that byhand/labs/architectures.py describes.

import { outputSize } from "./images.js";

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {[size: number, stride: number, padding: number] | null} window
 * @property {boolean} dense
 * @property {boolean} trained
 * @property {number} channels that it returns
 * @property {number} weights of a layer that is not dense
 * @property {[number, number]} keeps bytes for each number that it reads, and that it returns
 */

/** @typedef {{ layers: Layer[], channels: number, home: number }} Net */

/**
 * The rows of a network on images of this side, up to the first layer whose window does not fit.
 *
 * @param {Net} net
 */
export function count({ layers, channels, home }, side = home) {
  const rows = [];
  for (const { name, window, dense, trained, channels: to, weights, keeps } of layers) {
    const [k, s, p] = window ?? [null, null, null];
    const out = window ? outputSize(side, ...window) : dense ? 1 : side;
    if (out < 1) return { rows, failed: name, gap: k };
    const read = channels * side * side;
    const uses = dense ? read * to : weights;
    rows.push({
      name,
      k,
      s,
      p,
      frame: side,
      out,
      shape: dense ? `${to}` : `${to}×${out}×${out}`,
      places: out * out,
      weights: uses,
      biases: to,
      holds: trained ? uses + to : 0,
      does: uses * out * out,
      kept: keeps[0] * read + keeps[1] * to * out * out,
    });
    [channels, side] = [to, out];
  }
  return { rows, failed: null, gap: null };
}
