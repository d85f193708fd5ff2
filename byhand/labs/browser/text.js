// Sentences with live numbers, filled as byhand/labs/text.py fills them.

import { format } from "d3-format";

const FIELD = /\{(\w+)(?::([^{}]*))?\}/g;

const SPEC = /^(?:(factor|term)(?: |$))?(\+?,?(?:d|\.\d+[fg%]))?(?: ?([a-z]{3,}))?$/;
const SMALL = 1e-4; // what has fewer digits is written with a power of ten

/**
 * @param {unknown} value
 * @param {string} [spec] as byhand/labs/text.py reads it
 */
export function show(value, spec = "") {
  const [role, number, noun] = SPEC.exec(spec)?.slice(1) ?? [];
  const text = typeof value === "string" ? value : written(Number(value), number);
  const signed = role ? inRole(text, role) : text;
  return noun ? `${signed} ${/^−?1$/.test(text) ? noun : plural(noun)}` : signed;
}

/**
 * A factor in brackets where it is negative, a term of a sum with its sign apart.
 *
 * @param {string} text
 * @param {string} role
 */
function inRole(text, role) {
  const negative = text.startsWith("−");
  if (role === "factor") return negative ? `(${text})` : text;
  return negative ? `− ${text.slice(1)}` : `+ ${text}`;
}

/** @param {string} noun */
function plural(noun) {
  if (/(s|ch)$/.test(noun)) return `${noun}es`;
  return /[^aeo]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/**
 * @param {number} value
 * @param {string} [spec] as d3-format reads it
 */
function written(value, spec) {
  if (spec === undefined) return typeset(String(value));
  const [, plus, digits] = /^(\+?),?\.(\d+)g$/.exec(spec) ?? [];
  const small = digits && value !== 0 && Math.abs(value) < SMALL;
  return typeset(format(small ? `${plus}.${Number(digits) - 1}e` : spec)(value));
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
  return raised.replace(/^([+−-]?)1·/, "$1").replaceAll("-", "−");
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
