// Lab init: two networks beside each other, A and B, layer by layer and in training.

import * as Plot from "@observablehq/plot";
import { kinds, sliderUpTo } from "../controls.js";
import { button } from "../dom.js";
import { train } from "../init.js";
import { histograms, INK, keysOf, large, SIDES, spreads } from "../init-layers.js";
import { GRID, PLANE } from "../init-views.js";
import { CLASSES, contours, frame, points } from "../marks.js";
import { nearest, range } from "../numbers.js";
import { show } from "../text.js";

/** @import { Settings, Shared } from "../init-network.js" */
/** @import { ControlState, Kind, Lab, Numbers, Panel, SliderSpec, Trained } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */

// --- training ---

const LEVELS = [-2.2, -1.1, -0.4, 0.4, 1.1, 2.2]; // of the score, where a shade ends

const SHADES = range(LEVELS.length + 1).map((i) => {
  const way = (2 * i) / LEVELS.length - 1; // from class 0 to class 1
  const share = Math.round(70 * Math.abs(way));
  return `color-mix(in oklab, ${CLASSES[Number(way > 0)].color} ${share / 2}%, var(--lab-ground))`;
});

/**
 * The plane, in the color of the class that the network is sure of.
 *
 * @param {Numbers} scores on the grid
 */
const shaded = (scores) => {
  const [[x1, x2], [y1, y2]] = [PLANE.x, PLANE.y];
  return [
    Plot.rect([0], { x1, x2, y1, y2, fill: SHADES[0] }),
    contours(scores, { ...GRID, thresholds: LEVELS, fill: "value" }),
    contours(scores, { ...GRID, thresholds: [0], stroke: INK, strokeWidth: 1.6, fill: "none" }),
  ];
};

const MARGIN = 4;

/**
 * The height of a plane of this width.
 *
 * @param {number} width
 */
const heightOf = (width) => Math.round(((width - 2 * MARGIN) * 2.2) / 3.52) + 2 * MARGIN;

/**
 * @param {0 | 1} side
 * @returns {Panel<Settings, Shared, State>}
 */
const plane = (side) => ({
  title: SIDES[side].name,
  keysNow: ({ values }) => [
    [
      "",
      `${show(side ? values.other_accuracy : values.accuracy, ".0%")} right`,
      { of: `${SIDES[side].prefix}accuracy` },
    ],
  ],
  label: ({ values }) =>
    `${show(side ? values.other_accuracy : values.accuracy, ".0%")} of the points on their side`,
  plot: ({ width }) => ({
    ...frame,
    marginTop: MARGIN,
    marginRight: MARGIN,
    marginBottom: MARGIN,
    marginLeft: MARGIN,
    width,
    height: heightOf(width),
    x: { domain: PLANE.x, axis: null },
    y: { domain: PLANE.y, axis: null },
    color: { type: "threshold", domain: LEVELS, range: SHADES },
  }),
  layers: [
    ({ values }) => shaded(values.views[side].scores),
    ({ shared: { X, y } }) => points(X, y.map(Number)),
  ],
});

/** @param {number | null} cost which may overflow */
const heightAt = (cost) => (cost === null ? NaN : Math.min(cost, 9));

/** @type {Panel<Settings, Shared, State>} */
const costs = {
  title: "Cost",
  keysNow: ({ values: { cost, other_cost } }) => [
    ...keysOf("cost", ({ name }, k) => {
      const value = k ? other_cost : cost;
      return `${name} ${value === null ? "overflows" : show(value, ".3f")}`;
    }),
  ],
  label: ({ values: { cost, other_cost } }) =>
    ["A", "B"]
      .map((name, k) => {
        const value = k ? other_cost : cost;
        return `${name} ${value === null ? "overflows" : show(value, ".3f")}`;
      })
      .join(", "),
  plot: ({ shared, width }) => ({
    ...frame,
    width,
    height: heightOf(width),
    x: { domain: [0, shared.steps], label: "step", ticks: 5 },
    y: { domain: [0, 1.2], label: null, ticks: 5, grid: true },
  }),
  layers: [
    ({ stops, position }) => [
      Plot.ruleX([stops[position]], { stroke: "var(--lab-quiet)", className: "of-step" }),
    ],
    ({ state: { series }, shared, stops }) => [
      Plot.ruleY([Math.LN2], { stroke: INK, strokeDasharray: "2 3" }),
      Plot.text(["log 2"], { x: shared.steps, y: Math.LN2, dx: -2, dy: -9, textAnchor: "end" }),
      ...SIDES.map(({ prefix, color, dash }, k) =>
        Plot.line(k ? series.other_cost : series.cost, {
          x: (_, i) => stops[i],
          y: heightAt,
          stroke: color,
          strokeWidth: 2,
          strokeDasharray: dash,
          clip: true,
          className: `of-${prefix}cost`,
        }),
      ),
    ],
    ({ values: { cost, other_cost }, stops, position }) =>
      SIDES.map(({ prefix, color, symbol }, k) =>
        Plot.dot([k ? other_cost : cost], {
          x: [stops[position]],
          y: heightAt,
          symbol,
          r: 5,
          fill: color,
          clip: true,
          className: `of-${prefix}cost`,
        }),
      ),
  ],
  drag({ stops }, x) {
    const step = stops[nearest(stops, x)];
    return [{ step }, `Step: ${step}. `, "step"];
  },
};

// --- controls of its own ---

/**
 * A slider over seeds, and a button for the next one.
 *
 * @type {Kind<SliderSpec>}
 */
const seed = (spec, change, context) => {
  const base = kinds.slider(spec, change, context);
  let value = spec.value;
  const next = button("Draw others", `Draw others: ${spec.label.toLowerCase()}`, () => {
    const drawn = spec.values[(spec.values.indexOf(value) + 1) % spec.values.length];
    change(drawn, show(drawn));
  });
  base.node.append(...next.parts);
  const update = (/** @type {ControlState<number>} */ now) => {
    value = now.value;
    base.update(now);
  };
  return { ...base, update };
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["signalsA signalsB spreads", "errorsA errorsB large", "planeA planeB costs"],
  narrow: [
    "signalsA signalsB",
    "planeA planeB",
    "errorsA errorsB",
    "costs costs",
    "spreads spreads",
    "large large",
  ],
  columns: "repeat(3, 1fr)",
  terms: {
    "scheme gain": 3,
    spread: 3,
    first: 3,
    cost: 3,
    accuracy: 3,
    other: 2,
    other_spread: 2,
    other_first: 2,
    other_cost: 2,
    other_accuracy: 2,
    depth: 4,
    width: 5,
    step: 0,
  },
  panels: {
    signalsA: histograms(0, "signals"),
    signalsB: histograms(1, "signals"),
    spreads,
    errorsA: histograms(0, "errors"),
    errorsB: histograms(1, "errors"),
    large,
    planeA: plane(0),
    planeB: plane(1),
    costs,
  },
  train,
  trainsBetween: true,
  kinds: { seed, layer: sliderUpTo((/** @type {Settings} */ { depth }) => depth) },
};
