// What can be said and drawn now, at these settings and in this state.

import { scrubberOf } from "./spec.js";

/** @import { Context, Settings, Spec, State } from "./types.ts" */

/** @typedef {Omit<Context, "width" | "height">} Scene a context, before a panel adds its size */

/**
 * How many of the scrubber's stops the run has.
 *
 * @param {State} state
 */
export const lengthOf = ({ series = {} }) =>
  Math.min(...Object.values(series).map(({ length }) => length));

/**
 * @param {Spec} spec
 * @param {Settings} settings
 * @param {State} state
 * @returns {Scene}
 */
export function sceneOf(spec, settings, state) {
  const { series = {}, ...values } = state;
  const now = { ...settings };
  const scrubber = scrubberOf(spec);
  const stops = scrubber?.values ?? [];
  let position = 0;
  if (scrubber) {
    // As far as the training has come, or to the end of a run that is shorter than others.
    const wanted = stops.indexOf(Number(settings[scrubber.name]));
    position = Math.min(wanted, lengthOf(state) - 1);
    now[scrubber.name] = stops[position];
    for (const [name, entries] of Object.entries(series)) values[name] = entries[position];
  }
  for (const { name, options } of spec.controls) {
    if (options) now[name] = Object.fromEntries(options)[now[name]];
  }
  const { shared } = spec;
  return { spec, settings, shared, state, values: { ...now, ...values }, stops, position };
}
