// Lab conv-backward: a gradient, the outputs that send shares to one entry of it, and the same sum
// as a correlation.

import { conv2dBackward, convPairs } from "../images.js";
import { show } from "../text.js";
import { arrays, chooser, planes, range } from "./conv-arithmetic.js";

const part = (array, size, i) => array.slice(i * size, (i + 1) * size);
const split = (k, ...sizes) =>
  sizes.reduceRight((found, n) => [Math.floor(found[0] / n), found[0] % n, ...found.slice(1)], [k]);
const bracket = (value) => (value < 0 ? `(${show(value)})` : show(value));
const product = ([d, w]) => `${bracket(d)}·${bracket(w)}`;
const short = (...pair) => pair.map((value) => show(value)).join("·"); // in a cell

function data(settings, shared) {
  const { geometry, X, weights } = arrays({ ...settings, numbers: "random" }, shared);
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

// What each entry of a gradient sums: [output, upstream, factor].
function sharesOf({ geometry, X, weights, dZ }, view) {
  const { C, F, H, W, kH, kW, oH, oW } = geometry;
  const shares = range({ dX: C * H * W, dW: F * C * kH * kW, db: F }[view]).map(() => []);
  if (view === "db") dZ.forEach((d, o) => shares[Math.floor(o / (oH * oW))].push([o, d, 1]));
  else
    for (const [o, w, x] of convPairs(geometry))
      shares[view === "dX" ? x : w].push([o, dZ[o], view === "dX" ? weights[w] : X[x]]);
  return shares;
}

// The numbers of a plane, `stride` apart, in zeros.
function spread(plane, width, stride, [top, left], [rows, columns]) {
  const out = Array(rows * columns).fill(0);
  plane.forEach(
    (value, k) =>
      (out[(top + Math.floor(k / width) * stride) * columns + left + (k % width) * stride] = value),
  );
  return out;
}

// What is laid on what, and where, for entry k; `filled` tells the numbers from the zeros put in.
function correlation({ geometry, X, weights, dZ }, view, k) {
  const { C, F, H, W, kH, kW, stride, padding: p, oH, oW } = geometry;
  const upstream = (f) => part(dZ, oH * oW, f);
  if (view === "dX") {
    const [c, y, x] = split(k, H, W);
    const size = [H + 2 * p + kH - 1, W + 2 * p + kW - 1];
    const pairs = range(F).map((f) => [
      spread(upstream(f), oW, stride, [kH - 1, kW - 1], size),
      part(weights, kH * kW, f * C + c).reverse(),
    ]);
    const filled = spread(Array(oH * oW).fill(1), oW, stride, [kH - 1, kW - 1], size);
    return {
      size,
      window: [kH, kW],
      place: [y + p, x + p],
      pairs,
      filled,
      titles: range(F).map((f) => `δ of filter ${f}, and its kernel turned`),
    };
  }
  if (view === "dW") {
    const [f, c, i, j] = split(k, C, kH, kW);
    const size = [H + 2 * p, W + 2 * p];
    const window = [(oH - 1) * stride + 1, (oW - 1) * stride + 1];
    const pairs = [
      [
        spread(part(X, H * W, c), W, 1, [p, p], size),
        spread(upstream(f), oW, stride, [0, 0], window),
      ],
    ];
    const filled = spread(Array(H * W).fill(1), W, 1, [p, p], size);
    return {
      size,
      window,
      place: [i, j],
      pairs,
      filled,
      titles: [`channel ${c}, and δ of filter ${f} on it`],
    };
  }
  return {
    size: [oH, oW],
    window: [oH, oW],
    place: [0, 0],
    pairs: [[upstream(k), Array(oH * oW).fill(1)]],
    filled: Array(oH * oW).fill(1),
    titles: [`δ of filter ${k}, and ones`],
  };
}

// The factor that lies on cell `at` of the large plane; undefined outside the window.
function over(small, { size, window, place }, at) {
  const [i, j] = [Math.floor(at / size[1]) - place[0], (at % size[1]) - place[1]];
  return i >= 0 && j >= 0 && i < window[0] && j < window[1] ? small[i * window[1] + j] : undefined;
}

function* train(settings, shared) {
  const { view } = settings;
  const all = data(settings, shared);
  const { C, H, W, kH, kW, stride, padding: p } = all.geometry;
  const gradient = [...conv2dBackward(all.dZ, all.X, all.weights, all.geometry)[view]];
  const shares = sharesOf(all, view);
  const name = (k) =>
    `${view}[${split(k, ...{ dX: [H, W], dW: [C, kH, kW], db: [] }[view]).join(", ")}]`;
  const right = (k) => {
    const how = correlation(all, view, k);
    return how.pairs.reduce(
      (sum, [large, small]) =>
        sum + large.reduce((sum, value, at) => sum + value * (over(small, how, at) ?? 0), 0),
      0,
    );
  };
  const terms = (pairs) => [
    ...pairs.slice(0, shared.terms).map(([, ...pair]) => product(pair)),
    ...(pairs.length > shared.terms ? ["…"] : []),
  ];
  const left = [H - kH, W - kW].map((room) => (room + 2 * p) % stride);
  yield {
    between: stride - 1,
    front: `${kH - 1} and ${kW - 1}`,
    behind: `${kH - 1 + left[0]} and ${kW - 1 + left[1]}`,
    silent: shares.filter(({ length }) => !length).length,
    total: gradient.length,
    series: {
      name: gradient.map((_, k) => name(k)),
      value: gradient.map((value) => show(value)),
      count: shares.map(({ length }) => length),
      terms: shares.map((pairs) => terms(pairs).join(" + ") || "0"),
      right: gradient.map((_, k) => show(right(k))),
    },
  };
}

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
    const [count, size, columns] = { dX: [C, H * W, W], dW: [F * C, kH * kW, kW], db: [1, F, F] }[
      view
    ];
    const { value, count: shares } = state.series;
    const title = (k) =>
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
      sign: ({ k, value }, plane) => ({
        picked: plane * size + k === position,
        unread: !shares[plane * size + k],
        text: value,
        fill: "var(--lab-ground)",
      }),
    };
  },
);

const senders = {
  title: "Who sends: δ · factor",
  keys: [["▣", "sends a share", { color: "var(--lab-path)" }]],
  label: ({ values: { terms, value } }) => `${terms} = ${value}`,
  draw({ settings, shared, position, width }) {
    const all = data(settings, shared);
    const { F, oH, oW } = all.geometry;
    const sent = new Map(
      sharesOf(all, settings.view)[position].map(([o, ...pair]) => [o, short(...pair)]),
    );
    return planes(width, {
      titles: range(F).map((f) => `δ of filter ${f}`),
      values: range(F).map((f) => part(all.dZ, oH * oW, f)),
      columns: oW,
      most: 44,
      sign: ({ k }, f) => ({
        picked: sent.has(f * oH * oW + k),
        text: sent.get(f * oH * oW + k),
        fill: "var(--lab-ground)",
      }),
    });
  },
};

const zeros = {
  title: "The same as one correlation",
  keys: [
    ["▣", "what lies on it", { color: "var(--lab-path)" }],
    ["0", "put in", { color: "var(--lab-quiet)" }],
  ],
  label: ({ values: { right } }) => `the sum of the products in the window is ${right}`,
  draw({ settings, shared, position, width }) {
    const how = correlation(data(settings, shared), settings.view, position);
    return planes(width, {
      titles: how.titles,
      values: how.pairs.map(([large]) => large),
      columns: how.size[1],
      most: 44,
      sign: ({ k, value }, plane) => {
        const factor = over(how.pairs[plane][1], how, k);
        const picked = factor !== undefined;
        const quiet = !how.filled[k];
        return {
          picked,
          quiet,
          text: picked ? short(value, factor) : undefined,
          fill: quiet ? "var(--lab-ground)" : "var(--lab-tint-0)",
        };
      },
    });
  },
};

export default {
  areas: ["gradient senders", "zeros zeros"],
  columns: "1fr 1fr",
  panels: { gradient, senders, zeros },
  train,
};
