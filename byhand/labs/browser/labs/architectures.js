// Lab architectures: what each layer returns, holds, does and keeps; and each network on a map.

import * as Plot from "@observablehq/plot";
import { count } from "../counts.js";
import { frame, here, inPixels } from "../marks.js";
import { show } from "../text.js";

const ROW = 16; // pixels
const SHARES = {
  share: ["parameters", "params"],
  work: ["multiply-adds", "work"],
  needs: ["memory", "memory"],
};
const PLACES = {
  "LeNet-5": { dx: 10, textAnchor: "start" },
  AlexNet: { dx: -20, textAnchor: "end" },
  "VGG-11": { dx: -4, dy: -13, textAnchor: "end" },
  "VGG-16": { dx: -4, dy: -13, textAnchor: "start" },
};

function* train({ net, size, batch }, { nets }) {
  const { title, home, channels, call, smallest, published, layers } = nets[net];
  const fixed = net === "lenet5";
  const side = fixed ? home : size;
  const { rows, failed, gap } = count(nets[net], side);
  const sum = (of) => rows.reduce((total, row) => total + row[of], 0);
  const fits = !failed;
  const [parameters, macs, kept] = ["holds", "does", "kept"].map(sum);
  const memory = 4 * parameters + batch * kept;
  const series = {};
  for (const { kept, ...row } of rows) {
    const stop = {
      ...row,
      holds: row.holds || null,
      does: row.does || null,
      share: fits ? row.holds / parameters : null,
      work: fits ? row.does / macs : null,
      needs: fits ? (4 * row.holds + batch * kept) / memory : null,
    };
    for (const [name, value] of Object.entries(stop)) (series[name] ??= []).push(value);
  }
  yield {
    title,
    side,
    parameters: fits ? parameters : null,
    macs: fits ? macs : null,
    same: fits && side === home ? published : null,
    other: fits && side !== home ? published : null,
    home,
    failed,
    gap,
    left: rows.at(-1).out,
    smallest,
    megabytes: fits ? memory / 1e6 : null,
    kept: (batch * kept) / 1e6,
    call: call.replace("{}", fixed ? "" : `size=${side}`),
    channels,
    series,
    memory,
    depth: layers.length,
  };
}

const si = (value, unit = "") =>
  value ? show(value, ".3s").replace(/[kMG]?$/, (prefix) => ` ${prefix}${unit}`) : "–";

const ledger = {
  title: "Each layer: its shape, and its share of the network",
  label: ({ state: { series } }) =>
    series.name
      .map(
        (name, i) =>
          `${name} ${series.shape[i]}${series.share[i] === null ? "" : ` ${show(series.share[i], ".1%")}`}`,
      )
      .join(", "),
  draw({ state, position, width }) {
    const { series, parameters, macs, memory, failed } = state;
    const wide = width > 480;
    const [first, second] = wide ? [66, 172] : [46, 116];
    const room = (width - second) / 3;
    const y = (i) => 36 + ROW * (i + 0.5);
    const rows = series.name.map((name, i) => ({ name, i, shape: series.shape[i] }));
    const totals = { share: si(parameters), work: si(macs), needs: si(!failed && memory, "B") };
    const text = (data, x, of, more) =>
      Plot.text(data, {
        x,
        y: ({ i }) => y(i),
        text: of,
        textAnchor: "start",
        fontVariant: "tabular-nums",
        fontSize: wide ? 11 : 9.5,
        ...more,
      });
    const columns = Object.entries(SHARES).flatMap(([key, titles], c) => {
      const left = second + c * room;
      const bars = failed
        ? []
        : rows.map((row) => ({
            ...row,
            x2: left + series[key][row.i] * (room - 34),
            share: series[key][row.i],
          }));
      return [
        Plot.rect(bars, {
          x1: left,
          x2: "x2",
          y1: ({ i }) => y(i) - 5.5,
          y2: ({ i }) => y(i) + 5.5,
          fill: ({ i }) => (i === position ? "var(--lab-path)" : "var(--lab-contour)"),
        }),
        text(
          bars.filter(({ share, i }) => share >= 0.01 || (i === position && share)),
          ({ x2 }) => x2 + 3,
          ({ share }) => show(share, share < 0.01 ? ".1%" : ".0%"),
        ),
        Plot.text([`${titles[wide ? 0 : 1]}\n${totals[key]}`], {
          x: left,
          y: 4,
          text: (d) => d,
          textAnchor: "start",
          lineAnchor: "top",
          fontWeight: 600,
        }),
      ];
    });
    const lost = failed ? [{ i: rows.length, words: `✕ ${failed}: no room` }] : [];
    return Plot.plot({
      ...inPixels,
      width,
      height: 40 + ROW * state.depth,
      style: { ...frame.style, fontSize: wide ? "11px" : "10px" },
      marks: [
        Plot.rect([position], {
          x1: 0,
          x2: width,
          y1: y(position) - ROW / 2,
          y2: y(position) + ROW / 2,
          fill: "var(--lab-tint-0)",
        }),
        text(rows, 2, "name", { fontWeight: 600 }),
        text(rows, first, "shape"),
        text(lost, 2, "words", { fontWeight: 600, fill: "var(--lab-path)" }),
        columns,
      ],
    });
  },
};

const map = {
  title: "All five (log scales)",
  minHeight: 230,
  keys: [
    ["○", "published"],
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
    const axis = (label, domain) => ({
      type: "log",
      domain,
      label,
      tickFormat: "~s",
      ticks: 4,
      grid: true,
    });
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
        Object.entries(PLACES).map(([name, place]) =>
          Plot.text(
            rings.filter(({ title }) => title === name),
            { ...at, text: "title", ...place },
          ),
        ),
      ],
    });
  },
};

export default { areas: ["ledger map"], columns: "5fr 3fr", panels: { ledger, map }, train };
