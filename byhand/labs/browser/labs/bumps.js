// Lab bumps: a target, the network that follows it, its bumps one by one, and the error. It builds
// and trains here.

import * as Plot from "@observablehq/plot";
import {
  FINE,
  LEVELS,
  POINTS,
  build,
  bumpAt,
  distance,
  functionOf,
  knots,
  known,
  middles,
  networkOf,
  output,
  perfect,
  shapeOf,
  train,
} from "../bumps.js";
import { chart } from "../chart.js";
import { sliderUpTo } from "../controls.js";
import { heightControl, moved } from "../drawing.js";
import { sigmoid } from "../engine.js";
import { frame, here } from "../marks.js";
import { clamp, range } from "../numbers.js";
import { controlOf } from "../spec.js";
import { show } from "../text.js";

/** @import { Built, Learned, Settings, Shared, Target } from "../bumps.js" */
/** @import { DrawingSpec, Kind, Lab, Numbers, Panel, Spec } from "../types.ts" */

/** @typedef {Panel<Settings, Shared, Built>} DrawnPanel at a stop both name the same values */

const TARGET = { stroke: "var(--lab-quiet)", strokeOpacity: 0.55, strokeWidth: 5 };
const NETWORK = { stroke: "var(--lab-path)", strokeWidth: 2 };
const at = { x: "x", y: "y" };
const x01 = { domain: [0, 1], label: "x", ticks: 6 };

/** @type {(xs: Numbers, ys: Numbers) => { x: number, y: number }[]} */
const curve = (xs, ys) => Array.from(xs, (x, i) => ({ x, y: ys[i] }));

/** @param {{ point: number }} settings */
const placeOf = ({ point }) => Math.round(20 * point);

/** @param {{ bump: number, bumps: number }} settings */
const chosenOf = ({ bump, bumps }) => Math.min(bump, bumps) - 1;

/** @type {DrawnPanel} */
const fit = {
  title: "Target and network",
  keys: [
    ["━━", "target", { color: "var(--lab-quiet)", of: "target drawing" }],
    ["━━", "network", { color: NETWORK.stroke }],
    ["┃", "largest error", { of: "error" }],
  ],
  label: ({ values: { error } }) => `the network is off by ${show(error, ".3f")} at most`,
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const goal = grid.map(functionOf(settings, shared));
    const g = output(settings, Float64Array.from(values.theta), grid);
    const errors = goal.map((y, i) => Math.abs(g[i] - y));
    const worst = errors.indexOf(Math.max(...errors));
    const drawn = settings.target === "drawn" ? curve(...known(settings, shared)) : [];
    const chosen = drawn.filter(({ x }) => x === settings.point);
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.5 * width, 190)),
      x: x01,
      y: { domain: [-0.1, 1.1], label: null, ticks: 6, grid: true },
      marks: [
        Plot.line(curve(grid, goal), { ...at, ...TARGET, className: "of-target of-drawing" }),
        Plot.dot(drawn, { ...at, r: 3, fill: TARGET.stroke }),
        Plot.dot(chosen, {
          ...at,
          r: 7,
          stroke: "var(--lab-ink)",
          strokeWidth: 2,
          className: "of-point of-drawing",
        }),
        Plot.line(curve(grid, g), { ...at, ...NETWORK, clip: true }),
        Plot.ruleX([worst], {
          x: (i) => grid[i],
          y1: (i) => g[i],
          y2: (i) => goal[i],
          strokeWidth: 3,
          clip: true,
          className: "of-error",
        }),
      ],
    });
  },
  drag({ settings, shared }, x, y) {
    const f = functionOf(settings, shared);
    const point = POINTS[clamp(Math.round(20 * x), [0, 20])];
    /** @type {(word: string, point: number, height: number) => string} */
    const put = (word, point, height) => moved(word, placeOf({ point }), LEVELS * height, LEVELS);
    const before = POINTS.reduce((word, p) => put(word, p, f(p)), settings.drawing);
    const drawing = put(before, point, y);
    return [{ target: "drawn", drawing, point }, `Your drawing at ${point}. `];
  },
};

/**
 * What adds up to the network: the bumps or hats, or what each trained unit adds.
 *
 * @param {Settings} settings
 * @param {number[]} grid
 * @param {Target} f
 * @param {Float64Array} theta
 */
function pieces(settings, grid, f, theta) {
  const { bumps: n, steepness, unit, way } = settings;
  if (way === "trained") {
    const [W, b, v] = networkOf(settings).split(theta);
    return range(n - 1).map((k) => {
      const one = Float64Array.of(W[k], b[k], v[k], 0);
      return output({ bumps: 2, unit }, one, grid);
    });
  }
  if (unit === "relu") {
    /** @type {(k: number, x: number) => number} */
    const hat = (k, x) => Math.max(1 - Math.abs(x * (n - 1) - k), 0);
    return knots(f, n).map((h, k) => grid.map((x) => h * hat(k, x)));
  }
  /** @type {(k: number, x: number) => number} */
  const step = (k, x) => (k === 0 ? 1 : k === n ? 0 : sigmoid(steepness * (x - k / n)));
  return middles(f, n).map((h, k) => grid.map((x) => h * (step(k, x) - step(k + 1, x))));
}

/** @type {DrawnPanel} */
const parts = {
  title: "The single bumps, hats, or trained units",
  keysNow: ({ settings }) => (settings.way === "trained" ? [] : [["↕", "drag one"]]),
  label: ({ settings: { bumps, way } }) =>
    ({
      hand: `${bumps} bumps, each as high as the target`,
      own: `${bumps} bumps of your own heights`,
      trained: `what each of ${bumps - 1} units adds`,
    })[way],
  drag({ settings, shared }, x, y) {
    if (settings.way === "trained") return [{}];
    const { unit, bumps: n } = settings;
    const shape = shapeOf(settings, functionOf(settings, shared));
    const now = unit === "sigmoid" ? middles(shape, n) : knots(shape, n);
    /** @type {(word: string, height: number, k: number) => string} */
    const put = (word, height, k) => moved(word, k, FINE * height, FINE);
    const k = bumpAt(settings, x);
    const heights = put(now.reduce(put, settings.heights), y, k);
    return [{ way: "own", heights, bump: k + 1 }, `Your bump ${k + 1}. `];
  },
  draw({ settings, shared, values, width }) {
    const { grid } = shared;
    const theta = Float64Array.from(values.theta);
    const all = pieces(settings, grid, shapeOf(settings, functionOf(settings, shared)), theta);
    const points = all.flatMap((ys, k) =>
      curve(grid, ys)
        .filter(({ y }, i) => i % 2 === 0 && Math.abs(y) > 0.001)
        .map((point) => ({ ...point, k })),
    );
    const domain = settings.way === "trained" ? undefined : [0, 1.1];
    const chosen = settings.way === "own" ? chosenOf(settings) : -1;
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.26 * width, 130)),
      x: x01,
      y: { domain, label: null, ticks: 4, grid: true },
      marks: [
        Plot.line(points, {
          ...at,
          z: "k",
          stroke: ({ k }) => (k % 2 ? "var(--lab-1)" : "var(--lab-0)"),
          strokeWidth: ({ k }) => (k === chosen ? 4 : 1.6),
          className: "of-bumps of-units of-steepness of-heights",
        }),
      ],
    });
  },
};

const LEAST = 0.001;

/** @typedef {{ key: string, built: object[], ideal: object[] }} Curves of errors over n */

/** @type {Curves | null} most changes leave them alone */
let remembered = null;

/**
 * @param {Settings} settings
 * @param {Spec} spec
 * @param {Shared} shared
 */
function errorsOver(settings, spec, shared) {
  const { target, drawing, unit, steepness } = settings;
  const key = JSON.stringify([target, drawing, unit, steepness]);
  if (remembered?.key === key) return remembered;
  const { grid } = shared;
  const f = functionOf(settings, shared);
  const goal = grid.map(f);
  const counts = /** @type {number[]} */ (controlOf(spec, "bumps").values);
  /** @param {(n: number) => Numbers} network */
  const over = (network) =>
    counts.map((n) => ({ x: n, y: Math.max(distance(network(n), goal)[0], LEAST) }));
  remembered = {
    key,
    built: over((n) => output({ bumps: n, unit }, build(f, n, unit, steepness), grid)),
    ideal: over((n) => perfect(f, n, grid)),
  };
  return remembered;
}

/** @type {DrawnPanel} */
const errors = {
  title: "Largest error",
  keys: [
    ["━━", "by hand", { color: "var(--lab-0)", of: "by_bumps by_hats" }],
    ["╌╌", "to beat", { of: "ideal" }],
    ["●", "here", { color: NETWORK.stroke, of: "error" }],
  ],
  minHeight: 220,
  label: ({ settings, values: { error, ideal } }) =>
    `${show(error, ".3f")} at n = ${settings.bumps}; the score to beat is ${show(ideal, ".3f")}`,
  draw({ settings, spec, shared, values, width, height }) {
    const { built, ideal } = errorsOver(settings, spec, shared);
    const now = { x: settings.bumps, y: clamp(values.error, [LEAST, 1]) };
    /** @type {Plot.ScaleOptions} */
    const log = { type: "log", grid: true, tickFormat: String };
    return chart({
      ...frame,
      marginLeft: 46,
      width,
      height,
      x: { ...log, domain: [1, 50], label: "n", ticks: [1, 2, 5, 10, 20, 50] },
      y: { ...log, domain: [LEAST, 1], label: null, ticks: [0.001, 0.01, 0.1, 1] },
      marks: [
        Plot.line(built, {
          ...at,
          stroke: "var(--lab-0)",
          strokeWidth: 2.2,
          className: "of-by_bumps of-by_hats",
        }),
        Plot.line(ideal, {
          ...at,
          stroke: "var(--lab-ink)",
          strokeDasharray: "5 4",
          className: "of-ideal",
        }),
        here([now], { ...at, className: "of-error of-bumps" }, { hollow: now.y !== values.error }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, Built | Learned>} */
export default {
  areas: ["fit errors", "parts errors"],
  columns: "2fr 1fr",
  told: "below",
  terms: { error: 3, "bumps by_bumps by_hats by_training by_own units": 4, steepness: 5 },
  panels: { fit, parts, errors },
  train,
  kinds: {
    drawing: /** @type {Kind<DrawingSpec>} */ (
      (spec, ...rest) =>
        (spec.name === "drawing" ? heightControl(placeOf, LEVELS) : heightControl(chosenOf, FINE))(
          spec,
          ...rest,
        )
    ),
    bump: sliderUpTo((/** @type {Settings} */ { bumps }) => bumps),
  },
};
