// Sentences with live numbers, filled as byhand/labs/text.py fills them.

import { format } from "d3-format";

const FIELD = /\{(\w+)(?::([^{}]*))?\}/g;

/**
 * @param {unknown} value
 * @param {string} [spec] as d3-format reads it
 */
export function show(value, spec) {
  if (typeof value === "string") return value;
  const text = spec === undefined ? String(value) : format(spec)(Number(value));
  return typeset(text);
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number as a person writes it: 4.47·10⁵⁷, with a real minus sign.
 *
 * @param {string} text
 */
function typeset(text) {
  const raised = text.replace(/e([+-]?)0*(\d+)/, (_, sign, digits) => {
    const power = Array.from(digits, (digit) => RAISED[Number(digit)]).join("");
    return `·10${sign === "-" ? "⁻" : ""}${power}`;
  });
  return raised.replaceAll("-", "−");
}

/**
 * null when one of the named values is null: the sentence does not apply.
 *
 * @param {string} template
 * @param {{ [name: string]: unknown }} values
 * @param {(text: string, name: string) => string} write
 */
export function fill(template, values, write = (text) => text) {
  let applies = true;
  const text = template.replace(FIELD, (_, name, spec) => {
    if (values[name] == null) applies = false;
    return applies ? write(show(values[name], spec), name) : "";
  });
  return applies ? text : null;
}

/**
 * @param {string[]} templates
 * @param {{ [name: string]: unknown }} values
 * @param {(text: string, name: string) => string} [write]
 */
export function join(templates, values, write) {
  return templates
    .map((template) => fill(template, values, write))
    .filter((sentence) => sentence !== null)
    .join(" ");
}

/**
 * A number as a factor of a product: in brackets where it is negative.
 *
 * @param {number} value
 */
export const bracketed = (value, text = show(value)) => (value < 0 ? `(${text})` : text);
