// Lab learning-rate: the data with the boundary, the cost, and the path on the cost surface.

import * as Plot from "@observablehq/plot";
import { affineForward } from "../engine.js";
import { box, CLASS_KEYS, contours, equalHeight, frame, here, points, shades } from "../marks.js";
import { clamp, lastOf, range } from "../numbers.js";
import { regions } from "../regions.js";
import { show } from "../text.js";

/** @import { Lab, Pair, Panel } from "../types.ts" */

/** @typedef {{ rate: number, iteration: number }} Settings */

/**
 * @typedef {object} Shared
 * @property {Pair[]} points
 * @property {number[]} labels
 * @property {Pair} w1 the ends of the surface
 * @property {Pair} w2
 * @property {number} columns of the surface
 * @property {number} rows
 * @property {number[][]} surface
 * @property {{ w1: number, w2: number, cost: number }} lowest
 */

/** @typedef {{ series: { cost: number[], w1: number[], w2: number[] } }} State */

/** @type {Pair} */
const COSTS = [0.3, 5];
const LEVELS = 14; // of the surface
const SHADES = shades(LEVELS);

/** @type {Panel<Settings, Shared, State>} */
const data = {
  title: "Data and boundary",
  keys: CLASS_KEYS,
  minHeight: 190,
  label: ({ values: { w1, w2 } }) =>
    `the boundary is the line ${show(w1, ".2f")} x1 ${show(w2, "+.2f")} x2 = 0`,
  draw({ shared, values: { w1, w2 }, width, height }) {
    const [x1, x2] = box(shared.points);
    return Plot.plot({
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
  draw({ shared, state, position, width, height }) {
    const run = state.series.cost.map((cost, iteration) => ({ cost, iteration }));
    const done = run.slice(0, position + 1);
    const now = run[position].cost;
    const dot = { iteration: position, cost: clamp(now, COSTS) };
    const line = { x: "iteration", y: "cost", clip: true };
    return Plot.plot({
      ...frame,
      width,
      height,
      x: { domain: [0, run.length - 1], label: "iteration", ticks: 6 },
      y: {
        type: "log",
        domain: COSTS,
        label: null,
        ticks: [0.3, 0.5, 1, 2, 5],
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
        here(
          [dot],
          { x: "iteration", y: "cost", className: "of-cost of-iteration" },
          { hollow: now > COSTS[1] },
        ),
      ],
    });
  },
};

/**
 * From just above the lowest cost to 18 times as much, evenly spaced in the logarithm.
 *
 * @param {number} lowest
 */
const costLevels = (lowest) => range(LEVELS).map((i) => lowest * 1.03 * 18 ** (i / (LEVELS - 1)));

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

/** @param {Shared} shared */
const ground = ({ surface, columns, rows, w1, w2, lowest }) =>
  contours(surface.flat(), {
    columns,
    rows,
    x: cellsFor(w1, columns),
    y: cellsFor(w2, rows),
    value: undefined,
    fill: Plot.identity,
    thresholds: costLevels(lowest.cost),
    stroke: "var(--lab-contour)",
    strokeWidth: 0.5,
  });

/** @type {Panel<Settings, Shared, State>} */
const surface = {
  title: "Cost surface and path",
  keys: [["✕", "lowest cost"]],
  label: ({ values: { w1, w2, iteration } }) =>
    `after ${show(iteration)} iterations the weights are (${show(w1, ".2f")}, ${show(w2, ".2f")})`,
  draw({ shared, state, position, width }) {
    const { w1, w2, lowest } = shared;
    const run = state.series.w1.map((a, i) => ({ w1: a, w2: state.series.w2[i] }));
    const path = run.slice(0, position + 1);
    const now = lastOf(path);
    const inside = { w1: clamp(now.w1, w1), w2: clamp(now.w2, w2) };
    const outside = inside.w1 !== now.w1 || inside.w2 !== now.w2;
    const at = { x: "w1", y: "w2" };
    const stroke = "var(--lab-path)";
    return Plot.plot({
      ...frame,
      width,
      height: equalHeight(width, w1, w2),
      x: { domain: w1, label: "w₁", ticks: 6 },
      y: { domain: w2, label: "w₂", ticks: 8 },
      color: { type: "threshold", domain: costLevels(lowest.cost), range: SHADES },
      marks: [
        ground(shared),
        Plot.text([lowest], { ...at, text: ["✕"], fontSize: 13 }),
        Plot.line(path, { ...at, stroke, strokeWidth: 1.6, clip: true }),
        Plot.dot(path, { ...at, r: 2.2, fill: stroke, clip: true, className: "of-w1 of-w2" }),
        Plot.text(path.slice(0, 1), {
          ...at,
          text: ["start"],
          dx: 8,
          textAnchor: "start",
          fontWeight: 600,
        }),
        here([inside], { ...at, className: "of-w1 of-w2" }, { hollow: outside }),
        Plot.text(outside ? [inside] : [], {
          text: ["outside this map"],
          frameAnchor: "bottom-right",
          dx: -6,
          dy: -6,
          fontWeight: 600,
        }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["data surface", "cost surface"],
  columns: "3fr 2fr",
  terms: { "cost start": 3, rate: 4, iteration: 5, "w1 w2": 3 },
  main: "surface",
  panels: { data, surface, cost },
};
