// node answers.mjs answers.js: read cases from standard input, and print what each text is read as.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @typedef {import("../../../byhand/labs/browser/types.ts").NumberQuestion} NumberQuestion */

/** @type {typeof import("../../../byhand/labs/browser/answers.js")} */
const { judge, numberIn } = await import(pathToFileURL(process.argv[2]).href);
/** @type {{ spec: NumberQuestion, text: string }[]} */
const cases = JSON.parse(readFileSync(0, "utf8"));

const found = cases.map(({ spec, text }) => {
  const number = numberIn(spec, text);
  return Number.isNaN(number) ? [null, null] : [number, judge(spec, number)];
});
console.log(JSON.stringify(found));
