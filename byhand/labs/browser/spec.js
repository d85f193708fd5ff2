// What is looked up in a lab's spec.

/** @import { Settings, Spec } from "./types.ts" */

/**
 * @param {Spec} spec
 * @param {string} name
 */
export function controlOf({ name: lab, controls }, name) {
  const found = controls.find((control) => control.name === name);
  if (found) return found;
  const names = controls.map((control) => control.name).join(", ");
  throw new Error(`lab ${lab}: there is no control ${name}, expected one of ${names}`);
}

/**
 * The control that goes through the run, where there is a run.
 *
 * @param {Spec} spec
 */
export function scrubberOf({ controls }) {
  for (const control of controls) if (control.kind === "scrubber") return control;
  return undefined;
}

/**
 * The settings that the lab starts with.
 *
 * @param {Spec} spec
 * @returns {Settings}
 */
export const startOf = ({ controls }) =>
  Object.fromEntries(controls.map(({ name, value }) => [name, value]));

/**
 * Whether the settings are the same.
 *
 * @param {Settings | null} a
 * @param {Settings | null} b
 */
export const same = (a, b) =>
  a === b || Boolean(a && b && Object.keys(a).every((name) => a[name] === b[name]));
