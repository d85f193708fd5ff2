// Lab race: paths down a surface, their costs, the stable rates, and the same settings on moons.

import * as Plot from "@observablehq/plot";
import {
  adam,
  gradientDescent,
  logistic,
  momentum,
  nesterov,
  rmsprop,
  shallowNetwork,
} from "../engine.js";
import { contours, equalHeight, frame } from "../marks.js";
import { fill, show } from "../text.js";

// --- the runners: how each is drawn, its step, its greatest stable rate where 2 / lambda is 1 ---

const RUNNERS = {
  gd: {
    name: "gradient descent",
    look: ["●", "circle", "var(--lab-ink)"],
    step: (theta, grad, _, { rate }) => [gradientDescent(theta, grad, rate)],
    stable: () => 1,
  },
  momentum: {
    name: "momentum",
    look: ["▲", "triangle", "var(--lab-0)"],
    step: (theta, grad, v, { rate, beta }) => momentum(theta, grad, v, rate, beta),
    stable: (beta) => (1 + beta) / (1 - beta),
  },
  nesterov: {
    name: "Nesterov",
    look: ["◆", "diamond", "var(--lab-2)"],
    step: (theta, grad, v, { rate, beta }) => nesterov(theta, grad, v, rate * (1 - beta), beta),
    stable: (beta) => (1 + beta) / (1 - beta) / (1 + 2 * beta),
  },
  rmsprop: {
    name: "RMSprop",
    look: ["■", "square", "var(--lab-1)"],
    step: (theta, grad, s, { rate, beta }) => rmsprop(theta, grad, s, rate, beta),
  },
  adam: {
    name: "Adam",
    look: ["★", "star", "var(--lab-path)"],
    step: (theta, grad, { v, s = v, t = 0 }, { rate, beta, beta2 }) =>
      adam(theta, grad, { v, s, t }, rate, beta, beta2),
  },
};
const chosenOf = ({ optimizers }) => optimizers.split("-");

function runner(name, theta, settings) {
  const zeros = theta.map(() => 0);
  let memory = name === "adam" ? { v: zeros } : zeros;
  return (grad) => {
    [theta, memory] = RUNNERS[name].step(theta, grad, memory, settings);
    return theta;
  };
}

// --- the surfaces, in coordinates u (along the axis) and w: [cost, slope in u, slope in w] ---

const ravine = (u, w, kappa) => [(u * u + kappa * w * w) / 2, u, kappa * w];
const FORMS = {
  ravine,
  turned: ravine,
  rosenbrock(u, w) {
    const b = w - u * u;
    return [((1 - u) * (1 - u)) / 10 + b * b, (u - 1) / 5 - 4 * u * b, 2 * b];
  },
  saddle(u, w) {
    const q = u * u - 1;
    return [(q * q) / 4 + (w * w) / 2, u * q, w];
  },
};

// x1, x2 -> [cost, gradient]
function surfaceOf({ surface, kappa }, { surfaces }) {
  const [c, s] = surfaces[surface].axis;
  return (x1, x2) => {
    const [cost, du, dw] = FORMS[surface](c * x1 + s * x2, c * x2 - s * x1, kappa);
    return [cost, [c * du - s * dw, s * du + c * dw]];
  };
}

function descend(name, settings, shared) {
  const surface = surfaceOf(settings, shared);
  let theta = [settings.x1, settings.x2];
  const step = runner(name, theta, settings);
  const path = [];
  for (const draw of shared.draws) {
    const [cost, gradient] = surface(...theta);
    const next = step(gradient.map((g, i) => g + settings.noise * draw[i]));
    if (!next.every((x) => Math.abs(x) < shared.far)) break;
    path.push({ x1: theta[0], x2: theta[1], cost, next });
    theta = next;
  }
  return path;
}

// --- the moons: the mean cost of each epoch's batches ---

const learned = new Map();
let batches = null; // [X, y] of each step

function batchesOf({ X, y, batch, draws }) {
  return Array.from({ length: draws.length - 1 }, (_, k) => {
    const epoch = Math.floor((k * batch) / y.length);
    const place = (i) => (97 * epoch + (k * batch + i) * (2 * epoch + 1)) % y.length;
    const rows = Array.from({ length: batch }, (_, i) => place(i));
    return [
      Float64Array.from(rows.flatMap((n) => [X[2 * n], X[2 * n + 1]])),
      rows.map((n) => y[n]),
    ];
  });
}

// Returns the costs, and pauses after each epoch.
function* learn(name, settings, shared) {
  const key = JSON.stringify([name, settings.rate, settings.beta, settings.beta2]);
  if (learned.has(key)) return learned.get(key);
  batches ??= batchesOf(shared);
  const net = shallowNetwork(2, shared.units, "relu");
  const perEpoch = shared.y.length / shared.batch;
  let theta = Float64Array.from(shared.theta);
  const step = runner(name, theta, settings);
  const costs = [];
  for (let k = 0; k < batches.length; k += perEpoch) {
    let total = 0;
    for (const [X, y] of batches.slice(k, k + perEpoch)) {
      const [scores, cache] = net.forward(theta, X);
      const [cost, dscores] = logistic(scores, y);
      total += cost;
      theta = step(net.backward(dscores, cache));
    }
    costs.push(total / perEpoch);
    yield;
  }
  learned.set(key, costs);
  return costs;
}

// Of those that still run, the first with the lowest cost.
function lowest(costs, t) {
  const running = Object.keys(costs).filter((name) => t < costs[name].length);
  const [best] = running.sort((a, b) => costs[a][t] - costs[b][t]);
  return best ? RUNNERS[best].name : "none";
}

function* train(settings, shared, stops) {
  const { surface, kappa, rate, beta } = settings;
  const perEpoch = shared.y.length / shared.batch;
  const epochs = stops.map((t) => Math.floor(Math.min(t, stops.length - 2) / perEpoch));
  const chosen = chosenOf(settings);
  const sharpest = shared.surfaces[surface].sharpest ?? kappa;
  const none = stops.map(() => null);
  const series = { epoch: epochs.map((epoch) => epoch + 1), moons_first: none };
  const paths = {};
  const costs = {};
  const moons = {};
  for (const name of Object.keys(RUNNERS)) {
    const path = chosen.includes(name) ? descend(name, settings, shared) : [];
    const column = (of) => stops.map((t) => (path[t] ? of(path[t]) : null));
    series[name] = series[`${name}_moons`] = none;
    series[`${name}_x`] = column(({ x1 }) => x1);
    series[`${name}_d`] = column(({ x1, next }) => (x1 - next[0]) / rate);
    series[`${name}_next`] = column(({ next }) => next[0]);
    if (path.length === 0) continue;
    paths[name] = path;
    costs[name] = path.map(({ cost }) => cost);
    series[name] = stops.map((t) => costs[name][t] ?? "out");
  }
  series.first = stops.map((t) => lowest(costs, t));
  const state = {
    formula: shared.surfaces[surface].formula,
    made: chosen.map((name) => fill(shared.code[name], settings)).join(", "),
    sharpest,
    stable: 2 / sharpest,
    momentum_stable: (2 / sharpest) * RUNNERS.momentum.stable(beta),
    paths,
    costs,
    moons,
    series,
  };
  yield state;
  for (const name of chosen) {
    moons[name] = yield* learn(name, settings, shared);
    series[`${name}_moons`] = epochs.map((epoch) => moons[name][epoch]);
  }
  series.moons_first = epochs.map((epoch) => lowest(moons, epoch));
  yield state;
}

// --- drawing ---

const X1 = [-2, 2];
const X2 = [-1.5, 1.5];
const GRID = { columns: 81, rows: 61 };
const LEVELS = Array.from({ length: 13 }, (_, i) => 0.03 * 2 ** i);
const SHADES = Array.from(
  { length: LEVELS.length + 1 },
  (_, i) =>
    `color-mix(in oklab, var(--lab-low), var(--lab-high) ${Math.round((100 * i) / LEVELS.length)}%)`,
);
const at = { x: "x1", y: "x2" };
const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
const between = ([low, high], share) => low + (high - low) * share;

let ground = {}; // the contours that were drawn last: most changes leave them alone

function contoursOf(settings, shared) {
  const surface = surfaceOf(settings, shared);
  const heights = Array.from({ length: GRID.columns * GRID.rows }, (_, i) => {
    const x1 = between(X1, ((i % GRID.columns) + 0.5) / GRID.columns);
    return surface(x1, between(X2, (Math.floor(i / GRID.columns) + 0.5) / GRID.rows))[0];
  });
  return contours(heights, {
    ...GRID,
    x: X1,
    y: X2,
    value: undefined,
    fill: Plot.identity,
    thresholds: LEVELS,
    stroke: "var(--lab-contour)",
    strokeWidth: 0.5,
    clip: null,
  });
}

const symbol = (name, hollow = false) => {
  const [, symbol, color] = RUNNERS[name].look;
  const [fill, stroke] = hollow ? ["var(--lab-ground)", color] : [color, "var(--lab-ground)"];
  return { symbol, r: 6, fill, stroke, strokeWidth: 1.5 };
};

const map = {
  title: "Paths",
  keys: [
    ["→", "velocity"],
    ["○", "off the map"],
    ...Object.values(RUNNERS).map(({ name, look: [sign, , color] }) => [sign, name, { color }]),
  ],
  label: ({ values: { step, first } }) => `after ${step} steps the lowest is ${first}`,
  draw({ settings, shared, state, position, width }) {
    const runners = Object.entries(state.paths).map(([name, path]) => {
      const done = path.slice(0, position + 1);
      const now = done.at(-1) ?? settings;
      const inside = { x1: clamp(now.x1, X1), x2: clamp(now.x2, X2) };
      const out = inside.x1 !== now.x1 || inside.x2 !== now.x2 || done.length <= position;
      const stroke = RUNNERS[name].look[2];
      const [d1, d2] = out ? [] : [now.next[0] - now.x1, now.next[1] - now.x2];
      const longer = 0.7 * Math.hypot(d1, d2) ** (-2 / 3); // so that small steps are seen
      return [
        Plot.line(done, { ...at, stroke, strokeWidth: 1.8, strokeOpacity: 0.8, clip: true }),
        Plot.dot(done, { ...at, r: 1.7, fill: stroke, clip: true }),
        Plot.arrow(out ? [] : [now], {
          x1: "x1",
          y1: "x2",
          x2: now.x1 + longer * d1,
          y2: now.x2 + longer * d2,
          stroke,
          strokeWidth: 2.5,
          clip: true,
        }),
        Plot.dot([inside], { ...at, ...symbol(name, out) }),
      ];
    });
    const key = JSON.stringify([settings.surface, settings.kappa, width]);
    const known = ground.key === key;
    const svg = Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, X1, X2),
      x: { domain: X1, label: "x₁", ticks: 5 },
      y: { domain: X2, label: "x₂", ticks: 7 },
      color: { type: "threshold", domain: LEVELS, range: SHADES },
      marks: [
        known ? () => ground.node.cloneNode(true) : contoursOf(settings, shared),
        Plot.text(shared.surfaces[settings.surface].lowest, { text: ["✕", "✕"], fontSize: 13 }),
        Plot.dot([settings], { ...at, r: 4, fill: "var(--lab-ground)", stroke: "currentColor" }),
        Plot.text([settings], { ...at, text: ["start"], dy: -12, fontWeight: 600 }),
        runners,
      ],
    });
    if (!known) ground = { key, node: svg.querySelector("[aria-label=contour]") };
    return svg;
  },
  drag(_, x, y) {
    const place = (value, domain) =>
      clamp(
        Math.round(20 * value),
        domain.map((end) => 20 * end - Math.sign(end)),
      ) / 20;
    const [x1, x2] = [place(x, X1), place(y, X2)];
    return [{ x1, x2 }, `Start: (${show(x1)}, ${show(x2)}). `];
  },
};

// Curves of all runners, light to their end and strong up to now; hollow where one is out.
const curves = (title, what, first, y) => ({
  title,
  minHeight: 165,
  label: ({ values }) => `the lowest is ${values[first]}`,
  draw({ shared, state, position, width, height }) {
    const last = shared.draws.length - 1;
    return Plot.plot({
      ...frame,
      marginTop: 12,
      marginLeft: 50,
      width,
      height,
      x: { domain: [0, last], label: "step", ticks: 5 },
      y: { label: null, grid: true, ...y },
      marks: Object.entries(state[what]).map(([name, costs]) => {
        const every = what === "moons" ? last / costs.length : 1;
        const points = costs.map((cost, i) => ({ x: i * every, y: clamp(cost, y.domain) }));
        const done = points.filter(({ x }) => x <= position);
        const line = { x: "x", y: "y", stroke: RUNNERS[name].look[2] };
        return [
          Plot.line(points, { ...line, strokeOpacity: 0.35 }),
          Plot.line(done, { ...line, strokeWidth: 2 }),
          Plot.dot(done.slice(-1), { ...line, ...symbol(name, position > every * costs.length) }),
        ];
      }),
    });
  },
});

const cost = curves("Cost, logarithmic", "costs", "first", {
  type: "log",
  domain: [0.0001, 300],
  ticks: [0.0001, 0.01, 1, 100],
  tickFormat: "~g",
});

const moons = curves("Cost on the moons", "moons", "moons_first", { domain: [0, 0.8], ticks: 4 });

const RATES = [0.001, 2];

const rates = {
  title: "Stable rates near the lowest point",
  keys: [["┊", "the rate α"]],
  label: ({ values: { stable, rate } }) =>
    `gradient descent below ${show(stable, ".3g")}, α is ${show(rate)}`,
  draw({ settings, state, width }) {
    const rows = chosenOf(settings).map((name) => {
      const { stable, name: runner, look } = RUNNERS[name];
      const limit = stable ? state.stable * stable(settings.beta) : Infinity;
      return {
        runner: `${look[0]} ${runner}`,
        limit: clamp(limit, RATES),
        text:
          (stable ? show(limit, ".3g") : "bounded steps") +
          (settings.rate > limit ? ": unstable" : ""),
        stroke: look[2],
      };
    });
    const one = (row) =>
      Plot.ruleY([row], {
        y: "runner",
        x1: RATES[0],
        x2: "limit",
        stroke: row.stroke,
        strokeWidth: 6,
      });
    return Plot.plot({
      ...frame,
      marginTop: 8,
      marginLeft: 130,
      marginRight: 92,
      width,
      height: 40 + 20 * rows.length,
      x: { type: "log", domain: RATES, label: "α", ticks: [0.001, 0.01, 0.1, 1], tickFormat: "~g" },
      y: { domain: rows.map(({ runner }) => runner), label: null, tickSize: 0 },
      marks: [
        rows.map(one),
        Plot.ruleX([settings.rate], { strokeDasharray: "3 2", strokeWidth: 2 }),
        Plot.text(rows, {
          x: "limit",
          y: "runner",
          text: "text",
          dx: 6,
          textAnchor: "start",
          fill: "currentColor",
          stroke: "var(--lab-ground)",
          strokeWidth: 4,
        }),
      ],
    });
  },
};

export default {
  areas: ["map cost", "map moons", "rates rates"],
  columns: "3fr 2fr",
  panels: { map, cost, moons, rates },
  train,
};
