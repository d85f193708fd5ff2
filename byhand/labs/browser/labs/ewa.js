// Lab ewa: a series with its exponentially weighted average, and the weight that each day has in it.

import * as Plot from "@observablehq/plot";
import { heightControl, heightsOf, moved } from "../drawing.js";
import { ewa } from "../engine.js";
import { frame, here } from "../marks.js";
import { show } from "../text.js";

const TOP = 32; // of the values that are drawn

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
    fair2: corrected[1],
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
      short: on ? none : weight,
      divided: on ? weight : none,
    },
  };
}

const at = { x: "day", y: "y" };
const byDay = (values) => values.map((y, i) => ({ day: i + 1, y }));
const daysOf = ({ series }) => [0.5, series.value.length + 0.5];

// The days of the window, behind everything else.
const band = ({ window }, day, y2) =>
  Plot.rect([0], {
    x1: Math.max(day - window, 0) + 0.5,
    x2: day + 0.5,
    y1: 0,
    y2,
    fill: "var(--lab-tint-0)",
  });

const placeOf = ({ day }) => Math.min(day, 31) - 1;

const series = {
  title: "Series and average",
  keys: [
    ["•", "value", { color: "var(--lab-quiet)" }],
    ["━━", "average", { color: "var(--lab-path)" }],
    ["╌╌", "without the correction", { color: "var(--lab-path)" }],
  ],
  label: ({ values: { average }, position }) =>
    `the average of day ${position + 1} is ${show(average, ".1f")}`,
  draw({ settings, state, values, position, width }) {
    const { value, average, plain } = state.series;
    const line = byDay(average);
    const stroke = "var(--lab-path)";
    return Plot.plot({
      ...frame,
      width,
      height: Math.round(Math.max(0.36 * width, 190)),
      x: { domain: daysOf(state), label: null, ticks: 8 },
      y: { domain: [0, TOP], label: null, ticks: 6, grid: true },
      marks: [
        band(values, position + 1, TOP),
        Plot.dot(byDay(value), {
          ...at,
          r: value.length < 50 ? 4 : 1.8,
          fill: "var(--lab-quiet)",
          clip: true,
        }),
        Plot.line(settings.correction === "on" ? byDay(plain) : [], {
          ...at,
          stroke,
          strokeDasharray: "4 4",
        }),
        Plot.line(line, { ...at, stroke, strokeOpacity: 0.45, strokeWidth: 1.6 }),
        Plot.line(line.slice(0, position + 1), { ...at, stroke, strokeWidth: 2.6 }),
        here([line[position]], at),
      ],
    });
  },
  drag({ settings, state }, x, y) {
    const day = Math.min(Math.max(Math.round(x), 1), state.series.value.length);
    if (settings.series !== "drawn") return [{ day }, `Day t: ${day}. `];
    return [
      { day, drawing: moved(settings.drawing, day - 1, y, 30) },
      `Your point on day ${day}. `,
    ];
  },
};

const kernel = {
  title: "Weight of each day in the average of day t",
  keys: [["■", "the window, 1/(1 − β) days", { color: "var(--lab-0)" }]],
  label: ({ values: { window, inside } }) =>
    `the last ${window} days hold ${show(inside, ".0%")} of the weight`,
  draw({ settings: { beta, correction }, state, values, position, width }) {
    const newest = (1 - beta) / (correction === "on" ? values.weight : 1);
    const bars = byDay(
      state.series.value.slice(0, position + 1).map((_, i) => newest * beta ** (position - i)),
    );
    const isIn = ({ day }) => day > position + 1 - values.window;
    const end = Math.max(position + 1 - values.window, 0) + 0.5;
    const right = end > 0.6 * state.series.value.length;
    return Plot.plot({
      ...frame,
      width,
      height: Math.round(Math.max(0.2 * width, 130)),
      x: { domain: daysOf(state), label: "day", ticks: 8 },
      y: { domain: [0, 1.25 * newest], label: null, ticks: 3, tickFormat: "~g", grid: true },
      marks: [
        band(values, position + 1, 1.25 * newest),
        Plot.rect(bars, {
          x1: ({ day }) => day - 0.5,
          x2: ({ day }) => day + 0.5,
          y1: 0,
          y2: "y",
          fill: (bar) => (isIn(bar) ? "var(--lab-0)" : "var(--lab-quiet)"),
          shapeRendering: "crispEdges",
        }),
        Plot.ruleX([end], { stroke: "var(--lab-0)", strokeDasharray: "3 3" }),
        Plot.text([end], {
          x: Plot.identity,
          frameAnchor: "top",
          text: [
            `${values.window} ${values.window === 1 ? "day" : "days"}: ${show(values.inside, ".0%")}`,
          ],
          dx: right ? -5 : 5,
          dy: 3,
          textAnchor: right ? "end" : "start",
          fontWeight: 600,
        }),
      ],
    });
  },
};

export default {
  areas: ["series", "kernel"],
  columns: "1fr",
  panels: { series, kernel },
  train,
  kinds: { drawing: heightControl(placeOf) },
};
