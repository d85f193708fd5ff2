// Whether work that is kept is done again, after each of some changes of what it has read, or not.

import { Kept } from "../../../byhand/labs/browser/kept.js";

/** @import { Context } from "../../../byhand/labs/browser/types.ts" */

const context = (changes = {}) =>
  /** @type {Context} */ (
    /** @type {unknown} */ ({
      settings: { rate: 1, step: 3 },
      state: { series: { cost: [3, 2, 1] }, scores: new Float32Array([1, 2]) },
      values: { cost: 3, other: 5, odd: NaN },
      position: 0,
      ...changes,
    })
  );

/** @type {{ [name: string]: [read: (context: Context) => unknown, changes: object] }} */
const cases = {
  nothing: [({ values }) => values.cost, {}],
  "what is read": [({ values }) => values.cost, { values: { cost: 4, other: 5 } }],
  "what is not read": [({ values }) => values.cost, { values: { cost: 3, other: 6 } }],
  "a number of the context": [({ position }) => position, { position: 1 }],
  "another object with the same numbers": [({ state }) => state.series, context()],
  "a number deep inside": [
    ({ state }) => state.series,
    { state: { series: { cost: [3, 2, 2] }, scores: [] } },
  ],
  "a longer series": [({ state }) => state.series, { state: { series: { cost: [3, 2, 1, 0] } } }],
  "another series": [({ state }) => state.series, { state: { series: { loss: [3, 2, 1] } } }],
  "a typed array": [({ state }) => state.scores, { state: { scores: new Float32Array([1, 3]) } }],
  "one that is shorter": [
    ({ state }) => state.scores,
    { state: { scores: new Float32Array([1]) } },
  ],
  "a part that is copied": [
    ({ settings }) => ({ ...settings }),
    { settings: { rate: 1, step: 4 } },
  ],
  "a name that is new": [
    ({ settings }) => Object.keys(settings),
    { settings: { rate: 1, step: 3, depth: 2 } },
  ],
  "a word that becomes null": [({ values }) => values.other, { values: { cost: 3, other: null } }],
  "NaN that stays": [({ values }) => values.odd, { values: { cost: 3, other: 5, odd: NaN } }],
};

const again = Object.fromEntries(
  Object.entries(cases).map(([name, [read, changes]]) => {
    const kept = new Kept((given) => [read(given)]);
    kept.renew(context());
    return [name, kept.renew(context(changes)) !== null];
  }),
);
const kept = new Kept(({ position }) => position);
kept.renew(context());
kept.forget();
again["what is forgotten"] = kept.renew(context()) === 0;
process.stdout.write(JSON.stringify(again));
