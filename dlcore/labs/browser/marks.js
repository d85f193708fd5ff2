// What several labs draw: the two classes, told apart by color and by shape, and their regions.

import * as Plot from "@observablehq/plot";

export const CLASSES = [
  { name: "●", symbol: "circle", color: "var(--lab-0)", tint: "var(--lab-tint-0)" },
  { name: "▲", symbol: "triangle", color: "var(--lab-1)", tint: "var(--lab-tint-1)" },
];

// Settings that every panel shares.
export const frame = {
  marginTop: 8,
  marginRight: 10,
  marginBottom: 34,
  marginLeft: 38,
  style: { background: "transparent", fontFamily: "inherit", fontSize: "11px", overflow: "visible" },
};

export function points(X, y) {
  return CLASSES.map(({ symbol, color }, label) =>
    Plot.dot(
      X.filter((_, i) => y[i] === label),
      { x: "0", y: "1", symbol, r: 3, fill: color, stroke: "var(--lab-ground)", strokeWidth: 0.6 },
    ),
  );
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

// Tint the plane where `score(x1, x2)` is above zero and where it is not, with the line between.
export function regions(score, [x, y]) {
  const where = { x1: x[0], x2: x[1], y1: y[0], y2: y[1], pixelSize: 4, thresholds: [0], clip: true };
  return [
    Plot.rect([0], { x1: x[0], x2: x[1], y1: y[0], y2: y[1], fill: CLASSES[0].tint }),
    Plot.contour({ ...where, fill: score, stroke: null }),
    Plot.contour({ ...where, value: score, fill: CLASSES[1].tint, stroke: "var(--lab-ink)", strokeWidth: 1.8 }),
  ];
}
