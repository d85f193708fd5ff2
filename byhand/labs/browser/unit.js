// What a unit of a network reads, number by number: each with the weight that multiplies it.

import * as Plot from "@observablehq/plot";
import { boxes, canvas, middle } from "./cells.js";
import { range } from "./numbers.js";
import { bracketed, show } from "./text.js";

/** @import { Key } from "./types.ts" */

/** @typedef {{ inputs: number[], factors: number[] | null, window: number }} Unit */

const HEIGHT = 138; // for all units: nothing jumps
const ROOMY = 36; // a cell of this width holds two numbers
const LINE = 24; // the height of two numbers

/**
 * @param {number} value
 * @param {number} [factor]
 */
function productOf(value, factor, sign = "\n·") {
  if (factor === undefined) return show(value, ".2f");
  return `${show(value, ".2f")}${sign}${bracketed(factor, show(factor, ".2f"))}`;
}

/**
 * The products of a unit as cells, map by map; its numbers where they have room. A unit without
 * weights passes the largest on, which has a frame.
 *
 * @param {Unit} unit
 * @param {number} width
 */
function drawUnit({ inputs, factors, window }, width) {
  const maps = inputs.length / window ** 2;
  const across = Math.min(maps, window === 3 ? 3 : 8);
  const gap = maps > 1 ? 4 : 0;
  const rows = Math.ceil(maps / across);
  const w = Math.min((width - 8) / across / window - gap / window, 54);
  const h = Math.min((HEIGHT - 8) / rows / window - gap / window, 26);
  const left = (width - across * (window * w + gap)) / 2;
  const products = inputs.map((value, k) => value * (factors?.[k] ?? 1));
  const largest = Math.max(...products.map(Math.abs), 1e-9);
  const cells = products.map((product, k) => {
    const [map, place] = [Math.floor(k / window ** 2), k % window ** 2];
    const x1 = left + (map % across) * (window * w + gap) + (place % window) * w;
    const y1 = 4 + Math.floor(map / across) * (window * h + gap) + Math.floor(place / window) * h;
    const share = Math.round((70 * Math.abs(product)) / largest);
    const color = product < 0 ? "var(--lab-0)" : factors ? "var(--lab-1)" : "var(--lab-ink)";
    const fill = `color-mix(in oklab, ${color} ${factors ? share : share / 3}%, var(--lab-ground))`;
    const text = productOf(inputs[k], factors?.[k]);
    return { x1, x2: x1 + w, y1, y2: y1 + h, fill, text };
  });
  const first = factors ? [] : [cells[products.indexOf(Math.max(...products))]];
  const told = w >= ROOMY && h >= LINE ? range(cells.length) : [];
  return canvas(
    width,
    HEIGHT,
    [
      boxes(cells, {
        stroke: "var(--lab-line)",
        className: factors ? "of-products of-weights" : "of-four",
      }),
      boxes(first, { fill: "none", stroke: "var(--lab-path)", strokeWidth: 2.5 }),
      Plot.text(
        told.map((k) => cells[k]),
        { ...middle, text: "text", lineHeight: 1 },
      ),
    ],
    "11px",
  );
}

const OF = "weights products";

/** @type {(now: { state: Unit }) => Key[]} */
const keysNow = ({ state: { factors } }) =>
  factors
    ? [
        ["■", "+", { color: "var(--lab-1)", of: OF }],
        ["■", "−", { color: "var(--lab-0)", of: OF }],
      ]
    : [["▢", "largest", { color: "var(--lab-path)", of: "four" }]];

/** The panel of the chosen unit. */
export const unit = {
  title: "What the unit reads",
  keysNow,
  label: (/** @type {{ state: Unit }} */ { state: { inputs, factors } }) =>
    inputs.map((value, k) => productOf(value, factors?.[k], " times ")).join(", "),
  draw: (/** @type {{ state: Unit, width: number }} */ { state, width }) => drawUnit(state, width),
};
