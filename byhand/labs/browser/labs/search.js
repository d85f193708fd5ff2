// Lab search: one task's trials with their shadows on both axes, and what all tasks so far say.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { heightControl, moved } from "../drawing.js";
import { equalHeight, frame, here } from "../marks.js";
import { clamp, lastOf, nearest, range } from "../numbers.js";
import { LEVELS, drawsOf, meansOf, middles, ownPlaces } from "../search.js";
import { scoresOf, searches, threeScores } from "../search.js";
import { show } from "../text.js";

/** @import { Given, Search } from "../search.js" */
/** @import { Context, DrawingSpec, Kind, Lab, Pair, Panel, Trained } from "../types.ts" */

/** @typedef {"grid" | "random" | "fine" | "own"} Method */

/**
 * @typedef {object} Settings
 * @property {Method} method
 * @property {number} budget
 * @property {string} point
 * @property {string} across
 * @property {string} up
 * @property {string} axis
 * @property {number} importance
 * @property {number} tasks
 */

/** @typedef {{ [method: string]: number[] }} Means for each budget */

/**
 * @typedef {object} Curves
 * @property {[across: string, up: string]} start of one's own points
 * @property {{ [axis: string]: { [importance: number]: Means } }} curves
 */

/** @typedef {Given & Curves} Shared */
/** @typedef {Trained<typeof train>} State */

const METHODS = {
  grid: { sign: "■", words: "grid", symbol: "square", color: "var(--lab-0)" },
  random: { sign: "▲", words: "random", symbol: "triangle", color: "var(--lab-1)" },
  fine: { sign: "●", words: "coarse to fine", symbol: "circle", color: "var(--lab-2)" },
  own: { sign: "◆", words: "your own nine", symbol: "diamond", color: "var(--lab-path)" },
};
const NAMES = /** @type {Method[]} */ (Object.keys(METHODS));
const SEARCHES = NAMES.filter((name) => name !== "own");
const SYMBOLS = {
  domain: NAMES,
  range: NAMES.map((name) => METHODS[name].symbol),
};
const NINE = 9; // points of one's own

/** @type {(row: { method: Method }) => string} */
const colorOf = ({ method }) => METHODS[method].color;

/** @param {Settings} settings */
const budgetOf = ({ method, budget }) => (method === "own" ? NINE : budget);

// --- the searches ---

/** @type {(x: number, rates: Pair) => number} */
const rateAt = (x, [low, high]) => low * (high / low) ** x;

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @param {number[]} stops
 */
function* train(settings, shared, stops) {
  const { method, axis, importance, across, up } = settings;
  const { grids, start, rates } = shared;
  const placed = method === "own" || across !== start[0] || up !== start[1];
  const budget = budgetOf(settings);
  const places = ownPlaces(across, up);
  const asked = { budget, axis, importance };
  const own = scoresOf(() => places, importance, shared);
  const scores = { ...threeScores(asked, shared), own };
  const { optima } = drawsOf(shared);
  const means = (/** @type {Method} */ name) => meansOf(scores[name], stops);
  yield {
    budget,
    rates: grids[budget][0],
    others: grids[budget][1],
    different: placed ? new Set(across).size : null,
    grid_gap: 1 / (4 * (grids[budget][0] - 1)),
    random_gap: (budget + 3) / (2 * (budget + 1) * (budget + 2)),
    trials: tried({ ...searches(asked, shared), own: () => places }, stops, rates),
    spread: Object.fromEntries(NAMES.map((name) => [name, middles(scores[name], stops)])),
    series: {
      grid: means("grid"),
      random: means("random"),
      fine: means("fine"),
      own: means("own").map((mean) => (placed ? mean : null)),
      one: stops.map((stop) => scores[method][stop - 1]),
      best_rate: stops.map((stop) => rateAt(optima[2 * stop - 2], rates)),
      best_other: stops.map((stop) => optima[2 * stop - 1]),
    },
  };
}

/**
 * The trials of the tasks at the stops, one after the other.
 *
 * @param {{ [method in Method]: Search }} found
 * @param {number[]} stops
 * @param {Pair} rates
 */
function tried(found, stops, rates) {
  /** @type {{ task: number[], method: Method[], rate: number[], other: number[] }} */
  const trials = { task: [], method: [], rate: [], other: [] };
  for (const stop of stops) {
    for (const name of NAMES) {
      const places = found[name](stop - 1);
      for (let i = 0; i < places.length; i += 2) {
        trials.task.push(stop);
        trials.method.push(name);
        trials.rate.push(rateAt(places[i], rates));
        trials.other.push(places[i + 1]);
      }
    }
  }
  return trials;
}

// --- one task ---

const SHADOW = -0.07; // where the axes' shadows end, below 0

/**
 * The trials of the method that is shown, on the task where the run stands.
 *
 * @param {Context<Settings, Shared, State>} context
 */
function shownTrials({ settings: { method }, state: { trials }, values: { tasks } }) {
  const { task, rate, other } = trials;
  return range(task.length)
    .filter((i) => task[i] === tasks && trials.method[i] === method)
    .map((i) => ({ x: rate[i], y: other[i] }));
}

/** @typedef {{ x: number, y: number }} Trial */

/** @type {(rate: number, rates: Pair) => number} */
const placeOf = (rate, [low, high]) => Math.log(rate / low) / Math.log(high / low);

/**
 * The trial with the best score.
 *
 * @param {Trial[]} tried
 * @param {Context<Settings, Shared, State>} context
 */
function bestOf(tried, { settings: { importance }, shared: { rates }, values }) {
  const center = placeOf(values.best_rate, rates);
  const off = (/** @type {Trial} */ { x, y }) =>
    (placeOf(x, rates) - center) ** 2 + importance * (y - values.best_other) ** 2;
  return tried.reduce((a, b) => (off(b) < off(a) ? b : a));
}

/**
 * The place of one of one's own points, from 1.
 *
 * @param {string} across
 * @param {string} up
 * @param {number} point
 */
const pairOf = (across, up, point) => ownPlaces(across, up).slice(2 * point - 2, 2 * point);

/**
 * The point of one's own that the controls move.
 *
 * @param {Context<Settings, Shared, State>} context
 */
function chosen({ settings: { method, across, up, point }, shared: { rates } }) {
  const [x, y] = pairOf(across, up, Number(point));
  return method === "own" ? [{ x: rateAt(x, rates), y }] : [];
}

/** @type {Plot.AreaYOptions} */
const HILL = {
  x: "x",
  y1: "y1",
  y2: "y2",
  z: "k",
  fill: "var(--lab-high)",
  fillOpacity: 0.35,
  clip: true,
};

/**
 * The hill around the best setting: where the score is above exp(-1/2), and above exp(-2).
 *
 * @param {Context<Settings, Shared, State>} context
 */
function hillOf({ settings: { importance }, shared: { rates, width }, values }) {
  /** @type {Pair} */
  const optimum = [placeOf(values.best_rate, rates), values.best_other];
  return [1, 2].flatMap((k) =>
    ring(k * width, importance, optimum, k).map(({ x, ...rest }) => ({
      x: rateAt(x, rates),
      ...rest,
    })),
  );
}

/**
 * Where the score is above exp(-k²/2): an ellipse around the optimum, or a band.
 *
 * @param {number} radius
 * @param {number} importance
 * @param {Pair} optimum
 * @param {number} k
 */
function ring(radius, importance, [cx, cy], k) {
  const edges = range(61).map((i) => {
    const dx = radius * (i / 30 - 1);
    const dy = Math.sqrt((radius ** 2 - dx ** 2) / Math.max(importance, 1e-9));
    return { x: cx + dx, y1: clamp(cy - dy, [0, 1]), y2: clamp(cy + dy, [0, 1]), k };
  });
  return edges.filter(({ x }) => x >= 0 && x <= 1);
}

/** @type {Panel<Settings, Shared, State>} */
const trials = {
  title: "One task: trials, and their values on each axis",
  keysNow: ({ values: { tasks } }) => [
    ["✕", `best setting of task ${show(tasks, ",d")}`],
    ["◆", "drag: your own nine", { color: METHODS.own.color, of: "own" }],
  ],
  label: (context) =>
    `${shownTrials(context).length} trials of ${METHODS[context.settings.method].words}`,
  drag({ settings, shared: { rates } }, x, y, begins) {
    const { method, across, up } = settings;
    const place = clamp(placeOf(x, rates), [0, 1]);
    const apart = range(NINE).map((i) => {
      const [a, b] = pairOf(across, up, i + 1);
      return Math.hypot(a - place, b - y);
    });
    const point = begins ? nearest(apart, 0) : pointOf(settings);
    const changes = {
      point: String(point + 1),
      across: moved(across, point, place * LEVELS, LEVELS),
      up: moved(up, point, y * LEVELS, LEVELS),
    };
    const [a, b] = pairOf(changes.across, changes.up, point + 1);
    const words = `Your point ${point + 1}: ${readRate(a, rates)} and ${show(b)}. `;
    return [method === "own" ? changes : { ...changes, method: "own" }, words, "across"];
  },
  draw(context) {
    const { shared, settings, values, width } = context;
    const { rates } = shared;
    const { symbol, color: stroke } = METHODS[settings.method];
    const tried = shownTrials(context);
    const shade = { stroke, strokeOpacity: 0.7 };
    const [left, right] = [rateAt(SHADOW, rates), rateAt(SHADOW / 4, rates)];
    const at = { x: "x", y: "y" };
    return chart({
      ...frame,
      width,
      height: equalHeight(width, [0, 1], [0, 1]),
      x: {
        type: "log",
        domain: [left, rates[1]],
        label: "learning rate",
        ticks: 5,
        tickFormat: "~g",
      },
      y: { domain: [SHADOW, 1], label: "the other one", ticks: 5 },
      marks: [
        Plot.areaY(hillOf(context), HILL),
        Plot.ruleX(tried, { x: "x", y1: SHADOW, y2: SHADOW / 4, ...shade }),
        Plot.ruleY(tried, { y: "y", x1: left, x2: right, ...shade }),
        Plot.dot(tried, { ...at, symbol, r: 4, stroke, className: `of-${settings.method}` }),
        here([bestOf(tried, context)], { ...at, className: "of-one" }),
        Plot.dot(chosen(context), { ...at, symbol, r: 11, stroke, className: "of-point" }),
        Plot.text([[values.best_rate, values.best_other]], {
          text: ["✕"],
          fontSize: 17,
          fontWeight: 700,
          className: "of-best_rate",
        }),
      ],
    });
  },
};

// --- all tasks so far ---

/** @type {Panel<Settings, Shared, State>} */
const spread = {
  title: "Best score of each task so far: mean, and the middle 80%",
  label: ({ values: { grid, random, fine, own } }) =>
    `mean ${show(grid, ".2f")} grid, ${show(random, ".2f")} random, ` +
    `${show(fine, ".2f")} coarse to fine` +
    (own === null ? "" : `, ${show(own, ".2f")} your own nine`),
  draw({ settings, state, values, position, width }) {
    const rows = NAMES.flatMap((method) => {
      const [low, high] = state.spread[method][position];
      const mean = values[method];
      return mean === null ? [] : [{ method, low, high, mean }];
    });
    /** @param {Method} method */
    const words = (method) => `${METHODS[method].sign} ${METHODS[method].words}`;
    return chart({
      ...frame,
      width,
      height: 158,
      marginLeft: 110,
      x: { domain: [0, 1], label: "best score", ticks: 5, grid: true },
      y: { domain: NAMES, label: null, tickSize: 0, tickFormat: words },
      symbol: SYMBOLS,
      marks: [
        Plot.ruleY(rows, {
          y: "method",
          x1: "low",
          x2: "high",
          stroke: colorOf,
          strokeOpacity: 0.5,
          strokeWidth: 5,
        }),
        rows.map((row) =>
          Plot.dot([row], {
            x: "mean",
            y: "method",
            symbol: "method",
            r: row.method === settings.method ? 8 : 6,
            fill: colorOf(row),
            stroke: "var(--lab-ground)",
            className: `of-${row.method}`,
          }),
        ),
        Plot.text(rows, { x: "mean", y: "method", text: ({ mean }) => show(mean, ".2f"), dy: -13 }),
      ],
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const budget = {
  title: "All tasks: mean best score for each number of trials",
  minHeight: 150,
  keys: SEARCHES.map((name) => {
    const { sign, words, color } = METHODS[name];
    return [sign, words, { color, of: name }];
  }),
  label: ({ values }) => `${values.budget} trials are marked`,
  drag({ settings, shared: { budgets } }, x) {
    const budget = budgets[nearest(budgets, x)];
    return settings.method === "own" || budget === settings.budget
      ? [{}]
      : [{ budget }, `Trials: ${budget}. `, "budget"];
  },
  draw({ shared, settings, state, width, height }) {
    const curves = shared.curves[settings.axis][settings.importance];
    const points = SEARCHES.flatMap((method) =>
      curves[method].map((mean, i) => ({ method, mean, trials: shared.budgets[i] })),
    );
    const own = lastOf(state.series.own);
    const mine = own === null ? [] : [{ method: "own", mean: own, trials: NINE }];
    const at = { x: "trials", y: "mean" };
    return chart({
      ...frame,
      width,
      height,
      x: { domain: [0, lastOf(shared.budgets)], label: "trials", ticks: 6 },
      y: { domain: [0, 1], label: null, ticks: 5, grid: true },
      symbol: SYMBOLS,
      marks: [
        Plot.ruleX([state.budget], { strokeDasharray: "3 3", className: "of-budget" }),
        Plot.line(points, {
          ...at,
          z: "method",
          stroke: colorOf,
          strokeWidth: ({ method }) => (method === settings.method ? 2.5 : 1),
        }),
        Plot.dot(points, { ...at, symbol: "method", r: 3, fill: colorOf }),
        Plot.dot(mine, {
          ...at,
          symbol: "method",
          r: 6,
          fill: METHODS.own.color,
          className: "of-own",
        }),
      ],
    });
  },
};

// --- where the chosen point stands ---

/** @type {(place: number, rates: Pair) => string} */
const readRate = (place, rates) => show(rateAt(place, rates), ".2g");

const pointOf = (/** @type {Settings} */ { point }) => Number(point) - 1;

/** @type {Kind<DrawingSpec>} */
const drawing = (spec, change, context) => {
  const { rates } = /** @type {Shared} */ (context.shared);
  const read = (/** @type {number} */ place) => readRate(place, rates);
  const kind = heightControl(pointOf, LEVELS, spec.name === "across" ? read : show);
  return kind(spec, change, context);
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["trials spread", "trials budget"],
  terms: { grid: 0, random: 1, fine: 2, "own different": 3, budget: 4 },
  panels: { trials, spread, budget },
  kinds: { drawing },
  train,
};
