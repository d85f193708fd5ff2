// Lab bumps: a target, the network that follows it, its bumps one by one, and the error. It builds
// and trains here.

import * as Plot from "@observablehq/plot";
import { heightControl, heightsOf, moved } from "../drawing.js";
import { adam, shallowNetwork, sigmoid, squaredError } from "../engine.js";
import { frame, here } from "../marks.js";
import { fill, show } from "../text.js";

const range = (n, f) => Array.from({ length: n }, (_, k) => f(k));
const POINTS = range(21, (k) => k / 20);
const LEVELS = 20; // of a height, from 0 to 1
const X_TRAIN = Float64Array.from(range(101, (k) => k / 100));

// --- the target: straight between the points that are known ---

function known({ target, drawing }, { grid, targets }) {
  if (target !== "drawn") return [grid, targets[target]];
  return [POINTS, heightsOf(drawing).map((level) => level / LEVELS)];
}

function functionOf(settings, shared) {
  const [xs, ys] = known(settings, shared);
  return (x) => {
    let i = Math.floor(x * (xs.length - 3)); // at or before x: the points are even, but for a pair
    while (xs[i + 1] <= x) i++;
    if (xs[i] === x) return ys[i];
    return ((ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])) * (x - xs[i]) + ys[i];
  };
}

// --- the networks: theta in the layout of shallowNetwork ---

const middles = (f, n) => range(n, (k) => f((k + 0.5) / n));
const knots = (f, n) => range(n, (k) => f(k / Math.max(n - 1, 1)));
const differences = (values) => range(values.length - 1, (k) => values[k + 1] - values[k]);

function build(f, n, unit, w) {
  const m = n - 1;
  const stairs = unit === "sigmoid";
  const heights = stairs ? middles(f, n) : knots(f, n);
  const slopes = [0, ...differences(heights).map((d) => d * m)];
  return Float64Array.of(
    ...range(m, () => (stairs ? w : 1)),
    ...range(m, (k) => (stairs ? -w * ((k + 1) / n) : 0 - k / m)),
    ...(stairs ? differences(heights) : differences(slopes)),
    heights[0],
  );
}

const networkOf = ({ bumps, unit }) => shallowNetwork(1, bumps - 1, unit);
const output = (settings, theta, grid) =>
  networkOf(settings).forward(theta, Float64Array.from(grid))[0];

function distance(a, b) {
  const errors = Array.from(a, (y, i) => Math.abs(y - b[i]));
  return [Math.max(...errors), errors.reduce((sum, e) => sum + e, 0) / errors.length];
}

function perfect(f, n, grid) {
  const heights = middles(f, n);
  return Array.from(grid, (x) => heights[Math.min(Math.floor(x * n), n - 1)]);
}

function* train(settings, shared, stops) {
  const { target, bumps, unit, way } = settings;
  const f = functionOf(settings, shared);
  const { grid } = shared;
  const goal = grid.map(f);
  const units = bumps - 1;
  const net = networkOf(settings);
  const ideal = distance(perfect(f, bumps, grid), goal)[0];
  const state = {
    units,
    act: unit === "sigmoid" ? "σ" : "relu",
    ideal,
    by_bumps: way === "hand" && unit === "sigmoid" ? bumps : null,
    by_hats: way === "hand" && unit === "relu" ? bumps : null,
    by_training: way === "trained" ? bumps : null,
    half: target === "jump" ? 0.25 : null,
  };
  const stop = (theta, iteration) => {
    const [error, mean] = distance(output(settings, theta, grid), goal);
    const [W, b, v] = net.split(theta);
    const code = shared.code[way === "hand" ? unit : "trained"];
    return {
      theta,
      error,
      mean,
      verdict: error < ideal - 1e-6 ? "beaten" : "not beaten",
      unit_v: v[0] ?? null,
      unit_w: W[0] ?? null,
      unit_b: b[0] ?? null,
      code: fill(code, { ...settings, units, iteration }),
    };
  };
  if (way === "hand") {
    yield { ...state, ...stop(build(f, bumps, unit, settings.steepness)) };
    return;
  }
  state.series = {};
  const steep = unit === "sigmoid" ? 20 : 1;
  let theta = Float64Array.from(shared.starts[units], (t, i) => (i < 2 * units ? steep * t : t));
  const zeros = new Float64Array(theta.length);
  let memory = { v: zeros, s: zeros, t: 0 };
  const y = X_TRAIN.map(f);
  for (let iteration = 0; iteration <= stops.at(-1); iteration++) {
    if (stops.includes(iteration)) {
      for (const [name, value] of Object.entries(stop(theta, iteration))) {
        (state.series[name] ??= []).push(value);
      }
    }
    const [scores, cache] = net.forward(theta, X_TRAIN);
    const gradient = net.backward(squaredError(scores, y)[1], cache);
    [theta, memory] = adam(theta, gradient, memory, shared.rate);
    yield state;
  }
}

// --- drawing ---

const TARGET = { stroke: "var(--lab-quiet)", strokeOpacity: 0.55, strokeWidth: 5 };
const NETWORK = { stroke: "var(--lab-path)", strokeWidth: 2 };
const at = { x: "x", y: "y" };
const curve = (xs, ys) => Array.from(xs, (x, i) => ({ x, y: ys[i] }));
const x01 = { domain: [0, 1], label: "x", ticks: 6 };

const placeOf = ({ point }) => Math.round(20 * point);

const fit = {
  title: "Target and network",
  keys: [
    ["━━", "target", { color: "var(--lab-quiet)" }],
    ["━━", "network", { color: NETWORK.stroke }],
    ["┃", "largest error"],
  ],
  label: ({ values: { error } }) => `the network is off by ${show(error, ".3f")} at most`,
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const goal = grid.map(functionOf(settings, shared));
    const g = output(settings, values.theta, grid);
    const worst = grid.reduce(
      (w, _, i) => (Math.abs(g[i] - goal[i]) > Math.abs(g[w] - goal[w]) ? i : w),
      0,
    );
    const drawn = settings.target === "drawn" ? curve(...known(settings, shared)) : [];
    return Plot.plot({
      ...frame,
      width,
      height: Math.round(Math.max(0.5 * width, 190)),
      x: x01,
      y: { domain: [-0.1, 1.1], label: null, ticks: 6, grid: true },
      marks: [
        Plot.line(curve(grid, goal), { ...at, ...TARGET }),
        Plot.dot(drawn, { ...at, r: 3, fill: TARGET.stroke }),
        Plot.dot(
          drawn.filter(({ x }) => x === settings.point),
          { ...at, r: 7, stroke: "var(--lab-ink)", strokeWidth: 2 },
        ),
        Plot.line(curve(grid, g), { ...at, ...NETWORK, clip: true }),
        Plot.ruleX([worst], {
          x: (i) => grid[i],
          y1: (i) => g[i],
          y2: (i) => goal[i],
          strokeWidth: 3,
          clip: true,
        }),
      ],
    });
  },
  drag({ settings, shared }, x, y) {
    const f = functionOf(settings, shared);
    const point = POINTS[Math.min(Math.max(Math.round(20 * x), 0), 20)];
    const put = (word, point, height) => moved(word, placeOf({ point }), LEVELS * height, LEVELS);
    const before = POINTS.reduce((word, p) => put(word, p, f(p)), settings.drawing);
    const drawing = put(before, point, y);
    return [{ target: "drawn", drawing, point }, `Your drawing at ${point}. `];
  },
};

// What adds up to the network: the bumps or hats, or what each trained unit adds.
function pieces({ bumps: n, steepness, unit, way }, shared, f, theta) {
  const { grid } = shared;
  if (way === "trained") {
    const [W, b, v] = shallowNetwork(1, n - 1, unit).split(theta);
    return range(n - 1, (k) => {
      const one = Float64Array.of(W[k], b[k], v[k], 0);
      return output({ bumps: 2, unit }, one, grid);
    });
  }
  if (unit === "relu") {
    return knots(f, n).map((h, k) =>
      grid.map((x) => h * Math.max(1 - Math.abs(x * (n - 1) - k), 0)),
    );
  }
  const step = (k, x) => (k === 0 ? 1 : k === n ? 0 : sigmoid(steepness * (x - k / n)));
  return middles(f, n).map((h, k) => grid.map((x) => h * (step(k, x) - step(k + 1, x))));
}

const parts = {
  title: "The single bumps, hats, or trained units",
  label: ({ settings: { bumps, way } }) =>
    way === "hand"
      ? `${bumps} bumps, each as high as the target`
      : `what each of ${bumps - 1} units adds`,
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const all = pieces(settings, shared, functionOf(settings, shared), values.theta);
    const points = all.flatMap((ys, k) =>
      curve(grid, ys)
        .filter(({ y }, i) => i % 2 === 0 && Math.abs(y) > 0.001)
        .map((point) => ({ ...point, k })),
    );
    const stroke = ({ k }) => (k % 2 ? "var(--lab-1)" : "var(--lab-0)");
    return Plot.plot({
      ...frame,
      width,
      height: Math.round(Math.max(0.26 * width, 130)),
      x: x01,
      y: {
        domain: settings.way === "hand" ? [0, 1.1] : undefined,
        label: null,
        ticks: 4,
        grid: true,
      },
      marks: [Plot.line(points, { ...at, z: "k", stroke, strokeWidth: 1.6 })],
    });
  },
};

const LEAST = 0.001;
let remembered = {}; // the curves of errors over n, which most changes leave alone

function errorsOver(settings, spec, shared) {
  const { target, drawing, unit, steepness } = settings;
  const key = JSON.stringify([target, drawing, unit, steepness]);
  if (remembered.key !== key) {
    const f = functionOf(settings, shared);
    const { grid } = shared;
    const goal = grid.map(f);
    const over = (network) =>
      spec.controls
        .find(({ name }) => name === "bumps")
        .values.map((n) => ({ x: n, y: Math.max(distance(network(n), goal)[0], LEAST) }));
    remembered = {
      key,
      built: over((n) => output({ bumps: n, unit }, build(f, n, unit, steepness), grid)),
      ideal: over((n) => perfect(f, n, grid)),
    };
  }
  return remembered;
}

const errors = {
  title: "Largest error",
  keys: [
    ["━━", "by hand", { color: "var(--lab-0)" }],
    ["╌╌", "to beat"],
    ["●", "here", { color: NETWORK.stroke }],
  ],
  minHeight: 220,
  label: ({ settings, values: { error, ideal } }) =>
    `${show(error, ".3f")} at n = ${settings.bumps}; the score to beat is ${show(ideal, ".3f")}`,
  draw({ settings, spec, shared, values, width, height }) {
    const { built, ideal } = errorsOver(settings, spec, shared);
    const now = { x: settings.bumps, y: Math.min(Math.max(values.error, LEAST), 1) };
    const log = { type: "log", grid: true, tickFormat: String };
    return Plot.plot({
      ...frame,
      marginLeft: 46,
      width,
      height,
      x: { ...log, domain: [1, 50], label: "n", ticks: [1, 2, 5, 10, 20, 50] },
      y: { ...log, domain: [LEAST, 1], label: null, ticks: [0.001, 0.01, 0.1, 1] },
      marks: [
        Plot.line(built, { ...at, stroke: "var(--lab-0)", strokeWidth: 2.2 }),
        Plot.line(ideal, { ...at, stroke: "var(--lab-ink)", strokeDasharray: "5 4" }),
        here([now], at, { hollow: now.y !== values.error }),
      ],
    });
  },
};

export default {
  areas: ["fit errors", "parts errors"],
  columns: "2fr 1fr",
  panels: { fit, parts, errors },
  train,
  kinds: { drawing: heightControl(placeOf, LEVELS) },
};
