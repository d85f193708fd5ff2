// The small LeNet of the lab lenet, layer by layer, as dlcore.models.lenet_small computes it.
// tests/byhand/labs/test_lenet_lab.py compares the two.

import { activations, affineForward } from "./engine.js";
import { conv2dForward, convGeometry, convPairs, pool2d } from "./images.js";
import { range } from "./numbers.js";

/** @import { Product } from "./images.js" */

/**
 * A layer with weights: the sizes of its W and b, and what it does.
 *
 * @typedef {object} Layer
 * @property {number} weights
 * @property {number} units
 * @property {(X: Float64Array, W: Float64Array, b: Float64Array) => Float64Array} apply
 */

/** @param {Float64Array} Z */
const relu = (Z) => activations.relu.forward(Z)[0];

/**
 * @param {Float64Array} X
 * @param {number} maps
 */
function maxpool(X, maps) {
  const size = X.length / maps;
  const options = { max: true, size: 2, stride: 2, padding: 0 };
  const windows = range(maps).flatMap((map) =>
    pool2d(X.subarray(map * size, (map + 1) * size), options),
  );
  return Float64Array.from(windows, ({ value }) => value);
}

/**
 * @param {{ C: number, F: number, H: number, W: number, kH: number, kW: number }} sizes
 * @returns {Layer}
 */
function convolution(sizes) {
  const geometry = convGeometry({ stride: 1, padding: 0, ...sizes });
  const { F, C, kH, kW } = geometry;
  /** @type {Product[] | null} thousands: only where the lab is */
  let pairs = null;
  return {
    weights: F * C * kH * kW,
    units: F,
    apply(X, W, b) {
      pairs ??= convPairs(geometry);
      return conv2dForward(X, W, b, geometry, pairs);
    },
  };
}

/**
 * @param {number} dIn
 * @param {number} dOut
 * @returns {Layer}
 */
const affine = (dIn, dOut) => ({
  weights: dOut * dIn,
  units: dOut,
  apply: (X, W, b) => affineForward(X, W, b, 1)[0],
});

const LAYERS = {
  c1: convolution({ C: 1, F: 6, H: 16, W: 16, kH: 5, kW: 5 }),
  c3: convolution({ C: 6, F: 16, H: 6, W: 6, kH: 3, kW: 3 }),
  f5: affine(64, 32),
  output: affine(32, 10),
};

/** @typedef {keyof typeof LAYERS} Weighted the layers with weights */
/** @typedef {Weighted | "s2" | "s4"} LayerName */

/**
 * A layer with its parts of theta.
 *
 * @typedef {object} Loaded
 * @property {Float64Array} W
 * @property {Float64Array} b
 * @property {(X: Float64Array) => Float64Array} apply
 */

/**
 * The layers with their parts of theta: each is a function of its input, and its biases.
 *
 * @param {Float64Array} theta
 */
function loaded(theta) {
  let start = 0;
  const layers = Object.entries(LAYERS).map(([name, { weights, units, apply }]) => {
    const W = theta.subarray(start, start + weights);
    const b = theta.subarray(start + weights, start + weights + units);
    start += weights + units;
    return [name, { W, b, apply: (/** @type {Float64Array} */ X) => apply(X, W, b) }];
  });
  /** @type {{ [name in Weighted]: Loaded }} */
  return Object.fromEntries(layers);
}

/**
 * What every layer makes of one image. `sums` is what goes into the ReLUs, `output` are the
 * scores, `weights` and `biases` those of the layers that have some.
 *
 * @param {Float64Array} theta
 * @param {Float64Array} X
 */
export function forward(theta, X) {
  const layers = loaded(theta);
  const sums1 = layers.c1.apply(X);
  const c1 = relu(sums1);
  const s2 = maxpool(c1, 6);
  const sums3 = layers.c3.apply(s2);
  const c3 = relu(sums3);
  const s4 = maxpool(c3, 16);
  const sums5 = layers.f5.apply(s4);
  const f5 = relu(sums5);
  const output = layers.output.apply(f5);
  return {
    image: X,
    c1,
    s2,
    c3,
    s4,
    f5,
    output,
    sums: { c1: sums1, c3: sums3, f5: sums5, output },
    weights: { c1: layers.c1.W, c3: layers.c3.W, f5: layers.f5.W, output: layers.output.W },
    biases: { c1: layers.c1.b, c3: layers.c3.b, f5: layers.f5.b, output: layers.output.b },
  };
}

/** @typedef {ReturnType<typeof forward>} Found in every layer */

/** What each layer reads: from where, in how many maps, and in windows of which side. */
const READS = /** @type {const} */ ({
  c1: { from: "image", maps: 1, side: 16, window: 5, stride: 1 },
  s2: { from: "c1", maps: null, side: 12, window: 2, stride: 2 },
  c3: { from: "s2", maps: 6, side: 6, window: 3, stride: 1 },
  s4: { from: "c3", maps: null, side: 4, window: 2, stride: 2 },
  f5: { from: "s4", maps: 16, side: 2, window: 2, stride: 1 },
  output: { from: "f5", maps: 32, side: 1, window: 1, stride: 1 },
});

/**
 * What a unit reads, map by map, and by which weights it multiplies that: null where it has none.
 *
 * @param {Found} found
 * @param {LayerName} layer
 * @param {{ m: number, row: number, column: number }} unit
 */
export function partsOf(found, layer, { m, row, column }) {
  const { from, maps, side, window, stride } = READS[layer];
  const read = maps === null ? [m] : range(maps);
  const inputs = read.flatMap((map) =>
    range(window ** 2).map((k) => {
      const y = row * stride + Math.floor(k / window);
      return found[from][(map * side + y) * side + column * stride + (k % window)];
    }),
  );
  if (layer === "s2" || layer === "s4") return { inputs, factors: null, window };
  const count = inputs.length;
  const factors = Array.from(found.weights[layer].subarray(m * count, (m + 1) * count));
  return { inputs, factors, window };
}
