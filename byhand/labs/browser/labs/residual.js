// Lab residual: mean squares of signals and errors along the depth, and behind all blocks.

import * as Plot from "@observablehq/plot";
import { chart } from "../chart.js";
import { frame } from "../marks.js";
import { lastOf, nearest, range } from "../numbers.js";
import { NETWORKS, train } from "../residual.js";
import { show } from "../text.js";

/** @import { Network, Settings, Shared } from "../residual.js" */
/** @import { Context, Lab, Pair, Panel, Trained } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */
/** @typedef {Context<Settings, Shared, State>} Now */
/** @typedef {"signals" | "errors"} Way up, or down */

/** @typedef {"circle" | "square" | "triangle" | "diamond" | "star"} Sign */
/** @typedef {{ word: string, sign: string, symbol: Sign, hue: number }} Look */

/** @type {{ [network in Network]: Look }} */
const LOOKS = {
  plain: { word: "plain", sign: "●", symbol: "circle", hue: 0 },
  residual: { word: "residual", sign: "■", symbol: "square", hue: 3 },
  normalized: { word: "normalized", sign: "▲", symbol: "triangle", hue: 2 },
  scaled: { word: "scaled", sign: "◆", symbol: "diamond", hue: 4 },
  zero: { word: "V = 0", sign: "★", symbol: "star", hue: 5 },
};

/** @param {Network} network */
const colorOf = (network) => `var(--lab-hue-${LOOKS[network].hue})`;

const INK = "var(--lab-ink)";

/** @type {Way[]} */
const WAYS = ["signals", "errors"];

/** @type {{ [way in Way]: { end: "top" | "bottom", should: "should" | "should_error" } }} */
const ENDS = {
  signals: { end: "top", should: "should" },
  errors: { end: "bottom", should: "should_error" },
};

/**
 * The numbers of a network, one of each seed so far.
 *
 * @param {State} state
 * @param {Network} network
 * @param {Way | "top" | "bottom"} of
 */
const runsOf = ({ series }, network, of) => series[`${network}_${of}`];

/** @param {State} state */
const chosenIn = (state) => NETWORKS.filter((network) => state[`${network}_should`] !== null);

const NOWHERE = -400; // the power of ten of a 0, below every axis

/** @param {unknown} value */
const log = (value) => Math.max(Math.log10(Number(value)), NOWHERE);

/**
 * Ticks at powers of ten, and how they are written.
 *
 * @param {Pair} domain powers of ten
 * @returns {Plot.ScaleOptions}
 */
function powers([low, high]) {
  const step = Math.max(1, Math.ceil((high - low) / 6));
  const first = Math.ceil(low / step);
  const ticks = range(Math.floor(high / step) - first + 1).map((i) => (first + i) * step);
  return {
    domain: [low, high],
    ticks,
    tickFormat: (power) => show(10 ** power, ".1g"),
    grid: true,
  };
}

/**
 * The powers of ten that hold all the numbers, and at least those from a tenth to a hundred.
 *
 * @param {number[]} values
 * @returns {Pair}
 */
function decades(values) {
  const all = values.map(log).filter((power) => power > NOWHERE);
  return [Math.min(-1, ...all) - 0.2, Math.max(2, ...all) + 0.2];
}

/**
 * What is drawn of one network: for each block the theory, this seed, and the range of all seeds.
 *
 * @param {Now} context
 * @param {Network} network
 * @param {Way} way
 */
function curve({ state, position }, network, way) {
  const runs = /** @type {number[][]} */ (runsOf(state, network, way));
  const expected = /** @type {number[]} */ (state[`${network}_should_${way}`]);
  return expected.map((should, block) => {
    const all = runs.map((run) => run[block]);
    const [low, high] = [Math.min(...all), Math.max(...all)].map(log);
    return { block, should: log(should), now: log(all[position]), low, high };
  });
}

/**
 * The marks of one network: all seeds as an area, the theory, this seed.
 *
 * @param {Now} context
 * @param {Network} network
 * @param {Way} way
 */
function marksOf(context, network, way) {
  const points = curve(context, network, way);
  const { end, should } = ENDS[way];
  const own = { x: "block", y: "now", className: `of-${network}_${end}` };
  const stroke = colorOf(network);
  return [
    Plot.areaY(points, {
      x: "block",
      y1: "low",
      y2: "high",
      fill: stroke,
      fillOpacity: 0.16,
      clip: true,
    }),
    Plot.line(points, {
      x: "block",
      y: "should",
      stroke,
      strokeWidth: 1.5,
      strokeDasharray: "5 4",
      className: `of-${network}_${should}`,
    }),
    Plot.line(points, { ...own, stroke, strokeWidth: 2.2, clip: true }),
    Plot.dot(
      [way === "signals" ? lastOf(points) : points[0]].filter(({ now }) => now > NOWHERE),
      { ...own, symbol: LOOKS[network].symbol, r: 5, fill: stroke },
    ),
  ];
}

/**
 * Every number that is drawn of signals and errors: both panels have the same axis.
 *
 * @param {State} state
 */
const allIn = (state) =>
  chosenIn(state).flatMap((network) =>
    WAYS.flatMap((way) => [...runsOf(state, network, way), state[`${network}_should_${way}`]]),
  );

/**
 * What the chosen networks end with.
 *
 * @param {Now} context
 * @param {Way} way
 */
const toldOf = ({ state, position }, way) =>
  chosenIn(state).map((network) => {
    const value = Number(runsOf(state, network, ENDS[way].end)[position]);
    return { network, text: `${LOOKS[network].word}: ${show(value, ".3g")}` };
  });

/**
 * @param {Way} way
 * @param {string} title
 * @returns {Panel<Settings, Shared, State>}
 */
const alongDepth = (way, title) => ({
  title,
  keysNow: (context) =>
    toldOf(context, way).map(({ network, text }) => [
      LOOKS[network].sign,
      text,
      { color: colorOf(network), of: `${network}_${ENDS[way].end}` },
    ]),
  label: (context) =>
    toldOf(context, way)
      .map(({ text }) => text)
      .join(", "),
  draw(context) {
    const { state, settings, width } = context;
    const numbers = /** @type {number[]} */ (allIn(state).flat());
    return chart({
      ...frame,
      marginLeft: 46,
      width,
      height: Math.max(210, Math.min(270, 0.75 * width)),
      x: { domain: [0, settings.depth], label: "block", ticks: 5, tickFormat: "d" },
      y: { ...powers(decades(numbers)), label: "mean square" },
      marks: [
        Plot.ruleY([0], { stroke: "var(--lab-quiet)" }),
        chosenIn(state).map((network) => marksOf(context, network, way)),
      ],
    });
  },
});

// --- behind all blocks ---

const ROW = 46; // pixels
const UP = 0.22; // of a row: the signals above its middle, the errors below

/**
 * A number of each seed, or the one that is expected, in the row of its network.
 *
 * @typedef {{ network: Network, way: Way, seed: number, x: number, y: number }} Mark
 */

/**
 * @param {State} state
 * @param {(network: Network, way: Way) => (number | number[] | null)[]} numbersOf
 * @returns {Mark[]}
 */
const marksIn = (state, numbersOf) =>
  chosenIn(state).flatMap((network, row) =>
    WAYS.flatMap((way) => {
      const y = -row + (way === "signals" ? UP : -UP);
      const place = { network, way, y };
      return numbersOf(network, way).map((value, seed) => {
        return { ...place, seed, x: log(value) };
      });
    }),
  );

/** @param {State} state */
const seedsIn = (state) => marksIn(state, (network, way) => runsOf(state, network, ENDS[way].end));

/** @param {State} state */
const expectedIn = (state) =>
  marksIn(state, (network, way) => [state[`${network}_${ENDS[way].should}`]]);

/**
 * The seeds and the theory of one network.
 *
 * @param {Network} network
 * @param {Mark[]} seeds
 * @param {Mark[]} expected
 */
const rowOf = (network, seeds, expected) => [
  Plot.dot(
    seeds.filter((mark) => mark.network === network),
    {
      ...PLACE,
      stroke: colorOf(network),
      strokeOpacity: 0.75,
      className: `of-${network}_low of-${network}_middle of-${network}_high`,
    },
  ),
  Plot.ruleX(
    expected.filter((mark) => mark.network === network),
    {
      x: "x",
      y1: ({ y }) => y - UP,
      y2: ({ y }) => y + UP,
      stroke: colorOf(network),
      strokeWidth: 3,
    },
  ),
];

/** @type {Plot.DotOptions} */
const PLACE = {
  x: "x",
  y: "y",
  r: 4.5,
  symbol: (/** @type {Mark} */ { way }) => (way === "signals" ? "circle" : "triangle"),
};

/**
 * The seed whose mark is nearest.
 *
 * @param {Now} context
 * @param {number} x
 * @param {number} y
 */
function seedAt({ state, settings }, x, y) {
  const seeds = seedsIn(state);
  const rows = seeds.map((mark) => Math.abs(mark.y - y));
  const near = seeds.filter((_, i) => rows[i] === Math.min(...rows));
  const places = near.map((mark) => mark.x);
  return near[nearest(places, x)]?.seed ?? settings.seed;
}

/** @type {Panel<Settings, Shared, State>} */
const ends = {
  title: "Behind all blocks, 20 seeds",
  keys: [
    ["○", "signals"],
    ["△", "errors"],
    ["┃", "theory"],
    ["●", "this seed; click another", { color: "var(--lab-path)", of: "seed" }],
  ],
  label: ({ state, values }) =>
    chosenIn(state)
      .map((network) => {
        const [low, high] = [values[`${network}_low`], values[`${network}_high`]];
        return `${network} signals from ${show(low, ".2g")} to ${show(high, ".2g")}`;
      })
      .join(", "),
  draw({ state, position, width }) {
    const [seeds, expected] = [seedsIn(state), expectedIn(state)];
    const rows = chosenIn(state);
    const domain = decades([...seeds, ...expected].map(({ x }) => 10 ** x));
    return chart({
      ...frame,
      marginLeft: 84,
      marginTop: 8,
      width,
      height: ROW * rows.length + 42,
      x: { ...powers(domain), label: "times" },
      y: { domain: [0.5 - rows.length, 0.5], axis: null },
      symbol: { type: "identity" },
      marks: [
        Plot.ruleX([0], { stroke: "var(--lab-quiet)" }),
        Plot.text(
          rows.map((network) => LOOKS[network].word),
          {
            x: domain[0],
            y: (_, row) => -row,
            text: Plot.identity,
            dx: -8,
            textAnchor: "end",
            fill: INK,
            fontSize: 12,
          },
        ),
        rows.map((network) => rowOf(network, seeds, expected)),
        Plot.dot(
          seeds.filter(({ seed }) => seed === position),
          { ...PLACE, r: 5, fill: "var(--lab-path)", className: "of-seed" },
        ),
      ],
    });
  },
  drag(context, x, y) {
    const seed = seedAt(context, x, y);
    return [{ seed }, `Seed: ${seed}. `, "seed"];
  },
  hover: (context, x, y) => ({ seed: seedAt(context, x, y) }),
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["signals errors", "ends ends"],
  terms: {
    ...Object.fromEntries(
      NETWORKS.map((network) => [
        ["top", "bottom", "should", "should_error", "low", "middle", "high"]
          .map((name) => `${network}_${name}`)
          .join(" "),
        LOOKS[network].hue,
      ]),
    ),
    "rho outputs grown": null,
    gain: 1,
  },
  panels: {
    signals: alongDepth("signals", "Signal, going up"),
    errors: alongDepth("errors", "Error, coming down"),
    ends,
  },
  train,
};
