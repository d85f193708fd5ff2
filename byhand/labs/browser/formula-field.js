// A field for a formula, with a list of examples. What is none is named beside it, and the lab
// stays as it is.

import { element, labeled } from "./dom.js";
import { faultOf } from "./formulas.js";

/** @import { Change, ControlState, FormulaSpec, Kind } from "./types.ts" */

/** @satisfies {Kind<FormulaSpec>} */
export const formulaField = (spec, change) => {
  const input = element("input", { type: "text", spellcheck: false, autocapitalize: "off" });
  const [label] = labeled(spec.label, input);
  const fault = `${input.id}-fault`;
  const said = element("output", { id: fault, className: "lab-fault" });
  const choice = spec.titles.length ? listOf(spec, change) : proposals(spec, input);
  const node = element(
    "div",
    { className: "lab-control lab-formula" },
    element("div", { className: "lab-control-head" }, label),
    input,
    ...choice.parts,
    said,
  );
  input.setAttribute("aria-describedby", fault);
  let current = "";

  const say = (/** @type {string | null} */ text) => {
    said.textContent = text ? `Not read: ${text}.` : "";
    input.ariaInvalid = String(text !== null);
  };
  input.addEventListener("input", () => {
    const text = faultOf(input.value, spec.reads);
    say(text);
    if (text === null && input.value !== current) {
      current = input.value; // so that the cursor stays where it is
      change(current);
    }
  });
  const update = (/** @type {ControlState<string>} */ { value, disabled }) => {
    input.disabled = disabled;
    choice.update(value, disabled);
    if (value === current) return;
    current = input.value = value;
    say(null);
  };
  return { node, input, update };
};

/**
 * What the field proposes.
 *
 * @param {FormulaSpec} spec
 * @param {HTMLInputElement} input
 */
function proposals({ examples }, input) {
  const id = `${input.id}-list`;
  const options = examples.map((value) => element("option", { value }));
  input.setAttribute("list", id);
  return { parts: [element("datalist", { id }, ...options)], update() {} };
}

/**
 * The examples by their titles.
 *
 * @param {FormulaSpec} spec
 * @param {Change} change
 */
function listOf({ label, examples, titles }, change) {
  const own = element("option", { value: "", hidden: true }, "your own");
  const options = examples.map((value, i) => element("option", { value }, titles[i]));
  const list = element("select", {}, ...options, own);
  list.addEventListener("change", () => list.value && change(list.value));
  return {
    parts: labeled(`Examples: ${label.toLowerCase()}`, list, { hidden: true }),
    update(/** @type {string} */ value, /** @type {boolean} */ disabled) {
      list.value = examples.includes(value) ? value : "";
      list.disabled = disabled;
    },
  };
}
