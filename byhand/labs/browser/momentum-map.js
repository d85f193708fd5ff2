// The panel to walk on: for every rate α and every β what momentum does near the lowest point, as
// chapter 12 derives it.

import * as Plot from "@observablehq/plot";
import { contours, frame } from "./marks.js";
import { between, clamp, nearest, range } from "./numbers.js";
import { boundsOf, momentumOn } from "./regimes.js";
import { controlOf } from "./spec.js";
import { show } from "./text.js";

/** @import { Settings, Shared, State } from "./race.js" */
/** @import { Pair, Panel, Spec } from "./types.ts" */

const RATES = /** @type {Pair} */ ([0.001, 2]);
const BETAS = /** @type {Pair} */ ([0, 1]);
const GRID = { columns: 90, rows: 50 };
const FACTORS = [0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1];
const SHADES = FACTORS.map((_, i) => {
  return `color-mix(in oklab, var(--lab-ground), var(--lab-2) ${52 - 8 * i}%)`;
}).concat("var(--lab-tint-1)");

const at = { x: "rate", y: "beta" };

/**
 * The rate that lies this share of the way along the logarithmic axis.
 *
 * @param {number} share
 */
const rateAt = (share) => RATES[0] * (RATES[1] / RATES[0]) ** share;

/** @param {Pair} curvatures */
function ground(curvatures) {
  const factors = range(GRID.columns * GRID.rows).map((i) => {
    const rate = rateAt(((i % GRID.columns) + 0.5) / GRID.columns);
    const beta = between(BETAS, (Math.floor(i / GRID.columns) + 0.5) / GRID.rows);
    return momentumOn(curvatures, rate, beta).factor;
  });
  return contours(factors, {
    ...GRID,
    x: RATES,
    y: BETAS,
    value: undefined,
    fill: Plot.identity,
    thresholds: [0, ...FACTORS], // what lies below the first would stay empty
    stroke: "var(--lab-contour)",
    strokeWidth: 0.3,
    clip: null,
  });
}

/**
 * A bound of one curvature as a line through the map.
 *
 * @param {number} curvature
 * @param {"low" | "high" | "end"} which
 * @param {Plot.LineOptions} look
 */
function bound(curvature, which, look) {
  const line = range(100).map((k) => {
    const beta = k / 100;
    return { beta, rate: boundsOf(curvature, beta)[which] };
  });
  return Plot.line(line, { ...at, stroke: "currentColor", clip: true, ...look });
}

/**
 * What is written on the map, where there is room for it.
 *
 * @param {Pair} curvatures
 */
function words([flattest, sharpest]) {
  const places = [
    { text: "creeps", rate: 0.25 / sharpest, beta: 0.12 },
    { text: "steep swings", rate: 1 / sharpest, beta: 0.86 },
    { text: "all swing", rate: 1 / Math.sqrt(flattest * sharpest), beta: 0.95 },
    { text: "flips", rate: 1.4 / sharpest, beta: 0.05 },
    { text: "diverges", rate: Math.max(0.9, 5 / sharpest), beta: 0.3 },
  ];
  const shown = places.filter(({ text, rate }) => {
    const narrow = text === "steep swings" && sharpest < 8 * flattest;
    return rate > 1.3 * RATES[0] && rate < RATES[1] / 1.5 && !narrow;
  });
  return Plot.text(shown, {
    ...at,
    text: "text",
    fill: "currentColor",
    stroke: "var(--lab-ground)",
    strokeWidth: 3,
  });
}

/**
 * The stops of α and β that are nearest to a place on the map.
 *
 * @param {Spec} spec
 * @param {number} x
 * @param {number} y
 */
function stopsAt(spec, x, y) {
  const rates = /** @type {number[]} */ (controlOf(spec, "rate").values);
  const betas = /** @type {number[]} */ (controlOf(spec, "beta").values);
  const far = Math.log(clamp(x, RATES));
  return { rate: rates[nearest(rates.map(Math.log), far)], beta: betas[nearest(betas, y)] };
}

/**
 * The curvatures of the bowl at the lowest point, if there is one.
 *
 * @param {State} state
 * @returns {Pair | null}
 */
const bowlOf = ({ flattest, sharpest }) =>
  flattest === null || sharpest === null ? null : [flattest, sharpest];

/**
 * What a change of α or β leaves alone.
 *
 * @param {State} state
 */
function stillOf(state) {
  const curvatures = bowlOf(state);
  if (!curvatures) {
    return [Plot.text(["no bowl on the map"], { frameAnchor: "middle", fontSize: 13 })];
  }
  const [flattest, sharpest] = curvatures;
  return [
    ground(curvatures),
    bound(sharpest, "low", {}),
    bound(sharpest, "high", {}),
    bound(flattest, "low", { strokeDasharray: "3 3" }),
    bound(flattest, "high", { strokeDasharray: "3 3" }),
    bound(sharpest, "end", { strokeWidth: 2.5 }),
    words(curvatures),
    Plot.text([{ rate: state.best_rate, beta: state.best_beta }], {
      ...at,
      text: ["✚"],
      fontSize: 15,
    }),
  ];
}

/** @type {Panel<Settings, Shared, State>} */
export const momentumMap = {
  title: "Map of momentum",
  keys: [
    ["▲", "now", { color: "var(--lab-0)" }],
    ["✚", "best pair"],
    ["─", "steepest"],
    ["┄", "flattest"],
  ],
  minHeight: 220,
  label: ({ settings: { rate, beta }, state: { does } }) =>
    `at α ${show(rate)} and β ${show(beta)} momentum ${does ?? "is not told of"}`,
  plot: ({ state, width, height }) => ({
    ...frame,
    width,
    height,
    x: { type: "log", domain: RATES, label: "α", ticks: [0.001, 0.01, 0.1, 1], tickFormat: "~g" },
    y: { domain: BETAS, label: "β", ticks: 5 },
    color: { type: "threshold", domain: FACTORS, range: SHADES },
    marks: stillOf(state),
  }),
  layers: [
    ({ settings: { rate, beta }, state }) => [
      Plot.dot(bowlOf(state) ? [{ rate, beta }] : [], {
        ...at,
        symbol: "triangle",
        r: 7,
        fill: "var(--lab-0)",
        stroke: "var(--lab-ground)",
        strokeWidth: 1.5,
      }),
    ],
  ],
  drag({ spec }, x, y) {
    const { rate, beta } = stopsAt(spec, x, y);
    return [{ rate, beta }, `α: ${show(rate)}, β: ${show(beta)}. `, "rate"];
  },
};
