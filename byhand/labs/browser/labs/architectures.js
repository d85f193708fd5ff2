// Lab architectures: what each layer returns, holds, does and keeps; and each network on a map.

import * as Plot from "@observablehq/plot";
import { boxes, canvas } from "../cells.js";
import { count } from "../counts.js";
import { frame, here } from "../marks.js";
import { lastOf, sum } from "../numbers.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Net as CountedNet } from "../counts.js" */
/** @import { Context, Lab, Panel, Trained } from "../types.ts" */

/** @typedef {{ net: string, size: number, batch: number, layer: number }} Settings */

/**
 * A network as its paper has it; `call` is its line of dlcore.
 *
 * @typedef {CountedNet & { title: string, call: string, smallest: number, published: number }} Net
 */

/** @typedef {{ nets: { [name: string]: Net } }} Shared */
/** @typedef {Trained<typeof train>} State */

const AS_PUBLISHED = 0; // of the slider

/**
 * A number of bytes as a reader writes it.
 *
 * @param {number} bytes
 */
const large = (bytes) =>
  bytes >= 1e9 ? `${show(bytes / 1e9, ".3g")} GB` : `${show(bytes / 1e6, ".3g")} MB`;

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train({ net, size, batch }, { nets }) {
  const { title, home, channels, call, smallest, published, layers } = nets[net];
  const fixed = net === "lenet5";
  const side = fixed || size === AS_PUBLISHED ? home : size;
  const { rows, failed, gap } = count(nets[net], side);
  const fits = !failed;
  const parameters = sum(rows.map(({ holds }) => holds));
  const macs = sum(rows.map(({ does }) => does));
  const kept = sum(rows.map(({ kept }) => kept));
  const memory = 4 * parameters + batch * kept;
  const stops = rows.map(({ kept, ...row }) => ({
    ...row,
    holds: row.holds || null,
    does: row.does || null,
    share: fits ? row.holds / parameters : null,
    work: fits ? row.does / macs : null,
    needs: fits ? (4 * row.holds + batch * kept) / memory : null,
  }));
  yield {
    title,
    side,
    parameters: fits ? parameters : null,
    macs: fits ? macs : null,
    other: fits && side !== home ? published : null,
    home,
    failed,
    gap,
    left: lastOf(rows).out,
    smallest,
    takes: fits ? large(memory) : null,
    kept: large(batch * kept),
    call: call.replace("{}", fixed ? "" : `size=${side}`),
    channels,
    series: seriesOf(stops),
    memory,
    depth: layers.length,
  };
}

/** @param {number | null} value */
const si = (value, unit = "") =>
  value ? show(value, ".3s").replace(/[kMG]?$/, (prefix) => ` ${prefix}${unit}`) : "–";

// --- the ledger: pixels from the top, row by row ---

const TOP = 36;
const ROW = 16;

/** @param {number} i */
const middleOf = (i) => TOP + ROW * (i + 0.5);

/**
 * A column of the ledger: what it shows of each layer, and what of the network.
 *
 * @typedef {object} Column
 * @property {"share" | "work" | "needs"} of
 * @property {string} title
 * @property {string} short
 * @property {(state: State) => string} total
 */

/** @type {Column[]} */
const COLUMNS = [
  { of: "share", title: "parameters", short: "params", total: ({ parameters }) => si(parameters) },
  { of: "work", title: "multiply-adds", short: "work", total: ({ macs }) => si(macs) },
  {
    of: "needs",
    title: "memory",
    short: "memory",
    total: ({ failed, memory }) => si(failed ? null : memory, "B"),
  },
];

/**
 * Words in the rows with these numbers.
 *
 * @param {{ i: number }[]} rows
 * @param {Plot.TextOptions} options
 */
const words = (rows, options) =>
  Plot.text(rows, {
    y: ({ i }) => middleOf(i),
    textAnchor: "start",
    fontVariant: "tabular-nums",
    ...options,
  });

/**
 * The bars of a column, each with its share, below the column's title and total.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {Column} column
 * @param {{ left: number, room: number, wide: boolean, fontSize: number }} place
 */
function bars({ state, position }, { of, title, short, total }, { left, room, wide, fontSize }) {
  const shares = state.failed ? [] : state.series[of].map((share) => share ?? 0);
  const cells = shares.map((share, i) => ({
    i,
    share,
    x1: left,
    x2: left + share * (room - 34),
    y1: middleOf(i) - 5.5,
    y2: middleOf(i) + 5.5,
    fill: i === position ? "var(--lab-path)" : "var(--lab-contour)",
  }));
  const told = cells.filter(({ share, i }) => share >= 0.01 || (i === position && share));
  return [
    boxes(cells),
    words(told, {
      x: ({ x2 }) => x2 + 3,
      text: ({ share }) => show(share, share < 0.01 ? ".1%" : ".0%"),
      fontSize,
    }),
    Plot.text([`${wide ? title : short}\n${total(state)}`], {
      x: left,
      y: 4,
      text: (d) => d,
      textAnchor: "start",
      lineAnchor: "top",
      fontWeight: 600,
    }),
  ];
}

/** @type {Panel<Settings, Shared, State>} */
const ledger = {
  title: "Each layer: its shape, and its share of the network",
  label({ state: { series } }) {
    const share = (/** @type {number} */ i) =>
      series.share[i] === null ? "" : ` ${show(series.share[i], ".1%")}`;
    return series.name.map((name, i) => `${name} ${series.shape[i]}${share(i)}`).join(", ");
  },
  draw(context) {
    const { state, position, width } = context;
    const wide = width > 480;
    const fontSize = wide ? 11 : 9.5;
    const letter = 0.6 * fontSize;
    const longest = (/** @type {string[]} */ texts) =>
      letter * Math.max(...texts.map((text) => text.length));
    const first = 8 + 1.1 * longest(state.series.name); // names are bold
    const second = first + 8 + longest(state.series.shape);
    const room = (width - second) / 3;
    const rows = state.series.name.map((name, i) => ({ name, i, shape: state.series.shape[i] }));
    const lost = state.failed ? [{ i: rows.length, words: `✕ ${state.failed}: no room` }] : [];
    const now = {
      x1: 0,
      x2: width,
      y1: middleOf(position) - ROW / 2,
      y2: middleOf(position) + ROW / 2,
    };
    return canvas(
      width,
      40 + ROW * state.depth,
      [
        boxes([now], { fill: "var(--lab-tint-0)" }),
        words(rows, { x: 2, text: "name", fontSize, fontWeight: 600 }),
        words(rows, { x: first, text: "shape", fontSize }),
        words(lost, { x: 2, text: "words", fontSize, fontWeight: 600, fill: "var(--lab-path)" }),
        COLUMNS.map((column, c) =>
          bars(context, column, { left: second + c * room, room, wide, fontSize }),
        ),
      ],
      wide ? "11px" : "10px",
    );
  },
};

// --- the map ---

/** @type {{ [title: string]: Plot.TextOptions }} */
const PLACES = {
  "LeNet-5": { dx: 10, textAnchor: "start" },
  AlexNet: { dx: 10, dy: 4, textAnchor: "start" },
  "AlexNet, two groups": { dx: -10, textAnchor: "end" },
  "VGG-11": { dx: -4, dy: -13, textAnchor: "end" },
  "VGG-16": { dx: -4, dy: -13, textAnchor: "start" },
};

/** @type {(label: string, domain: [number, number]) => Plot.ScaleOptions} */
const axis = (label, domain) => ({
  type: "log",
  domain,
  label,
  tickFormat: "~s",
  ticks: 4,
  grid: true,
});

/** @type {Panel<Settings, Shared, State>} */
const map = {
  title: "All five (log scales)",
  minHeight: 230,
  keys: [
    ["○", "as published"],
    ["●", "here", { color: "var(--lab-path)" }],
  ],
  label: ({ values: { parameters, macs } }) =>
    parameters
      ? `${si(parameters)} parameters, ${si(macs)} multiply-adds`
      : "this network does not fit",
  draw({ shared: { nets }, state, width, height }) {
    const at = { x: "macs", y: "published" };
    const rings = Object.values(nets);
    const dots = state.parameters ? [{ macs: state.macs, published: state.parameters }] : [];
    return Plot.plot({
      ...frame,
      marginLeft: 44,
      width,
      height,
      x: axis("multiply-adds an image", [1e5, 1e12]),
      y: axis("parameters", [3e4, 5e8]),
      marks: [
        Plot.dot(rings, { ...at, r: 5.5, stroke: "var(--lab-ink)" }),
        here(dots, at),
        Object.entries(PLACES).map(([name, place]) => {
          const ring = rings.filter(({ title }) => title === name);
          return Plot.text(ring, { ...at, text: "title", ...place });
        }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default { areas: ["ledger map"], columns: "5fr 3fr", panels: { ledger, map }, train };
