// Lab architectures: what each layer returns, holds, does and keeps; and each network on a map.

import * as Plot from "@observablehq/plot";
import { brief, large } from "../amounts.js";
import { HEIGHT, NAME, isWide, standing } from "../blocks.js";
import { boxes, canvas, holds } from "../cells.js";
import { chart } from "../chart.js";
import { compared, counted, sideOf } from "../counts.js";
import { frame, here } from "../marks.js";
import { clamp, lastOf, sum } from "../numbers.js";
import { seriesOf } from "../series.js";
import { show } from "../text.js";

/** @import { Net as CountedNet, Networks } from "../counts.js" */
/** @import { Context, Drag, Lab, Panel, Settings as Changes, Trained } from "../types.ts" */

/** @typedef {Networks & { batch: number, layer: number }} Settings */

/**
 * A network as its paper has it; `call` is its line of dlcore.
 *
 * @typedef {CountedNet & { [count in "smallest" | "published" | "macs"]: number }} Counted
 */

/** @typedef {Counted & { call: string }} Net */

/** @typedef {{ nets: { [name: string]: Net } }} Shared */
/** @typedef {Trained<typeof train>} State */

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { net, batch } = settings;
  const { title, home, channels, call, smallest, published, layers } = shared.nets[net];
  const side = sideOf(settings, shared);
  const { rows, failed, gap, parameters, macs } = counted(settings, shared);
  const fits = !failed;
  const kept = sum(rows.map(({ kept }) => kept));
  const memory = 4 * parameters + batch * kept;
  const stops = rows.map(({ kept, dense, ...row }) => ({
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
    call: call.replace("{}", net === "lenet5" ? "" : `size=${side}`),
    channels,
    series: seriesOf(stops),
    ...compared(settings, shared),
    memory,
    depth: layers.length,
  };
}

// --- the networks as blocks ---

/**
 * What goes to a layer of a network, whose own place the network beside keeps.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {{ net: string, k: number } | undefined} hit
 * @returns {Changes | null}
 */
function layerAt({ settings }, hit) {
  if (!hit) return null;
  const { net, beside } = settings;
  const layer = hit.k + 1;
  return hit.net === net
    ? { layer }
    : { net: hit.net, beside: net === beside ? "none" : net, layer };
}

/**
 * What a click on a layer does, and how it is read.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {{ net: string, k: number } | undefined} hit
 * @returns {Drag}
 */
function goTo(context, hit) {
  const changes = layerAt(context, hit);
  if (!hit || !changes || (hit.net === context.settings.net && hit.k === context.position)) {
    return [{}];
  }
  const net =
    hit.net === context.settings.net ? "" : `Network: ${context.shared.nets[hit.net].title}. `;
  return [changes, `${net}Layer: ${hit.k + 1}. `];
}

/**
 * The networks that are drawn, always in one order, and where their layers stand.
 *
 * @param {Context<Settings, Shared, State>} context
 */
function networks({ settings, shared, width }) {
  const names = Object.keys(shared.nets).filter(
    (name) => name === settings.net || name === settings.beside,
  );
  return standing(
    names.map((net) => ({ net, ...counted({ ...settings, net }, shared) })),
    width,
  );
}

/**
 * The layer at a place of the drawing.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} x
 * @param {number} y
 */
const blockAt = (context, x, y) =>
  networks(context)
    .flatMap(({ net, layers }) => layers.map(({ k, column }) => ({ net, k, ...column })))
    .find(holds(x, y));

/** @type {Panel<Settings, Shared, State>} */
const blocks = {
  title: "The networks, to scale",
  keys: [
    ["▮", "returned: side high, channels wide"],
    ["■", "parameters", { color: "var(--lab-0)", of: "share" }],
  ],
  label({ state: { title, rival } }) {
    return `the layers of ${title}${rival ? ` beside those of ${rival}` : ""}`;
  },
  drag: (context, x, y) => goTo(context, blockAt(context, x, y)),
  hover: (context, x, y) => layerAt(context, blockAt(context, x, y)),
  draw(context) {
    const { settings, shared, state, position, width } = context;
    const nets = networks(context);
    const layers = nets.flatMap(({ net, layers }) =>
      layers.map((layer) => ({ ...layer, now: net === settings.net && layer.k === position })),
    );
    const now = layers.filter(({ now }) => now);
    const parts = (/** @type {"block" | "square"} */ part, /** @type {string} */ color) =>
      layers.flatMap(({ now, [part]: box }) =>
        box ? { ...box, fill: now ? "var(--lab-path)" : color } : [],
      );
    const titles = nets.map(({ net, left, top }) => ({
      x: left,
      y: top + 4,
      words: `${net === settings.net ? "▸ " : ""}${shared.nets[net].title}`,
    }));
    const totals = nets.map(({ left, top, failed, parameters, macs }) => ({
      x: left,
      y: top + 17,
      words: failed
        ? `✕ ${failed}: no room`
        : `${brief(parameters)} parameters, ${brief(macs)} multiply-adds`,
    }));
    const names = now.map(({ column: { x1, x2, y1 } }) => ({
      x: clamp((x1 + x2) / 2, [24, width - 24]),
      y: y1 - NAME,
      words: state.series.name[position],
    }));
    /** @type {Plot.TextOptions} */
    const text = { x: "x", y: "y", text: "words", lineAnchor: "top", textAnchor: "start" };
    return canvas(width, isWide(width) ? HEIGHT : 2 * HEIGHT, [
      boxes(
        now.map(({ column }) => column),
        { fill: "var(--lab-tint-0)", className: "of-layer" },
      ),
      boxes(parts("block", "var(--lab-contour)")),
      boxes(parts("square", "var(--lab-0)"), { className: "of-share" }),
      Plot.text(titles, { ...text, fontWeight: 600 }),
      Plot.text(totals, text),
      Plot.text(names, { ...text, textAnchor: "middle", fontWeight: 600 }),
    ]);
  },
};

// --- the ledger: pixels from the top, row by row ---

const TOP = 38;
const ROOM = 336; // of the rows: as high for each network
const TALLEST = 24;

/** @param {State} state */
const rowOf = ({ depth }) => Math.min(ROOM / depth, TALLEST);

/**
 * The band of a row.
 *
 * @param {State} state
 * @param {number} i
 */
function bandOf(state, i, inset = 0) {
  const row = rowOf(state);
  return { y1: TOP + row * i + inset, y2: TOP + row * (i + 1) - inset };
}

/**
 * A column of the ledger: what it shows of each layer, and what of the network.
 *
 * @typedef {object} Column
 * @property {"share" | "work" | "needs"} of
 * @property {string} title
 * @property {string} short
 * @property {string} color
 * @property {(state: State) => string} total
 */

/** @type {Column[]} */
const COLUMNS = [
  {
    of: "share",
    title: "parameters",
    short: "params",
    color: "var(--lab-0)",
    total: ({ parameters }) => brief(parameters),
  },
  {
    of: "work",
    title: "multiply-adds",
    short: "work",
    color: "var(--lab-1)",
    total: ({ macs }) => brief(macs),
  },
  {
    of: "needs",
    title: "memory",
    short: "memory",
    color: "var(--lab-2)",
    total: ({ takes }) => takes ?? "–",
  },
];

/**
 * Words in the rows with these numbers.
 *
 * @param {State} state
 * @param {{ i: number }[]} rows
 * @param {Plot.TextOptions} options
 */
const words = (state, rows, options) =>
  Plot.text(rows, {
    y: ({ i }) => bandOf(state, i).y1 + rowOf(state) / 2,
    textAnchor: "start",
    fontVariant: "tabular-nums",
    ...options,
  });

/**
 * The bars of a column, each with its share, below the column's title and total.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {Column} column
 * @param {{ left: number, room: number, wide: boolean }} place
 */
function bars({ state, position }, column, { left, room, wide }) {
  const { of, title, short, color, total } = column;
  const shares = state.failed ? [] : state.series[of].map((share) => share ?? 0);
  const cells = shares.map((share, i) => ({
    i,
    share,
    x1: left,
    x2: left + share * (room - 36),
    ...bandOf(state, i, rowOf(state) / 6),
    fill: color,
  }));
  const told = cells.filter(({ share, i }) => share >= 0.01 || (i === position && share));
  return [
    boxes(cells, {
      className: `of-${of}`,
      fillOpacity: (/** @type {{ i: number }} */ { i }) => (i === position ? 1 : 0.6),
    }),
    words(state, told, {
      x: ({ x2 }) => x2 + 3,
      text: ({ share }) => show(share, share < 0.01 ? ".1%" : ".0%"),
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

/**
 * The layer of the row at this height.
 *
 * @param {Context<Settings, Shared, State>} context
 * @param {number} y
 */
function rowAt({ settings, state }, y) {
  const k = Math.floor((y - TOP) / rowOf(state));
  return k >= 0 && k < state.series.name.length ? { net: settings.net, k } : undefined;
}

/** @type {Panel<Settings, Shared, State>} */
const ledger = {
  title: "Each layer: its shape, and its share of the network",
  label({ state: { series } }) {
    const share = (/** @type {number} */ i) =>
      series.share[i] === null ? "" : ` ${show(series.share[i], ".1%")}`;
    return series.name.map((name, i) => `${name} ${series.shape[i]}${share(i)}`).join(", ");
  },
  drag: (context, _, y) => goTo(context, rowAt(context, y)),
  hover: (context, _, y) => layerAt(context, rowAt(context, y)),
  draw(context) {
    const { state, position, width } = context;
    const wide = width > 480;
    const longest = (/** @type {string[]} */ texts) =>
      7 * Math.max(...texts.map((text) => text.length));
    const first = 10 + longest(state.series.name); // names are bold
    const second = first + 8 + longest(state.series.shape);
    const room = (width - second) / 3;
    const rows = state.series.name.map((name, i) => ({ name, i, shape: state.series.shape[i] }));
    const lost = state.failed ? [{ i: rows.length, words: `✕ ${state.failed}: no room` }] : [];
    const now = { x1: 0, x2: width, ...bandOf(state, position) };
    return canvas(width, TOP + ROOM + 4, [
      boxes([now], { fill: "var(--lab-tint-0)", className: "of-name" }),
      words(state, rows, { x: 2, text: "name", fontWeight: 600 }),
      words(state, rows, { x: first, text: "shape" }),
      words(state, lost, { x: 2, text: "words", fontWeight: 600, fill: "var(--lab-path)" }),
      COLUMNS.map((column, c) => bars(context, column, { left: second + c * room, room, wide })),
    ]);
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

/**
 * How far a network's ring is from a place on the map.
 *
 * @param {{ macs: number, published: number }} net
 * @param {number} x
 * @param {number} y
 */
const apart = ({ macs, published }, x, y) =>
  Math.abs(Math.log10(macs / x)) / 7 + Math.abs(Math.log10(published / y)) / 4;

/** @type {Panel<Settings, Shared, State>} */
const map = {
  title: "All five (log scales)",
  minHeight: 230,
  keys: [
    ["○", "as published; click one"],
    ["●", "here", { color: "var(--lab-path)", of: "parameters" }],
  ],
  label: ({ values: { parameters, macs } }) =>
    parameters
      ? `${brief(parameters)} parameters, ${brief(macs)} multiply-adds`
      : "this network does not fit",
  drag({ settings, shared: { nets } }, x, y) {
    const [net, { title }] = Object.entries(nets).reduce((best, other) =>
      apart(other[1], x, y) < apart(best[1], x, y) ? other : best,
    );
    return net === settings.net ? [{}] : [{ net }, `Network: ${title}. `];
  },
  draw({ shared: { nets }, state, width, height }) {
    const at = { x: "macs", y: "published" };
    const rings = Object.values(nets);
    const dots = state.parameters ? [{ macs: state.macs, published: state.parameters }] : [];
    return chart({
      ...frame,
      marginLeft: 44,
      width,
      height,
      x: axis("multiply-adds an image", [1e5, 1e12]),
      y: axis("parameters", [3e4, 5e8]),
      marks: [
        Plot.dot(rings, { ...at, r: 5.5, stroke: "var(--lab-ink)" }),
        here(dots, { ...at, className: "of-parameters of-macs" }),
        Object.entries(PLACES).map(([name, place]) => {
          const ring = rings.filter(({ title }) => title === name);
          return Plot.text(ring, { ...at, text: "title", ...place });
        }),
      ],
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["blocks blocks", "ledger map"],
  columns: "5fr 3fr",
  terms: {
    "share holds parameters more": 0,
    "work does macs harder": 1,
    "needs takes": 2,
    "name shape layer": 3,
  },
  panels: { blocks, ledger, map },
  train,
};
