// What a drag or a click in a drawing does to a control: the picture is the control, and the native
// one goes along.

import { nearest } from "./numbers.js";
import { controlOf, scrubberOf } from "./spec.js";
import { show } from "./text.js";

/** @import { Drag, Settings, SliderSpec, Spec } from "./types.ts" */

/** @typedef {{ spec: Spec, settings: Settings }} Now */

/**
 * Move some sliders to the stops that are nearest.
 *
 * @param {Now} context
 * @param {{ [name: string]: number }} wanted
 * @returns {Drag}
 */
export function slideTo({ spec, settings }, wanted) {
  /** @type {Settings} */
  const changes = {};
  const words = Object.entries(wanted).map(([name, value]) => {
    const { label, values } = /** @type {SliderSpec} */ (controlOf(spec, name));
    changes[name] = values[nearest(values, value)];
    return `${label}: ${show(changes[name])}. `;
  });
  const moved = Object.keys(changes).some((name) => changes[name] !== settings[name]);
  return moved ? [changes, words.join(""), Object.keys(wanted)[0]] : [{}];
}

/**
 * Go through the run to the stop that is nearest: for a chart along it.
 *
 * @param {Now} context
 * @param {number} stop
 */
export const scrubTo = (context, stop) =>
  slideTo(context, { [scrubberOf(context.spec)?.name ?? ""]: stop });
