// The controls, each kind a function of the control's spec. A lab's own file may have further
// kinds.

import { button, element, labeled } from "./dom.js";
import { reducedMotion } from "./ease.js";
import { slide } from "./gesture.js";
import { nearest } from "./numbers.js";
import { show } from "./text.js";

/** @import { ControlState, Kind, ScrubberSpec, SelectSpec, Settings } from "./types.ts" */
/** @import { SeveralSpec, SliderSpec } from "./types.ts" */

/**
 * @param {Pick<SliderSpec, "label" | "values" | "bounds" | "words">} spec
 * @param {(value: number, text?: string) => void} change
 * @param {{ live: boolean }} context
 */
function slider({ label: name, values, bounds, words }, change, { live }) {
  const read = (/** @type {number} */ value) => words[show(value)] ?? show(value);
  const input = element("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
  const stop = () => values[input.valueAsNumber];
  slide(input, () => change(stop(), read(stop())));
  const shown = element("span", { className: "lab-value", ariaHidden: "true" });
  const [label] = labeled(name, input);
  const node = element(
    "div",
    { className: "lab-control" },
    element("div", { className: "lab-control-head" }, label, shown),
    input,
  );
  const field = live && bounds ? numberField(bounds, change) : null;
  if (field) node.append(field.node);
  const update = (/** @type {ControlState<number>} */ { value, disabled }) => {
    input.value = String(nearest(values, value));
    input.ariaValueText = shown.textContent = read(value);
    input.disabled = disabled;
    field?.update(value, disabled);
  };
  return { node, input, update };
}

/**
 * A field for any number between the bounds, which the kernel computes.
 *
 * @param {[number, number]} bounds
 * @param {(value: number) => void} change
 */
function numberField([low, high], change) {
  const input = element("input", { type: "number", min: low, max: high, step: "any" });
  let current = NaN;
  const commit = () => {
    if (input.value !== "" && input.valueAsNumber !== current) change(input.valueAsNumber);
  };
  input.addEventListener("change", commit);
  input.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") commit(); // JupyterLab lets no change event come of it
  });
  const words = `any value, ${show(low)} to ${show(high)}`;
  const node = element("div", { className: "lab-field" }, ...labeled(words, input));
  const update = (/** @type {number} */ value, /** @type {boolean} */ disabled) => {
    current = value;
    input.value = String(value);
    input.disabled = disabled;
  };
  return { node, update };
}

/**
 * A slider over as many of its stops as there are things to choose from.
 *
 * @template {Settings} Chosen
 * @param {(settings: Chosen) => number} countOf
 * @returns {Kind<SliderSpec>}
 */
export const sliderUpTo = (countOf) => (spec, change, context) => {
  const base = slider(spec, change, context);
  const update = (/** @type {ControlState<number, Chosen>} */ now) => {
    const count = Math.min(countOf(now.settings), spec.values.length);
    base.input.max = String(count - 1);
    base.update({ ...now, value: Math.min(now.value, count) });
  };
  return { ...base, update };
};

/** @satisfies {Kind<ScrubberSpec>} */
const scrubber = (spec, change, context) => {
  const { label, values, frame } = spec;
  const base = slider(spec, change, context);
  let last = values.length - 1;
  let position = 0;

  const go = (/** @type {number} */ to) => change(values[to]);
  const advance = () => {
    if (position + 1 >= last) run.stop();
    go(Math.min(position + 1, last));
  };
  const run = player(frame, advance, (now) => {
    play.node.textContent = now ? "Pause" : "Play";
    context.playing(now);
  });
  const toggle = () => {
    if (run.plays()) {
      run.stop();
      go(position);
    } else if (reducedMotion()) {
      go(last);
    } else {
      run.start();
      if (position === last) go(0);
      else advance();
    }
  };
  const stepBy = (/** @type {number} */ steps) => () => {
    run.stop();
    go(position + steps);
  };
  const name = label.toLowerCase();
  const back = button("Back", `Step back: ${name}`, stepBy(-1));
  const play = button("Play", `Play: ${name}`, toggle);
  const step = button("Step", `Step: ${name}`, stepBy(1));
  const parts = [back, play, step].flatMap(({ parts }) => parts);
  base.node.classList.add("lab-scrubber");
  base.node.append(element("div", { className: "lab-buttons" }, ...parts));
  for (const event of ["pointerdown", "keydown"]) base.input.addEventListener(event, run.stop);

  const update = (/** @type {ControlState<number>} */ now) => {
    const { value, disabled, stops } = now;
    last = Math.min(values.length, stops) - 1; // a shorter run ends earlier
    position = Math.min(nearest(values, value), last);
    base.input.max = String(last);
    base.update({ ...now, value: values[position] });
    back.node.disabled = disabled || position === 0;
    step.node.disabled = disabled || position === last;
    play.node.disabled = disabled || (position === last && reducedMotion());
  };
  return { ...base, update, stop: run.stop };
};

/**
 * Call `advance` once a frame from start to stop; `plays` is told of both.
 *
 * @param {number} frame milliseconds
 * @param {() => void} advance
 * @param {(now: boolean) => void} tell
 */
function player(frame, advance, tell) {
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  return {
    plays: () => timer !== undefined,
    start() {
      tell(true);
      timer = setInterval(advance, frame);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      tell(false);
    },
  };
}

/** @satisfies {Kind<SelectSpec>} */
const select = (spec, change) => {
  const options = spec.options.map(([value, text]) => element("option", { value }, text));
  const input = element("select", {}, ...options);
  input.addEventListener("change", () => change(input.value));
  const [label] = labeled(spec.label, input);
  const words = [spec.label, ...spec.options.map(([, text]) => text)];
  const short = words.every(({ length }) => length < 14); // two of these fit beside each other
  const node = element(
    "div",
    { className: `lab-control${short ? " lab-short" : ""}` },
    element("div", { className: "lab-control-head" }, label),
    input,
  );
  const update = (/** @type {ControlState<string>} */ { value, disabled }) => {
    input.value = value;
    input.disabled = disabled;
  };
  return { node, input, update };
};

/**
 * A box for each option; the value is a word of those that are ticked.
 *
 * @satisfies {Kind<SeveralSpec>}
 */
const several = (spec, change) => {
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
  const update = (/** @type {ControlState<string>} */ { value, disabled }) => {
    const on = value.split("-");
    for (const { name, input } of boxes) {
      input.checked = on.includes(name);
      input.disabled = disabled || (on.length === 1 && input.checked); // one must stay
    }
  };
  return { node, input: boxes[0].input, update };
};

export const kinds = { slider, scrubber, select, several };
