// What several labs draw: the two classes, told apart by color and by shape, and their regions.

import * as Plot from "@observablehq/plot";

export const CLASSES = [
  { name: "●", symbol: "circle", color: "var(--lab-0)", tint: "var(--lab-tint-0)" },
  { name: "▲", symbol: "triangle", color: "var(--lab-1)", tint: "var(--lab-tint-1)" },
];

export const CLASS_KEYS = CLASSES.map(({ name, color }, label) => [
  name,
  `class ${label}`,
  { color },
]);

// Settings that every panel shares.
export const frame = {
  marginTop: 22,
  marginRight: 16,
  marginBottom: 32,
  marginLeft: 38,
  style: {
    background: "transparent",
    fontFamily: "inherit",
    fontSize: "11px",
    overflow: "visible",
  },
};

// Settings of a panel without axes, whose units are pixels and whose colors are those given.
export const inPixels = {
  margin: 0,
  style: frame.style,
  x: { type: "identity", axis: null },
  y: { type: "identity", axis: null },
  color: { type: "identity" },
};

// A drawing of this width whose units are as long across as up.
export function equalHeight(width, [left, right], [low, high]) {
  const inner = width - frame.marginLeft - frame.marginRight;
  return Math.round((inner * (high - low)) / (right - left)) + frame.marginTop + frame.marginBottom;
}

export function points(X, y) {
  return CLASSES.map(({ symbol, color }, label) =>
    Plot.dot(
      X.filter((_, i) => y[i] === label),
      { x: "0", y: "1", symbol, r: 3, fill: color, stroke: "var(--lab-ground)", strokeWidth: 0.6 },
    ),
  );
}

// Where the run stands now; hollow when that is not its true place.
export function here(point, channels, { hollow = false } = {}) {
  return Plot.dot(point, {
    ...channels,
    r: 5.5,
    fill: hollow ? "var(--lab-ground)" : "var(--lab-path)",
    stroke: hollow ? "var(--lab-path)" : "var(--lab-ground)",
    strokeWidth: hollow ? 2 : 1.5,
  });
}

// The smallest box around the points, with a margin.
export function box(X, margin = 0.06) {
  return [0, 1].map((axis) => {
    const values = X.map((point) => point[axis]);
    const low = Math.min(...values);
    const high = Math.max(...values);
    const extra = margin * (high - low);
    return [low - extra, high + extra];
  });
}

// Contours of values that lie on a regular grid, row by row from the low end of y.
export function contours(values, { columns, rows, x, y, ...options }) {
  return Plot.contour(values, {
    width: columns,
    height: rows,
    x: null, // the grid is the drawing's: nothing to interpolate
    y: null,
    interpolate: null,
    x1: x[0],
    x2: x[1],
    y1: y[0],
    y2: y[1],
    value: Plot.identity,
    clip: true,
    ...options,
  });
}

const CELLS = 72; // of the grid on which scores are computed, along each axis

// Tint the plane where `scores(points)` is above zero and where it is not, with the line between.
// `points` is one Float64Array of pairs. Class 1's side is hatched too: color alone would not tell.
export function regions(scores, [[left, right], [low, high]], cells = CELLS) {
  const cellX = (right - left) / (cells - 2); // one cell more than the frame on each side: there the
  const cellY = (high - low) / (cells - 2); // contour closes along its own frame, which is clipped
  const points = new Float64Array(2 * cells * cells);
  for (let k = 0; k < cells * cells; k++) {
    points[2 * k] = left + ((k % cells) - 0.5) * cellX;
    points[2 * k + 1] = low + (Math.floor(k / cells) - 0.5) * cellY;
  }
  const grid = {
    columns: cells,
    rows: cells,
    x: [left - cellX, right + cellX],
    y: [low - cellY, high + cellY],
    thresholds: [0],
  };
  const values = scores(points);
  return [
    hatching,
    Plot.rect([0], { x1: left, x2: right, y1: low, y2: high, fill: CLASSES[0].tint }),
    contours(values, { ...grid, fill: CLASSES[1].tint }),
    contours(values, {
      ...grid,
      fill: "url(#lab-hatch)",
      stroke: "var(--lab-ink)",
      strokeWidth: 1.8,
    }),
  ];
}

export function hatching() {
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "defs");
  holder.innerHTML =
    '<pattern id="lab-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<line x1="0" x2="0" y1="0" y2="7" style="stroke: var(--lab-1); stroke-opacity: 0.25"/></pattern>';
  return holder;
}

// --- drawings made of cells, whose coordinates are pixels ---

export const canvas = (width, height, marks) =>
  Plot.plot({
    width,
    height,
    margin: 0,
    axis: null,
    x: { type: "identity" },
    y: { type: "identity" },
    color: { type: "identity" },
    style: {
      background: "transparent",
      fontFamily: "inherit",
      fontSize: "11px",
      overflow: "visible",
    },
    marks,
  });

export const boxes = (cells, options) =>
  Plot.rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "fill", ...options });

export const middle = { x: ({ x1, x2 }) => (x1 + x2) / 2, y: ({ y1, y2 }) => (y1 + y2) / 2 };

// The cells of a matrix with `columns` columns whose upper left corner is at (left, top).
export const cellsOf = (values, columns, side, left, top) =>
  values.map((value, k) => ({
    value,
    k,
    x1: left + (k % columns) * side,
    x2: left + ((k % columns) + 1) * side,
    y1: top + Math.floor(k / columns) * side,
    y2: top + (Math.floor(k / columns) + 1) * side,
  }));

// What a click on one of the cells changes: the scrubber goes to the stop of the same number.
export function choose({ spec, position }, cells, x, y) {
  const { name, label, values } = spec.controls.find(({ kind }) => kind === "scrubber");
  const hit = cells.findIndex(({ x1, x2, y1, y2 }) => x >= x1 && x < x2 && y >= y1 && y < y2);
  const value = values[hit < 0 ? position : hit];
  return [{ [name]: value }, `${label}: ${value}. `];
}
