// node states.mjs LAB.js < {"shared": …, "settings": […]}: print the last state of each run.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: lab } = await import(pathToFileURL(process.argv[2]));
const { shared, settings } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(settings.map((some) => [...lab.train(some, shared)].at(-1))));
