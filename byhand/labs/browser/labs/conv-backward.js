// Lab conv-backward: image, kernels and outputs; an entry of a gradient with all that send it a
// share, or an output with all that it sends; and each sum as a correlation.

import {
  CORRELATIONS,
  arraysOf,
  chosenUpstream,
  correlated,
  gradientsOf,
  part,
  placeIn,
  sharesOf,
} from "../backward.js";
import { plural, product, short, split, summed } from "../convolution.js";
import { editsOf } from "../editor.js";
import { range } from "../numbers.js";
import { planesPanel } from "../planes.js";
import { seriesOf } from "../series.js";

/** @import { Arrays, Gradient, Settings, Share, Shared } from "../backward.js" */
/** @import { Context, Drag, Lab, Panel, Trained } from "../types.ts" */

/** @typedef {Trained<typeof train>} State */

/**
 * What there is to say of an entry of a gradient, or of an output.
 *
 * @typedef {object} Stop
 * @property {string} name
 * @property {string} value
 * @property {number | null} count of the shares that an entry sums
 * @property {string | null} shares
 * @property {string | null} terms
 * @property {string | null} right what the correlation gives
 * @property {number | null} pixels that an output reaches
 */

/**
 * The first terms of a sum, written out.
 *
 * @param {Share[]} shares
 * @param {number} most
 */
function termsOf(shares, most) {
  const terms = shares.slice(0, most).map(([, d, factor]) => product(d, factor));
  return shares.length ? summed(shares.length > most ? [...terms, "…"] : terms) : "0";
}

/**
 * @param {Arrays} arrays
 * @param {Gradient} view
 * @param {number} most terms
 * @returns {Stop[]}
 */
function received(arrays, view, most) {
  const shares = sharesOf(arrays, view);
  const correlationOf = CORRELATIONS[view](arrays);
  const { [view]: gradient } = gradientsOf(arrays);
  const { C, kH, kW } = arrays.geometry;
  const lengths = { dX: [arrays.sides.H, arrays.sides.W], dW: [C, kH, kW], db: [] }[view];
  return shares.map((sent, k) => {
    const { length: count } = sent;
    return {
      name: `${view}[${split(k, ...lengths).join(", ")}]`,
      value: short(gradient[view === "dX" ? arrays.places.indexOf(k) : k]),
      ...{ count, shares: plural(count, "share"), terms: termsOf(sent, most) },
      right: short(correlated(correlationOf(k))),
      pixels: null,
    };
  });
}

/**
 * @param {Arrays} arrays
 * @returns {Stop[]}
 */
function sent({ geometry: { oH, oW }, pairs, places, dZ }) {
  const reached = dZ.map(() => 0);
  for (const [o, , x] of pairs) reached[o] += Number(places[x] >= 0);
  return dZ.map((d, o) => ({
    name: `δ[${split(o, oH, oW).join(", ")}]`,
    value: short(d),
    ...{ count: null, shares: null, terms: null, right: null },
    pixels: reached[o],
  }));
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { view } = settings;
  const arrays = arraysOf(settings, shared);
  const { H, W, kH, kW, stride } = arrays.geometry;
  const stops = view === "dZ" ? sent(arrays) : received(arrays, view, shared.terms);
  const left = [(H - kH) % stride, (W - kW) % stride];
  yield {
    between: view === "dX" ? stride - 1 : null,
    front: `${kH - 1} and ${kW - 1}`,
    behind: `${kH - 1 + left[0]} and ${kW - 1 + left[1]}`,
    apart: view === "dW" ? stride - 1 : null,
    silent: stops.filter(({ count }) => count === 0).length || null,
    total: stops.length,
    series: seriesOf(stops),
  };
}

// --- the panels ---

/** @typedef {Context<Settings, Shared, State>} Now */

/** @type {(width: number) => number} */
const height = (width) => (width < 200 ? width + 10 : Math.min(0.8 * width, 220));

const PATH = { color: "var(--lab-path)" };

/**
 * Go to an entry of a gradient, or to an output.
 *
 * @type {(context: Now, view: Settings["view"], k: number) => Drag}
 */
const go = ({ settings, position }, view, k) =>
  view === settings.view && k === position ? [{}] : [{ view, entry: k + 1 }, `Entry: ${k + 1}. `];

/**
 * The shares that the chosen entry sums, none for an output.
 *
 * @param {Now} context
 * @returns {Share[]}
 */
const chosenShares = ({ settings, shared, position }) =>
  settings.view === "dZ" ? [] : sharesOf(arraysOf(settings, shared), settings.view)[position];

/** @type {(n: number) => string | false} the name of term n, as the sum has it */
const term = (n) => n >= 0 && `terms-${n}`;

/**
 * The cell of one number, and the window of an output.
 *
 * @param {number} k
 * @param {number} rows
 * @param {number} columns
 */
const cellFrame = (k, rows, columns) => {
  const [plane, row, column] = split(k, rows, columns);
  return { plane, row, column, rows: 1, columns: 1 };
};

/** @type {Panel<Settings, Shared, State>} */
const image = planesPanel({
  title: "Image",
  keysNow: ({ settings: { view } }) => [
    view === "dZ" ? ["▭", "its window", PATH] : ["▣", "chosen", PATH],
    view === "dX" ? ["▨", "no share"] : ["┈", "padding"],
  ],
  label: ({ values: { name, value }, state: { total } }) => `${name} is ${value}, of ${total}`,
  height,
  what(context) {
    const { settings, shared, position } = context;
    const arrays = arraysOf(settings, shared);
    const { geometry, padded, places } = arrays;
    const { C, H, W, kH, kW, stride, oH, oW } = geometry;
    const { view } = settings;
    const given = view === "dW" || view === "db";
    const values = given
      ? padded
      : gradientsOf(arrays, view === "dZ" ? position + 1 : undefined).dX;
    const read = new Map(view === "dW" ? chosenShares(context).map((s, n) => [s[3], n]) : []);
    const silent = view === "dX" ? sharesOf(arrays, "dX").map(({ length }) => !length) : [];
    const [, u, v] = split(position, oH, oW);
    const window = { row: u * stride, column: v * stride, rows: kH, columns: kW };
    const title = given ? "X" : view === "dX" ? "dX" : "dX so far";
    return {
      titles: range(C).map((c) => (C > 1 ? `${title}, channel ${c}` : title)),
      values: range(C).map((c) => part(values, H * W, c)),
      columns: W,
      look: ({ k }, c) => {
        const at = c * H * W + k;
        const n = read.get(at);
        return {
          outside: places[at] < 0,
          quiet: places[at] < 0,
          unread: silent[places[at]],
          picked: n !== undefined,
          of: term(n ?? -1),
        };
      },
      frames:
        view === "dX"
          ? [cellFrame(places.indexOf(position), H, W)]
          : view === "dZ"
            ? range(C).map((plane) => ({ plane, ...window }))
            : [],
    };
  },
  choose(context, hit) {
    const pixel = pixelAt(context, hit);
    return pixel < 0 ? [{}] : go(context, "dX", pixel);
  },
  rest(context, hit) {
    const pixel = pixelAt(context, hit);
    return pixel < 0 ? null : go(context, "dX", pixel)[0];
  },
});

/** @type {(context: Now, hit: { plane: number, k: number }) => number} */
function pixelAt({ settings, shared }, { plane, k }) {
  const { geometry, places } = arraysOf(settings, shared);
  return places[plane * geometry.H * geometry.W + k];
}

/** @type {Panel<Settings, Shared, State>} */
const kernels = planesPanel({
  title: "Kernel",
  keys: [["▣", "chosen, or met", PATH]],
  label: ({ values: { terms, name, value } }) => `${name} is ${terms ?? value}`,
  height,
  what(context) {
    const { settings, shared, position } = context;
    const arrays = arraysOf(settings, shared);
    const { C, F, kH, kW, oH, oW } = arrays.geometry;
    const { view } = settings;
    const { dW, db } = gradientsOf(arrays, view === "dZ" ? position + 1 : undefined);
    if (view === "db") {
      return { titles: ["db"], values: [db], columns: F, frames: [cellFrame(position, 1, F)] };
    }
    const met = new Map(view === "dX" ? chosenShares(context).map((s, n) => [s[3], n]) : []);
    const values = view === "dX" ? arrays.weights : dW;
    const title = { dX: "W", dW: "dW", dZ: "dW so far" }[view];
    const [f] = split(position, oH * oW);
    const whole = { row: 0, column: 0, rows: kH, columns: kW };
    return {
      titles: range(F * C).map((k) => (F * C > 1 ? `${title} ${split(k, C).join(", ")}` : title)),
      values: range(F * C).map((k) => part(values, kH * kW, k)),
      columns: kW,
      look: ({ k }, plane) => {
        const n = met.get(plane * kH * kW + k);
        return { picked: n !== undefined, of: term(n ?? -1) };
      },
      frames: {
        dX: [],
        dW: [cellFrame(position, kH, kW)],
        dZ: range(C).map((c) => ({ plane: f * C + c, ...whole })),
      }[view],
    };
  },
  choose: (context, hit) => go(context, ...weightAt(context, hit)),
  rest: (context, hit) => go(context, ...weightAt(context, hit))[0],
});

/** @type {(context: Now, hit: { plane: number, k: number }) => [Settings["view"], number]} */
function weightAt({ settings, shared }, { plane, k }) {
  const { kH, kW } = arraysOf(settings, shared).geometry;
  return settings.view === "db" ? ["db", k] : ["dW", plane * kH * kW + k];
}

/** @type {Panel<Settings, Shared, State>} */
const outputs = planesPanel({
  title: "From above: δ",
  keysNow: ({ settings: { view } }) => [
    view === "dZ" ? ["▣", "chosen: type", PATH] : ["▣", "sends δ·factor", PATH],
  ],
  label: ({ values: { terms, value } }) => (terms ? `${terms} = ${value}` : String(value)),
  height,
  what(context) {
    const { settings, shared, position } = context;
    const { geometry, dZ } = arraysOf(settings, shared);
    const { F, oH, oW } = geometry;
    const shares = chosenShares(context);
    const order = new Map(shares.map(([o], n) => [o, n]));
    return {
      titles: range(F).map((f) => (F > 1 ? `δ, filter ${f}` : "δ")),
      values: range(F).map((f) => part(dZ, oH * oW, f)),
      columns: oW,
      look: ({ k, value }, f) => {
        const n = order.get(f * oH * oW + k);
        if (n === undefined) return {};
        return { picked: true, text: product(value, shares[n][2]), of: term(n) };
      },
      frames: settings.view === "dZ" ? [cellFrame(position, oH, oW)] : [],
    };
  },
  choose(context, hit) {
    const [changes, words] = go(context, "dZ", outputAt(context, hit));
    return [changes, words, "edits"];
  },
  rest: (context, hit) => go(context, "dZ", outputAt(context, hit))[0],
});

/** @type {(context: Now, hit: { plane: number, k: number }) => number} */
function outputAt({ settings, shared }, { plane, k }) {
  const { oH, oW } = arraysOf(settings, shared).geometry;
  return plane * oH * oW + k;
}

/**
 * What the chosen output sends: its δ times the kernel, and times the window.
 *
 * @param {Now} context
 */
function stamp({ settings, shared, position }) {
  const { geometry, dZ, padded, weights } = arraysOf(settings, shared);
  const { C, H, W, kH, kW, stride, oH, oW } = geometry;
  const [f, u, v] = split(position, oH, oW);
  const d = dZ[position];
  const inWindow = (/** @type {number} */ n, /** @type {number} */ c) => {
    const [i, j] = split(n, kW);
    return padded[(c * H + u * stride + i) * W + v * stride + j];
  };
  const factors = [
    ...range(C).map((c) => part(weights, kH * kW, f * C + c)),
    ...range(C).map((c) => range(kH * kW).map((n) => inWindow(n, c))),
  ];
  return {
    titles: factors.map((_, k) => `${k < C ? "to dX: δ·W" : "to dW: δ·X"}, channel ${k % C}`),
    values: factors.map((plane) => plane.map((factor) => d * factor)),
    columns: kW,
    look: (/** @type {{ k: number }} */ { k }, /** @type {number} */ plane) => ({
      text: product(d, factors[plane][k]),
    }),
  };
}

/** @type {Panel<Settings, Shared, State>} */
const zeros = planesPanel({
  title: "The products",
  keysNow: ({ settings: { view } }) =>
    view === "dZ"
      ? []
      : [
          ["▭", "what lies on it", PATH],
          ["0", "put in", { color: "var(--lab-quiet)" }],
        ],
  label: ({ values: { right } }) =>
    right ? `the sum of the products in the window is ${right}` : "what the output sends",
  height,
  what(context) {
    const { settings, shared, position } = context;
    if (settings.view === "dZ") return stamp(context);
    const how = CORRELATIONS[settings.view](arraysOf(settings, shared))(position);
    const { oH, oW } = arraysOf(settings, shared).geometry;
    const order = new Map(
      chosenShares(context).map(([o], n) => {
        const [f, u, v] = split(o, oH, oW);
        const row = how.first[0] + u * how.step;
        const at = row * how.size[1] + how.first[1] + v * how.step;
        return [`${settings.view === "dX" ? f : 0} ${at}`, n];
      }),
    );
    return {
      titles: how.titles,
      values: how.pairs.map(([large]) => large),
      columns: how.size[1],
      look: ({ k, value }, plane) => {
        const n = placeIn(how, k);
        return {
          quiet: !how.filled[k],
          text: n < 0 ? undefined : product(value, how.pairs[plane][1][n]),
          of: term(order.get(`${plane} ${k}`) ?? -1),
        };
      },
      frames: how.pairs.map((_, plane) => ({
        ...{ plane, row: how.place[0], column: how.place[1] },
        ...{ rows: how.window[0], columns: how.window[1] },
      })),
    };
  },
});

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["image kernels outputs", "zeros zeros zeros"],
  narrow: ["image outputs", "zeros zeros", "kernels kernels"],
  columns: "4fr 3fr 4fr",
  told: "below",
  panels: { image, kernels, outputs, zeros },
  kinds: { edits: editsOf(chosenUpstream) },
  train,
};
