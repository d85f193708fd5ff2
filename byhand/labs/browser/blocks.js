// Networks as blocks to scale: above a line what each layer returns, below it what it holds.

import { sum } from "./numbers.js";

/** @import { Box } from "./cells.js" */
/** @import { count } from "./counts.js" */

/** @typedef {ReturnType<typeof count>["rows"]} Rows of one network */

/**
 * A layer: its block above the line, its square below it, and the column of both, which can be hit.
 *
 * @typedef {{ k: number, block: Box, square: Box | null, column: Box }} Drawn
 */

const TITLE = 46; // above the blocks
const ABOVE = 84; // for the highest block
const BELOW = 84; // for the largest square
const LINE = TITLE + ABOVE + 2;
const GAP = 3; // between layers
const UPRIGHT = 5; // the width of a dense layer, which has no sides
const LEAST = 1; // what is smaller is drawn so

/** How far above its column a layer's name stands. */
export const NAME = 14;

/** The height of a row of blocks. */
export const HEIGHT = LINE + BELOW + 8;

/**
 * What a pixel stands for: of an image's side, of a channel, of the root of the parameters.
 *
 * @typedef {{ side: number, channel: number, root: number }} Units
 */

/**
 * How wide a layer's column is.
 *
 * @param {Rows[number]} row
 * @param {Units} units
 */
const widthOf = ({ dense, biases, holds }, { channel, root }) =>
  Math.max(LEAST, dense ? UPRIGHT : biases * channel, root * Math.sqrt(holds)) + GAP;

/**
 * The largest units that let each network stand in this width: all have the same.
 *
 * @param {Rows[]} nets
 * @param {number} width
 */
function unitsFor(nets, width) {
  const largest = (/** @type {(row: Rows[number]) => number} */ f) =>
    Math.max(1, ...nets.flat().map(f));
  const full = {
    side: ABOVE / largest(({ frame, out }) => Math.max(frame, out)),
    channel: ABOVE / largest(({ biases }) => biases),
    root: BELOW / Math.sqrt(largest(({ holds }) => holds)),
  };
  const fits = (/** @type {number} */ share) => {
    const units = { ...full, channel: share * full.channel, root: share * full.root };
    return nets.every((rows) => sum(rows.map((row) => widthOf(row, units))) <= width) && units;
  };
  for (let share = 1; share > 0.05; share *= 0.95) {
    const units = fits(share);
    if (units) return units;
  }
  return { ...full, channel: 0.05 * full.channel, root: 0.05 * full.root };
}

/**
 * Where a network's layers stand, from `left` on, below `top`.
 *
 * @param {Rows} rows
 * @param {Units} units
 * @param {{ left: number, top: number }} place
 */
function stand(rows, units, { left, top }) {
  const line = top + LINE;
  return rows.map((row, k) => {
    const { dense, biases, out, holds } = row;
    const room = widthOf(row, units);
    const middle = left + room / 2;
    const [across, high] = dense
      ? [UPRIGHT, biases * units.channel]
      : [biases * units.channel, out * units.side];
    const half = Math.max(LEAST, across) / 2;
    const root = Math.max(LEAST, units.root * Math.sqrt(holds));
    /** @type {Drawn} */
    const drawn = {
      k,
      block: { x1: middle - half, x2: middle + half, y1: line - Math.max(LEAST, high), y2: line },
      square: holds
        ? { x1: middle - root / 2, x2: middle + root / 2, y1: line + 3, y2: line + 3 + root }
        : null,
      column: { x1: left, x2: left + room, y1: top + TITLE, y2: top + HEIGHT },
    };
    left += room;
    return drawn;
  });
}

/**
 * Whether two networks have room beside each other.
 *
 * @param {number} width
 */
export const isWide = (width) => width > 480;

/**
 * Where the networks stand in a drawing of this width, and their layers: beside each other, or
 * one above the other where there is no room.
 *
 * @template {{ rows: Rows }} Net
 * @param {Net[]} nets
 * @param {number} width
 */
export function standing(nets, width) {
  const aside = isWide(width) ? 2 : 1;
  const room = width / aside;
  const all = nets.map(({ rows }) => rows);
  const units = unitsFor(all, room - 16);
  return nets.map((net, i) => {
    const [left, top] = [8 + (i % aside) * room, Math.floor(i / aside) * HEIGHT];
    return { ...net, left, top, layers: stand(net.rows, units, { left, top }) };
  });
}
