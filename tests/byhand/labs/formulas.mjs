// node formulas.mjs formula.js < [[text, …], [place, …]]: print what is wrong with each formula, or
// its jets at the places and how it is written.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @type {typeof import("../../../byhand/labs/browser/formula.js")} */
const { faultOf, parse, written } = await import(pathToFileURL(process.argv[2]).href);
/** @type {[string[], [number, number][]]} */
const [texts, places] = JSON.parse(readFileSync(0, "utf8"));
const found = texts.map((text) => {
  const fault = faultOf(text);
  if (fault !== null) return { fault };
  return { jets: places.map(([x, y]) => parse(text)(x, y)), written: written(text) };
});
console.log(JSON.stringify(found));
