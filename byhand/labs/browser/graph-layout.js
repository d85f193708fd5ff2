// Where the nodes of a graph stand: in layers, each behind those that it reads, with few crossings
// and few bends. An edge that passes layers has a place of its own in each of them.

import { average, range } from "./numbers.js";

/** @import { Pair } from "./types.ts" */

/**
 * A node in its layer, or the place where an edge passes.
 *
 * @typedef {object} Item
 * @property {number} size across the layers
 * @property {number} at its middle, across
 * @property {Item[]} before its neighbors in the layer before
 * @property {Item[]} after
 */

/** @typedef {{ from: number, to: number, argument: number, places: Pair[] }} Edge */
/** A place is a layer, and a height across. */
/** @typedef {{ layers: number, across: number, places: Pair[], edges: Edge[] }} Layout */

const SWEEPS = 6;
const PASSES = 40;
const WAY = 0.55; // the room for an edge; a node's is 1

/**
 * @param {number[][]} reads which nodes each node reads
 * @param {number[]} deep the layer of each node that reads some
 * @returns {Layout}
 */
export function layOut(reads, deep) {
  const layerOf = reads.map((of, k) => {
    const readers = range(reads.length).filter((other) => reads[other].includes(k));
    return of.length || !readers.length ? deep[k] : Math.min(...readers.map((r) => deep[r])) - 1;
  });
  const count = Math.max(...layerOf) + 1;
  /** @type {Item[][]} */
  const layers = range(count).map(() => []);
  const add = (/** @type {number} */ layer, /** @type {number} */ size) => {
    /** @type {Item} */
    const item = { size, at: layers[layer].length, before: [], after: [] };
    layers[layer].push(item);
    return item;
  };
  const items = reads.map((_, k) => add(layerOf[k], 1));
  const ways = reads.flatMap((of, to) =>
    of.map((from, argument) => {
      const passed = range(layerOf[to] - layerOf[from] - 1);
      const through = passed.map((i) => add(layerOf[from] + 1 + i, WAY));
      const way = [items[from], ...through, items[to]];
      way.slice(1).forEach((item, i) => {
        item.before.push(way[i]);
        way[i].after.push(item);
      });
      return { from, to, argument, way };
    }),
  );
  order(layers);
  for (const _ of range(PASSES)) for (const layer of layers) settle(layer);
  const all = layers.flat();
  const low = Math.min(...all.map(({ at, size }) => at - size / 2));
  const high = Math.max(...all.map(({ at, size }) => at + size / 2));
  /** @type {(item: Item, layer: number) => Pair} */
  const place = ({ at }, layer) => [layer, at - low];
  return {
    layers: count,
    across: high - low,
    places: items.map((item, k) => place(item, layerOf[k])),
    edges: ways.map(({ way, ...edge }) => ({
      ...edge,
      places: way.map((item, i) => place(item, layerOf[edge.from] + i)),
    })),
  };
}

/**
 * Order each layer by the middle of its neighbors, to and fro.
 *
 * @param {Item[][]} layers
 */
function order(layers) {
  for (const sweep of range(SWEEPS)) {
    const side = sweep % 2 ? "after" : "before";
    for (const layer of side === "after" ? [...layers].reverse() : layers) {
      const wanted = new Map(layer.map((item) => [item, middleOf(item[side], item.at)]));
      layer.sort((a, b) => Number(wanted.get(a)) - Number(wanted.get(b)));
      layer.forEach((item, i) => (item.at = i));
    }
  }
}

/**
 * Move the items of a layer to the middle of their neighbors, as far as there is room.
 *
 * @param {Item[]} layer
 */
function settle(layer) {
  const wanted = layer.map((item) => middleOf([...item.before, ...item.after], item.at));
  layer.forEach((item, i) => {
    const last = layer[i - 1];
    item.at = last ? Math.max(wanted[i], last.at + (last.size + item.size) / 2) : wanted[i];
  });
  const shift = average(layer.map((item, i) => wanted[i] - item.at));
  for (const item of layer) item.at += shift;
}

/**
 * @param {Item[]} items
 * @param {number} otherwise
 */
const middleOf = (items, otherwise) =>
  items.length ? average(items.map(({ at }) => at)) : otherwise;
