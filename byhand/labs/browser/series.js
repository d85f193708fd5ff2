// A state's series: for each name one entry at each of the scrubber's stops.

/** @import { Series } from "./types.ts" */

/**
 * The series of these stops. Of none it is empty, and grows by `append`.
 *
 * @template {object} Stop
 * @param {Stop[]} stops
 */
export function seriesOf(stops) {
  const series = /** @type {Series<Stop>} */ ({});
  for (const stop of stops) append(series, stop);
  return series;
}

/**
 * Add the next stop.
 *
 * @template {object} Stop
 * @param {Series<Stop>} series
 * @param {Stop} stop
 */
export function append(series, stop) {
  for (const name of /** @type {(keyof Stop)[]} */ (Object.keys(stop))) {
    (series[name] ??= []).push(stop[name]);
  }
}
