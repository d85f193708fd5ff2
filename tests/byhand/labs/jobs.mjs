// node jobs.mjs states.js < {"spec": …, "settings": […]}: look each of the settings up twice, as a
// lab does; print the states or errors, and what the kernel was asked. The kernel refuses negative
// numbers.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { Lab, Settings, Spec } from "../../../byhand/labs/browser/types.ts" */

/** @type {typeof import("../../../byhand/labs/browser/states.js")} */
const { advance, States } = await import(pathToFileURL(process.argv[2]).href);
/** @type {{ spec: Spec, settings: Settings[] }} */
const { spec, settings } = JSON.parse(readFileSync(0, "utf8"));

/** @type {Lab} */
const lab = {
  areas: [],
  panels: {},
  *train(some, _, stops) {
    for (const stop of stops) yield { some, stop };
  },
};
/** @type {Settings[]} */
const asked = [];
const ask = async (/** @type {Settings} */ some) => {
  asked.push(some);
  if (Object.values(some).some((value) => Number(value) < 0)) throw new Error("below 0");
  return { some };
};

let arrived = 0;
const states = new States(spec, lab, ask, () => arrived++);
const jobs = settings.flatMap((some) => [states.jobFor(some), states.jobFor(some)]);
for (const job of jobs) while (advance(job));
await new Promise((resolve) => setTimeout(resolve)); // the kernel answers
const found = jobs.map(({ state, error }) => state ?? error);
console.log(JSON.stringify({ found, asked, arrived }));
