// Signals and errors through blocks at their start weights, as byhand/labs/residual.py has them
// from dlcore: plain, residual, normalized, scaled by the depth, and starting at V = 0.

import { activations, affineForward } from "./engine.js";
import { average, lastOf } from "./numbers.js";
import { normals, randomState } from "./random.js";
import { append, seriesOf } from "./series.js";

/** @import { Numbers, Series } from "./types.ts" */

/** @typedef {"plain" | "residual" | "normalized" | "scaled" | "zero"} Network */

/** @type {Network[]} */
export const NETWORKS = ["plain", "residual", "normalized", "scaled", "zero"];

/**
 * @typedef {object} Settings
 * @property {number} seed
 * @property {string} networks
 * @property {"he" | "xavier"} scheme
 * @property {number} gain
 * @property {"relu" | "tanh" | "none"} activation
 * @property {number} depth
 * @property {number} width
 */

/** @typedef {{ quantiles: number[], calls: { [activation: string]: string } }} Shared */

const SIZES = { he: 2, xavier: 1 }; // D Var(w) of W

/** @param {Numbers} values */
const meanSquare = (values) => average(Array.from(values, (v) => v * v));

/**
 * What the network multiplies V by.
 *
 * @param {Network} network
 * @param {number} depth
 */
function partOf(network, depth) {
  if (network === "zero") return 0;
  return network === "scaled" ? 1 / Math.sqrt(depth) : 1;
}

// --- the theory of wide networks ---

/**
 * The mean squares of g(z) and of g'(z) where z is normal with this mean square.
 *
 * @param {Settings["activation"]} activation
 * @param {number} square
 * @param {number[]} quantiles
 */
function kept(activation, square, quantiles) {
  if (activation === "relu") return { outputs: square / 2, slopes: 0.5 };
  if (activation === "none") return { outputs: square, slopes: 1 };
  const squares = quantiles.map((u) => Math.tanh(Math.sqrt(square) * u) ** 2);
  return { outputs: average(squares), slopes: average(squares.map((s) => (1 - s) ** 2)) };
}

/**
 * The mean squares before and after each block: of a signal that starts at 1, and of an error that
 * starts at 1 at the other end.
 *
 * @param {Network} network
 * @param {Settings} settings
 * @param {Shared} shared
 */
function theory(network, { scheme, gain, activation, depth }, { quantiles }) {
  const size = (gain * partOf(network, depth)) ** 2;
  const around = Number(network !== "plain");
  const [signals, errors] = [[1], [1]];
  const factors = [];
  for (let k = 0; k < depth; k++) {
    const q = signals[k];
    const read = network === "normalized" ? 1 : q;
    const { outputs, slopes } = kept(activation, SIZES[scheme] * read, quantiles);
    signals.push(around * q + size * outputs);
    factors.push(around + (size * SIZES[scheme] * slopes * read) / q);
  }
  for (const factor of factors.reverse()) errors.unshift(factor * errors[0]);
  return { signals, errors };
}

// --- what is measured ---

/** @typedef {{ W: Float64Array, V: Float64Array }} Block of numbers with variance 1 */

/**
 * What one seed draws: an input, an error, and as many blocks as were asked for so far.
 *
 * @typedef {{ a: Float64Array, delta: Float64Array, blocks: Block[], next: () => Block }} Draws
 */

/** @type {{ width: number, seeds: Map<number, Draws> }} the last width's: drawing takes long */
let known = { width: 0, seeds: new Map() };

/**
 * @param {number} seed
 * @param {number} width
 * @returns {Draws}
 */
function drawsOf(seed, width) {
  const normal = normals(randomState(seed));
  const draw = (/** @type {number} */ length) => Float64Array.from({ length }, normal);
  const [a, delta] = [draw(width), draw(width)];
  const root = Math.sqrt(meanSquare(a));
  const next = () => ({ W: draw(width * width), V: draw(width * width) });
  return { a: a.map((v) => v / root), delta, blocks: [], next };
}

/**
 * The draws of a seed with enough blocks, drawn one at a time.
 *
 * @param {number} seed
 * @param {Settings} settings
 * @returns {Generator<undefined, Draws, void>}
 */
function* drawn(seed, { depth, width }) {
  if (known.width !== width) known = { width, seeds: new Map() };
  const draws = known.seeds.get(seed) ?? drawsOf(seed, width);
  known.seeds.set(seed, draws);
  while (draws.blocks.length < depth) {
    draws.blocks.push(draws.next());
    yield;
  }
  return draws;
}

/**
 * The errors of what a matrix reads, as affineBackward has them, without the gradient of W.
 *
 * @param {Float64Array} d
 * @param {Float64Array} W
 */
function down(d, W) {
  const n = d.length;
  const below = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) below[j] += d[i] * W[i * n + j];
  return below;
}

/**
 * Send a signal up and an error down.
 *
 * @param {Network} network
 * @param {Settings} settings
 * @param {Draws} draws
 */
function through(network, { scheme, gain, activation, depth, width }, { a, delta, blocks }) {
  const { forward, backward } = activations[activation];
  const around = Number(network !== "plain");
  const ofW = Math.sqrt(SIZES[scheme] / width);
  const ofV = (partOf(network, depth) * gain) / Math.sqrt(width);
  const none = new Float64Array(width);
  const caches = [];
  const [signals, errors] = [[meanSquare(a)], [1]];
  for (const { W, V } of blocks.slice(0, depth)) {
    const scale = network === "normalized" ? ofW / Math.sqrt(meanSquare(a)) : ofW;
    const read = a.map((v) => scale * v);
    const [A, slopes] = forward(affineForward(read, W, none)[0]);
    const [out] = affineForward(A, V, none);
    a = a.map((v, i) => around * v + ofV * out[i]);
    caches.push({ W, V, scale, slopes });
    signals.push(meanSquare(a));
  }
  const top = meanSquare(delta);
  for (const { W, V, scale, slopes } of caches.reverse()) {
    const dZ = backward(down(delta, V), slopes);
    const below = down(dZ, W);
    // The root of a normalized signal is taken as a constant.
    delta = delta.map((d, i) => around * d + scale * ofV * below[i]);
    errors.unshift(meanSquare(delta) / top);
  }
  return { signals, errors };
}

// --- what there is to say ---

/**
 * @template {object} T
 * @typedef {{ [Key in `${Network}_${keyof T & string}`]: T[keyof T] }} OfEach
 */

/**
 * The numbers of each network under names of their own.
 *
 * @template {object} T
 * @param {(network: Network) => T} numbersOf
 */
function ofEach(numbersOf) {
  const all = NETWORKS.flatMap((network) =>
    Object.entries(numbersOf(network)).map(([key, value]) => [`${network}_${key}`, value]),
  );
  return /** @type {OfEach<T>} */ (Object.fromEntries(all));
}

/**
 * NumPy's quantile of values in order.
 *
 * @param {number[]} ordered
 * @param {number} share
 */
function quantile(ordered, share) {
  const place = share * (ordered.length - 1);
  const [low, high] = [ordered[Math.floor(place)], ordered[Math.ceil(place)]];
  return low + (high - low) * (place % 1);
}

/** @typedef {{ [name: string]: (number | null)[] | (number[] | null)[] }} Runs a seed each */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} seeds
 */
export function* train(settings, shared, seeds) {
  const { scheme, gain, activation } = settings;
  const chosen = new Set(settings.networks.split("-"));
  const { outputs } = kept(activation, SIZES[scheme], shared.quantiles);
  const rho = gain ** 2 * outputs;
  const nothing = { signals: null, errors: null, top: null, bottom: null };
  const expected = ofEach((network) => {
    const { signals, errors } = theory(network, settings, shared);
    const on = chosen.has(network);
    return {
      should_signals: on ? signals : null,
      should_errors: on ? errors : null,
      should: on ? lastOf(signals) : null,
      should_error: on ? errors[0] : null,
    };
  });
  /** @type {Series<{ [name: string]: number | number[] | null }>} */
  const series = seriesOf([]);
  for (const seed of seeds) {
    const draws = yield* drawn(seed, settings);
    const found = ofEach((network) => {
      if (!chosen.has(network)) return nothing;
      const { signals, errors } = through(network, settings, draws);
      return { signals, errors, top: lastOf(signals), bottom: errors[0] };
    });
    append(series, found);
    const ranges = ofEach((network) => {
      const tops = /** @type {number[]} */ (series[`${network}_top`]);
      const ordered = [...tops].sort((a, b) => a - b);
      const of = (/** @type {number} */ share) =>
        chosen.has(network) ? quantile(ordered, share) : null;
      return { low: of(0), middle: of(0.5), high: of(1) };
    });
    const dead = /** @type {unknown[]} */ (series.plain_top).filter((top) => top === 0).length;
    yield {
      ...expected,
      ...ranges,
      dead: dead || null,
      rho,
      grown: 1 + rho,
      outputs,
      steady: activation === "tanh" ? null : "",
      weights: `${scheme}_normal`,
      call: shared.calls[activation].replace("{}", "a @ W.T"),
      series,
    };
  }
}
