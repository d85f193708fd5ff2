// Lab conv-arithmetic: picture, kernel and output as numbers, with one window and its sum.

import { convolutionOf } from "../convolution.js";
import { range } from "../numbers.js";
import { chooser, drawPlanes, short } from "../planes.js";
import { seriesOf } from "../series.js";
import { bracketed } from "../text.js";

/** @import { Settings as Convolution, Shared } from "../convolution.js" */
/** @import { Geometry } from "../images.js" */
/** @import { Look } from "../planes.js" */
/** @import { Lab, Panel, Trained } from "../types.ts" */

/** @typedef {Convolution & { out: number }} Settings */
/** @typedef {Trained<typeof train>} State */

/** @type {(count: number, word: string) => string} */
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

/**
 * What the window at output o covers: rows and columns of the picture, outside it too.
 *
 * @param {Geometry} geometry
 * @param {number} o
 */
function windowOf({ oH, oW, kH, kW, stride, padding }, o) {
  const [f, u, v] = [Math.floor(o / (oH * oW)), Math.floor(o / oW) % oH, o % oW];
  const [y, x] = [u * stride - padding, v * stride - padding];
  return { f, u, v, ys: range(kH).map((i) => y + i), xs: range(kW).map((j) => x + j) };
}

/** @type {(n: number) => (k: number) => boolean} */
const within = (n) => (k) => k >= 0 && k < n;

/**
 * The products of channel c in the window at output o.
 *
 * @param {ReturnType<typeof convolutionOf>} convolution
 * @param {number} o
 * @param {number} c
 */
function termsOf({ geometry, X, weights }, o, c) {
  const { C, H, W, kH, kW } = geometry;
  const { f, ys, xs } = windowOf(geometry, o);
  const terms = ys.flatMap((y, i) =>
    xs.map((x, j) => {
      const w = weights[((f * C + c) * kH + i) * kW + j];
      const pixel = within(H)(y) && within(W)(x) ? X[(c * H + y) * W + x] : 0;
      return `${bracketed(w, short(w))}·${short(pixel)}`;
    }),
  );
  return terms.join(" + ");
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const convolution = convolutionOf(settings, shared);
  const { C, F, H, W, kH, kW, stride, padding, oH, oW } = convolution.geometry;
  const stops = convolution.Z.map((z, o) => {
    const { f, u, v, ys, xs } = windowOf(convolution.geometry, o);
    const sum = (/** @type {number} */ c) => (c < C ? termsOf(convolution, o, c) : null);
    const inside = ys.filter(within(H)).length * xs.filter(within(W)).length;
    return { f, u, v, z: short(z), sum0: sum(0), sum1: sum(1), sum2: sum(2), inside };
  });
  yield {
    oH,
    oW,
    rows: plural((H + 2 * padding - kH) % stride, "row"),
    columns: plural((W + 2 * padding - kW) % stride, "column"),
    count: F * (C * kH * kW + 1),
    terms: C * kH * kW,
    series: seriesOf(stops),
  };
}

/**
 * How the cells of the padded picture look, when the window is at output o.
 *
 * @param {Geometry} geometry
 * @param {number} o
 * @returns {(cell: { k: number }) => Look}
 */
function lookOf(geometry, o) {
  const { H, W, kH, kW, stride, padding: p, oH, oW } = geometry;
  const { ys, xs } = windowOf(geometry, o);
  /** @type {(k: number, size: number, out: number) => boolean} */
  const read = (k, size, out) =>
    range(out).some((t) => k + p >= t * stride && k + p < t * stride + size);
  return ({ k }) => {
    const [y, x] = placeOf(geometry, k);
    const unread = !read(y, kH, oH) || !read(x, kW, oW);
    return {
      picked: ys.includes(y) && xs.includes(x),
      outside: !within(H)(y) || !within(W)(x),
      unread,
      fill: unread ? "var(--lab-line)" : "var(--lab-ground)",
    };
  };
}

/**
 * The row and column of cell k of the padded picture.
 *
 * @param {Geometry} geometry
 * @param {number} k
 */
function placeOf({ W, padding }, k) {
  const columns = W + 2 * padding;
  return [Math.floor(k / columns) - padding, (k % columns) - padding];
}

/** @type {Panel<Settings, Shared, State>} */
const input = {
  title: "Input",
  keys: [
    ["▣", "window", { color: "var(--lab-path)" }],
    ["┈", "padding"],
    ["▨", "read by no window"],
  ],
  label: ({ settings: { H, W, channels } }) => `${channels} channels of ${H} by ${W}`,
  draw({ settings, shared, position, width }) {
    const { geometry, X } = convolutionOf(settings, shared);
    const { C, H, W, padding } = geometry;
    const columns = W + 2 * padding;
    const values = range(C).map((c) =>
      range((H + 2 * padding) * columns).map((k) => {
        const [y, x] = placeOf(geometry, k);
        return within(H)(y) && within(W)(x) ? X[(c * H + y) * W + x] : 0;
      }),
    );
    return drawPlanes(width, {
      titles: range(C).map((c) => `channel ${c}`),
      values,
      columns,
      most: 34,
      look: lookOf(geometry, position),
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const kernel = {
  title: "Kernel",
  label: ({ settings: { kh, kw, channels }, values: { f } }) =>
    `filter ${f}, ${channels} channels of ${kh} by ${kw}`,
  draw({ settings, shared, position, width }) {
    const { geometry, weights } = convolutionOf(settings, shared);
    const { f } = windowOf(geometry, position);
    const { C, kH, kW } = geometry;
    return drawPlanes(width, {
      titles: range(C).map((c) => `channel ${c}`),
      values: range(C).map((c) => weights.slice((f * C + c) * kH * kW).slice(0, kH * kW)),
      columns: kW,
      most: 34,
      look: () => ({ fill: "var(--lab-tint-0)" }),
    });
  },
};

/** @type {Panel<Settings, Shared, State>} */
const output = chooser(
  {
    title: "Output",
    keys: [["▣", "chosen; click another", { color: "var(--lab-path)" }]],
    label: ({ values: { f, u, v, z } }) => `filter ${f}, row ${u}, column ${v}: ${z}`,
  },
  ({ settings, shared, position }) => {
    const { geometry, Z } = convolutionOf(settings, shared);
    const area = geometry.oH * geometry.oW;
    return {
      titles: range(geometry.F).map((f) => `filter ${f}`),
      values: range(geometry.F).map((f) => Z.slice(f * area, (f + 1) * area)),
      columns: geometry.oW,
      most: 34,
      look: ({ k }, f) => ({ picked: f * area + k === position, fill: "var(--lab-ground)" }),
    };
  },
);

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input kernel", "input output"],
  columns: "3fr 2fr",
  panels: { input, kernel, output },
  train,
};
