// The convolution that two labs show, as byhand/labs/convolution.py has it: picture, weights and
// output at some settings, and how a reader's edits are written.

import { conv2dForward, convGeometry, convPairs } from "./images.js";
import { range } from "./numbers.js";
import { bracketed, show } from "./text.js";

/** @import { Pair } from "./types.ts" */

/**
 * @typedef {object} Settings lists hold text
 * @property {number} H
 * @property {number} W
 * @property {string} kh
 * @property {string} kw
 * @property {string} channels
 * @property {string} filters
 * @property {string} stride
 * @property {string} padding
 * @property {string} numbers
 * @property {string} [edits]
 */

/**
 * @typedef {object} Shared
 * @property {number} size of the pictures
 * @property {number} most channels, and filters
 * @property {{ [numbers: string]: number[] }} pictures
 * @property {{ [numbers: string]: number[][][] }} kernels for each height and width
 */

// --- edits ---

export const ZERO = 9; // the digit that stands for 0
const LARGEST = 5; // rows of a kernel

/**
 * The numbers that a reader has written, by their places in the largest picture and kernels.
 *
 * @param {string} word
 */
export const numbersIn = (word) =>
  new Map(
    (word.match(/.../g) ?? []).map((edit) => [
      parseInt(edit.slice(0, 2), 36),
      parseInt(edit[2], 36) - ZERO,
    ]),
  );

/**
 * The word with one more edit.
 *
 * @param {string} word
 * @param {number} at
 * @param {number} value
 */
export const edited = (word, at, value) =>
  [...numbersIn(word).set(at, value)]
    .sort(([a], [b]) => a - b)
    .map(([place, number]) => place.toString(36).padStart(2, "0") + (number + ZERO).toString(36))
    .join("");

// --- cells: the pixels of the picture, then the weights ---

/**
 * The indices of entry k of an array whose last sides have these lengths.
 *
 * @param {number} k
 * @param {number[]} sizes
 */
export const split = (k, ...sizes) =>
  sizes.reduceRight(([first, ...found], n) => [Math.floor(first / n), first % n, ...found], [k]);

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number} k of a cell
 */
export function cellAt(settings, { size, most }, k) {
  const [C, F, kH, kW] = ["channels", "filters", "kh", "kw"].map((name) =>
    Number(settings[/** @type {"kh"} */ (name)]),
  );
  const pixels = C * settings.H * settings.W;
  const count = pixels + F * C * kH * kW;
  if (k < pixels) {
    const [c, y, x] = split(k, settings.H, settings.W);
    return { count, pixels, name: `X[${c}, ${y}, ${x}]`, at: (c * size + y) * size + x };
  }
  const [f, c, i, j] = split(k - pixels, C, kH, kW);
  const at = most * size ** 2 + ((f * most + c) * LARGEST + i) * LARGEST + j;
  return { count, pixels, name: `W[${f}, ${c}, ${i}, ${j}]`, at };
}

// --- arrays ---

/**
 * Rows of zeros in front and behind: given, or as TensorFlow's SAME has it.
 *
 * @param {number} n
 * @param {number} k
 * @param {number} stride
 * @param {string} padding
 * @returns {Pair}
 */
function around(n, k, stride, padding) {
  if (padding !== "same") return [Number(padding), Number(padding)];
  const total = Math.max(0, (Math.ceil(n / stride) - 1) * stride + k - n);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function compute(settings, shared) {
  const { H, W, numbers } = settings;
  const { size, most, pictures, kernels } = shared;
  const [kH, kW] = [Number(settings.kh), Number(settings.kw)];
  const [C, F, stride] = [settings.channels, settings.filters, settings.stride].map(Number);
  const [top, bottom] = around(H, kH, stride, settings.padding);
  const [left, right] = around(W, kW, stride, settings.padding);
  // The geometry is that of the padded picture, which has no padding of its own.
  const geometry = convGeometry({
    ...{ C, F, kH, kW, stride, padding: 0 },
    ...{ H: H + top + bottom, W: W + left + right },
  });
  const edits = numbersIn(settings.edits ?? "");
  const given = (/** @type {number} */ k, /** @type {number} */ value) =>
    edits.get(cellAt(settings, shared, k).at) ?? value;
  const X = range(C * H * W).map((k) => {
    const [c, y, x] = split(k, H, W);
    return given(k, pictures[numbers][(c * size + y) * size + x]);
  });
  const all = kernels[numbers][kH - 1][kW - 1];
  const weights = range(F * C * kH * kW).map((k) => {
    const [f, rest] = split(k, C * kH * kW);
    return given(X.length + k, all[f * most * kH * kW + rest]);
  });
  /** The pixel under cell k of the padded picture, or -1. @param {number} k */
  const pixelAt = (k) => {
    const [c, row, column] = split(k, geometry.H, geometry.W);
    const [y, x] = [row - top, column - left];
    return y >= 0 && x >= 0 && y < H && x < W ? (c * H + y) * W + x : -1;
  };
  const places = range(C * geometry.H * geometry.W).map(pixelAt);
  const padded = places.map((k) => (k < 0 ? 0 : X[k]));
  const pairs = convPairs(geometry);
  const Z = [...conv2dForward(padded, weights, new Float64Array(F), geometry, pairs)];
  const zeros = { top, bottom, left, right };
  return { geometry, zeros, X, places, padded, weights, pairs, Z, sides: { H, W } };
}

/** @typedef {ReturnType<typeof compute>} Convolution */

/** @type {WeakMap<object, Convolution>} */
const known = new WeakMap();

/**
 * The numbers at these settings: X, the same `padded`, the pixel of each padded cell (`places`, -1
 * for a zero), the weights and Z.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function convolutionOf(settings, shared) {
  const convolution = known.get(settings) ?? compute(settings, shared);
  known.set(settings, convolution);
  return convolution;
}

// --- words ---

/**
 * A number as a cell has room for it.
 *
 * @param {number} value
 */
export function short(value) {
  const near = Math.round(value); // sums of rounded weights are not exactly whole
  return Math.abs(value - near) < 1e-9 ? show(near || 0) : show(value, ".3g");
}

/** @type {(a: number, b: number) => string} a product, its second factor in brackets below zero */
export const product = (a, b) => `${short(a)}·${bracketed(b, short(b))}`;

/**
 * A sum of texts, where one that begins with a minus sign is subtracted.
 *
 * @param {string[]} terms
 */
export const summed = ([first, ...others]) =>
  first + others.map((term) => (term[0] === "−" ? ` − ${term.slice(1)}` : ` + ${term}`)).join("");

/** @type {(count: number, word: string) => string} */
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
