// What models.summary counts, from the layers that byhand/labs/architectures.py describes.

import { outputSize } from "./images.js";
import { sum } from "./numbers.js";
import { show } from "./text.js";

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {[size: number, stride: number, padding: number] | null} window
 * @property {boolean} dense
 * @property {boolean} trained
 * @property {number} channels that it returns
 * @property {number} weights of a layer that is not dense
 * @property {[number, number]} keeps bytes for each number that it reads, and that it returns
 */

/** @typedef {{ title: string, layers: Layer[], channels: number, home: number }} Net */

/**
 * A network, the one beside it, and the side of their images.
 *
 * @typedef {{ net: string, beside: string, size: number }} Networks
 */

/** @typedef {{ nets: { [name: string]: Net } }} Known */

const AS_PUBLISHED = 0; // of the slider

/**
 * The rows of a network on images of this side, up to the first layer whose window does not fit.
 *
 * @param {Net} net
 */
export function count({ layers, channels, home }, side = home) {
  const rows = [];
  for (const { name, window, dense, trained, channels: to, weights, keeps } of layers) {
    const [k, s, p] = window ?? [null, null, null];
    const out = window ? outputSize(side, ...window) : dense ? 1 : side;
    if (out < 1) return { rows, failed: name, gap: k };
    const read = channels * side * side;
    const uses = dense ? read * to : weights;
    rows.push({
      name,
      dense,
      k,
      s,
      p,
      frame: side,
      out,
      shape: dense ? `${to}` : `${to}×${out}×${out}`,
      places: out * out,
      weights: uses,
      biases: to,
      holds: trained ? uses + to : 0,
      does: uses * out * out,
      kept: keeps[0] * read + keeps[1] * to * out * out,
    });
    [channels, side] = [to, out];
  }
  return { rows, failed: null, gap: null };
}

/**
 * The side of the images that a network reads; LeNet-5 reads one only.
 *
 * @param {Networks} settings
 * @param {Known} shared
 */
export const sideOf = ({ net, size }, { nets }) =>
  net === "lenet5" || size === AS_PUBLISHED ? nets[net].home : size;

/**
 * A network's rows and what they add up to.
 *
 * @param {Networks} settings
 * @param {Known} shared
 */
export function counted(settings, shared) {
  const { rows, failed, gap } = count(shared.nets[settings.net], sideOf(settings, shared));
  const parameters = sum(rows.map((row) => row.holds));
  const macs = sum(rows.map((row) => row.does));
  return { rows, failed, gap, parameters, macs };
}

/**
 * How many times, as a reader writes it.
 *
 * @param {number} factor
 */
const timesOf = (factor) => show(factor, factor < 999.5 ? ".3g" : ",d");

/**
 * How much larger the network beside is, where both can read their images.
 *
 * @param {Networks} settings
 * @param {Known} shared
 */
export function compared(settings, shared) {
  const { net, beside } = settings;
  const rival = beside === net ? undefined : shared.nets[beside];
  const [own, other] = [net, rival ? beside : net].map((name) =>
    counted({ ...settings, net: name }, shared),
  );
  if (!rival || own.failed || other.failed) return { rival: null, more: null, harder: null };
  const more = timesOf(other.parameters / own.parameters);
  return { rival: rival.title, more, harder: timesOf(other.macs / own.macs) };
}
