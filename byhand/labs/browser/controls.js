// The controls. Each kind is a function of the control's spec and of `change(value, text)`, where text
// is how a reader reads the value, unless that is the value itself or an option's text. It returns
// { node, input (what takes the focus), update({ value, disabled, settings, stops (the run's
// length) }), stop (optional: stop moving) }. A lab's own file may export further kinds.

import { button, element, labeled } from "./dom.js";
import { show } from "./text.js";

const reduced = matchMedia("(prefers-reduced-motion: reduce)");

function nearest(values, value) {
  let best = 0;
  values.forEach((stop, i) => {
    if (Math.abs(stop - value) < Math.abs(values[best] - value)) best = i;
  });
  return best;
}

function slider(spec, change, { live }) {
  const { values, bounds } = spec;
  const input = element("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
  input.addEventListener("input", () => change(values[input.valueAsNumber]));
  const shown = element("span", { className: "lab-value", ariaHidden: "true" });
  const [label] = labeled(spec.label, input);
  const node = element(
    "div",
    { className: "lab-control" },
    element("div", { className: "lab-control-head" }, label, shown),
    input,
  );
  let field = null;
  let current = spec.value;
  if (live && bounds) {
    field = element("input", { type: "number", min: bounds[0], max: bounds[1], step: "any" });
    const commit = () => {
      if (field.value !== "" && field.valueAsNumber !== current) change(field.valueAsNumber);
    };
    field.addEventListener("change", commit);
    field.addEventListener("keydown", ({ key }) => {
      if (key === "Enter") commit(); // JupyterLab lets no change event come of it
    });
    node.append(
      element(
        "div",
        { className: "lab-field" },
        ...labeled(`any value, ${show(bounds[0])} to ${show(bounds[1])}`, field),
      ),
    );
  }
  const update = ({ value, disabled }) => {
    current = value;
    input.value = nearest(values, value);
    input.ariaValueText = shown.textContent = show(value);
    input.disabled = disabled;
    if (field) {
      field.value = value;
      field.disabled = disabled;
    }
  };
  return { node, input, update };
}

function scrubber(spec, change, context) {
  const { values } = spec;
  const base = slider(spec, change, context);
  const name = spec.label.toLowerCase();
  let last = values.length - 1;
  let position = 0;
  let timer = null;

  const go = (to) => change(values[to]);
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.node.textContent = "Play";
    context.playing(false);
  };
  const advance = () => {
    if (position + 1 >= last) stop();
    go(Math.min(position + 1, last));
  };
  const toggle = () => {
    if (timer !== null) {
      stop();
      go(position);
    } else if (reduced.matches) {
      go(last); // no animation for those who asked for none
    } else {
      context.playing(true);
      play.node.textContent = "Pause";
      timer = setInterval(advance, spec.frame);
      if (position === last) go(0);
      else advance();
    }
  };
  const back = button("Back", `Step back: ${name}`, () => (stop(), go(position - 1)));
  const play = button("Play", `Play: ${name}`, toggle);
  const step = button("Step", `Step: ${name}`, () => (stop(), go(position + 1)));
  base.node.classList.add("lab-scrubber");
  base.node.append(
    element("div", { className: "lab-buttons" }, ...back.parts, ...play.parts, ...step.parts),
  );
  base.input.addEventListener("pointerdown", stop);
  base.input.addEventListener("keydown", stop);

  const update = ({ value, disabled, stops }) => {
    last = Math.min(values.length, stops) - 1; // a shorter run ends earlier
    position = Math.min(nearest(values, value), last);
    base.input.max = last;
    base.update({ value: values[position], disabled });
    back.node.disabled = disabled || position === 0;
    step.node.disabled = disabled || position === last;
    play.node.disabled = disabled || (reduced.matches && position === last);
  };
  return { ...base, update, stop };
}

function select(spec, change) {
  const input = element(
    "select",
    {},
    ...spec.options.map(([value, text]) => element("option", { value }, text)),
  );
  input.addEventListener("change", () => change(input.value));
  const [label] = labeled(spec.label, input);
  const node = element(
    "div",
    { className: "lab-control" },
    element("div", { className: "lab-control-head" }, label),
    input,
  );
  const update = ({ value, disabled }) => {
    input.value = value;
    input.disabled = disabled;
  };
  return { node, input, update };
}

// A box for each option; the value is a word of those that are ticked.
function several(spec, change) {
  const boxes = spec.boxes.map(([name, text]) => {
    const input = element("input", { type: "checkbox", value: name });
    input.addEventListener("change", () => {
      const on = boxes.filter(({ input }) => input.checked);
      change(on.map(({ name }) => name).join("-"), on.map(({ text }) => text).join(", "));
    });
    return { name, text, input, parts: labeled(text, input).reverse() };
  });
  const node = element(
    "div",
    { className: "lab-control lab-several", role: "group", ariaLabel: spec.label },
    element("div", { className: "lab-control-head" }, spec.label),
    ...boxes.map(({ parts }) => element("span", {}, ...parts)),
  );
  const update = ({ value, disabled }) => {
    const on = value.split("-");
    for (const { name, input } of boxes) {
      input.checked = on.includes(name);
      input.disabled = disabled || (on.length === 1 && input.checked); // one must stay
    }
  };
  return { node, input: boxes[0].input, update };
}

export const kinds = { slider, scrubber, select, several };
