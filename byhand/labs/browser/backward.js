// The gradients of a convolution, entry by entry: the shares that each one sums, and the same sum
// as one correlation with zeros.

import { convolutionOf, numbersIn, split } from "./convolution.js";
import { conv2dBackward } from "./images.js";
import { range, sum } from "./numbers.js";

/** @import { Settings as Sizes, Shared as Convolved } from "./convolution.js" */
/** @import { Pair } from "./types.ts" */

/** @typedef {"dX" | "dW" | "db"} Gradient */
/** @typedef {Gradient | "dZ"} View what is chosen: an entry of a gradient, or an output */
/** @typedef {"random" | "ones" | "single"} Upstream */

/**
 * `edits` are numbers that the reader has written over those of δ.
 *
 * @typedef {Sizes & { entry: number, view: View, upstream: Upstream, edits: string }} Settings
 */

/** @typedef {{ largest: number, upstream: number[], terms: number }} Own of this lab */
/** @typedef {Convolved & Own} Shared */

/**
 * What an output sends: its upstream gradient times a factor, which stands in the other array at
 * `at` (the weight's place, or that of a cell of the padded picture).
 *
 * @typedef {[output: number, upstream: number, factor: number, at: number]} Share
 */

/**
 * Part i of an array that consists of parts of this size.
 *
 * @template T
 * @param {T[]} array
 * @param {number} size
 * @param {number} i
 */
export const part = (array, size, i) => array.slice(i * size, (i + 1) * size);

/**
 * The place of an output in the largest upstream gradient.
 *
 * @param {{ oH: number, oW: number }} geometry
 * @param {Shared} shared
 * @param {number} o
 */
function upstreamAt({ oH, oW }, { largest }, o) {
  const [f, u, v] = split(o, oH, oW);
  return (f * largest + u) * largest + v;
}

/**
 * The δ that is chosen: its name, its place in an edit, and its number.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function chosenUpstream(settings, shared) {
  const { geometry, dZ } = arraysOf(settings, shared);
  const o = Math.min(settings.entry, dZ.length) - 1;
  const name = `δ[${split(o, geometry.oH, geometry.oW).join(", ")}]`;
  return { name, at: upstreamAt(geometry, shared, o), value: dZ[o] };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function compute(settings, shared) {
  const convolution = convolutionOf({ ...settings, numbers: "random", edits: "" }, shared);
  const { F, oH, oW } = convolution.geometry;
  const count = F * oH * oW;
  const written = numbersIn(settings.edits);
  const dZ = range(count).map((o) => {
    const at = upstreamAt(convolution.geometry, shared, o);
    const given = {
      random: shared.upstream[at],
      ones: 1,
      single: Number(o === Math.floor(count / 2)),
    };
    return written.get(at) ?? given[settings.upstream];
  });
  return { ...convolution, dZ };
}

/** @typedef {ReturnType<typeof compute>} Arrays */

/** @type {WeakMap<object, Arrays>} */
const known = new WeakMap();

/**
 * The convolution at these settings, and the upstream gradient of each output.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function arraysOf(settings, shared) {
  const arrays = known.get(settings) ?? compute(settings, shared);
  known.set(settings, arrays);
  return arrays;
}

/**
 * The gradients of what the first outputs have sent; dX is that of the padded picture.
 *
 * @param {Arrays} arrays
 */
export function gradientsOf({ geometry, padded, weights, pairs, dZ }, outputs = dZ.length) {
  const sent = dZ.map((d, o) => (o < outputs ? d : 0));
  const { dX, dW, db } = conv2dBackward(sent, padded, weights, geometry, pairs);
  return { dX: [...dX], dW: [...dW], db: [...db] };
}

/**
 * What each entry of a gradient sums.
 *
 * @param {Arrays} arrays
 * @param {Gradient} view
 */
export function sharesOf({ geometry, X, padded, places, weights, pairs, dZ }, view) {
  const { F, oH, oW } = geometry;
  /** @type {Share[][]} */
  const shares = range({ dX: X, dW: weights, db: range(F) }[view].length).map(() => []);
  if (view === "db") {
    dZ.forEach((d, o) => shares[Math.floor(o / (oH * oW))].push([o, d, 1, -1]));
    return shares;
  }
  for (const [o, w, x] of pairs) {
    if (places[x] < 0) continue; // a zero of the padding
    if (view === "dX") shares[places[x]].push([o, dZ[o], weights[w], w]);
    else shares[w].push([o, dZ[o], padded[x], x]);
  }
  return shares;
}

// --- the same as one correlation ---

/**
 * The numbers of a plane, `stride` apart, in zeros.
 *
 * @param {number[]} plane
 * @param {number} width
 * @param {number} stride
 * @param {Pair} corner
 * @param {Pair} size
 */
function spread(plane, width, stride, [top, left], [rows, columns]) {
  /** @type {number[]} */
  const out = Array(rows * columns).fill(0);
  plane.forEach((value, k) => {
    const row = top + Math.floor(k / width) * stride;
    out[row * columns + left + (k % width) * stride] = value;
  });
  return out;
}

/** @type {(n: number) => number[]} */
const ones = (n) => Array(n).fill(1);

/**
 * What is laid on what, and where: pairs of a large plane of this size and a small one of the
 * window's, with the window's corner at `place`. `filled` tells the numbers of the large planes
 * from the zeros put in; output (u, v) lies `step` rows and columns apart from `first`.
 *
 * @typedef {object} Correlation
 * @property {Pair} size
 * @property {Pair} window
 * @property {Pair} place
 * @property {[large: number[], small: number[]][]} pairs
 * @property {number[]} filled
 * @property {string[]} titles
 * @property {Pair} first
 * @property {number} step
 */

/** @type {{ [view in Gradient]: (arrays: Arrays) => (k: number) => Correlation }} for entry k */
export const CORRELATIONS = {
  dX({ geometry, sides, zeros, weights, dZ }) {
    const { C, F, H, W, kH, kW, stride, oH, oW } = geometry;
    /** @type {Pair} */
    const size = [H + kH - 1, W + kW - 1];
    /** @type {Pair} */
    const first = [kH - 1, kW - 1];
    const wide = (/** @type {number[]} */ plane) => spread(plane, oW, stride, first, size);
    const large = range(F).map((f) => wide(part(dZ, oH * oW, f)));
    const filled = wide(ones(oH * oW));
    const turned = range(F * C).map((k) => part(weights, kH * kW, k).reverse());
    return (k) => {
      const [c, y, x] = split(k, sides.H, sides.W);
      return {
        ...{ size, first, filled, step: stride, window: [kH, kW] },
        place: [y + zeros.top, x + zeros.left],
        pairs: range(F).map((f) => [large[f], turned[f * C + c]]),
        titles: range(F).map((f) => (F > 1 ? `filter ${f}, W turned` : "δ with zeros, W turned")),
      };
    };
  },
  dW({ geometry, padded, places, dZ }) {
    const { C, H, W, kH, kW, stride, oH, oW } = geometry;
    /** @type {Pair} */
    const window = [(oH - 1) * stride + 1, (oW - 1) * stride + 1];
    const filled = part(places, H * W, 0).map((pixel) => Number(pixel >= 0));
    return (k) => {
      const [f, c, i, j] = split(k, C, kH, kW);
      const small = spread(part(dZ, oH * oW, f), oW, stride, [0, 0], window);
      return {
        ...{ size: [H, W], window, place: [i, j], first: [i, j], step: stride, filled },
        pairs: [[part(padded, H * W, c), small]],
        titles: [`X, channel ${c}, and δ on it`],
      };
    };
  },
  db:
    ({ geometry: { oH, oW }, dZ }) =>
    (k) => ({
      ...{ size: [oH, oW], window: [oH, oW], place: [0, 0], first: [0, 0], step: 1 },
      pairs: [[part(dZ, oH * oW, k), ones(oH * oW)]],
      filled: ones(oH * oW),
      titles: [`δ of filter ${k}, and ones`],
    }),
};

/**
 * The place in the window of cell `at` of the large plane, or -1.
 *
 * @param {Correlation} correlation
 * @param {number} at
 */
export function placeIn({ size, window, place }, at) {
  const [i, j] = [Math.floor(at / size[1]) - place[0], (at % size[1]) - place[1]];
  return i >= 0 && j >= 0 && i < window[0] && j < window[1] ? i * window[1] + j : -1;
}

/** @param {Correlation} correlation */
export const correlated = ({ pairs, size, window, place }) =>
  sum(
    pairs.map(([large, small]) =>
      sum(
        small.map((value, n) => {
          const [i, j] = split(n, window[1]);
          return value * large[(place[0] + i) * size[1] + place[1] + j];
        }),
      ),
    ),
  );
