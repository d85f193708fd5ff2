// The plane, divided between the two classes.

import * as Plot from "@observablehq/plot";
import { contours } from "d3-contour";
import { CLASSES } from "./marks.js";

/** @import { Numbers, Pair } from "./types.ts" */

const CELLS = 48; // of the grid on which scores are computed, along each axis

/**
 * Tint the plane where the scores are above zero and where they are not, with the line between.
 * Class 1's side is hatched too: color alone would not tell.
 *
 * @param {(points: Float64Array) => Numbers} scores of points, which are pairs in one array
 * @param {[x: Pair, y: Pair]} frame
 */
export function regions(scores, [[left, right], [low, high]], cells = CELLS) {
  // One cell more than the frame on each side: there the contour closes along its own frame, which
  // is clipped.
  const cellX = (right - left) / (cells - 2);
  const cellY = (high - low) / (cells - 2);
  const points = new Float64Array(2 * cells * cells);
  for (let k = 0; k < cells * cells; k++) {
    points[2 * k] = left + ((k % cells) - 0.5) * cellX;
    points[2 * k + 1] = low + (Math.floor(k / cells) - 0.5) * cellY;
  }
  const { coordinates } = contours()
    .size([cells, cells])
    .contour(Array.from(scores(points)), 0);
  // The grid counts from the outer corner of its first cell.
  const place = (/** @type {number[]} */ [i, j]) => [left + (i - 1) * cellX, low + (j - 1) * cellY];
  const above = {
    type: "MultiPolygon",
    coordinates: coordinates.map((rings) => rings.map((ring) => ring.map(place))),
  };
  return [
    hatching,
    Plot.rect([0], { x1: left, x2: right, y1: low, y2: high, fill: CLASSES[0].tint }),
    Plot.geo([above], { fill: CLASSES[1].tint, clip: true }),
    Plot.geo([above], { fill: HATCH, stroke: "var(--lab-ink)", strokeWidth: 1.8, clip: true }),
  ];
}

// What is filled with it must come after the mark `hatching`.
export const HATCH = "url(#lab-hatch)";

export function hatching() {
  const holder = document.createElementNS("http://www.w3.org/2000/svg", "defs");
  holder.innerHTML =
    '<pattern id="lab-hatch" width="7" height="7" patternUnits="userSpaceOnUse" ' +
    'patternTransform="rotate(45)"><line x1="0" x2="0" y1="0" y2="7" ' +
    'style="stroke: var(--lab-1); stroke-opacity: 0.25"/></pattern>';
  return holder;
}
