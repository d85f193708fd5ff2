// A curve that the reader draws: its heights written as one word, each a digit to the base 36.

import { kinds } from "./controls.js";
import { show } from "./text.js";

export const heightsOf = (word) => Array.from(word, (digit) => parseInt(digit, 36));

// The word with the height at place k changed, to the nearest of its levels.
export function moved(word, k, height, levels) {
  const level = Math.round(Math.min(Math.max(height, 0), levels));
  return word.slice(0, k) + level.toString(36) + word.slice(k + 1);
}

// A control for the height of one point, the one at `placeOf(settings)`; `scale` levels are 1.
export const heightControl =
  (placeOf, scale = 1) =>
  (spec, change, context) => {
    const { levels } = spec;
    const values = Array.from({ length: levels + 1 }, (_, level) => level / scale);
    let now;
    const put = (height) =>
      change(moved(now.value, placeOf(now.settings), height * scale, levels), show(height));
    const base = kinds.slider({ ...spec, values }, put, context);
    const update = (next) => {
      now = next;
      base.update({ ...next, value: values[heightsOf(next.value)[placeOf(next.settings)]] });
    };
    return { ...base, update };
  };
