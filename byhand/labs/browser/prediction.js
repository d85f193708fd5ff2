// One "predict first" question: it asks, answers the answer, and remembers it in this browser only.

import { judge, numberIn } from "./answers.js";
import { element } from "./dom.js";
import { answerTo } from "./memory.js";

/** @import { ChoiceQuestion, Model, NumberQuestion } from "./types.ts" */

/**
 * @param {HTMLFormElement} form
 * @param {ChoiceQuestion | NumberQuestion} spec
 */
export function mount(form, spec) {
  const memory = answerTo(spec.name);
  const output = element("output", { "aria-live": "polite" });
  const again = element("button", { type: "reset", hidden: true }, "Try again");
  const legend = element("legend", { innerHTML: spec.question });
  form.replaceChildren(
    element("fieldset", {}, legend, ...(spec.choices ? radios(spec) : numberField(spec))),
    element("button", { type: "submit" }, "Check my prediction"),
    again,
    output,
  );
  const inputs = [...form.querySelectorAll("input")];

  /** @param {number} answer */
  function respond(answer) {
    const { right, feedback } = judge(spec, answer);
    const verdict = element("strong", {}, right ? "Right." : "Not so.");
    const reason = element("span", { innerHTML: feedback });
    output.replaceChildren(verdict, " ", reason);
    form.dataset.verdict = right ? "right" : "wrong";
    again.hidden = false;
  }

  function forget() {
    output.replaceChildren();
    delete form.dataset.verdict;
    again.hidden = true;
    memory.write(null);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = answerIn(inputs, spec);
    if (Number.isNaN(answer)) return;
    memory.write(answer);
    respond(answer);
  });
  form.addEventListener("reset", () => {
    forget();
    inputs[0].focus();
  });
  // Another answer has not been checked yet: the old feedback would be about the wrong one.
  form.addEventListener("input", () => {
    inputs[0].setCustomValidity("");
    forget();
  });

  const answer = memory.read();
  if (answer === null || (spec.choices && !inputs[answer])) return;
  if (spec.choices) inputs[answer].checked = true;
  else inputs[0].value = String(answer);
  respond(answer);
}

/**
 * The answer that was entered; NaN, and a word about it, where a number is asked and none came.
 *
 * @param {HTMLInputElement[]} inputs
 * @param {ChoiceQuestion | NumberQuestion} spec
 */
function answerIn(inputs, spec) {
  if (spec.choices) return inputs.findIndex((input) => input.checked);
  const answer = numberIn(spec, inputs[0].value);
  inputs[0].setCustomValidity(Number.isNaN(answer) ? "Enter a number, such as 0.5." : "");
  inputs[0].reportValidity();
  return answer;
}

/**
 * anywidget's entry point.
 *
 * @param {{ model: Model<ChoiceQuestion | NumberQuestion>, el: HTMLElement }} widget
 */
export function render({ model, el }) {
  const spec = model.get("spec");
  const form = element("form", { className: "prediction", id: `predict-${spec.name}` });
  form.dataset.predict = spec.name;
  mount(form, spec);
  // Or JupyterLab takes the arrow keys. It looks at the focused element first, so not on the form.
  for (const control of form.elements) {
    /** @type {HTMLElement} */ (control).dataset.lmSuppressShortcuts = "true";
  }
  // It also keeps Enter in a field from submitting the form.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  el.append(form);
}

/** @param {ChoiceQuestion} spec */
function radios(spec) {
  return spec.choices.map(({ text }, i) => {
    const input = element("input", {
      type: "radio",
      name: spec.name,
      id: `predict-${spec.name}-${i}`,
      required: true,
    });
    return element("div", {}, input, element("label", { htmlFor: input.id, innerHTML: text }));
  });
}

/** @param {NumberQuestion} spec */
function numberField(spec) {
  const input = element("input", {
    type: "text",
    inputMode: "decimal",
    autocomplete: "off",
    id: `predict-${spec.name}-number`,
    required: true,
  });
  const text = spec.unit ? `Your number, in ${spec.unit}` : "Your number";
  return [element("div", {}, element("label", { htmlFor: input.id }, text), input)];
}
