// The lab init without its drawings: what there is to say of two networks, A and B, at their start
// and at each stop of their training.

import { activations } from "./engine.js";
import { descent, SPREAD, start } from "./init-network.js";
import { axesOf, viewOf } from "./init-views.js";
import { average, lastOf } from "./numbers.js";
import { append, seriesOf } from "./series.js";

/** @import { Activation } from "./engine.js" */
/** @import { Pass, Problem, Settings, Shared } from "./init-network.js" */
/** @import { View } from "./init-views.js" */
/** @import { Numbers, Series } from "./types.ts" */

/** @type {{ [activation: string]: number }} slope */
const LARGEST = { sigmoid: 0.25, tanh: 1, relu: 1 };

/** @param {number} v */
const square = (v) => v * v;

/** @param {Numbers} values */
const meanSquare = (values) => average(Array.from(values, square));

/** @param {Numbers} values */
const size = (values) => Math.sqrt(meanSquare(values));

/**
 * The standard deviation, and 0 for one that only rounding makes.
 *
 * @param {Numbers} values
 * @param {number} rounding
 */
function spreadOf(values, rounding) {
  const mean = average(values);
  const spread = size(Array.from(values, (v) => v - mean));
  return spread <= rounding * size(values) ? 0 : spread;
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
 * What an infinitely wide network has in each layer: the mean squares of the scores, of the inputs
 * and of the slopes, and the standard deviation of the activations.
 *
 * @param {Settings} settings
 * @param {Problem} problem
 * @param {Shared} shared
 */
function theory({ scheme, gain, depth, width }, { act, X }, { quantiles, rounding }) {
  const found = [];
  let [mean, nIn] = [meanSquare(X), 2];
  for (let k = 0; k < depth; k++) {
    const scores = nIn * square(gain * SPREAD[scheme](nIn, width)) * mean;
    const [A, cache] = act.forward(Float64Array.from(quantiles, (u) => Math.sqrt(scores) * u));
    const slopes = meanSquare(slopesOf(act, A, cache));
    found.push({ scores, inputs: mean, slopes, spread: spreadOf(A, rounding) });
    [mean, nIn] = [meanSquare(A), width];
  }
  return found;
}

/**
 * What theory says of a network before its first step, and the layer that it meets.
 *
 * @param {Pass} pass
 * @param {Settings} settings
 * @param {Problem} problem
 * @param {Shared} shared
 */
function atStart({ seen }, settings, problem, shared) {
  const { scheme, gain, depth, width } = settings;
  const wide = theory(settings, problem, shared);
  const variance = square(gain * SPREAD[scheme](width, width));
  const factors = wide.map(({ slopes }) => width * variance * slopes);
  const last = size(lastOf(seen).dZ);
  return {
    should_spread: wide.map(({ spread }) => spread),
    should_size: factors.map((_, k) => {
      const growth = factors.slice(k, -1).reduce((a, b) => a * b, 1);
      return last * Math.sqrt(growth);
    }),
    variance,
    inputs: wide[depth - 1].inputs,
    should: wide[depth - 1].scores,
    is: meanSquare(lastOf(seen).Z),
    slopes: wide[depth - 2].slopes,
    factor: factors[depth - 2],
    weights: shared.weights[scheme],
  };
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
  if (first === 0) return "there are none";
  if (first / last < 0.01) return "they vanish";
  return first / last > 100 ? "they explode" : "they get through";
}

/**
 * What there is to say at one stop.
 *
 * @param {Pass} pass
 * @param {Settings} settings
 * @param {Problem} problem
 * @param {Shared} shared
 */
function atStop({ cost, scores, seen }, { width }, { name, act, y }, { saturated, rounding }) {
  const flat = saturated * LARGEST[name];
  const slopes = seen.map(({ A, actCache }) => slopesOf(act, A, actCache));
  const spreads = seen.map(({ A }) => spreadOf(A, rounding));
  const sizes = seen.map(({ dZ }) => size(dZ));
  const finite = Number.isFinite(cost);
  return {
    spreads,
    sizes,
    saturated: slopes.map((s) => average(s.map((v) => Number(v < flat)))),
    dead: slopes.map((s) => deadShare(s, width)),
    spread: finite ? lastOf(spreads) : null,
    first: finite ? sizes[0] : null,
    verdict: finite ? verdictOn(sizes[0], lastOf(sizes)) : null,
    cost: finite ? cost : null,
    accuracy: average(Array.from(scores, (s, n) => Number(s > rounding === y[n] > 0))),
    overflow: finite ? null : "",
  };
}

// --- both networks ---

/** @typedef {ReturnType<typeof atStart>} Start */
/** @typedef {ReturnType<typeof atStop>} Stop */

/**
 * @template {object} T
 * @typedef {{ [Name in keyof T & string as `other_${Name}`]: T[Name] }} OfB
 */

/**
 * The same under the names of B.
 *
 * @template {object} T
 * @param {T} found
 */
const ofB = (found) =>
  /** @type {OfB<T>} */ (
    Object.fromEntries(Object.entries(found).map(([name, value]) => [`other_${name}`, value]))
  );

/**
 * A run, and the same from weights that are hardly others: where their costs part, it is chaotic.
 *
 * @param {Settings} settings
 * @param {Problem} problem
 * @param {Shared} shared
 */
function twins(settings, problem, shared) {
  const other = { ...settings, gain: settings.gain * (1 + shared.nudge) };
  return [settings, other].map((some) => descent(start(some), problem, shared));
}

/** @typedef {Stop & OfB<Stop> & { views: View[] }} Both */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
export function* train(settings, shared, stops) {
  const name = settings.activation;
  const X = Float64Array.from(shared.X.flat());
  const problem = { name, act: activations[name], X, y: shared.y.flat() };
  const sides = [settings, { ...settings, scheme: settings.other, gain: 1 }];
  const runs = sides.map((some) => twins(some, problem, shared));
  const wanted = new Set(stops);
  /** @type {Series<Both>} */
  const series = seriesOf([]);
  /** @type {number[][]} */
  const costs = [[], []];
  /** @type {Start[]} */
  let starts = [];
  let axes;
  let told;
  for (let step = 0; step <= shared.steps; step++) {
    const now = [];
    for (const [k, [run]] of runs.entries()) {
      now.push(/** @type {Pass} */ (run.next().value));
      costs[k].push(now[k].cost);
      yield undefined;
    }
    if (!wanted.has(step)) continue;
    if (!axes) starts = now.map((pass, k) => atStart(pass, sides[k], problem, shared));
    axes ??= axesOf(now, settings);
    const views = [];
    for (const pass of now) {
      views.push(viewOf(pass, problem, axes));
      yield undefined;
    }
    const [a, b] = now.map((pass) => atStop(pass, settings, problem, shared));
    append(series, { ...a, ...ofB(b), views });
    told = { call: shared.layers[name], starts, axes, series };
    yield { ...told, ...starts[0], ...ofB(starts[1]), twin: null, other_twin: null };
  }
  if (!told) return;
  /** @type {(number | null)[]} */
  const apart = [];
  for (const [k, [, twin]] of runs.entries()) {
    let most = 0;
    for (const cost of costs[k]) {
      const difference = Math.abs(cost - /** @type {Pass} */ (twin.next().value).cost);
      if (difference > most && Number.isFinite(difference)) most = difference;
      yield undefined;
    }
    apart.push(most > shared.visible ? most : null);
  }
  const [twin, other_twin] = apart;
  yield { ...told, ...starts[0], ...ofB(starts[1]), twin, other_twin };
}
