// The controls of an `interact` cell. Moving one runs the cell's function again; while it runs,
// only the last place of the controls is remembered.

import { element } from "../../labs/browser/dom.js";
import { show } from "../../labs/browser/text.js";

/** @import { Interact, InteractControl } from "./page-types.ts" */

/** @typedef {number | string | boolean} Value */
/** @typedef {{ [name: string]: Value }} Values */

let count = 0;

/**
 * @param {Interact} interact
 * @param {(values: Values) => Promise<unknown>} run settles when the function has run
 */
export function sliders({ controls }, run) {
  /** @type {Values} */
  const values = Object.fromEntries(controls.map(({ name, value }) => [name, value]));
  let running = false;
  let moved = false; // since the run began
  const go = async () => {
    moved = true;
    if (running) return;
    running = true;
    try {
      while (moved) {
        moved = false;
        await run({ ...values });
      }
    } finally {
      running = false;
    }
  };
  const parts = controls.map((control) =>
    row(control, (value) => {
      values[control.name] = value;
      void go();
    }),
  );
  return element("div", { className: "live-sliders" }, ...parts);
}

/**
 * @param {InteractControl} control
 * @param {(value: Value) => void} change
 */
function row(control, change) {
  const input = kinds[control.kind](control, change);
  input.id = `live-control-${++count}`;
  const label = element("label", { htmlFor: input.id }, control.label);
  const node = element("div", { className: "live-slider" }, label, input);
  if (control.kind === "range") {
    const reading = element("output", { htmlFor: input.id }, show(Number(control.value)));
    input.addEventListener("input", () => {
      reading.textContent = show(Number(input.value));
    });
    node.append(reading);
  }
  return node;
}

/**
 * @type {{ [kind in InteractControl["kind"]]: (control: InteractControl, change: (value: Value) =>
 *   void) => HTMLInputElement | HTMLSelectElement }}
 */
const kinds = {
  range({ value, min, max, step }, change) {
    const input = element("input", { type: "range", min, max, step: step ?? "any" });
    input.value = String(value);
    input.addEventListener("input", () => change(input.valueAsNumber));
    return input;
  },
  number({ value, min, max, step }, change) {
    const input = element("input", { type: "number", step: step ?? "any" });
    if (min !== undefined) input.min = String(min);
    if (max !== undefined) input.max = String(max);
    input.value = String(value);
    input.addEventListener("change", () => {
      if (Number.isFinite(input.valueAsNumber)) change(input.valueAsNumber);
    });
    return input;
  },
  choice({ value, options = [] }, change) {
    const names = options.map((name, i) => element("option", { value: i }, name));
    const select = element("select", {}, ...names);
    select.value = String(value);
    select.addEventListener("change", () => change(Number(select.value)));
    return select;
  },
  flag({ value }, change) {
    const input = element("input", { type: "checkbox", checked: Boolean(value) });
    input.addEventListener("change", () => change(input.checked));
    return input;
  },
  text({ value }, change) {
    const input = element("input", { type: "text", value: String(value) });
    input.addEventListener("change", () => change(input.value));
    return input;
  },
};
