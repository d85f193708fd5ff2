// The lab init without its drawings: a network's start, its first steps, and what theory says.

import { activations, affineBackward, affineForward, logistic } from "./engine.js";
import { average, lastOf, range } from "./numbers.js";
import { gradientDescent } from "./optimizers.js";

/** @import { Activation, AffineCache } from "./engine.js" */
/** @import { Numbers } from "./types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} scheme
 * @property {number} gain
 * @property {string} activation
 * @property {number} depth
 * @property {number} width
 */

/**
 * @typedef {object} Shared
 * @property {number[][]} X
 * @property {number[][]} y
 * @property {number[]} draws of the standard normal distribution
 * @property {number[]} quantiles of the same
 * @property {number} steps
 * @property {number} rate
 * @property {number} nudge of all weights, to see whether training is chaotic
 * @property {number} visible difference of two costs
 * @property {number} saturated slopes below this share of the largest are
 * @property {{ [activation: string]: string }} layers
 * @property {{ [scheme: string]: string }} weights
 */

/** @type {{ [activation: string]: number }} slope */
const LARGEST = { sigmoid: 0.25, tanh: 1, relu: 1 };

/** @type {{ [scheme: string]: (nIn: number, nOut: number) => number }} of the weights */
const SPREAD = {
  zeros: () => 0,
  constant: (nIn) => 1 / nIn,
  normal: () => 1,
  xavier: (nIn, nOut) => Math.sqrt(2 / (nIn + nOut)),
  he: (nIn) => Math.sqrt(2 / nIn),
};

/** @param {number} v */
const square = (v) => v * v;

/** @param {Numbers} values */
const meanSquare = (values) => average(Array.from(values, square));

/** @param {Numbers} values */
export const size = (values) => Math.sqrt(meanSquare(values));

/** @typedef {{ W: Float64Array, b: Float64Array }} Layer */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Layer[]}
 */
function start({ scheme, gain, depth, width }, { draws }) {
  let used = 0;
  return range(depth + 1).map((k) => {
    const [nIn, nOut] = [k ? width : 2, k < depth ? width : 1];
    const unit = draws.slice(used, used + nIn * nOut);
    used += nIn * nOut;
    const spread = gain * SPREAD[scheme](nIn, nOut);
    const W = Float64Array.from(unit, (u) => spread * (scheme === "constant" ? 1 : u));
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
 * One pass forward and back: the cost, the gradients, and what each hidden layer saw.
 *
 * @param {Layer[]} layers
 * @param {Activation} act
 * @param {Float64Array} X
 * @param {Numbers} y
 */
function pass(layers, act, X, y) {
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
  return { cost, grads, seen };
}

/**
 * @param {Activation} act
 * @param {Float64Array} A
 * @param {Float64Array} cache
 */
const slopesOf = (act, A, cache) =>
  act.backward(
    A.map(() => 1),
    cache,
  );

/**
 * What an infinitely wide network has in each layer: q, the mean square of the scores, and the mean
 * squares of the inputs and of the slopes.
 *
 * @param {Settings} settings
 * @param {Activation} act
 * @param {Numbers} X
 * @param {Shared} shared
 */
function theory({ scheme, gain, depth, width }, act, X, { quantiles }) {
  const found = [];
  let [mean, nIn] = [meanSquare(X), 2];
  for (let k = 0; k < depth; k++) {
    const q = nIn * square(gain * SPREAD[scheme](nIn, width)) * mean;
    const [A, cache] = act.forward(Float64Array.from(quantiles, (u) => Math.sqrt(q) * u));
    found.push({ q, inputs: mean, slopes: meanSquare(slopesOf(act, A, cache)) });
    [mean, nIn] = [meanSquare(A), width];
  }
  return found;
}

/**
 * The share of the units whose slope is 0 for every example.
 *
 * @param {Float64Array} slopes of all examples
 * @param {number} width
 */
function deadShare(slopes, width) {
  const alive = new Set();
  slopes.forEach((v, i) => {
    if (v) alive.add(i % width);
  });
  return 1 - alive.size / width;
}

/**
 * What becomes of the errors on their way down, from the last layer to the first.
 *
 * @param {number} first
 * @param {number} last
 */
function verdictOn(first, last) {
  if (!first) return "there are none";
  if (first / last < 0.01) return "they vanish";
  return first / last > 100 ? "they explode" : "they get through";
}

/**
 * What there is to say of the network before its first step.
 *
 * @param {Seen[]} seen
 * @param {Activation} act
 * @param {Settings} settings
 * @param {Numbers} X
 * @param {Shared} shared
 */
function atStart(seen, act, settings, X, shared) {
  const { scheme, gain, activation, depth, width } = settings;
  const flat = shared.saturated * LARGEST[activation];
  const slopes = seen.map(({ A, actCache }) => slopesOf(act, A, actCache));
  const saturated = slopes.map((s) => average(s.map((v) => Number(v < flat))));
  const dead = slopes.map((s) => deadShare(s, width));
  const [first, last] = [size(seen[0].dZ), size(lastOf(seen).dZ)];
  const squares = seen.map(({ Z }) => meanSquare(Z));
  const wide = theory(settings, act, X, shared);
  const variance = square(gain * SPREAD[scheme](width, width));
  const factors = wide.map(({ slopes }) => width * variance * slopes);
  return {
    signals: seen.map(({ A }) => A),
    errors: seen.map(({ dZ }) => dZ),
    squares,
    saturated,
    dead,
    q: wide.map(({ q }) => q),
    expected: factors.map((_, k) => {
      const growth = factors.slice(k, -1).reduce((a, b) => a * b, 1);
      return last * Math.sqrt(growth);
    }),
    variance,
    inputs: wide[depth - 1].inputs,
    should: wide[depth - 1].q,
    is: squares[depth - 1],
    slopes: wide[depth - 2].slopes,
    factor: factors[depth - 2],
    first,
    last,
    verdict: verdictOn(first, last),
    all_saturated: average(saturated),
    all_dead: average(dead),
    layer: shared.layers[activation],
    weights: shared.weights[scheme],
  };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
export function* train(settings, shared) {
  const act = activations[settings.activation];
  const X = Float64Array.from(shared.X.flat());
  const y = shared.y.flat();
  /** @type {number[]} */
  const costs = [];
  let found;
  for (const { cost, seen } of descent(start(settings, shared), act, X, y, shared)) {
    found ??= atStart(seen, act, settings, X, shared);
    costs.push(cost);
    yield { ...found, ...ending(costs, null) };
  }
  if (!found) return;
  // The same from weights that are hardly others: where that ends elsewhere, training is chaotic.
  const other = { ...settings, gain: settings.gain * (1 + shared.nudge) };
  let twin = NaN;
  for (const { cost } of descent(start(other, shared), act, X, y, shared)) {
    twin = cost;
    yield undefined;
  }
  const apart = Math.abs(twin - lastOf(costs)) > shared.visible;
  yield { ...found, ...ending(costs, apart ? twin : null) };
}

/**
 * @param {number[]} costs so far
 * @param {number | null} twin
 */
function ending(costs, twin) {
  const cost = lastOf(costs);
  const finite = Number.isFinite(cost);
  const told = { cost: finite ? cost : null, overflow: finite ? null : "" };
  return { costs, step: costs.length - 1, ...told, twin };
}

/**
 * The passes of gradient descent, one a step.
 *
 * @param {Layer[]} layers
 * @param {Activation} act
 * @param {Float64Array} X
 * @param {Numbers} y
 * @param {Shared} shared
 */
function* descent(layers, act, X, y, { steps, rate }) {
  for (let step = 0; step <= steps; step++) {
    const now = pass(layers, act, X, y);
    yield now;
    layers = layers.map(({ W, b }, k) => ({
      W: gradientDescent(W, now.grads[k].W, rate),
      b: gradientDescent(b, now.grads[k].b, rate),
    }));
  }
}
