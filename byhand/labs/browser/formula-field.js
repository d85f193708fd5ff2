// A field for a formula. What is none is named beside it, and the lab stays as it is.

import { element, labeled } from "./dom.js";
import { faultOf } from "./formula.js";

/** @import { ControlState, FormulaSpec, Kind } from "./types.ts" */

/** @satisfies {Kind<FormulaSpec>} */
export const formulaField = (spec, change) => {
  const input = element("input", { type: "text", spellcheck: false, autocapitalize: "off" });
  const [label] = labeled(spec.label, input);
  const [list, fault] = [`${input.id}-list`, `${input.id}-fault`];
  const examples = spec.examples.map((value) => element("option", { value }));
  const said = element("output", { id: fault, className: "lab-fault" });
  const node = element(
    "div",
    { className: "lab-control lab-formula" },
    element("div", { className: "lab-control-head" }, label),
    input,
    element("datalist", { id: list }, ...examples),
    said,
  );
  input.setAttribute("list", list);
  input.setAttribute("aria-describedby", fault);
  let current = "";

  const say = (/** @type {string | null} */ text) => {
    said.textContent = text ? `Not read: ${text}.` : "";
    input.ariaInvalid = String(text !== null);
  };
  input.addEventListener("input", () => {
    const text = faultOf(input.value);
    say(text);
    if (text === null && input.value !== current) {
      current = input.value; // so that the cursor stays where it is
      change(current);
    }
  });
  const update = (/** @type {ControlState<string>} */ { value, disabled }) => {
    input.disabled = disabled;
    if (value === current) return;
    current = input.value = value;
    say(null);
  };
  return { node, input, update };
};
