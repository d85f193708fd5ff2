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

function learn(name, settings, { X, y, theta, units, batch, draws }) {
  const key = JSON.stringify([name, settings.rate, settings.beta, settings.beta2]);
  if (learned.has(key)) return learned.get(key);
  const net = shallowNetwork(2, units, "relu");
  theta = Float64Array.from(theta);
  const step = runner(name, theta, settings);
  const perEpoch = y.length / batch;
  const costs = [];
  for (let k = 0; k < draws.length - 1; k++) {
    const epoch = Math.floor(k / perEpoch);
    const rows = Array.from(
      { length: batch },
      (_, i) => (97 * epoch + ((k % perEpoch) * batch + i) * (2 * epoch + 1)) % y.length,
    );
    const members = Float64Array.from(rows.flatMap((row) => [X[2 * row], X[2 * row + 1]]));
    const [scores, cache] = net.forward(theta, members);
    const [cost, dscores] = logistic(scores, rows.map((row) => y[row]));
    costs[epoch] = (costs[epoch] ?? 0) + cost / perEpoch;
    theta = step(net.backward(dscores, cache));
  }
  learned.set(key, costs);
  return costs;
}

function lowest(runs, t) {
  const running = Object.entries(runs).filter(([, costs]) => costs[t] !== "out");
  const best = running.reduce((a, b) => (b[1][t] < a[1][t] ? b : a), ["", { [t]: Infinity }]);
  return RUNNERS[best[0]]?.name ?? "none";
}

function* train(settings, shared, stops) {
  const { surface, kappa, rate, beta } = settings;
  const perEpoch = shared.y.length / shared.batch;
  const epochs = stops.map((t) => Math.floor(Math.min(t, stops.length - 2) / perEpoch));
  const chosen = chosenOf(settings);
  const sharpest = shared.surfaces[surface].sharpest ?? kappa;
  const none = stops.map(() => null);
  const series = { epoch: epochs.map((epoch) => epoch + 1), first: none, moons_first: none };
  const state = {
    formula: shared.surfaces[surface].formula,
    made: chosen.map((name) => fill(shared.code[name], settings)).join(", "),
    sharpest,
    stable: 2 / sharpest,
    momentum_stable: (2 / sharpest) * RUNNERS.momentum.stable(beta),
    paths: {},
    moons: {},
    series,
  };
  const runs = {};
  for (const name of Object.keys(RUNNERS)) {
    const path = chosen.includes(name) ? descend(name, settings, shared) : null;
    const column = (of, out = null) => stops.map((t) => (path ? (path[t] ? of(path[t]) : out) : null));
    series[name] = column(({ cost }) => cost, "out");
    series[`${name}_x`] = column(({ x1 }) => x1);
    series[`${name}_d`] = column(({ x1, next }) => (x1 - next[0]) / rate);
    series[`${name}_next`] = column(({ next }) => next[0]);
    series[`${name}_moons`] = none;
    if (path) [state.paths[name], runs[name]] = [path, series[name]];
  }
  series.first = stops.map((t) => lowest(runs, t));
  yield state;
  for (const name of chosen) {
    state.moons[name] = learn(name, settings, shared);
    series[`${name}_moons`] = epochs.map((epoch) => state.moons[name][epoch]);
    yield state;
  }
  series.moons_first = epochs.map((epoch) => lowest(state.moons, epoch));
  yield state;
}

// --- drawing ---

const X1 = [-2, 2];
const X2 = [-1.5, 1.5];
const GRID = { columns: 81, rows: 61 };
const LEVELS = Array.from({ length: 13 }, (_, i) => 0.03 * 2 ** i);
const SHADES = Array.from(
  { length: LEVELS.length + 1 },
  (_, i) => `color-mix(in oklab, var(--lab-low), var(--lab-high) ${Math.round((100 * i) / LEVELS.length)}%)`,
);
const at = { x: "x1", y: "x2" };
const clamp = (value, [low, high]) => Math.min(Math.max(value, low), high);
const between = ([low, high], share) => low + (high - low) * share;

function heights(settings, shared) {
  const surface = surfaceOf(settings, shared);
  return Array.from({ length: GRID.columns * GRID.rows }, (_, i) => {
    const x1 = between(X1, ((i % GRID.columns) + 0.5) / GRID.columns);
    return surface(x1, between(X2, (Math.floor(i / GRID.columns) + 0.5) / GRID.rows))[0];
  });
}

const symbol = (name, hollow = false) => {
  const [, symbol, color] = RUNNERS[name].look;
  const [fill, stroke] = hollow ? ["var(--lab-ground)", color] : [color, "var(--lab-ground)"];
  return { symbol, r: 6, fill, stroke, strokeWidth: 1.5 };
};

const map = {
  title: "Paths",
  keys: [["→", "velocity"], ["○", "off the map"]].concat(Object.values(RUNNERS).map(({ name, look: [sign, , color] }) => [sign, name, { color }])),
  label: ({ values: { step, first } }) => `after ${step} steps the lowest is ${first}`,
  draw({ settings, shared, state, position, width }) {
    const runners = Object.entries(state.paths).map(([name, path]) => {
      const done = path.slice(0, position + 1);
      const now = done.at(-1) ?? settings;
      const inside = { x1: clamp(now.x1, X1), x2: clamp(now.x2, X2) };
      const out = inside.x1 !== now.x1 || inside.x2 !== now.x2 || done.length <= position;
      const stroke = RUNNERS[name].look[2];
      const stretch = out ? 0 : 0.7 * Math.hypot(now.next[0] - now.x1, now.next[1] - now.x2) ** (-2 / 3);
      return [
        Plot.line(done, { ...at, stroke, strokeWidth: 1.8, strokeOpacity: 0.8, clip: true }),
        Plot.dot(done, { ...at, r: 1.7, fill: stroke, clip: true }),
        Plot.arrow(out ? [] : [now], {
          x1: "x1",
          y1: "x2",
          x2: () => now.x1 + stretch * (now.next[0] - now.x1),
          y2: () => now.x2 + stretch * (now.next[1] - now.x2),
          stroke,
          strokeWidth: 2.5,
          clip: true,
        }),
        Plot.dot([inside], { ...at, ...symbol(name, out) }),
      ];
    });
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, X1, X2),
      x: { domain: X1, label: "x₁", ticks: 5 },
      y: { domain: X2, label: "x₂", ticks: 7 },
      color: { type: "threshold", domain: LEVELS, range: SHADES },
      marks: [
        contours(heights(settings, shared), {
          ...GRID,
          x: X1,
          y: X2,
          value: undefined,
          fill: Plot.identity,
          thresholds: LEVELS,
          stroke: "var(--lab-contour)",
          strokeWidth: 0.5,
        }),
        Plot.text(shared.surfaces[settings.surface].lowest, { text: ["✕", "✕"], fontSize: 13 }),
        Plot.dot([settings], { ...at, r: 4, fill: "var(--lab-ground)", stroke: "currentColor" }),
        Plot.text([settings], { ...at, text: ["start"], dy: -12, fontWeight: 600 }),
        runners,
      ],
    });
  },
  drag({ spec }, x, y) {
    const put = (name, value) => {
      const { values } = spec.controls.find((control) => control.name === name);
      return values.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
    };
    const [x1, x2] = [put("x1", x), put("x2", y)];
    return [{ x1, x2 }, `Start: (${show(x1)}, ${show(x2)}). `];
  },
};

// Curves of all runners, light to their end and strong up to now; hollow where one is out.
const curves = (title, first, of, y) => ({
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
      marks: Object.entries(of(state)).map(([name, values]) => {
        const every = name in state.paths && of(state) === state.moons ? last / values.length : 1;
        const points = values.map((value, i) => ({ x: i * every, y: clamp(value, y.domain) }));
        const done = points.filter(({ x }) => x <= position);
        const line = { x: "x", y: "y", stroke: RUNNERS[name].look[2] };
        return [
          Plot.line(points, { ...line, strokeOpacity: 0.35 }),
          Plot.line(done, { ...line, strokeWidth: 2 }),
          Plot.dot(done.slice(-1), { ...line, ...symbol(name, position > points.at(-1).x + every) }),
        ];
      }),
    });
  },
});

const costs = ({ paths }) =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path.map(({ cost }) => cost)]));
const cost = curves("Cost, logarithmic", "first", costs, {
  type: "log",
  domain: [0.0001, 300],
  ticks: [0.0001, 0.01, 1, 100],
  tickFormat: "~g",
});
const moons = curves("Cost on the moons", "moons_first", ({ moons }) => moons, { domain: [0, 0.8], ticks: 4 });

const RATES = [0.001, 2];

const rates = {
  title: "Stable rates near the lowest point",
  keys: [["┊", "the rate α"]],
  label: ({ values: { stable, rate } }) => `gradient descent below ${show(stable, ".3g")}, α is ${show(rate)}`,
  draw({ settings, state, width }) {
    const rows = chosenOf(settings).map((name) => {
      const { stable, name: runner, look } = RUNNERS[name];
      const limit = stable ? state.stable * stable(settings.beta) : Infinity;
      return {
        runner: `${look[0]} ${runner}`,
        limit: clamp(limit, RATES),
        text: (stable ? show(limit, ".3g") : "no limit") + (settings.rate > limit ? ": unstable" : ""),
        stroke: look[2],
      };
    });
    const row = { x: "limit", y: "runner" };
    return Plot.plot({
      ...frame,
      marginTop: 8,
      marginLeft: 130,
      marginRight: 60,
      width,
      height: 40 + 20 * rows.length,
      x: { type: "log", domain: RATES, label: "α", ticks: [0.001, 0.01, 0.1, 1], tickFormat: "~g" },
      y: { domain: rows.map(({ runner }) => runner), label: null, tickSize: 0 },
      marks: [
        rows.map((one) => Plot.ruleY([one], { y: "runner", x1: RATES[0], x2: "limit", stroke: one.stroke, strokeWidth: 6 })),
        Plot.ruleX([settings.rate], { strokeDasharray: "3 2", strokeWidth: 2 }),
        Plot.text(rows, { ...row, text: "text", dx: 6, textAnchor: "start", stroke: "var(--lab-ground)", fill: "currentColor", strokeWidth: 4 }),
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
