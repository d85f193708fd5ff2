// Settings that are pinned beside the live ones, to compare: a second drawing that stays, with its
// sentence and its equation.

import { sceneOf } from "./context.js";
import { button, element } from "./dom.js";
import { Panels } from "./panels.js";
import { Sentences } from "./sentences.js";
import { advance } from "./states.js";
import { show } from "./text.js";

/** @import { Links } from "./links.js" */
/** @import { States } from "./states.js" */
/** @import { ControlSpec, Lab, Settings, Spec } from "./types.ts" */

export class Pinned {
  #spec;
  #lab;
  #states;
  #links;
  #words = element("span");
  #buttons;
  #sentences;
  /** @type {Panels | null} drawn when something is pinned for the first time */
  #panels = null;
  /** @type {Settings | null} */
  #settings = null;
  #frame = 0;
  node;

  /**
   * @param {Spec} spec
   * @param {Lab} lab
   * @param {States} states
   * @param {Links} links
   * @param {{ swap(): void, unpin(): void }} does
   */
  constructor(spec, lab, states, links, { swap, unpin }) {
    this.#spec = spec;
    this.#lab = lab;
    this.#states = states;
    this.#links = links;
    const swaps = button("Swap", `Swap the pinned setting and the one now: ${spec.title}`, swap);
    const unpins = button("Unpin", `Unpin: ${spec.title}`, unpin);
    this.#buttons = [...swaps.parts, ...unpins.parts];
    const summary = element("p", { className: "lab-pinned-summary" });
    this.#sentences = new Sentences(spec, links, summary);
    this.node = element("section", {
      className: "lab-pinned",
      ariaLabel: `Pinned: ${spec.title}`,
      hidden: true,
    });
  }

  get settings() {
    return this.#settings;
  }

  /** @param {Settings | null} settings */
  set settings(settings) {
    this.#settings = settings;
    this.node.hidden = settings === null;
    if (settings === null) return;
    if (!this.#panels) this.#fill();
    this.#draw();
  }

  /**
   * Say in which settings it differs from those now.
   *
   * @param {Settings} now
   */
  tell(now) {
    if (this.#settings) this.#words.textContent = differences(this.#spec, this.#settings, now);
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#panels?.dispose();
  }

  #fill() {
    this.#panels = new Panels(this.#lab, null, null, () => this.#links.renew());
    const [summary, equation] = this.#sentences.nodes;
    const title = element("p", {}, element("strong", {}, "Pinned. "), this.#words);
    const buttons = element("div", { className: "lab-tools" }, ...this.#buttons);
    const head = element("div", { className: "lab-pinned-head" }, title, buttons);
    this.node.append(head, this.#panels.node, summary, equation);
  }

  // The state may still be in training, or the kernel be at it.
  #draw() {
    cancelAnimationFrame(this.#frame);
    if (!this.#settings) return;
    const job = this.#states.jobFor(this.#settings);
    const growing = advance(job) || Boolean(job.waiting);
    if (growing) this.#frame = requestAnimationFrame(() => this.#draw());
    this.node.ariaBusy = String(Boolean(job.training || job.waiting));
    if (!job.state) return this.#sentences.wait(job.error ?? "Computing …");
    const scene = sceneOf(this.#spec, this.#settings, job.state);
    this.#panels?.draw(scene, { growing });
    this.#sentences.tell(scene.values, "");
  }
}

/**
 * Where some settings differ from others, in words.
 *
 * @param {Spec} spec
 * @param {Settings} settings
 * @param {Settings} others
 */
export function differences({ controls }, settings, others) {
  const changed = controls.filter(({ name }) => settings[name] !== others[name]);
  if (changed.length === 0) return "The same settings.";
  return `${changed.map((control) => wordOf(control, settings)).join("; ")}.`;
}

/**
 * @param {ControlSpec} control
 * @param {Settings} settings
 */
function wordOf(control, settings) {
  const value = settings[control.name];
  switch (control.kind) {
    case "drawing":
      return `${control.label}: changed`;
    case "several": {
      const boxes = Object.fromEntries(control.boxes);
      return `${control.label}: ${String(value)
        .split("-")
        .map((name) => boxes[name])
        .join(", ")}`;
    }
    case "select":
      return `${control.label}: ${Object.fromEntries(control.options)[value]}`;
    case "formula":
      return `${control.label}: ${value}`;
    default:
      return `${control.label}: ${control.words[show(value)] ?? show(value)}`;
  }
}
