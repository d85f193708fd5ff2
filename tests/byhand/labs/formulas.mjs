// node formulas.mjs FOLDER < [[text, …], [place, …]]: print what is wrong with each formula, or its
// jets at the places and how it is written.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @type {typeof import("../../../byhand/labs/browser/formula.js")} */
const { parse, written } = await import(pathToFileURL(`${process.argv[2]}/formula.js`).href);
/** @type {typeof import("../../../byhand/labs/browser/formulas.js")} */
const { faultOf } = await import(pathToFileURL(`${process.argv[2]}/formulas.js`).href);
/** @type {[string[], [number, number][]]} */
const [texts, places] = JSON.parse(readFileSync(0, "utf8"));
const found = texts.map((text) => {
  const fault = faultOf(text, "surface");
  if (fault !== null) return { fault };
  return { jets: places.map(([x, y]) => parse(text)(x, y)), written: written(text) };
});
console.log(JSON.stringify(found));
