// Lab pooling: the input with its window, the outputs, and where their gradients go.

import * as Plot from "@observablehq/plot";
import { element, labeled } from "../dom.js";
import { pool2d } from "../images.js";
import { inPixels } from "../marks.js";
import { show } from "../text.js";

const GAP = 34; // pixels between the two grids
const SIDE_BY_SIDE = 400; // pixels, from which they stand beside each other

const numbers = (word, zero) => Array.from(word, (digit) => parseInt(digit, 36) - zero);

function* train({ cells, kind, size, stride, padding, upstream }, { side, zero, upstream: rules }) {
  const X = numbers(cells, zero);
  const whole = kind.startsWith("global");
  const max = kind.endsWith("max");
  const [k, s, p] = whole ? [side, 1, 0] : [+size, +stride, +padding];
  const windows = pool2d(X, { max, size: k, stride: s, padding: p });
  const out = Math.sqrt(windows.length);
  const dX = X.map(() => 0);
  const visits = X.map(() => 0);
  const series = {};
  windows.forEach(({ cells, places, to, share, value }, n) => {
    const given = rules[upstream][n];
    for (const cell of to) {
      dX[cell] += given * share;
      visits[cell]++;
    }
    const words = places.map((cell) => (cell === null ? (max ? "−∞" : "0") : show(X[cell])));
    const equals = cells.filter((cell) => X[cell] === value).length;
    const outside = k * k - cells.length;
    const stop = {
      row: Math.floor(n / out),
      column: n % out,
      value,
      sum: max ? `max(${words.join(", ")})` : `(${words.join(" + ")}) / ${k * k}`,
      given,
      to_row: max ? Math.floor(to[0] / side) : null,
      to_column: max ? to[0] % side : null,
      share: max ? null : given * share,
      inside: max ? null : cells.length,
      outside: max ? null : outside || null,
      tie: max && equals > 1 ? equals : null,
      shared: visits.filter((count) => count > 1).length || null,
      arrived: dX.reduce((sum, d) => sum + d, 0),
      dX: dX.slice(),
      visits: visits.slice(),
    };
    for (const [name, entry] of Object.entries(stop)) (series[name] ??= []).push(entry);
  });
  const call = max ? "maxpool" : "avgpool";
  const name = max ? "maximum" : "average";
  yield {
    name: whole ? null : max ? "Max" : "Average",
    all: whole ? name : null,
    k,
    s,
    p,
    count: k * k,
    out,
    outputs: windows.length,
    call: whole ? `global_${call}` : `${call}2d`,
    words: whole ? "" : `, size=${k}, stride=${s}, padding=${p}`,
    windows,
    series,
  };
}

// --- drawing: cells are squares of `unit` pixels, `left` and `top` is where the grid begins ---

const square = ({ left = 0, top = 0, unit }, row, column, more) => ({
  x1: left + column * unit,
  x2: left + (column + 1) * unit,
  y1: top + row * unit,
  y2: top + (row + 1) * unit,
  x: left + (column + 0.5) * unit,
  y: top + (row + 0.5) * unit,
  ...more,
});

const boxes = (cells, options) =>
  Plot.rect(cells, {
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    inset: 1,
    fill: "fill",
    stroke: "stroke",
    strokeWidth: "strokeWidth",
    ...options,
  });

const words = (cells, text, options) =>
  Plot.text(cells, {
    x: "x",
    y: "y",
    text,
    fontVariant: "tabular-nums",
    fontWeight: 600,
    fill: "var(--lab-ink)",
    ...options,
  });

const plot = (width, height, marks) => Plot.plot({ ...inPixels, width, height, marks });

const LINE = { stroke: "var(--lab-line)", strokeWidth: 1 };
const HIT = { stroke: "var(--lab-path)", strokeWidth: 2.5, fill: "var(--lab-tint-1)" };
const short = (value) => show(value, Number.isInteger(value) ? "d" : ".2f");

const input = {
  title: "Input X and the window",
  keys: [["▢", "window", { color: "var(--lab-path)" }]],
  label: ({ settings, shared }) =>
    numbers(settings.cells, shared.zero)
      .map((v) => show(v))
      .join(", "),
  draw({ settings, state, shared: { side, zero }, position, width }) {
    const { p, s, k, out, windows } = state;
    const X = numbers(settings.cells, zero);
    const max = settings.kind.endsWith("max");
    const rows = side + 2 * p;
    const unit = Math.min((width - 8) / rows, 46);
    const at = { left: (width - rows * unit) / 2, top: 4, unit };
    const { to } = windows[position];
    const cells = Array.from({ length: rows * rows }, (_, i) => {
      const [row, column] = [Math.floor(i / rows), i % rows];
      const [y, x] = [row - p, column - p];
      const inside = y >= 0 && x >= 0 && y < side && x < side;
      const style =
        inside && to.includes(y * side + x)
          ? { ...LINE, fill: HIT.fill }
          : { ...LINE, fill: "var(--lab-ground)" };
      return square(at, row, column, {
        ...style,
        text: inside ? show(X[y * side + x]) : max ? "−∞" : "0",
        quiet: !inside,
      });
    });
    const [top, left] = [Math.floor(position / out) * s, (position % out) * s];
    const frame = [
      square(
        { ...at, unit: at.unit * k, left: at.left + left * unit, top: at.top + top * unit },
        0,
        0,
        {},
      ),
    ];
    return plot(width, rows * unit + 8, [
      boxes(cells),
      boxes(frame, { inset: 0, fill: "none", stroke: HIT.stroke, strokeWidth: 3 }),
      words(
        cells.filter(({ quiet }) => !quiet),
        "text",
        { fontSize: 14 },
      ),
      words(
        cells.filter(({ quiet }) => quiet),
        "text",
        { fill: "var(--lab-quiet)", fontWeight: 400 },
      ),
    ]);
  },
};

const routes = {
  title: "Output A, and ∂L/∂X so far",
  keys: [
    ["∂ 2", "from above", { color: "var(--lab-path)" }],
    ["×2", "from two windows"],
  ],
  label: ({ values: { dX } }) => `∂L/∂X is ${dX.map(short).join(", ")}`,
  draw({ settings, state, shared, values, position, width }) {
    const { out, windows } = state;
    const { side } = shared;
    const wide = width >= SIDE_BY_SIDE;
    const room = wide ? (width - GAP - 8) / 2 : width - 8;
    const block = Math.min(room, 5 * 46);
    const unit = block / side;
    const small = Math.min(block / out, 50);
    const height = (wide ? block : small * out + GAP + block) + 8;
    const outputs = {
      unit: small,
      left: (room - small * out) / 2 + 4,
      top: wide ? (height - small * out) / 2 : 4,
    };
    const inputs = wide
      ? { unit, left: width - block - 4, top: 4 }
      : { unit, left: (width - block) / 2, top: height - block - 4 };
    const given = shared.upstream[settings.upstream];
    const from = windows.map(({ value }, n) =>
      square(outputs, Math.floor(n / out), n % out, {
        ...(n === position ? HIT : { ...LINE, fill: "var(--lab-ground)" }),
        value,
        given: n <= position ? `∂ ${show(given[n])}` : "",
      }),
    );
    const { to } = windows[position];
    const onto = values.dX.map((value, i) =>
      square(inputs, Math.floor(i / side), i % side, {
        ...(to.includes(i)
          ? HIT
          : { ...LINE, fill: values.visits[i] ? "var(--lab-tint-0)" : "var(--lab-ground)" }),
        value,
        times: values.visits[i] > 1 ? `×${values.visits[i]}` : "",
      }),
    );
    const arrow = (n, stroke, strokeWidth) =>
      Plot.arrow(windows[n].to, {
        ...(wide
          ? { x1: from[n].x2, y1: from[n].y, x2: (i) => onto[i].x1 + 3, y2: (i) => onto[i].y }
          : { x1: from[n].x, y1: from[n].y2, x2: (i) => onto[i].x, y2: (i) => onto[i].y1 + 3 }),
        stroke,
        strokeWidth,
        strokeOpacity: 0.6,
        headLength: 6,
      });
    const max = settings.kind.endsWith("max");
    const before = max && out <= 3 ? position : 0; // more arrows would hide each other
    return plot(width, height, [
      boxes(from),
      boxes(onto),
      from.slice(0, before).map((_, n) => arrow(n, "var(--lab-contour)", 1)),
      arrow(position, HIT.stroke, max ? 2.5 : 1),
      words(from, ({ value }) => short(value), {
        dy: small > 34 ? -7 : -4,
        fontSize: small > 34 ? 12 : 9,
      }),
      words(from, "given", {
        dy: small > 34 ? 9 : 6,
        fontSize: small > 34 ? 11 : 8,
        fill: "var(--lab-path)",
      }),
      words(onto, ({ value, times }) => (value || times ? short(value) : "0"), {
        fill: "var(--lab-ink)",
      }),
      words(onto, "times", { dx: unit / 2 - 8, dy: unit / 2 - 7, fontSize: 9, fontWeight: 400 }),
    ]);
  },
};

// The numbers of the input, each in a field of its own.
function drawing(spec, change) {
  const zero = spec.levels / 2;
  const side = Math.sqrt(spec.value.length);
  let word = spec.value;
  const fields = Array.from(word, (_, i) => {
    const name = `row ${Math.floor(i / side)}, column ${i % side}`;
    const input = element("input", { type: "number", min: -zero, max: zero, step: 1 });
    input.addEventListener("input", () => {
      if (input.value === "" || !input.validity.valid) return;
      const digit = (input.valueAsNumber + zero).toString(36);
      change(
        word.slice(0, i) + digit + word.slice(i + 1),
        `${name} is ${show(input.valueAsNumber)}`,
      );
    });
    input.addEventListener("blur", () => (input.value = parseInt(word[i], 36) - zero));
    return labeled(name, input, { hidden: true });
  });
  const grid = element("div", { className: "lab-cells" }, ...fields.flat());
  grid.style.setProperty("--cells", side);
  const head = element("div", { className: "lab-control-head" }, spec.label);
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    head,
    grid,
  );
  const inputs = fields.map(([, input]) => input);
  const update = ({ value }) => {
    word = value;
    numbers(word, zero).forEach((number, i) => {
      if (
        inputs[i].value === ""
          ? inputs[i] !== document.activeElement
          : inputs[i].valueAsNumber !== number
      )
        inputs[i].value = number;
    });
  };
  return { node, input: inputs[0], update };
}

export default {
  areas: ["input routes"],
  columns: "2fr 3fr",
  panels: { input, routes },
  train,
  kinds: { drawing },
};
