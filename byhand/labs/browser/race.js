// What the lab race computes: optimizers on a surface and on moons, as byhand/labs/race.py has them
// from dlcore.

import { logistic } from "./engine.js";
import { shallowNetwork } from "./network.js";
import { range } from "./numbers.js";
import { adam, adamInit, gradientDescent, momentum, nesterov, rmsprop } from "./optimizers.js";
import { bestPair, momentumOn } from "./regimes.js";
import { bottomOf, surfaceOf } from "./surfaces.js";
import { written } from "./formula.js";
import { fill, show } from "./text.js";

/** @import { Pair, Training, Vector } from "./types.ts" */

/** @typedef {"gd" | "momentum" | "nesterov" | "rmsprop" | "adam"} Name */

/**
 * @typedef {object} Settings
 * @property {string} optimizers names, joined by "-"
 * @property {string} surface
 * @property {string} own
 * @property {number} kappa
 * @property {number} rate
 * @property {number} beta
 * @property {number} beta2
 * @property {number} noise
 * @property {number} x1
 * @property {number} x2
 * @property {number} step
 */

/**
 * @typedef {object} SurfaceSpec
 * @property {Pair} axis of its coordinate u
 * @property {string} formula
 * @property {Pair[]} lowest
 * @property {Pair | null} curvatures there, the least and the greatest, null for 1 and kappa
 */

/**
 * @typedef {object} Shared
 * @property {{ [surface: string]: SurfaceSpec }} surfaces
 * @property {{ [name in Name]: string }} code
 * @property {number} far where a run is out
 * @property {Pair[]} draws of the noise, one a step
 * @property {number[]} X the moons
 * @property {number[]} y
 * @property {number} units
 * @property {number} batch
 * @property {number[]} theta
 */

/** @typedef {{ x1: number, x2: number, cost: number, next: number[] }} Place on a path */

/**
 * @typedef {object} State
 * @property {string} formula
 * @property {string} made
 * @property {Pair[]} lowest points
 * @property {number | null} flattest
 * @property {number | null} sharpest
 * @property {number | null} quotient of these two curvatures
 * @property {number | null} stable
 * @property {number | null} momentum_stable
 * @property {string | null} does what momentum does
 * @property {number | null} factor of its distance in a step
 * @property {number | null} best_rate
 * @property {number | null} best_beta
 * @property {string | null} no_bowl
 * @property {{ [name in Name]?: Place[] }} paths
 * @property {{ [name in Name]?: number[] }} costs
 * @property {{ [name in Name]?: number[] }} moons
 * @property {{ [column: string]: unknown[] }} series
 */

// --- the runners ---

/** @typedef {{ rate: number, beta: number, beta2: number }} Options */

/**
 * @typedef {object} Runner
 * @property {string} name
 * @property {string} sign
 * @property {string} symbol
 * @property {string} color
 * @property {(beta: number) => number} [stable] its greatest stable rate where 2 / lambda is 1
 */

/** @param {number} beta */
const momentumStable = (beta) => (1 + beta) / (1 - beta);

/** @type {{ [name in Name]: Runner }} */
export const RUNNERS = {
  gd: {
    name: "gradient descent",
    sign: "●",
    symbol: "circle",
    color: "var(--lab-ink)",
    stable: () => 1,
  },
  momentum: {
    name: "momentum",
    sign: "▲",
    symbol: "triangle",
    color: "var(--lab-0)",
    stable: momentumStable,
  },
  nesterov: {
    name: "Nesterov",
    sign: "◆",
    symbol: "diamond",
    color: "var(--lab-2)",
    stable: (beta) => momentumStable(beta) / (1 + 2 * beta),
  },
  rmsprop: { name: "RMSprop", sign: "■", symbol: "square", color: "var(--lab-1)" },
  adam: { name: "Adam", sign: "★", symbol: "star", color: "var(--lab-path)" },
};
export const NAMES = /** @type {Name[]} */ (Object.keys(RUNNERS));

/** @param {Settings} settings */
export const chosenOf = ({ optimizers }) => /** @type {Name[]} */ (optimizers.split("-"));

/**
 * An optimizer at its start: a function of the gradient that returns the next theta.
 *
 * @template {Vector} V
 * @param {Name} name
 * @param {V} theta
 * @param {Options} options
 */
function runner(name, theta, { rate, beta, beta2 }) {
  let v = theta.map(() => 0);
  let both = adamInit(theta);
  /** @type {{ [name in Name]: (grad: V) => void }} */
  const steps = {
    gd: (grad) => (theta = gradientDescent(theta, grad, rate)),
    momentum: (grad) => ([theta, v] = momentum(theta, grad, v, rate, beta)),
    nesterov: (grad) => ([theta, v] = nesterov(theta, grad, v, rate * (1 - beta), beta)),
    rmsprop: (grad) => ([theta, v] = rmsprop(theta, grad, v, rate, beta)),
    adam: (grad) => ([theta, both] = adam(theta, grad, both, rate, beta, beta2)),
  };
  return (/** @type {V} */ grad) => {
    steps[name](grad);
    return theta;
  };
}

// --- on the surface ---

/**
 * The path of a runner, to where it is out.
 *
 * @param {Name} name
 * @param {Settings} settings
 * @param {Shared} shared
 */
function descend(name, settings, shared) {
  const surface = surfaceOf(settings, shared);
  const { noise } = settings;
  let theta = [settings.x1, settings.x2];
  const step = runner(name, theta, settings);
  /** @type {Place[]} */
  const path = [];
  for (const [n1, n2] of shared.draws) {
    const [x1, x2] = theta;
    const [cost, [g1, g2]] = surface(x1, x2);
    const next = step([g1 + noise * n1, g2 + noise * n2]);
    if (!next.every((x) => Math.abs(x) < shared.far)) break;
    path.push({ x1, x2, cost, next });
    theta = next;
  }
  return path;
}

// --- the moons: the mean cost of each epoch's batches ---

/** @typedef {[X: Float64Array, y: number[]]} Batch */

/** @type {Map<string, number[]>} */
const learned = new Map();
/** @type {Batch[] | null} one a step */
let batches = null;

/**
 * @param {Shared} shared
 * @returns {Batch[]}
 */
function batchesOf({ X, y, batch, draws }) {
  return range(draws.length - 1).map((k) => {
    const epoch = Math.floor((k * batch) / y.length);
    const place = (/** @type {number} */ i) =>
      (97 * epoch + (k * batch + i) * (2 * epoch + 1)) % y.length;
    const rows = range(batch).map(place);
    const points = rows.flatMap((n) => [X[2 * n], X[2 * n + 1]]);
    return [Float64Array.from(points), rows.map((n) => y[n])];
  });
}

/** @param {Shared} shared */
const perEpoch = ({ y, batch }) => y.length / batch; // steps

/**
 * Returns the costs, and pauses after each epoch.
 *
 * @param {Name} name
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Generator<undefined, number[], void>}
 */
function* learn(name, settings, shared) {
  const key = JSON.stringify([name, settings.rate, settings.beta, settings.beta2]);
  const known = learned.get(key);
  if (known) return known;
  batches ??= batchesOf(shared);
  const net = shallowNetwork(2, shared.units, "relu");
  const steps = perEpoch(shared);
  let theta = Float64Array.from(shared.theta);
  const step = runner(name, theta, settings);
  const costs = [];
  for (let k = 0; k < batches.length; k += steps) {
    let total = 0;
    for (const [X, y] of batches.slice(k, k + steps)) {
      const [scores, cache] = net.forward(theta, X);
      const [cost, dscores] = logistic(scores, y);
      total += cost;
      theta = step(net.backward(dscores, cache));
    }
    costs.push(total / steps);
    yield;
  }
  learned.set(key, costs);
  return costs;
}

/**
 * Of those that still run, who has the lowest cost; whose digits are the same share the place.
 *
 * @param {{ [name in Name]?: number[] }} costs
 * @param {number} t
 * @param {string} digits as they are written
 */
function lowestAt(costs, t, digits) {
  const running = entriesOf(costs).filter(([, run]) => t < run.length);
  const least = Math.min(...running.map(([, run]) => run[t]));
  const near = running.filter(([, run]) => run[t] - least < 0.01 * Math.max(Math.abs(least), 0.1));
  const first = near
    .filter(([, run]) => near.length === 1 || show(run[t], digits) === show(least, digits))
    .map(([name]) => RUNNERS[name].name);
  const [last] = first.splice(-1);
  return first.length ? `${first.join(", ")} and ${last}` : (last ?? "none");
}

/**
 * @template T
 * @param {{ [name in Name]?: T }} found
 */
export const entriesOf = (found) => /** @type {[Name, T][]} */ (Object.entries(found));

// --- the state ---

/**
 * What is said of a runner at each stop, null where it does not run.
 *
 * @param {Name} name
 * @param {Place[] | undefined} path
 * @param {number} rate
 * @param {number[]} stops
 */
function columnsOf(name, path, rate, stops) {
  const column = (/** @type {(place: Place) => number} */ of) =>
    stops.map((t) => (path?.[t] ? of(path[t]) : null));
  return {
    [name]: stops.map((t) => (path ? (path[t]?.cost ?? "out") : null)),
    [`${name}_moons`]: stops.map(() => null),
    [`${name}_x`]: column(({ x1 }) => x1),
    [`${name}_d`]: column(({ x1, next }) => (x1 - next[0]) / rate),
    [`${name}_next`]: column(({ next }) => next[0]),
  };
}

/**
 * What the curvatures at the lowest point say; null for what does not apply.
 *
 * @param {Pair | null} curvatures
 * @param {Settings} settings
 */
function saidOf(curvatures, { rate, beta, optimizers }) {
  const [flattest, sharpest] = curvatures ?? [null, null];
  const best = curvatures && bestPair(...curvatures);
  const momentum =
    curvatures && optimizers.includes("momentum") ? momentumOn(curvatures, rate, beta) : null;
  const stable = sharpest && 2 / sharpest;
  return {
    flattest,
    sharpest,
    quotient: sharpest && flattest && sharpest / flattest,
    stable,
    momentum_stable: stable && stable * momentumStable(beta),
    does: momentum && momentum.does,
    factor: momentum && momentum.factor,
    best_rate: best && best.rate,
    best_beta: best && best.beta,
    no_bowl: curvatures ? null : "no bowl",
  };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 * @returns {Training<State>}
 */
export function* train(settings, shared, stops) {
  const { surface, own, rate } = settings;
  const { lowest, curvatures } = bottomOf(settings, shared);
  const chosen = chosenOf(settings);
  const epochs = stops.map((t) => Math.floor(Math.min(t, stops.length - 2) / perEpoch(shared)));
  /** @type {State} */
  const state = {
    formula: surface === "own" ? written(own) : shared.surfaces[surface].formula,
    made: chosen.map((name) => fill(shared.code[name], settings)).join(", "),
    lowest,
    ...saidOf(curvatures, settings),
    paths: {},
    costs: {},
    moons: {},
    series: { epoch: epochs.map((epoch) => epoch + 1), moons_first: stops.map(() => null) },
  };
  const { paths, costs, moons, series } = state;
  for (const name of chosen) {
    const path = descend(name, settings, shared);
    paths[name] = path;
    costs[name] = path.map(({ cost }) => cost);
  }
  for (const name of NAMES) Object.assign(series, columnsOf(name, paths[name], rate, stops));
  series.first = stops.map((t) => lowestAt(costs, t, ".3g"));
  yield state;
  for (const name of chosen) {
    const learned = yield* learn(name, settings, shared);
    moons[name] = learned;
    series[`${name}_moons`] = epochs.map((epoch) => learned[epoch]);
  }
  series.moons_first = epochs.map((epoch) => lowestAt(moons, epoch, ".3f"));
  yield state;
}
