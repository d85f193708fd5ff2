// Lab learning-rate: the data with the boundary, the cost, and the path on the cost surface.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { scrubTo, slideTo } from "../drags.js";
import { affineBackward, affineForward, logistic } from "../engine.js";
import { box, CLASS_KEYS, contours, equalHeight, frame, here, points, shades } from "../marks.js";
import { between, lastOf, range } from "../numbers.js";
import { gradientDescent } from "../optimizers.js";
import { regions } from "../regions.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Lab, Pair, Panel, Trained } from "../types.ts" */

/** @typedef {{ rate: number, iteration: number, from1: number, from2: number }} Settings */

/**
 * @typedef {object} Shared
 * @property {number} nudge of the start, for a run beside this one
 * @property {number} visible difference between the two
 * @property {Pair[]} points
 * @property {number[]} labels
 * @property {Pair} w1 the ends of the surface
 * @property {Pair} w2
 * @property {number} columns of the surface
 * @property {number} rows
 * @property {number[][]} surface
 * @property {{ w1: number, w2: number, cost: number }} lowest
 */

/** @typedef {Trained<typeof train>} State */

const LOW = 0.3; // of the drawn costs
const COSTS = [0.5, 1, 2, 5]; // and these times 10, 100, … as far as the run goes
const LEVELS = 14; // of the surface
const SHADES = shades(LEVELS);

/**
 * The cost of some weights, and its gradient.
 *
 * @param {Shared} shared
 * @param {Float64Array} w
 * @returns {[number, Float64Array]}
 */
function costAt({ points, labels }, w) {
  const [scores, cache] = affineForward(points.flat(), w, [0]);
  const [cost, dscores] = logistic(scores, labels);
  return [cost, affineBackward(dscores, cache).dW];
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const run = stops.map(descent(settings, shared, 0));
  const twin = stops.map(descent(settings, shared, shared.nudge));
  const apart = Math.max(...run.map(({ cost }, i) => Math.abs(cost - twin[i].cost)));
  yield {
    start: run[0].cost,
    twin: apart > shared.visible ? "chaotic" : null,
    series: seriesOf(run),
  };
}

/**
 * What takes the next step each time that it is called.
 *
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number} nudge
 */
function descent({ rate, from1, from2 }, shared, nudge) {
  let w = Float64Array.of(from1 + nudge, from2);
  let rises = 0;
  let before = Infinity;
  return () => {
    const [cost, gradient] = costAt(shared, w);
    const next = gradientDescent(w, gradient, rate);
    rises += Number(cost - before > 1e-9);
    const [[w1, w2], [dw1, dw2], [next1, next2]] = [w, gradient, next];
    [w, before] = [next, cost];
    return { cost, w1, w2, dw1, dw2, next1, next2, rises };
  };
}

/** @type {Panel<Settings, Shared, State>} */
const data = {
  title: "Data and boundary",
  keys: CLASS_KEYS,
  minHeight: 190,
  label: ({ values: { w1, w2 } }) =>
    `the boundary is the line ${show(w1, ".2f")} x1 ${show(w2, "+.2f")} x2 = 0`,
  draw({ shared, values: { w1, w2 }, width, height }) {
    const [x1, x2] = box(shared.points);
    return chart({
      ...frame,
      width,
      height,
      x: { domain: x1, label: "x₁ (stretched)", ticks: 5 },
      y: { domain: x2, label: "x₂", ticks: 5 },
      marks: [
        regions((X) => affineForward(X, [w1, w2], [0])[0], [x1, x2]),
        points(shared.points, shared.labels),
      ],
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const cost = {
  title: "Cost J, logarithmic",
  keys: [["┄", "lowest possible"]],
  minHeight: 170,
  label: ({ values: { cost, iteration } }) =>
    `${show(cost, ".3f")} at iteration ${show(iteration)}`,
  drag: (context, iteration) => scrubTo(context, iteration),
  draw({ shared, state, position, width, height }) {
    const run = state.series.cost.map((cost, iteration) => ({ cost, iteration }));
    const done = run.slice(0, position + 1);
    const most = Math.max(...state.series.cost);
    const powers = range(5).map((power) => 10 ** power);
    const costs = powers.flatMap((power) => COSTS.slice(power > 1 ? 1 : 0).map((c) => c * power));
    const top = costs.find((cost) => cost >= Math.max(most, 5)) ?? most;
    const line = { x: "iteration", y: "cost", clip: true };
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, run.length - 1], label: "iteration", ticks: 6 },
      y: {
        type: "log",
        domain: [LOW, top],
        label: null,
        ticks: [LOW, ...(top > 20 ? powers : costs)].filter((cost) => cost <= top),
        tickFormat: String,
        grid: true,
      },
      marks: [
        Plot.ruleY([shared.lowest], { y: "cost", strokeDasharray: "2 3" }),
        Plot.line(run, { ...line, stroke: "var(--lab-quiet)" }),
        Plot.line(done, {
          ...line,
          stroke: "var(--lab-path)",
          strokeWidth: 2.5,
          className: "of-cost",
        }),
        here(done.slice(-1), { x: "iteration", y: "cost", className: "of-cost of-iteration" }),
      ],
    });
  },
};

/** @param {{ state: State, position: number }} context */
const pathOf = ({ state: { series }, position }) =>
  range(position + 1).map((i) => ({ w1: series.w1[i], w2: series.w2[i] }));

/**
 * How many times as large as the map the surface is drawn, so that the path has room: 1, 2, 4, …
 *
 * @param {Shared} shared
 * @param {{ w1: number, w2: number }[]} path
 */
function zoomFor({ w1, w2 }, path) {
  const off = (/** @type {Pair} */ [low, high], /** @type {number} */ w) =>
    Math.abs(2 * w - low - high) / (high - low);
  const far = Math.max(1, ...path.flatMap((w) => [off(w1, w.w1), off(w2, w.w2)]));
  return 2 ** Math.ceil(Math.log2(far));
}

/**
 * @param {Pair} ends
 * @param {number} zoom
 * @returns {Pair}
 */
function grown([low, high], zoom) {
  const [middle, half] = [(low + high) / 2, (zoom * (high - low)) / 2];
  return [middle - half, middle + half];
}

/** @typedef {{ w1: Pair, w2: Pair, columns: number, rows: number, costs: number[] }} Ground */

/** @type {Map<number, Ground>} the surface at each zoom */
const grounds = new Map();

/**
 * The surface that is drawn: the map of the page, or a larger one, computed when it is first seen.
 *
 * @param {Shared} shared
 * @param {number} zoom
 */
function groundFor(shared, zoom) {
  const known = grounds.get(zoom);
  if (known) return known;
  const [w1, w2] = [grown(shared.w1, zoom), grown(shared.w2, zoom)];
  const { columns, rows } = zoom === 1 ? shared : { columns: 22, rows: 34 }; // it is smooth there
  const costOf = (/** @type {number} */ k) => {
    const across = between(w1, (k % columns) / (columns - 1));
    const up = between(w2, Math.floor(k / columns) / (rows - 1));
    return costAt(shared, Float64Array.of(across, up))[0];
  };
  const costs = zoom === 1 ? shared.surface.flat() : range(columns * rows).map(costOf);
  const ground = { w1, w2, columns, rows, costs };
  grounds.set(zoom, ground);
  return ground;
}

/**
 * From just above the lowest cost to 18 times as much on the map, evenly spaced in the logarithm.
 *
 * @param {number} lowest
 * @param {number} zoom
 */
const costLevels = (lowest, zoom) =>
  range(LEVELS).map((i) => lowest * 1.03 * (18 * zoom) ** (i / (LEVELS - 1)));

/**
 * The surface is known at `count` points from end to end; each is the middle of its cell.
 *
 * @param {Pair} ends
 * @param {number} count
 * @returns {Pair}
 */
function cellsFor([low, high], count) {
  const half = (high - low) / (count - 1) / 2;
  return [low - half, high + half];
}

/**
 * @param {Ground} ground
 * @param {number[]} thresholds
 */
const drawn = ({ costs, columns, rows, w1, w2 }, thresholds) =>
  contours(costs, {
    columns,
    rows,
    x: cellsFor(w1, columns),
    y: cellsFor(w2, rows),
    value: undefined,
    fill: Plot.identity,
    thresholds,
    stroke: "var(--lab-contour)",
    strokeWidth: 0.5,
  });

/** @type {Panel<Settings, Shared, State>} */
const surface = {
  title: "Cost surface and path",
  keys: [
    ["✕", "lowest cost"],
    ["○", "start", { color: "var(--lab-path)", of: "start" }],
  ],
  label: ({ values: { w1, w2, iteration } }) =>
    `after ${show(iteration)} iterations the weights are (${show(w1, ".2f")}, ${show(w2, ".2f")})`,
  drag(context, from1, from2) {
    const [changes, ...words] = slideTo(context, { from1, from2 });
    // On a map that has grown, the run begins anew: then it stays as large as the start needs.
    const far = zoomFor(context.shared, pathOf(context)) > 1;
    return [far ? { iteration: 0, ...changes } : changes, ...words];
  },
  draw({ shared, state, position, width }) {
    const { lowest } = shared;
    const path = pathOf({ state, position });
    const zoom = zoomFor(shared, path);
    const ground = groundFor(shared, zoom);
    const thresholds = costLevels(lowest.cost, zoom);
    const [x1, x2] = shared.w1;
    const [y1, y2] = shared.w2;
    const at = { x: "w1", y: "w2" };
    const stroke = "var(--lab-path)";
    return chart({
      ...frame,
      width,
      height: equalHeight(width, shared.w1, shared.w2),
      x: { domain: ground.w1, label: "w₁", ticks: 6 },
      y: { domain: ground.w2, label: "w₂", ticks: 8 },
      color: { type: "threshold", domain: thresholds, range: SHADES },
      marks: [
        drawn(ground, thresholds),
        zoom === 1
          ? null
          : Plot.rect([0], { x1, x2, y1, y2, stroke: "var(--lab-ink)", strokeDasharray: "4 3" }),
        Plot.text([lowest], { ...at, text: ["✕"], fontSize: 13 }),
        Plot.line(path, { ...at, stroke, strokeWidth: 1.6 }),
        Plot.dot(path, { ...at, r: 2.2, fill: stroke, className: "of-w1 of-w2" }),
        Plot.dot(path.slice(0, 1), {
          ...at,
          r: 6,
          stroke,
          strokeWidth: 2,
          fill: "var(--lab-ground)",
          className: "of-start of-from1 of-from2",
        }),
        here([lastOf(path)], { ...at, className: "of-w1 of-w2" }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["data surface", "cost surface"],
  columns: "3fr 2fr",
  terms: { "cost start": 3, rate: 4, iteration: 5, "w1 w2": 3, "from1 from2": 0 },
  main: "surface",
  panels: { data, surface, cost },
  train,
};
