// Lab ewa: a series with its exponentially weighted average, and the weight that each day has in
// it.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { heightControl, heightsOf, moved } from "../drawing.js";
import { ewa } from "../engine.js";
import { frame, here } from "../marks.js";
import { clamp } from "../numbers.js";
import { show } from "../text.js";

/** @import { Key, Lab, Panel, Trained } from "../types.ts" */

/**
 * @typedef {object} Settings
 * @property {string} series
 * @property {number} beta
 * @property {"on" | "off"} correction
 * @property {string} drawing
 * @property {number} day
 */

/** @typedef {{ recorded: { [series: string]: number[] } }} Shared */
/** @typedef {Trained<typeof train>} State */

const TOP = 32; // of the values that are drawn
const LEVELS = 30; // of a drawing

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train({ series, drawing, beta, correction }, { recorded }) {
  const values = recorded[series] ?? heightsOf(drawing);
  const plain = ewa(values, beta);
  const corrected = ewa(values, beta, { biasCorrection: true });
  const on = correction === "on";
  const average = on ? corrected : plain;
  const window = Math.floor(1 / (1 - beta) + 0.5);
  const weight = values.map((_, i) => 1 - beta ** (i + 1));
  const none = values.map(() => null);
  yield {
    window,
    rest: Number((1 - beta).toFixed(6)),
    second: Number((beta * (1 - beta)).toFixed(6)),
    one: values[0],
    two: values[1],
    v1: plain[0],
    v2: plain[1],
    share1: beta / (1 + beta),
    share2: 1 / (1 + beta),
    fair2: on ? corrected[1] : null,
    coldest: series === "temperature" ? corrected.indexOf(Math.min(...corrected)) + 1 : null,
    flag: on ? "True" : "False",
    series: {
      index: values.map((_, i) => i),
      value: values,
      average,
      before: [0, ...plain.slice(0, -1)],
      plain,
      corrected,
      weight,
      inside: weight.map((w, i) => (1 - beta ** Math.min(window, i + 1)) / w),
      uncorrected: on ? none : plain,
      short: on ? none : weight,
      divided: on ? weight : none,
    },
  };
}

const at = { x: "day", y: "y" };

/** @param {number[]} values */
const byDay = (values) => values.map((y, i) => ({ day: i + 1, y }));

/** @param {State} state */
const daysOf = ({ series }) => [0.5, series.value.length + 0.5];

/**
 * Where the window begins, whose last day is this one.
 *
 * @param {number} window
 * @param {number} day
 */
const startOf = (window, day) => Math.max(day - window, 0) + 0.5;

/**
 * The days of the window, behind everything else.
 *
 * @param {number} window
 * @param {number} day
 * @param {number} top
 */
const band = (window, day, top) =>
  Plot.rect([0], {
    x1: startOf(window, day),
    x2: day + 0.5,
    y1: 0,
    y2: top,
    fill: "var(--lab-tint-0)",
    className: "of-window of-inside",
  });

/** @param {Settings} settings */
const placeOf = ({ day }) => Math.min(day, 31) - 1;

/** @type {Key} */
const WITHOUT = ["╌╌", "without the correction", { color: "var(--lab-path)", of: "plain" }];

/** @type {Panel<Settings, Shared, State>} */
const series = {
  title: "Series and average",
  keysNow: ({ settings: { correction } }) => [
    ["•", "value", { color: "var(--lab-quiet)", of: "value" }],
    ["━━", "average", { color: "var(--lab-path)", of: "average corrected uncorrected" }],
    ...(correction === "on" ? [WITHOUT] : []),
  ],
  label: ({ values: { average }, position }) =>
    `the average of day ${position + 1} is ${show(average, ".1f")}`,
  draw({ settings, state, values, position, width }) {
    const { value, average, plain } = state.series;
    const line = byDay(average);
    const uncorrected = settings.correction === "on" ? byDay(plain) : [];
    const stroke = "var(--lab-path)";
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.36 * width, 190)),
      x: { domain: daysOf(state), label: null, ticks: 8 },
      y: { domain: [0, TOP], label: null, ticks: 6, grid: true },
      marks: [
        band(values.window, position + 1, TOP),
        Plot.dot(byDay(value), {
          ...at,
          r: value.length < 50 ? 4 : 1.8,
          fill: "var(--lab-quiet)",
          clip: true,
          className: "of-value",
        }),
        Plot.line(uncorrected, { ...at, stroke, strokeDasharray: "4 4", className: "of-plain" }),
        Plot.line(line, { ...at, stroke, strokeOpacity: 0.45, strokeWidth: 1.6 }),
        Plot.line(line.slice(0, position + 1), {
          ...at,
          stroke,
          strokeWidth: 2.6,
          className: "of-average of-corrected",
        }),
        here([line[position]], { ...at, className: "of-average of-corrected of-day" }),
      ],
    });
  },
  drag({ settings, state }, x, y) {
    const day = clamp(Math.round(x), [1, state.series.value.length]);
    if (settings.series !== "drawn") return [{ day }, `Day t: ${day}. `];
    const drawing = moved(settings.drawing, day - 1, y, LEVELS);
    return [{ day, drawing }, `Your point on day ${day}. `];
  },
};

/** @type {Panel<Settings, Shared, State>} */
const kernel = {
  title: "Weight of each day in the average of day t",
  keys: [["■", "the window, 1/(1 − β) days", { color: "var(--lab-0)", of: "window inside" }]],
  label: ({ values: { window, inside } }) =>
    `the last ${window} days hold ${show(inside, ".0%")} of the weight`,
  draw({ settings: { beta, correction }, state, values, position, width }) {
    const { window, inside, weight } = values;
    const newest = (1 - beta) / (correction === "on" ? weight : 1);
    const days = state.series.value.slice(0, position + 1);
    const bars = byDay(days.map((_, i) => newest * beta ** (position - i)));
    const start = startOf(window, position + 1);
    const right = start > 0.6 * state.series.value.length;
    return chart({
      ...frame,
      width,
      height: Math.round(Math.max(0.2 * width, 130)),
      x: { domain: daysOf(state), label: "day", ticks: 8 },
      y: { domain: [0, 1.25 * newest], label: null, ticks: 3, tickFormat: "~g", grid: true },
      marks: [
        band(window, position + 1, 1.25 * newest),
        Plot.rect(bars, {
          x1: ({ day }) => day - 0.5,
          x2: ({ day }) => day + 0.5,
          y1: 0,
          y2: "y",
          fill: ({ day }) => (day > start ? "var(--lab-0)" : "var(--lab-quiet)"),
          shapeRendering: "crispEdges",
          className: "of-beta",
        }),
        Plot.ruleX([start], { stroke: "var(--lab-0)", strokeDasharray: "3 3" }),
        Plot.text([start], {
          x: Plot.identity,
          frameAnchor: "top",
          text: [`${window} ${window === 1 ? "day" : "days"}: ${show(inside, ".0%")}`],
          dx: right ? -5 : 5,
          dy: 3,
          textAnchor: right ? "end" : "start",
          fontWeight: 600,
        }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["series", "kernel"],
  columns: "1fr",
  terms: { "average corrected uncorrected": 3, "window inside": 0, beta: 4, day: 5 },
  panels: { series, kernel },
  train,
  kinds: { drawing: heightControl(placeOf) },
};
