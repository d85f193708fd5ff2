// One lab: its controls, its states, its sentences. How it is drawn stands in labs/NAME.js, which
// exports
//
//   areas   rows of panel names, as in CSS grid-template-areas, for a wide figure
//   panels  { name: { title, keys, draw(context) -> svg, label(context) -> what it shows } }; one
//           with a minHeight fills the height that is left beside the others; one with
//           drag(context, x, y, begins) -> [changes, words] can be drawn on, x and y in units of
//           its axes; freely says that a finger which draws up or down does not scroll the page
//   train   optional: function* (settings, shared, stops) that yields a growing state after each
//           step, until its series have an entry for each of the scrubber's stops
//   kinds   optional: controls of its own
//
// A context holds spec, settings, state, values (everything a sentence can name), shared, position
// (the scrubber's), width and height.

import { readSettings, writeSettings } from "./address.js";
import { kinds } from "./controls.js";
import { button, element } from "./dom.js";
import { fill, join, show } from "./text.js";

const SLICE = 25; // milliseconds of training between two frames

// `ask(settings)` promises a state from the kernel; `address` says whether the page's address is
// the lab's to read and write.
export function mount(figure, spec, lab, { ask = null, address = false } = {}) {
  const start = Object.fromEntries(spec.controls.map(({ name, value }) => [name, value]));
  const scrubbed = spec.controls.find(({ kind }) => kind === "scrubber");
  const jobs = new Map(); // one a state: { state, training }
  let settings = { ...start };
  let said = ""; // what the summary starts with: the change that led here
  let chosen = null; // the reader's prediction
  let frame = 0;
  let playing = false;

  // --- states ---

  function keyOf(settings) {
    return JSON.stringify(spec.depends.map((name) => settings[name]));
  }

  function precomputed(settings) {
    let index = 0;
    for (const name of spec.depends) {
      const { values } = spec.controls.find((control) => control.name === name);
      const stop = values.indexOf(settings[name]);
      if (stop < 0) return null;
      index = index * values.length + stop;
    }
    return spec.states[index];
  }

  function onGrid(settings) {
    return spec.controls
      .filter(({ name }) => spec.depends.includes(name))
      .every(({ name, values }) => !values || values.includes(settings[name]));
  }

  function jobFor(settings) {
    const key = keyOf(settings);
    if (!jobs.has(key)) {
      if (jobs.size === 200) jobs.delete(jobs.keys().next().value); // the oldest: a drag makes many
      if (!onGrid(settings)) jobs.set(key, asked(settings));
      else if (spec.states) jobs.set(key, { state: precomputed(settings) });
      else jobs.set(key, { training: lab.train(settings, spec.shared, scrubbed?.values) });
    }
    return jobs.get(key);
  }

  function asked(settings) {
    const job = { waiting: true };
    ask(settings)
      .then((state) => (job.state = state))
      .catch((error) => (job.error = error.message))
      .finally(() => {
        job.waiting = false;
        update();
      });
    return job;
  }

  // Train until the slice is over; whether there is more to do.
  function train(job) {
    const until = performance.now() + SLICE;
    while (job.training && performance.now() < until) {
      const { value, done } = job.training.next();
      if (value) job.state = value;
      if (done) job.training = null;
    }
    return Boolean(job.training);
  }

  // --- what can be said and drawn now ---

  function lengthOf({ series = {} }) {
    return Math.min(...Object.values(series).map(({ length }) => length));
  }

  function contextOf(state) {
    let position = 0;
    const now = { ...settings };
    const { series = {}, ...values } = state;
    if (scrubbed) {
      // As far as the training has come, or to the end of a run that is shorter than others.
      position = Math.min(scrubbed.values.indexOf(settings[scrubbed.name]), lengthOf(state) - 1);
      now[scrubbed.name] = scrubbed.values[position];
      for (const [name, entries] of Object.entries(series)) values[name] = entries[position];
    }
    for (const { name, options } of spec.controls) {
      if (options) now[name] = Object.fromEntries(options)[now[name]];
    }
    return { spec, settings, state, position, values: { ...now, ...values }, shared: spec.shared };
  }

  function update() {
    cancelAnimationFrame(frame);
    const job = jobFor(settings);
    const busy = train(job) || Boolean(job.waiting);
    if (job.training) frame = requestAnimationFrame(update);
    figure.toggleAttribute("data-busy", busy);
    summary.ariaBusy = String(busy || playing);
    updateControls(scrubbed && job.state && !busy ? lengthOf(job.state) : Infinity);
    if (job.state) {
      context = contextOf(job.state);
      draw();
      tell();
    } else {
      summary.textContent = said + (job.error ?? "Python is computing …");
    }
  }

  function updateControls(stops) {
    const focused = document.activeElement;
    for (const { control, spec: own } of controls) {
      const off = Object.entries(own.off).some(([name, at]) => at.includes(settings[name]));
      control.update({ value: settings[own.name], disabled: off, settings, stops });
    }
    const changed = spec.controls.some(({ name }) => settings[name] !== start[name]);
    reset.node.disabled = !changed && chosen === null;
    for (const { text, node } of answers) {
      node.disabled = chosen !== null; // a prediction is made once; Reset allows another
      node.ariaPressed = String(text === chosen);
    }
    if (focused?.disabled && figure.contains(focused)) {
      // The browser would drop the focus; keep it near.
      const own = controls.find(({ control }) => control.node.contains(focused)) ?? controls[0];
      own.control.input.focus({ preventScroll: true });
    }
  }

  function tell() {
    const { values } = context;
    summary.textContent = said + join(spec.summary, values);
    const live = (text, name) => `<span class="lab-number" data-of="${name}">${text}</span>`;
    equation.innerHTML = spec.equation
      .map((line) => fill(line, values, live))
      .filter((line) => line !== null)
      .map((line) => `<div>${line}</div>`)
      .join("");
    code.textContent = fill(spec.code, values);
  }

  function draw() {
    for (const { panel, box } of panels) {
      const here = { ...context, width: box.clientWidth, height: box.clientHeight };
      if (here.width === 0) continue; // not laid out yet: the resize observer calls again
      const svg = panel.draw(here);
      for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", `${panel.title}: ${panel.label(here)}`);
      box.replaceChildren(svg);
    }
  }

  // --- what the reader does ---

  function go(changes, words = "") {
    settings = { ...settings, ...changes };
    said = words;
    if (address) writeSettings(spec, settings);
    update();
  }

  function change({ name, label, options }, value, words) {
    const text = words ?? (options ? Object.fromEntries(options)[value] : show(value));
    go({ [name]: value }, `${label}: ${text}. `);
  }

  // Leave a running play, and go to the start settings with these changes.
  function jump(changes, words) {
    for (const { control } of controls) control.stop?.();
    go({ ...start, ...changes }, words);
  }

  // Follow a pointer that is held down on a panel. Plot knows what its place means.
  function drawOn(box, panel) {
    const drag = ({ clientX, clientY, type }) => {
      const svg = box.firstChild;
      const { left, top } = svg.getBoundingClientRect();
      const x = svg.scale("x").invert(clientX - left);
      const y = svg.scale("y").invert(clientY - top);
      const here = { ...context, width: box.clientWidth, height: box.clientHeight };
      go(...panel.drag(here, x, y, type === "pointerdown"));
    };
    box.classList.add("lab-draw-on");
    box.classList.toggle("lab-draw-freely", Boolean(panel.freely));
    box.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // or the browser begins to select text
      box.setPointerCapture(event.pointerId);
      drag(event);
    });
    box.addEventListener("pointermove", (event) => {
      if (event.buttons) drag(event);
    });
  }

  function predict(text, feedback) {
    chosen = text;
    jump(spec.reveal, `${feedback} `);
  }

  function restart() {
    chosen = null;
    jump({});
  }

  // --- the figure ---

  const id = figure.id;
  const title = element("div", { className: "lab-title" }, spec.title);
  const reset = button("Reset", `Reset: ${spec.title}`, restart);
  const answers = spec.answers.map(([text, feedback]) => ({
    text,
    ...button(text, `Predict: ${text}`, () => predict(text, feedback)),
  }));
  const controls = spec.controls.map((own) => ({
    spec: own,
    control: { ...kinds, ...lab.kinds }[own.kind](own, (value, text) => change(own, value, text), {
      live: spec.live,
      shared: spec.shared,
      playing: (now) => {
        playing = now;
        summary.ariaBusy = String(now); // only the last sentence of a run is read aloud
      },
    }),
  }));
  const panels = Object.entries(lab.panels).map(([name, panel]) => {
    const keys = (panel.keys ?? []).map(([sign, text, { color = "inherit" } = {}]) => {
      const mark = element("span", { ariaHidden: "true" }, sign);
      mark.style.color = color;
      return element("span", { className: "lab-key" }, mark, ` ${text}`);
    });
    const title = element("div", { className: "lab-panel-title" }, panel.title, ...keys);
    const box = element("div", { className: "lab-drawing" });
    if (panel.minHeight) {
      box.classList.add("lab-stretch");
      box.style.minHeight = `${panel.minHeight}px`;
    }
    if (panel.drag) drawOn(box, panel);
    const node = element("div", { className: "lab-panel" }, title, box);
    node.style.gridArea = name;
    return { panel, node, box };
  });
  const drawing = element("div", { className: "lab-panels" }, ...panels.map(({ node }) => node));
  // Those that fill what is left are drawn last.
  panels.sort((a, b) => Boolean(a.panel.minHeight) - Boolean(b.panel.minHeight));
  drawing.style.setProperty("--areas", lab.areas.map((row) => `"${row}"`).join(" "));
  drawing.style.setProperty("--columns", lab.columns ?? "1fr 1fr");
  const summary =
    figure.querySelector(".lab-summary") ??
    element("output", { className: "lab-summary", ariaLive: "polite" });
  const equation = element("div", { className: "lab-equation" });
  const code = element("code");
  let context = null;

  figure.querySelector("figcaption")?.remove();
  figure.ariaLabel = spec.title;
  figure.append(
    element("div", { className: "lab-head" }, title, ...reset.parts),
    element("p", { className: "lab-note" }, spec.note),
    element(
      "div",
      { className: "lab-question", role: "group", ariaLabel: "Predict first" },
      element("p", {}, element("strong", {}, "Predict first. "), spec.question),
      element("div", { className: "lab-buttons" }, ...answers.flatMap(({ parts }) => parts)),
    ),
    element("div", { className: "lab-controls" }, ...controls.map(({ control }) => control.node)),
    drawing,
    summary,
    equation,
    element("pre", { className: "lab-code" }, code),
  );

  if (address) {
    settings = { ...settings, ...readSettings(spec, location.search) };
    // A link in the text such as <a href="?learning-rate.rate=5#lab-learning-rate"> moves the lab.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || link.pathname !== location.pathname || link.hash !== `#${id}`) return;
      const wanted = readSettings(spec, link.search);
      if (!wanted) return;
      event.preventDefault();
      jump(wanted);
      figure.scrollIntoView({ block: "nearest" });
    });
  }

  let width = 0;
  const observer = new ResizeObserver(() => {
    if (drawing.clientWidth === width) return;
    width = drawing.clientWidth;
    if (context) draw();
  });
  observer.observe(drawing);
  update();
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    for (const { control } of controls) control.stop?.();
  };
}
