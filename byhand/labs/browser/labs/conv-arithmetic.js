// Lab conv-arithmetic: picture, kernel and output as numbers, with one window and its sum.

import * as Plot from "@observablehq/plot";
import { conv2dForward, convGeometry } from "../images.js";
import { boxes, canvas, cellsOf, choose, hatching, middle } from "../marks.js";
import { show } from "../text.js";

const whole = (settings, names) => names.map((name) => Number(settings[name])); // lists hold text
const short = (value) => {
  const near = Math.round(value); // sums of rounded weights are not exactly whole
  return Math.abs(value - near) < 1e-9 ? show(near) : show(value, ".3g");
};
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
export const range = (n) => Array.from({ length: n }, (_, i) => i);
const HEAD = 18; // above a plane
const GAP = 10;

// The numbers at these settings. The picture is the corner of a larger one.
export function arrays(settings, { size, most, pictures, kernels }) {
  const { H, W, numbers } = settings;
  const [kh, kw, C, F, stride, padding] = whole(settings, [
    "kh",
    "kw",
    "channels",
    "filters",
    "stride",
    "padding",
  ]);
  const geometry = convGeometry({ C, F, H, W, kH: kh, kW: kw, stride, padding });
  const X = range(C * H * W).map((k) => {
    const [c, y, x] = [Math.floor(k / (H * W)), Math.floor(k / W) % H, k % W];
    return pictures[numbers][(c * size + y) * size + x];
  });
  const area = kh * kw;
  const all = kernels[numbers][kh - 1][kw - 1];
  const weights = range(F).flatMap((f) => all.slice(f * most * area, (f * most + C) * area));
  return { geometry, X, weights, Z: [...conv2dForward(X, weights, new Float64Array(F), geometry)] };
}

// What the window at output o covers: rows and columns of the picture, outside it too.
function windowOf({ oH, oW, kH, kW, stride, padding }, o) {
  const [f, u, v] = [Math.floor(o / (oH * oW)), Math.floor(o / oW) % oH, o % oW];
  const [y, x] = [u * stride - padding, v * stride - padding];
  return { f, u, v, ys: range(kH).map((i) => y + i), xs: range(kW).map((j) => x + j) };
}

function* train(settings, shared) {
  const { geometry, X, weights, Z } = arrays(settings, shared);
  const { C, F, H, W, kH, kW, stride, padding, oH, oW } = geometry;
  const series = Object.fromEntries(
    ["f", "u", "v", "z", "sum0", "sum1", "sum2", "inside"].map((name) => [name, []]),
  );
  const within = (n) => (k) => k >= 0 && k < n;
  Z.forEach((z, o) => {
    const { f, u, v, ys, xs } = windowOf(geometry, o);
    const sums = range(shared.most).map((c) => {
      if (c >= C) return null;
      const terms = ys.flatMap((y, i) =>
        xs.map((x, j) => {
          const w = weights[((f * C + c) * kH + i) * kW + j];
          const pixel = within(H)(y) && within(W)(x) ? X[(c * H + y) * W + x] : 0;
          return `${w < 0 ? `(${short(w)})` : short(w)}·${short(pixel)}`;
        }),
      );
      return terms.join(" + ");
    });
    const inside = ys.filter(within(H)).length * xs.filter(within(W)).length;
    [f, u, v, short(z), ...sums, inside].forEach((value, k) =>
      Object.values(series)[k].push(value),
    );
  });
  yield {
    oH,
    oW,
    rows: plural((H + 2 * padding - kH) % stride, "row"),
    columns: plural((W + 2 * padding - kW) % stride, "column"),
    count: F * (C * kH * kW + 1),
    terms: C * kH * kW,
    series,
  };
}

// Planes of cells, beside each other as long as they fit.
function layout(width, { titles, values, columns, most }) {
  const rows = values[0].length / columns;
  const across = Math.max(
    1,
    Math.min(titles.length, Math.floor((width - GAP) / (Math.max(columns * 26, 52) + GAP))),
  );
  const side = Math.min(most, (width - GAP) / across / columns - GAP / columns);
  const cells = values.map((plane, p) => {
    const left = GAP / 2 + (p % across) * (Math.max(columns * side, 52) + GAP);
    const top = HEAD + Math.floor(p / across) * (rows * side + HEAD + GAP);
    return cellsOf(plane, columns, side, left, top);
  });
  return { cells, side, height: Math.ceil(titles.length / across) * (rows * side + HEAD + GAP) };
}

// Planes of numbers, each with a title.
export function planes(width, what) {
  const { cells, side, height } = layout(width, what);
  const all = cells.flatMap((plane, p) =>
    plane.map((cell) => ({ ...cell, ...what.sign(cell, p) })),
  );
  const fontSize = Math.max(7, Math.min(13, side * 0.38));
  return canvas(width, height, [
    hatching,
    boxes(all, { stroke: "var(--lab-line)" }),
    boxes(
      all.filter(({ unread }) => unread),
      { fill: "url(#lab-hatch)", stroke: "var(--lab-quiet)" },
    ),
    boxes(
      all.filter(({ outside }) => outside),
      { fill: "none", stroke: "var(--lab-quiet)", strokeDasharray: "2 2" },
    ),
    boxes(
      all.filter(({ picked }) => picked),
      { fill: "var(--lab-tint-1)", stroke: "var(--lab-path)", strokeWidth: 2 },
    ),
    Plot.text(all, {
      ...middle,
      text: ({ text, value }) => text ?? short(value).replace(/^(−?)0\./, "$1."),
      fontSize: ({ text = "" }) => Math.min(fontSize, (1.35 * side) / text.length),
      fill: ({ quiet }) => (quiet ? "var(--lab-quiet)" : "var(--lab-ink)"),
    }),
    Plot.text(
      cells.map(([cell], p) => ({ ...cell, title: what.titles[p] })),
      {
        x: "x1",
        y: ({ y1 }) => y1 - 8,
        text: "title",
        textAnchor: "start",
      },
    ),
  ]);
}

// A panel of planes; a click on a cell chooses the scrubber's stop.
export const chooser = (panel, what) => ({
  ...panel,
  draw: (context) => planes(context.width, what(context)),
  drag: (context, x, y) => choose(context, layout(context.width, what(context)).cells.flat(), x, y),
});

const input = {
  title: "Input",
  keys: [
    ["▣", "window", { color: "var(--lab-path)" }],
    ["┈", "padding"],
    ["▨", "read by no window"],
  ],
  label: ({ settings: { H, W, channels } }) => `${channels} channels of ${H} by ${W}`,
  draw({ settings, shared, position, width }) {
    const { geometry, X } = arrays(settings, shared);
    const { C, H, W, kH, kW, stride, padding: p, oH, oW } = geometry;
    const { ys, xs } = windowOf(geometry, position);
    const columns = W + 2 * p;
    const place = (k) => [Math.floor(k / columns) - p, (k % columns) - p];
    const read = (k, size, out) =>
      range(out).some((t) => k + p >= t * stride && k + p < t * stride + size);
    const outside = (y, x) => y < 0 || y >= H || x < 0 || x >= W;
    const values = range(C).map((c) =>
      range((H + 2 * p) * columns).map((k) => {
        const [y, x] = place(k);
        return outside(y, x) ? 0 : X[(c * H + y) * W + x];
      }),
    );
    const sign = ({ k }) => {
      const [y, x] = place(k);
      const unread = !read(y, kH, oH) || !read(x, kW, oW);
      return {
        picked: ys.includes(y) && xs.includes(x),
        outside: outside(y, x),
        unread,
        fill: unread ? "var(--lab-line)" : "var(--lab-ground)",
      };
    };
    return planes(width, {
      titles: range(C).map((c) => `channel ${c}`),
      values,
      columns,
      most: 34,
      sign,
    });
  },
};

const kernel = {
  title: "Kernel",
  label: ({ settings: { kh, kw, channels }, values: { f } }) =>
    `filter ${f}, ${channels} channels of ${kh} by ${kw}`,
  draw({ settings, shared, position, width }) {
    const { geometry, weights } = arrays(settings, shared);
    const { f } = windowOf(geometry, position);
    const area = geometry.kH * geometry.kW;
    return planes(width, {
      titles: range(geometry.C).map((c) => `channel ${c}`),
      values: range(geometry.C).map((c) =>
        weights.slice((f * geometry.C + c) * area).slice(0, area),
      ),
      columns: geometry.kW,
      most: 34,
      sign: () => ({ fill: "var(--lab-tint-0)" }),
    });
  },
};

const output = chooser(
  {
    title: "Output",
    keys: [["▣", "chosen; click another", { color: "var(--lab-path)" }]],
    label: ({ values: { f, u, v, z } }) => `filter ${f}, row ${u}, column ${v}: ${z}`,
  },
  ({ settings, shared, position }) => {
    const { geometry, Z } = arrays(settings, shared);
    const area = geometry.oH * geometry.oW;
    return {
      titles: range(geometry.F).map((f) => `filter ${f}`),
      values: range(geometry.F).map((f) => Z.slice(f * area, (f + 1) * area)),
      columns: geometry.oW,
      most: 34,
      sign: ({ k }, f) => ({ picked: f * area + k === position, fill: "var(--lab-ground)" }),
    };
  },
);

export default {
  areas: ["input kernel", "input output"],
  columns: "3fr 2fr",
  panels: { input, kernel, output },
  train,
};
