// Bring every lab of a published page to life, and offer `render` to the Jupyter widget.

import every from "every-lab";
import * as answered from "./answered.js";
import { element } from "./dom.js";
import { embed } from "./embed.js";
import { mount } from "./lab.js";
import * as prediction from "./prediction.js";

/** @import { Model, Spec, State } from "./types.ts" */
/** @import { Ask } from "./states.js" */

/** @typedef {{ id: number, state: State, error?: undefined }} Computed */
/** @typedef {{ id: number, error: string }} Refused */
/** @typedef {{ resolve(state: State): void, reject(reason: Error): void }} Waiting */

const GONE = new Error(
  "Python has stopped. Run this cell again to compute values between the stops.",
);

export const renderPrediction = prediction.render;

/**
 * anywidget's entry point: the kernel answers for values that are not in the spec.
 *
 * @param {{ model: Model<Spec>, el: HTMLElement }} widget
 */
export function render({ model, el }) {
  const spec = model.get("spec");
  const figure = element("figure", { className: "lab", id: `lab-${spec.name}` });
  figure.dataset.lab = spec.name;
  figure.dataset.lmSuppressShortcuts = "true"; // or JupyterLab takes the arrow keys
  /** @type {Map<number, Waiting>} */
  const waiting = new Map();
  let count = 0;
  let gone = false; // the kernel
  /** @type {Ask} */
  const ask = (settings) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(GONE);
      waiting.set(++count, { resolve, reject });
      model.send({ id: count, settings });
    });
  const answer = (/** @type {Computed | Refused} */ message) => {
    const asked = waiting.get(message.id);
    if (message.error !== undefined) asked?.reject(new Error(message.error));
    else asked?.resolve(message.state);
    waiting.delete(message.id);
  };
  const stop = () => {
    gone = true;
    for (const { reject } of waiting.values()) reject(GONE);
    waiting.clear();
  };
  model.on("msg:custom", answer);
  model.on("comm_live_update", stop);
  el.append(figure);
  const unmount = mount(figure, spec, every[spec.name], { ask });
  return () => {
    model.off("msg:custom", answer);
    model.off("comm_live_update", stop);
    unmount();
  };
}

// As a module (in Jupyter) there is no current script, and nothing to mount.
if (document.currentScript) {
  for (const figure of embed() ?? all("figure.lab")) {
    /** @type {Spec} */
    const spec = specIn(figure);
    mount(figure, spec, every[spec.name], { address: true });
  }
  for (const form of all("form.prediction")) {
    prediction.mount(/** @type {HTMLFormElement} */ (form), specIn(form));
  }
  for (const node of all("div.predictions-answered")) answered.mount(node, specIn(node));
}

/**
 * @param {string} selector
 * @returns {NodeListOf<HTMLElement>}
 */
function all(selector) {
  return document.querySelectorAll(selector);
}

/** @param {HTMLElement} node */
function specIn(node) {
  const script = node.querySelector('script[type="application/json"]');
  return JSON.parse(script?.textContent ?? "");
}
