// Lab race: paths down a surface, a map of momentum, costs, stable rates, and the same on moons.

import * as Plot from "@observablehq/plot";
import { kinds } from "../controls.js";
import { element } from "../dom.js";
import { formulaField } from "../formula-field.js";
import { contours, equalHeight, frame, shades } from "../marks.js";
import { momentumMap } from "../momentum-map.js";
import { between, clamp, lastOf, range } from "../numbers.js";
import { chosenOf, entriesOf, RUNNERS, train } from "../race.js";
import { cost, dotOf, moons, rates } from "../race-charts.js";
import { surfaceOf, X1, X2 } from "../surfaces.js";
import { show } from "../text.js";

/** @import { Name, Place, Settings, Shared, State } from "../race.js" */
/** @import { Key, Kind, Lab, Pair, Panel, SeveralSpec } from "../types.ts" */

const GRID = { columns: 81, rows: 61 };
const LEVELS = range(13).map((i) => 0.03 * 2 ** i);
const SHADES = shades(LEVELS.length);
const at = { x: "x1", y: "x2" };

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function heightsOf(settings, shared) {
  const surface = surfaceOf(settings, shared);
  return range(GRID.columns * GRID.rows).map((i) => {
    const x1 = between(X1, ((i % GRID.columns) + 0.5) / GRID.columns);
    return surface(x1, between(X2, (Math.floor(i / GRID.columns) + 0.5) / GRID.rows))[0];
  });
}

/**
 * The heights of the contours: those of a formula of one's own follow from its range.
 *
 * @param {Settings} settings
 * @param {number[]} heights
 */
function levelsOf({ surface }, heights) {
  if (surface !== "own") return LEVELS;
  const sorted = heights.filter(Number.isFinite).sort((a, b) => a - b);
  const [low, high] = sorted.length ? [sorted[0], sorted[Math.floor(0.9 * sorted.length)]] : [0, 1];
  return LEVELS.map((_, i) => low + (high - low || 1) * ((i + 1) / LEVELS.length) ** 2);
}

/**
 * @param {number[]} heights
 * @param {number[]} levels
 */
const contoursOf = (heights, levels) =>
  contours(heights, {
    ...GRID,
    x: X1,
    y: X2,
    value: undefined,
    fill: Plot.identity,
    thresholds: levels,
    stroke: "var(--lab-contour)",
    strokeWidth: 0.5,
    clip: null,
  });

/**
 * A path up to the stop at `position`, its velocity there, and the runner.
 *
 * @param {Name} name
 * @param {Place[]} path
 * @param {Settings} settings
 * @param {number} position
 */
function trace(name, path, settings, position) {
  const done = path.slice(0, position + 1);
  const { x1, x2 } = done.length ? lastOf(done) : settings;
  const inside = { x1: clamp(x1, X1), x2: clamp(x2, X2) };
  const out = inside.x1 !== x1 || inside.x2 !== x2 || done.length <= position;
  const stroke = RUNNERS[name].color;
  const className = `of-${name}`;
  return [
    Plot.line(done, { ...at, stroke, strokeWidth: 1.8, strokeOpacity: 0.8, clip: true, className }),
    Plot.dot(done, { ...at, r: 1.7, fill: stroke, clip: true }),
    Plot.arrow(out ? [] : done.slice(-1).map(velocity), {
      x1: "x1",
      y1: "x2",
      x2: "to1",
      y2: "to2",
      stroke,
      strokeWidth: 2.5,
      clip: true,
    }),
    Plot.dot([inside], { ...at, ...dotOf(name, out), className }),
  ];
}

/**
 * The ends of the arrow of a step.
 *
 * @param {Place} place
 */
function velocity({ x1, x2, next }) {
  const [d1, d2] = [next[0] - x1, next[1] - x2];
  const longer = 0.7 * Math.hypot(d1, d2) ** (-2 / 3); // so that small steps are seen
  return { x1, x2, to1: x1 + longer * d1, to2: x2 + longer * d2 };
}

/** @type {Panel<Settings, Shared, State>} */
const map = {
  title: "Paths",
  keysNow: ({ settings }) => [
    ["→", "velocity"],
    ["○", "off the map"],
    ...chosenOf(settings).map(keyOf),
  ],
  label: ({ values: { step, first } }) => `after ${step} steps the lowest is ${first}`,
  plot({ settings, shared, width }) {
    const heights = heightsOf(settings, shared);
    const levels = levelsOf(settings, heights);
    return {
      ...frame,
      width,
      height: equalHeight(width, X1, X2),
      x: { domain: X1, label: "x₁", ticks: 5 },
      y: { domain: X2, label: "x₂", ticks: 7 },
      color: { type: "threshold", domain: levels, range: SHADES },
      marks: [contoursOf(heights, levels)],
    };
  },
  layers: [
    ({ settings, state, position }) => [
      Plot.text(state.lowest, { text: () => "✕", fontSize: 13 }),
      Plot.dot([settings], { ...at, r: 4, fill: "var(--lab-ground)", stroke: "currentColor" }),
      Plot.text([settings], { ...at, text: ["start"], dy: -12, fontWeight: 600 }),
      entriesOf(state.paths).map(([name, path]) => trace(name, path, settings, position)),
    ],
  ],
  drag(_, x, y) {
    const [x1, x2] = [startAt(x, X1), startAt(y, X2)];
    return [{ x1, x2 }, `Start: (${show(x1)}, ${show(x2)}). `];
  },
};

/**
 * The stop of a start's slider that is nearest: twentieths, without the ends.
 *
 * @param {number} value
 * @param {Pair} ends
 */
function startAt(value, [low, high]) {
  return clamp(Math.round(20 * value), [20 * low + 1, 20 * high - 1]) / 20;
}

/**
 * @param {Name} name
 * @returns {Key}
 */
function keyOf(name) {
  const { sign, name: words, color } = RUNNERS[name];
  return [sign, words, { color }];
}

/**
 * The boxes of the runners, each with its sign in its color.
 *
 * @satisfies {Kind<SeveralSpec>}
 */
const several = (spec, change) => {
  const control = kinds.several(spec, change);
  const labels = control.node.querySelectorAll("label");
  for (const label of labels) {
    const text = label.textContent ?? "";
    const [[name]] = spec.boxes.filter(([, words]) => words === text);
    const sign = element("span", {}, text[0]);
    sign.style.color = RUNNERS[/** @type {Name} */ (name)].color;
    label.replaceChildren(sign, text.slice(1));
  }
  return control;
};

const HUES = { gd: null, momentum: 0, nesterov: 2, rmsprop: 1, adam: 3 }; // as their colors

const TERMS = Object.entries(HUES).map(([name, hue]) => [
  ["", "_moons", "_x", "_d", "_next"].map((part) => name + part).join(" "),
  hue,
]);

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["map map map walk walk walk", "cost cost moons moons rates rates"],
  columns: "repeat(6, minmax(0, 1fr))",
  terms: { ...Object.fromEntries(TERMS), rate: 4, beta: 5 },
  panels: { map, walk: momentumMap, cost, moons, rates },
  kinds: { several, formula: formulaField },
  train,
};
