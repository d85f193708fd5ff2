// Bring every lab of a published page to life, and offer `render` to the Jupyter widget.

import every from "every-lab";
import { element } from "./dom.js";
import { mount } from "./lab.js";
import * as prediction from "./prediction.js";

export const renderPrediction = prediction.render;

// anywidget's entry point: the kernel answers for values that are not in the spec.
export function render({ model, el }) {
  const spec = model.get("spec");
  const figure = element("figure", { className: "lab", id: `lab-${spec.name}` });
  figure.dataset.lab = spec.name;
  figure.dataset.lmSuppressShortcuts = "true"; // or JupyterLab takes the arrow keys
  const waiting = new Map();
  let count = 0;
  const ask = (settings) =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      model.send({ id: count, settings });
    });
  const answer = ({ id, state, error }) => {
    if (error) waiting.get(id)?.reject(new Error(error));
    else waiting.get(id)?.resolve(state);
    waiting.delete(id);
  };
  model.on("msg:custom", answer);
  el.append(figure);
  const unmount = mount(figure, spec, every[spec.name], { ask });
  return () => {
    model.off("msg:custom", answer);
    unmount();
  };
}

// As a module (in Jupyter) there is no current script, and nothing to mount.
if (document.currentScript) {
  for (const figure of document.querySelectorAll("figure.lab")) {
    mount(figure, specIn(figure), every[figure.dataset.lab], { address: true });
  }
  for (const form of document.querySelectorAll("form.prediction")) {
    prediction.mount(form, specIn(form));
  }
}

function specIn(node) {
  return JSON.parse(node.querySelector('script[type="application/json"]').textContent);
}
