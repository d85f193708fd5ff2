// Lab conv-backward: a gradient, the outputs that send shares to one entry of it, and the same sum
// as a correlation.

import { convolutionOf } from "../convolution.js";
import { conv2dBackward, convPairs } from "../images.js";
import { range, sum } from "../numbers.js";
import { chooser, drawPlanes } from "../planes.js";
import { bracketed, show } from "../text.js";

/** @import { Settings as Convolution, Shared as Convolved } from "../convolution.js" */
/** @import { Geometry } from "../images.js" */
/** @import { Lab, Pair, Panel, Trained } from "../types.ts" */

/** @typedef {"dX" | "dW" | "db"} View the gradient that is shown */
/** @typedef {"random" | "ones" | "single"} Upstream */

/** @typedef {Omit<Convolution, "numbers">} Sizes */
/** @typedef {Sizes & { entry: number, view: View, upstream: Upstream }} Settings */

/** @typedef {{ largest: number, upstream: number[], terms: number }} Own of this lab */
/** @typedef {Convolved & Own} Shared */

/** @typedef {Trained<typeof train>} State */

/** @typedef {{ geometry: Geometry, X: number[], weights: number[], dZ: number[] }} Arrays */

/**
 * Part i of an array that consists of parts of this size.
 *
 * @template T
 * @param {T[]} array
 * @param {number} size
 * @param {number} i
 */
const part = (array, size, i) => array.slice(i * size, (i + 1) * size);

/**
 * The indices of entry k of an array whose last sides have these lengths.
 *
 * @param {number} k
 * @param {number[]} sizes
 */
const split = (k, ...sizes) =>
  sizes.reduceRight(([first, ...found], n) => [Math.floor(first / n), first % n, ...found], [k]);

/**
 * @param {Settings} settings
 * @param {Shared} shared
 * @returns {Arrays}
 */
function data(settings, shared) {
  const { geometry, X, weights } = convolutionOf({ ...settings, numbers: "random" }, shared);
  const { F, oH, oW } = geometry;
  const { largest: n } = shared;
  const count = F * oH * oW;
  const dZ = range(count).map((o) => {
    const [f, u, v] = split(o, oH, oW);
    return {
      random: shared.upstream[(f * n + u) * n + v],
      ones: 1,
      single: Number(o === Math.floor(count / 2)),
    }[settings.upstream];
  });
  return { geometry, X, weights, dZ };
}

/** @typedef {[output: number, upstream: number, factor: number]} Share that an output sends */

/**
 * What each entry of a gradient sums.
 *
 * @param {Arrays} arrays
 * @param {View} view
 */
function sharesOf({ geometry, X, weights, dZ }, view) {
  const { C, F, H, W, kH, kW, oH, oW } = geometry;
  const count = { dX: C * H * W, dW: F * C * kH * kW, db: F }[view];
  /** @type {Share[][]} */
  const shares = range(count).map(() => []);
  if (view === "db") {
    dZ.forEach((d, o) => shares[Math.floor(o / (oH * oW))].push([o, d, 1]));
    return shares;
  }
  for (const [o, w, x] of convPairs(geometry)) {
    const [entry, factor] = view === "dX" ? [x, weights[w]] : [w, X[x]];
    shares[entry].push([o, dZ[o], factor]);
  }
  return shares;
}

// --- the same as one correlation ---

/**
 * The numbers of a plane, `stride` apart, in zeros.
 *
 * @param {number[]} plane
 * @param {number} width
 * @param {number} stride
 * @param {Pair} corner
 * @param {Pair} size
 */
function spread(plane, width, stride, [top, left], [rows, columns]) {
  /** @type {number[]} */
  const out = Array(rows * columns).fill(0);
  plane.forEach((value, k) => {
    const row = top + Math.floor(k / width) * stride;
    out[row * columns + left + (k % width) * stride] = value;
  });
  return out;
}

/** @type {(n: number) => number[]} */
const ones = (n) => Array(n).fill(1);

/**
 * What is laid on what, and where: pairs of a large plane of this size and a small one of the
 * window's, with the window's corner at `place`. `filled` tells the numbers of the large planes
 * from the zeros put in.
 *
 * @typedef {object} Correlation
 * @property {Pair} size
 * @property {Pair} window
 * @property {Pair} place
 * @property {[large: number[], small: number[]][]} pairs
 * @property {number[]} filled
 * @property {string[]} titles
 */

/** @type {{ [view in View]: (arrays: Arrays, k: number) => Correlation }} for entry k */
const CORRELATIONS = {
  dX({ geometry, weights, dZ }, k) {
    const { C, F, H, W, kH, kW, stride, padding: p, oH, oW } = geometry;
    const [c, y, x] = split(k, H, W);
    /** @type {Pair} */
    const size = [H + 2 * p + kH - 1, W + 2 * p + kW - 1];
    const wide = (/** @type {number[]} */ plane) =>
      spread(plane, oW, stride, [kH - 1, kW - 1], size);
    return {
      size,
      window: [kH, kW],
      place: [y + p, x + p],
      pairs: range(F).map((f) => [
        wide(part(dZ, oH * oW, f)),
        part(weights, kH * kW, f * C + c).reverse(),
      ]),
      filled: wide(ones(oH * oW)),
      titles: range(F).map((f) => `δ of filter ${f}, and its kernel turned`),
    };
  },
  dW({ geometry, X, dZ }, k) {
    const { C, H, W, kH, kW, stride, padding: p, oH, oW } = geometry;
    const [f, c, i, j] = split(k, C, kH, kW);
    /** @type {Pair} */
    const size = [H + 2 * p, W + 2 * p];
    /** @type {Pair} */
    const window = [(oH - 1) * stride + 1, (oW - 1) * stride + 1];
    const padded = (/** @type {number[]} */ plane) => spread(plane, W, 1, [p, p], size);
    const small = spread(part(dZ, oH * oW, f), oW, stride, [0, 0], window);
    return {
      size,
      window,
      place: [i, j],
      pairs: [[padded(part(X, H * W, c)), small]],
      filled: padded(ones(H * W)),
      titles: [`channel ${c}, and δ of filter ${f} on it`],
    };
  },
  db({ geometry: { oH, oW }, dZ }, k) {
    const area = oH * oW;
    return {
      size: [oH, oW],
      window: [oH, oW],
      place: [0, 0],
      pairs: [[part(dZ, area, k), ones(area)]],
      filled: ones(area),
      titles: [`δ of filter ${k}, and ones`],
    };
  },
};

/**
 * The factor that lies on cell `at` of the large plane; undefined outside the window.
 *
 * @param {number[]} small
 * @param {Correlation} correlation
 * @param {number} at
 */
function over(small, { size, window, place }, at) {
  const [i, j] = [Math.floor(at / size[1]) - place[0], (at % size[1]) - place[1]];
  return i >= 0 && j >= 0 && i < window[0] && j < window[1] ? small[i * window[1] + j] : undefined;
}

/** @param {Correlation} correlation */
const correlated = (correlation) =>
  sum(
    correlation.pairs.map(([large, small]) =>
      sum(large.map((value, at) => value * (over(small, correlation, at) ?? 0))),
    ),
  );

// --- the numbers ---

/**
 * The first terms of a sum, written out.
 *
 * @param {Share[]} shares
 * @param {number} most
 */
function termsOf(shares, most) {
  const terms = shares.slice(0, most).map(([, d, w]) => `${bracketed(d)}·${bracketed(w)}`);
  return [...terms, ...(shares.length > most ? ["…"] : [])].join(" + ") || "0";
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const { view } = settings;
  const all = data(settings, shared);
  const { C, H, W, kH, kW, stride, padding: p } = all.geometry;
  const gradient = [...conv2dBackward(all.dZ, all.X, all.weights, all.geometry)[view]];
  const shares = sharesOf(all, view);
  const sides = { dX: [H, W], dW: [C, kH, kW], db: [] }[view];
  const left = [H - kH, W - kW].map((room) => (room + 2 * p) % stride);
  yield {
    between: view === "dX" ? stride - 1 : null,
    front: `${kH - 1} and ${kW - 1}`,
    behind: `${kH - 1 + left[0]} and ${kW - 1 + left[1]}`,
    apart: view === "dW" ? stride - 1 : null,
    silent: shares.filter(({ length }) => !length).length || null,
    total: gradient.length,
    series: {
      name: gradient.map((_, k) => `${view}[${split(k, ...sides).join(", ")}]`),
      value: gradient.map((value) => show(value)),
      count: shares.map(({ length }) => length),
      terms: shares.map((sent) => termsOf(sent, shared.terms)),
      right: gradient.map((_, k) => show(correlated(CORRELATIONS[view](all, k)))),
    },
  };
}

// --- the panels ---

const GROUND = "var(--lab-ground)";

/** @type {Panel<Settings, Shared, State>} */
const gradient = chooser(
  {
    title: "Gradient",
    keys: [
      ["▣", "chosen; click another", { color: "var(--lab-path)" }],
      ["▨", "no share"],
    ],
    label: ({ values: { name, value, total } }) => `${total} entries; ${name} is ${value}`,
  },
  ({ settings, shared, state, position }) => {
    const { view } = settings;
    const { C, F, H, W, kH, kW } = data(settings, shared).geometry;
    const { value, count: shares } = state.series;
    const [count, size, columns] = {
      dX: [C, H * W, W],
      dW: [F * C, kH * kW, kW],
      db: [1, F, F],
    }[view];
    const title = (/** @type {number} */ k) =>
      ({
        dX: `channel ${k}`,
        dW: `filter ${Math.floor(k / C)}, channel ${k % C}`,
        db: "one a filter",
      })[view];
    return {
      titles: range(count).map(title),
      values: range(count).map((k) => part(value, size, k)),
      columns,
      most: 34,
      look: (/** @type {{ k: number, value: string }} */ { k, value }, plane) => ({
        picked: plane * size + k === position,
        unread: !shares[plane * size + k],
        text: value,
        fill: GROUND,
      }),
    };
  },
);

/**
 * Two factors, in a cell.
 *
 * @type {(a: number, b: number) => string}
 */
const factors = (a, b) => `${show(a)}·${show(b)}`;

/** @type {Panel<Settings, Shared, State>} */
const senders = {
  title: "Who sends: δ · factor",
  keys: [["▣", "sends a share", { color: "var(--lab-path)" }]],
  label: ({ values: { terms, value } }) => `${terms} = ${value}`,
  draw({ settings, shared, position, width }) {
    const all = data(settings, shared);
    const { F, oH, oW } = all.geometry;
    const shares = sharesOf(all, settings.view)[position];
    const sent = new Map(shares.map(([o, d, factor]) => [o, factors(d, factor)]));
    return drawPlanes(width, {
      titles: range(F).map((f) => `δ of filter ${f}`),
      values: range(F).map((f) => part(all.dZ, oH * oW, f)),
      columns: oW,
      most: 44,
      look({ k }, f) {
        const o = f * oH * oW + k;
        return { picked: sent.has(o), text: sent.get(o), fill: GROUND };
      },
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const zeros = {
  title: "The same as one correlation",
  keys: [
    ["▣", "what lies on it", { color: "var(--lab-path)" }],
    ["0", "put in", { color: "var(--lab-quiet)" }],
  ],
  label: ({ values: { right } }) => `the sum of the products in the window is ${right}`,
  draw({ settings, shared, position, width }) {
    const how = CORRELATIONS[settings.view](data(settings, shared), position);
    return drawPlanes(width, {
      titles: how.titles,
      values: how.pairs.map(([large]) => large),
      columns: how.size[1],
      most: 44,
      look({ k, value }, plane) {
        const factor = over(how.pairs[plane][1], how, k);
        const quiet = !how.filled[k];
        return {
          picked: factor !== undefined,
          quiet,
          text: factor === undefined ? undefined : factors(value, factor),
          fill: quiet ? GROUND : "var(--lab-tint-0)",
        };
      },
    });
  },
};

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["gradient senders", "zeros zeros"],
  columns: "1fr 1fr",
  panels: { gradient, senders, zeros },
  train,
};
