// The charts beside the map of lab race: each runner's costs, and up to which rate it is stable.

import * as Plot from "@observablehq/plot";
import { chart } from "./chart.js";
import { frame } from "./marks.js";
import { clamp, lastOf } from "./numbers.js";
import { chosenOf, entriesOf, RUNNERS } from "./race.js";
import { show } from "./text.js";

/** @import { Name, Settings, Shared, State } from "./race.js" */
/** @import { Pair, Panel } from "./types.ts" */

/**
 * How a runner's dot looks.
 *
 * @param {Name} name
 * @returns {Plot.DotOptions}
 */
export function dotOf(name, hollow = false) {
  const { symbol, color } = RUNNERS[name];
  const ground = "var(--lab-ground)";
  const [fill, stroke] = hollow ? [ground, color] : [color, ground];
  return { symbol, r: 6, fill, stroke, strokeWidth: 1.5 };
}

/** @typedef {Plot.ScaleOptions & { domain: Pair }} Axis */

/**
 * Curves of all runners, light to their end and strong up to now; hollow where one is out.
 *
 * @param {string} title
 * @param {"costs" | "moons"} what
 * @param {"first" | "moons_first"} first
 * @param {(settings: Settings, state: State) => Axis} axisFor
 * @returns {Panel<Settings, Shared, State>}
 */
const curves = (title, what, first, axisFor) => {
  const curvesOf = (
    /** @type {Settings} */ settings,
    /** @type {Shared} */ shared,
    /** @type {State} */ state,
  ) => {
    const last = shared.draws.length - 1;
    const { domain } = axisFor(settings, state);
    return entriesOf(state[what]).map(([name, costs]) => {
      const every = what === "moons" ? last / costs.length : 1;
      const points = costs.map((cost, i) => ({ x: i * every, y: clamp(cost, domain) }));
      const line = { x: "x", y: "y", stroke: RUNNERS[name].color };
      return { name, points, line, end: every * costs.length };
    });
  };
  return {
    title,
    minHeight: 150,
    label: ({ values }) => `the lowest is ${values[first]}`,
    plot: ({ settings, shared, state, width, height }) => ({
      ...frame,
      marginTop: 12,
      marginLeft: 46,
      width,
      height,
      x: { domain: [0, shared.draws.length - 1], label: "step", ticks: 5 },
      y: { label: null, grid: true, ...axisFor(settings, state) },
    }),
    layers: [
      ({ settings, shared, state }) =>
        curvesOf(settings, shared, state).map(({ points, line }) =>
          Plot.line(points, { ...line, strokeOpacity: 0.35 }),
        ),
      ({ settings, shared, state, position }) =>
        curvesOf(settings, shared, state).map(({ name, points, line, end }) => {
          const done = points.filter(({ x }) => x <= position);
          return [
            Plot.line(done, { ...line, strokeWidth: 2 }),
            Plot.dot(done.slice(-1), { ...line, ...dotOf(name, position > end) }),
          ];
        }),
    ],
    drag({ stops }, x) {
      const step = clamp(Math.round(x), [0, lastOf(stops)]);
      return [{ step }, `Step: ${step}. `, "step"];
    },
  };
};

/**
 * Costs that can be negative stand on an even scale.
 *
 * @param {Settings} settings
 * @param {State} state
 * @returns {Axis}
 */
function costAxis({ surface }, { costs }) {
  if (surface !== "own") {
    return { type: "log", domain: [0.0001, 300], ticks: [0.0001, 0.01, 1, 100], tickFormat: "~g" };
  }
  const all = entriesOf(costs).flatMap(([, run]) => run);
  const low = Math.min(...all, 0);
  return { domain: [low, Math.max(...all.slice(0, 1), low + 1e-3) * 1.2], ticks: 4 };
}

export const cost = curves("Cost", "costs", "first", costAxis);

export const moons = curves("Cost on the moons", "moons", "moons_first", () => ({
  domain: [0, 0.8],
  ticks: 4,
}));

const LOWEST = 0.001; // rate

/**
 * A row for each runner: up to which rate it is stable; and the highest of these rates.
 *
 * @param {Settings} settings
 * @param {number | null} stable below which gradient descent is stable
 */
function limitsOf(settings, stable) {
  const limits = chosenOf(settings).map((id) => {
    const { sign, color, stable: times } = RUNNERS[id];
    const limit = times ? (stable ?? NaN) * times(settings.beta) : Infinity;
    return { sign, color, limit };
  });
  const highest = Math.max(2, ...limits.map(({ limit }) => limit).filter(Number.isFinite));
  const rows = limits.map(({ sign, color, limit }) => ({
    sign,
    limit: Number.isNaN(limit) ? LOWEST : Math.min(limit, highest),
    text: wordsOf(limit) + (settings.rate > limit ? " unstable" : ""),
    stroke: color,
  }));
  return { rows, highest };
}

/** @param {number} limit */
function wordsOf(limit) {
  if (Number.isNaN(limit)) return "no bowl";
  return limit < Infinity ? show(limit, ".3g") : "▸ any";
}

/** @type {Panel<Settings, Shared, State>} */
export const rates = {
  title: "Stable below",
  keys: [
    ["┊", "the rate α"],
    ["▸", "steps are bounded"],
  ],
  label: ({ values: { stable, rate } }) =>
    stable === null
      ? "no bowl on the map"
      : `gradient descent below ${show(stable, ".3g")}, α is ${show(rate)}`,
  draw({ settings, state, width }) {
    const { rows, highest } = limitsOf(settings, state.stable);
    const bars = rows.map((row) =>
      Plot.ruleY([row], {
        y: "sign",
        x1: LOWEST,
        x2: "limit",
        stroke: row.stroke,
        strokeWidth: 6,
      }),
    );
    return chart({
      ...frame,
      marginTop: 8,
      marginLeft: 26,
      marginRight: 104,
      width,
      height: 40 + 22 * rows.length,
      x: {
        type: "log",
        domain: [LOWEST, highest],
        label: "α",
        ticks: width < 260 ? [0.01, 1] : [0.001, 0.1, 10].filter((tick) => tick <= highest),
        tickFormat: "~g",
      },
      y: { domain: rows.map(({ sign }) => sign), label: null, tickSize: 0 },
      marks: [
        bars,
        Plot.ruleX([settings.rate], { strokeDasharray: "3 2", strokeWidth: 2 }),
        Plot.text(rows, {
          x: "limit",
          y: "sign",
          text: "text",
          dx: 6,
          textAnchor: "start",
          fill: "currentColor",
          stroke: "var(--lab-ground)",
          strokeWidth: 4,
        }),
      ],
    });
  },
};
