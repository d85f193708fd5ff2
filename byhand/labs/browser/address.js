// A lab's settings in an address: ?learning-rate.rate=1.4&learning-rate.iteration=10, those that
// are pinned beside them: &learning-rate.pin.rate=5, and what a teacher hides or locks:
// &learning-rate.lock=rate

import { faultOf } from "./formulas.js";
import { nearest } from "./numbers.js";

/** @import { ControlSpec, Settings, Spec, Value } from "./types.ts" */

/**
 * What an address says of a lab.
 *
 * @typedef {object} Place
 * @property {Settings} settings
 * @property {Settings | null} pinned
 */

/**
 * The settings that the query asks for, or null where it says nothing of this lab.
 *
 * @param {Spec} spec
 * @param {string} query
 */
export const readSettings = (spec, query) => read(spec, query, spec.name);

/**
 * The settings that the query pins, or null.
 *
 * @param {Spec} spec
 * @param {string} query
 */
export const readPinned = (spec, query) => read(spec, query, `${spec.name}.pin`);

/**
 * The controls that a teacher's address names for this.
 *
 * @param {Spec} spec
 * @param {string} query
 * @param {"hide" | "lock"} what
 */
export function namesFor(spec, query, what) {
  const text = new URLSearchParams(query).get(`${spec.name}.${what}`);
  const known = spec.controls.map(({ name }) => name);
  const wanted = text ? text.split(",") : [];
  for (const name of wanted.filter((one) => !known.includes(one))) {
    console.warn(`lab ${spec.name}: ${what} names ${name}, expected some of ${known.join(", ")}`);
  }
  return new Set(wanted);
}

/**
 * Put a lab's settings into an address, in the place of those it has. At its start settings a lab
 * needs no mention.
 *
 * @param {URL} address
 * @param {Spec} spec
 * @param {Place} place
 */
export function put(address, spec, { settings, pinned }) {
  const changed = spec.controls.some(({ name, value }) => settings[name] !== value);
  write(address, spec, spec.name, changed ? settings : null);
  write(address, spec, `${spec.name}.pin`, pinned);
  if (changed || pinned) address.hash = `lab-${spec.name}`;
}

/**
 * The link to a lab at these settings, which moves no other lab of its page.
 *
 * @param {Spec} spec
 * @param {Place} place
 */
export function linkTo(spec, place) {
  const address = new URL(location.href);
  for (const name of [...address.searchParams.keys()]) {
    if (name.includes(".") && !name.startsWith(`${spec.name}.`)) address.searchParams.delete(name);
  }
  put(address, spec, place);
  address.hash = `lab-${spec.name}`;
  return address.href;
}

/**
 * @param {Spec} spec
 * @param {string} query
 * @param {string} prefix
 */
function read(spec, query, prefix) {
  const parameters = new URLSearchParams(query);
  /** @type {Settings} */
  const found = {};
  for (const control of spec.controls) {
    const text = parameters.get(`${prefix}.${control.name}`);
    if (text === null) continue;
    const value = parse(control, text);
    if (value !== undefined) found[control.name] = value;
  }
  return Object.keys(found).length ? found : null;
}

/**
 * @param {URL} address
 * @param {Spec} spec
 * @param {string} prefix
 * @param {Settings | null} settings
 */
function write({ searchParams }, { controls }, prefix, settings) {
  for (const { name } of controls) {
    if (settings) searchParams.set(`${prefix}.${name}`, String(settings[name]));
    else searchParams.delete(`${prefix}.${name}`);
  }
}

/**
 * The stop that the text names, or the nearest one; where values cannot be listed, what fits.
 *
 * @param {ControlSpec} control
 * @param {string} text
 * @returns {Value | undefined}
 */
function parse(control, text) {
  switch (control.kind) {
    case "drawing":
      return new RegExp(`^${control.pattern}$`).test(text) ? text : undefined;
    case "formula":
      return faultOf(text, control.reads) === null ? text : undefined;
    case "select":
    case "several":
      return control.values.find((value) => value === text);
    default:
      return isNumber(text) ? control.values[nearest(control.values, Number(text))] : undefined;
  }
}

/** @param {string} text */
const isNumber = (text) => text !== "" && Number.isFinite(Number(text));
