// Two controls with which a reader writes other numbers into a convolution: which cell, and what.

import { kinds } from "./controls.js";
import { ZERO, cellAt, convolutionOf, edited, short } from "./convolution.js";
import { element, labeled } from "./dom.js";
import { show } from "./text.js";

/** @import { Settings, Shared } from "./convolution.js" */
/** @import { ControlState, DrawingSpec, Kind, SliderSpec } from "./types.ts" */

/** @typedef {Settings & { cell: number, edits: string }} Edited */

/**
 * The chosen cell: its place among all of them, its name, and its number.
 *
 * @param {Edited} settings
 * @param {Shared} shared
 */
export function chosenCell(settings, shared) {
  const { count } = cellAt(settings, shared, 0);
  const k = Math.min(settings.cell, count) - 1;
  const { X, weights } = convolutionOf(settings, shared);
  const value = k < X.length ? X[k] : weights[k - X.length];
  return { k, value, ...cellAt(settings, shared, k) };
}

/**
 * A slider over the cells that there are.
 *
 * @type {Kind<SliderSpec>}
 */
const cell = (spec, change, context) => {
  const shared = /** @type {Shared} */ (context.shared);
  /** @type {Edited} */
  let now;
  const go = (/** @type {number} */ value) =>
    change(value, chosenCell({ ...now, cell: value }, shared).name);
  const base = kinds.slider(spec, go, context);
  const shown = /** @type {Element} */ (base.node.querySelector(".lab-value"));
  const update = (/** @type {ControlState<number, Edited>} */ state) => {
    now = state.settings;
    const { k, count, name } = chosenCell(now, shared);
    base.input.max = String(count - 1);
    base.update({ ...state, value: k + 1 });
    base.input.ariaValueText = shown.textContent = name;
  };
  return { ...base, update };
};

/**
 * A number that the reader may write over: its name, its place in an edit, and what it is now.
 *
 * @typedef {{ name: string, at: number, value: number }} Chosen
 */

/**
 * A field for the number of the chosen cell.
 *
 * @template {{ edits: string }} Own
 * @template {object} Common
 * @param {(settings: Own, shared: Common) => Chosen} chosen
 * @returns {Kind<DrawingSpec>}
 */
export const editsOf = (chosen) => (spec, change, context) => {
  const shared = /** @type {Common} */ (/** @type {unknown} */ (context.shared));
  const input = element("input", { type: "number", min: -ZERO, max: ZERO, step: 1 });
  const [name] = labeled("X", input);
  const node = element(
    "div",
    { className: "lab-control", role: "group", ariaLabel: spec.label },
    element("div", { className: "lab-control-head" }, name),
    input,
  );
  /** @type {Own} */
  let now;
  /** @type {number | undefined} */
  let shown;
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    const value = Math.round(input.valueAsNumber);
    if (!(Math.abs(value) <= ZERO)) return; // nothing, or out of bounds
    const { at, name: cell } = chosen(now, shared);
    shown = value;
    change(edited(now.edits, at, value), `${cell} is ${show(value)}`);
  });
  input.addEventListener("blur", () => {
    input.value = String(chosen(now, shared).value);
  });
  const update = (/** @type {ControlState} */ { settings, disabled }) => {
    const before = now && chosen(now, shared).name;
    now = /** @type {Own} */ (/** @type {unknown} */ (settings));
    const { name: cell, value } = chosen(now, shared);
    name.textContent = `Number at ${cell}`;
    input.disabled = disabled;
    if (cell === before && value === shown) return; // the reader may be writing "−" or "1."
    shown = value;
    input.value = short(value).replace("−", "-");
    if (cell !== before && input === document.activeElement) input.select();
  };
  return { node, input, update };
};

export const editor = { cell, edits: editsOf(chosenCell) };
