// node states.mjs LAB.js < {"shared": …, "settings": […], "stops": […]}: print the last state of
// each run.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @import { Lab, Settings, Shared } from "../../../byhand/labs/browser/types.ts" */

/** @type {{ default: Required<Lab> }} */
const { default: lab } = await import(pathToFileURL(process.argv[2]).href);
/** @type {{ shared: Shared, settings: Settings[], stops: number[] }} */
const { shared, settings, stops } = JSON.parse(readFileSync(0, "utf8"));
const states = settings.map((some) => [...lab.train(some, shared, stops)].at(-1));
console.log(JSON.stringify(states));
