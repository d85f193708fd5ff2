// A lab's settings in the page's address: ?learning-rate.rate=1.4&learning-rate.iteration=10

import { nearest } from "./numbers.js";

/** @import { ControlSpec, Settings, Spec, Value } from "./types.ts" */

/**
 * The settings that the query asks for, or null where it says nothing of this lab.
 *
 * @param {Spec} spec
 * @param {string} query
 */
export function readSettings(spec, query) {
  const parameters = new URLSearchParams(query);
  /** @type {Settings} */
  const found = {};
  for (const control of spec.controls) {
    const text = parameters.get(`${spec.name}.${control.name}`);
    if (text === null) continue;
    const value = parse(control, text);
    if (value !== undefined) found[control.name] = value;
  }
  return Object.keys(found).length ? found : null;
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
    case "select":
    case "several":
      return control.values.find((value) => value === text);
    default:
      return isNumber(text) ? control.values[nearest(control.values, Number(text))] : undefined;
  }
}

/** @param {string} text */
const isNumber = (text) => text !== "" && Number.isFinite(Number(text));

/** @type {Map<Spec, Settings>} */
const pending = new Map();

/**
 * @param {Spec} spec
 * @param {Settings} settings
 */
export function writeSettings(spec, settings) {
  pending.set(spec, settings);
  flush();
}

// Other labs' settings stay as they are. At its start settings a lab needs no mention.
function flush() {
  if (pending.size === 0) return;
  const address = new URL(location.href);
  for (const [{ name: lab, controls }, settings] of pending) {
    const changed = controls.some(({ name, value }) => settings[name] !== value);
    for (const { name } of controls) {
      if (changed) address.searchParams.set(`${lab}.${name}`, String(settings[name]));
      else address.searchParams.delete(`${lab}.${name}`);
    }
    if (changed) address.hash = `lab-${lab}`;
  }
  try {
    history.replaceState(history.state, "", address);
    pending.clear();
  } catch {
    setTimeout(flush, 1000); // Safari refuses more than 100 changes in 30 seconds
  }
}

/**
 * A link in the text such as <a href="?learning-rate.rate=5#lab-learning-rate"> moves the lab.
 *
 * @param {HTMLElement} figure
 * @param {Spec} spec
 * @param {(settings: Settings) => void} follow
 */
export function followLinks(figure, spec, follow) {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    /** @type {HTMLAnchorElement | null} */
    const link = event.target.closest("a[href]");
    if (!link || link.pathname !== location.pathname || link.hash !== `#${figure.id}`) return;
    const wanted = readSettings(spec, link.search);
    if (!wanted) return;
    event.preventDefault();
    follow(wanted);
    figure.scrollIntoView({ block: "nearest" });
  });
}
