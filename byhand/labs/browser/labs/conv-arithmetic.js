// Lab conv-arithmetic: picture, kernel, products and output as numbers, with a window and its sum.

import { convolutionOf, plural, product, short, split, summed } from "../convolution.js";
import { chosenCell, editor } from "../editor.js";
import { clamp, range, sum } from "../numbers.js";
import { planesPanel } from "../planes.js";
import { seriesOf } from "../series.js";

/** @import { Convolution, Shared } from "../convolution.js" */
/** @import { Edited } from "../editor.js" */
/** @import { Context, Lab, Panel, Trained } from "../types.ts" */

/** @typedef {Edited & { out: number }} Settings */
/** @typedef {Trained<typeof train>} State */

/**
 * The window at output o: its place in the padded picture, and its factors, a list a channel.
 *
 * @param {Convolution} convolution
 * @param {number} o
 */
function windowOf({ geometry, padded, weights }, o) {
  const { C, H, W, kH, kW, stride, oH, oW } = geometry;
  const [f, u, v] = split(o, oH, oW);
  const [top, left] = [u * stride, v * stride];
  const cells = range(kH * kW).map((n) => (top + Math.floor(n / kW)) * W + left + (n % kW));
  const factors = range(C).map((c) =>
    cells.map((cell, n) => [weights[(f * C + c) * kH * kW + n], padded[c * H * W + cell]]),
  );
  return { f, u, v, top, left, cells, factors };
}

/**
 * @param {Settings} settings
 * @param {Shared} shared
 */
function* train(settings, shared) {
  const convolution = convolutionOf(settings, shared);
  const { C, F, H, W, kH, kW, stride, oH, oW } = convolution.geometry;
  const { top, bottom, left, right } = convolution.zeros;
  const stops = convolution.Z.map((z, o) => {
    const { f, u, v, cells, factors } = windowOf(convolution, o);
    const sums = factors.map((terms) => summed(terms.map(([w, x]) => product(w, x))));
    const parts = factors.map((terms) => short(sum(terms.map(([w, x]) => w * x))));
    return {
      ...{ f, u, v, z: short(z) },
      ...{ sum0: sums[0], sum1: sums[1] ?? null, sum2: sums[2] ?? null },
      parts: C > 1 ? summed(parts) : null,
      inside: cells.filter((cell) => convolution.places[cell] >= 0).length,
    };
  });
  const dropped = [plural((H - kH) % stride, "row"), plural((W - kW) % stride, "column")];
  const same = settings.padding === "same";
  yield {
    oH,
    oW,
    p: same ? null : Number(settings.padding),
    zeros: same
      ? `${top} above, ${bottom} below, ${left} on the left, ${right} on the right`
      : null,
    code: same
      ? `np.pad(X, ((0, 0), (0, 0), (${top}, ${bottom}), (${left}, ${right}))), W, b, ` +
        `stride=${stride}`
      : `X, W, b, stride=${stride}, padding=${settings.padding}`,
    dropped: dropped.filter((words) => words[0] !== "0").join(" and ") || null,
    count: F * (C * kH * kW + 1),
    terms: C * kH * kW,
    first: C > 1 ? "channel 0: " : "",
    series: seriesOf(stops),
  };
}

// --- the panels ---

/** @typedef {Context<Settings, Shared, State>} Now */

/** @param {Now} context */
const shownIn = ({ settings, shared, position }) => {
  const convolution = convolutionOf(settings, shared);
  return { ...convolution, window: windowOf(convolution, position) };
};

/**
 * The chosen cell as a panel's key, where it is one of the panel's.
 *
 * @param {Now} context
 * @param {"X" | "W"} array
 * @returns {import("../types.ts").Key[]}
 */
function reading({ settings, shared }, array) {
  const { name, value } = chosenCell(settings, shared);
  return name[0] === array
    ? [["⬚", `${name} = ${short(value)}`, { color: "var(--lab-path)" }]]
    : [];
}

/** @param {string[]} planes */
const titled = (planes) => (planes.length > 1 ? planes : undefined);

/** @param {Now} context */
const channels = ({ settings }) =>
  titled(range(Number(settings.channels)).map((c) => `channel ${c}`));

/** @type {(c: number, n: number) => string | false} the name of term n, as the sum has it */
const term = (c, n) => n >= 0 && `sum${c}-${n}`;

/**
 * Whether some window reads a row or a column of the padded picture.
 *
 * @type {(at: number, size: number, stride: number, out: number) => boolean}
 */
const read = (at, size, stride, out) =>
  range(out).some((t) => at >= t * stride && at < t * stride + size);

/** @type {(context: Now, out: number) => { out?: number }} nothing where it stands there */
const toOutput = ({ position }, out) => (out - 1 === position ? {} : { out });

/** @type {(context: Now, cell: number) => { cell?: number }} nothing for a zero of the padding */
const toCell = ({ settings, shared }, cell) =>
  cell && chosenCell(settings, shared).k !== cell - 1 ? { cell } : {};

/** What was pressed on last, as rows and columns from the window's corner to the pointer. */
let grip = [0, 0];

/** @type {Panel<Settings, Shared, State>} */
const input = planesPanel({
  title: "Input",
  keysNow(context) {
    const { geometry: g } = shownIn(context);
    const all = [
      read(g.H - 1, g.kH, g.stride, g.oH) && read(g.W - 1, g.kW, g.stride, g.oW),
      g.stride <= g.kH && g.stride <= g.kW,
    ].every(Boolean);
    return [
      ...reading(context, "X"),
      ["▭", "window", { color: "var(--lab-path)" }],
      .../** @type {[string, string][]} */ (all ? [] : [["▨", "never read"]]),
    ];
  },
  label: ({ settings: { H, W, channels } }) =>
    `${plural(Number(channels), "channel")}, ${H} by ${W}`,
  height: (width) => Math.min(width, 290),
  near: true,
  what(context) {
    const { geometry, padded, places, window } = shownIn(context);
    const { C, H, W, kH, kW, stride, oH, oW } = geometry;
    const { k: chosen } = chosenCell(context.settings, context.shared);
    const at = places.indexOf(chosen);
    const frame = { row: window.top, column: window.left, rows: kH, columns: kW };
    const cell = { row: Math.floor(at / W) % H, column: at % W, rows: 1, columns: 1, dashed: true };
    return {
      titles: channels(context),
      values: range(C).map((c) => padded.slice(c * H * W, (c + 1) * H * W)),
      columns: W,
      look: ({ k }, c) => ({
        outside: places[k] < 0,
        unread: !read(Math.floor(k / W), kH, stride, oH) || !read(k % W, kW, stride, oW),
        of: term(c, window.cells.indexOf(k)),
      }),
      frames: [
        ...range(C).map((plane) => ({ plane, ...frame })),
        ...(at < 0 ? [] : [{ plane: Math.floor(at / H / W), ...cell }]),
      ],
    };
  },
  choose(context, { plane, k, row, column }, begins) {
    const { geometry, places, window } = shownIn(context);
    const { H, W, kH, kW, stride, oH, oW } = geometry;
    if (begins) {
      const inside = window.cells.includes(k);
      grip = inside
        ? [row - window.top, column - window.left]
        : [Math.floor(kH / 2), Math.floor(kW / 2)];
    }
    const place = (/** @type {number} */ to, /** @type {number} */ out) =>
      clamp(Math.round(to / stride), [0, out - 1]);
    const [u, v] = [place(row - grip[0], oH), place(column - grip[1], oW)];
    const out = (window.f * oH + u) * oW + v + 1;
    const cell = places[plane * H * W + k] + 1;
    return [{ ...toOutput(context, out), ...toCell(context, cell) }, `Output: ${out}. `, "edits"];
  },
  rest({ settings, shared }, { plane, k }) {
    const { geometry, places } = convolutionOf(settings, shared);
    const cell = places[plane * geometry.H * geometry.W + k] + 1;
    return cell ? { cell } : null;
  },
});

/** @type {Panel<Settings, Shared, State>} */
const kernel = planesPanel({
  title: "Kernel",
  keysNow: (context) => reading(context, "W"),
  label: ({ settings: { kh, kw }, values: { f } }) => `filter ${f}, ${kh} by ${kw}`,
  minHeight: 100,
  what(context) {
    const { geometry, X, window } = shownIn(context);
    const { C, kH, kW } = geometry;
    const chosen = chosenCell(context.settings, context.shared).k - X.length;
    const [f, plane, row, column] = split(Math.max(chosen, 0), C, kH, kW);
    const shown = chosen >= 0 && f === window.f;
    return {
      titles: channels(context),
      values: window.factors.map((terms) => terms.map(([w]) => w)),
      columns: kW,
      look: ({ k }, c) => ({ of: term(c, k) }),
      frames: shown ? [{ plane, row, column, rows: 1, columns: 1, dashed: true }] : [],
    };
  },
  choose(context, hit) {
    const { cell } = weightAt(context, hit);
    const { name } = chosenCell({ ...context.settings, cell }, context.shared);
    return [toCell(context, cell), `Cell: ${name}. `, "edits"];
  },
  rest: (context, hit) => weightAt(context, hit),
});

/** @type {(context: Now, hit: { plane: number, k: number }) => { cell: number }} */
function weightAt(context, { plane, k }) {
  const { geometry, X, window } = shownIn(context);
  const { C, kH, kW } = geometry;
  return { cell: X.length + (window.f * C + plane) * kH * kW + k + 1 };
}

/** @type {Panel<Settings, Shared, State>} */
const products = planesPanel({
  title: "Weight · pixel",
  label: ({ values: { sum0, z } }) => `${sum0}, with the sum ${z}`,
  minHeight: 100,
  what(context) {
    const { geometry, window } = shownIn(context);
    return {
      titles: channels(context),
      values: window.factors.map((terms) => terms.map(([w, x]) => w * x)),
      columns: geometry.kW,
      look: ({ k }, c) => {
        const [w, x] = window.factors[c][k];
        return { text: product(w, x), of: term(c, k) };
      },
    };
  },
});

/** @type {Panel<Settings, Shared, State>} */
const output = planesPanel({
  title: "Output",
  keys: [
    ["▭", "the sum", { color: "var(--lab-path)" }],
    ["•", "reads ⬚", { color: "var(--lab-path)" }],
  ],
  label: ({ values: { f, u, v, z } }) => `filter ${f}, row ${u}, column ${v}: ${z}`,
  height: (width) => Math.min(width, 290),
  what(context) {
    const { geometry, X, Z, pairs, places, window } = shownIn(context);
    const { F, oH, oW } = geometry;
    const { k: chosen } = chosenCell(context.settings, context.shared);
    const readers = new Set(
      pairs
        .filter(([, w, x]) => (chosen < X.length ? places[x] === chosen : w === chosen - X.length))
        .map(([o]) => o),
    );
    return {
      titles: titled(range(F).map((f) => `filter ${f}`)),
      values: range(F).map((f) => Z.slice(f * oH * oW, (f + 1) * oH * oW)),
      columns: oW,
      look: ({ k }, f) => ({ dotted: readers.has(f * oH * oW + k) }),
      frames: [{ plane: window.f, row: window.u, column: window.v, rows: 1, columns: 1 }],
    };
  },
  choose(context, hit) {
    const { out } = outputAt(context, hit);
    return [toOutput(context, out), `Output: ${out}. `];
  },
  rest: (context, hit) => outputAt(context, hit),
});

/** @type {(context: Now, hit: { plane: number, k: number }) => { out: number }} */
function outputAt({ settings, shared }, { plane, k }) {
  const { oH, oW } = convolutionOf(settings, shared).geometry;
  return { out: plane * oH * oW + k + 1 };
}

/** @satisfies {Lab<Settings, Shared, State>} */
export default {
  areas: ["input kernel output", "input products output"],
  narrow: ["input output", "kernel products"],
  columns: "4fr 3fr 4fr",
  told: "below",
  panels: { input, kernel, products, output },
  train,
  kinds: editor,
};
