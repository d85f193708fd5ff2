// What a reader enters in a question, as a number, and what is said to it.

/** @import { ChoiceQuestion, NumberQuestion } from "./types.ts" */

/** @typedef {{ right: boolean, feedback: string }} Verdict */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/**
 * The number in a text, with a point or a comma, or NaN. "1,023" can be both 1023 and 1.023: of the
 * two the one that is nearer to the answer.
 *
 * @param {NumberQuestion} spec
 * @param {string} text
 */
export function numberIn(spec, text) {
  let plain = text.replaceAll("−", "-").replace(/\s/g, "");
  if (spec.unit.trim() && plain.endsWith(spec.unit.trim())) {
    plain = plain.slice(0, -spec.unit.trim().length);
  }
  const readings = [plain.replace(",", ".")].filter((reading) => NUMBER.test(reading));
  if (THOUSANDS.test(plain)) readings.push(plain.replaceAll(",", ""));
  const distance = (/** @type {number} */ value) => Math.abs(value - spec.answer);
  return readings.map(Number).reduce((a, b) => (distance(b) >= distance(a) ? a : b), NaN);
}

/**
 * What to say to an answer, which is the index of a choice, or a number.
 *
 * @param {ChoiceQuestion | NumberQuestion} spec
 * @param {number} answer
 * @returns {Verdict}
 */
export function judge(spec, answer) {
  if (spec.choices) return spec.choices[answer];
  const distance = (/** @type {number} */ value) => Math.abs(answer - value);
  const close = (/** @type {number} */ value) => distance(value) <= spec.tolerance + 1e-12;
  if (close(spec.answer)) return { right: true, feedback: spec.right };
  const [known] = spec.known
    .filter(({ value }) => close(value))
    .sort((a, b) => distance(a.value) - distance(b.value));
  if (known) return { right: false, feedback: known.feedback };
  return { right: false, feedback: answer < spec.answer ? spec.low : spec.high };
}
