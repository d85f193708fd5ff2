// node plane_errors.mjs plane.js plane.json: print plane.js' worst error for every fixture.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [planeFile, fixtureFile] = process.argv.slice(2);
const { scores, through } = await import(pathToFileURL(planeFile));
const errors = {};

for (const [activation, { theta, X, carried, scores: expected }] of Object.entries(
  JSON.parse(readFileSync(fixtureFile, "utf8")),
)) {
  const worst = (got, wanted) => Math.max(...wanted.map((e, i) => Math.abs(got[i] - e)));
  const points = Float64Array.from(X);
  for (const [way, wanted] of carried) {
    errors[`${activation} ${way}`] = worst(
      through(Float64Array.from(theta), activation, points, way),
      wanted,
    );
  }
  errors[`${activation} scores`] = worst(
    scores(Float64Array.from(theta), activation, points),
    expected,
  );
}

console.log(JSON.stringify(errors));
