// One lab: its controls, its states, its drawings, its sentences. How it is drawn stands in
// labs/NAME.js.

import { linkTo, readPinned, readSettings } from "./address.js";
import { Challenge } from "./challenge.js";
import { lengthOf, sceneOf } from "./context.js";
import { Data } from "./data.js";
import { button, element } from "./dom.js";
import { Form } from "./form.js";
import { fullScreen } from "./fullscreen.js";
import * as visited from "./history.js";
import { Links } from "./links.js";
import { Pace } from "./pace.js";
import { Question } from "./question.js";
import { Sentences } from "./sentences.js";
import { sharer } from "./share.js";
import { same, scrubberOf, startOf } from "./spec.js";
import { Stage } from "./stage.js";
import { advance, States } from "./states.js";
import { keepHeights } from "./steady.js";
import { Teacher } from "./teacher.js";
import { show } from "./text.js";

/** @import { Show } from "./history.js" */
/** @import { Ask, Job } from "./states.js" */
/** @import { ControlSpec, Lab, Settings, Spec, Value } from "./types.ts" */

/**
 * @typedef {object} Options
 * @property {Ask} [ask]
 * @property {boolean} [address] whether the page's address is the lab's to read and write
 */

/**
 * Bring a lab to life in its figure. Returns what stops it.
 *
 * @param {HTMLElement} figure
 * @param {Spec} spec
 * @param {Lab} lab
 * @param {Options} options
 */
export function mount(figure, spec, lab, options) {
  const view = new LabView(figure, spec, lab, options);
  return () => view.dispose();
}

/** @type {Ask} */
const noKernel = () => Promise.reject(new Error("No kernel is there to compute this."));

class LabView {
  #figure;
  #spec;
  #address;
  #states;
  #pace;
  #reset;
  #pin;
  #stage;
  #teacher;
  #question;
  #form;
  #sentences;
  #data;
  /** @type {Challenge | undefined} */
  #challenge;

  /** @type {Settings} */
  #settings;
  #said = ""; // what the summary starts with: the change that led here
  #playing = false;
  #tried = false; // whether the reader has come here, not an address
  #frame = 0;
  #body = element("div", { className: "lab-body" });
  #letGo;
  /** @type {(() => void) | undefined} */
  #unlink;

  /**
   * @param {HTMLElement} figure
   * @param {Spec} spec
   * @param {Lab} lab
   * @param {Options} options
   */
  constructor(figure, spec, lab, { ask = noKernel, address = false }) {
    this.#figure = figure;
    this.#spec = spec;
    this.#address = address;
    this.#settings = startOf(spec);
    this.#states = new States(spec, lab, ask, () => this.#update());
    this.#reset = button("Reset", `Reset: ${spec.title}`, () => this.#restart());
    this.#pin = button("Pin", `Pin these settings to compare: ${spec.title}`, () =>
      this.#pinNow(this.#settings),
    );
    this.#teacher = new Teacher(spec, address ? location.search : "");
    this.#question = new Question(spec, () => this.#jump(spec.reveal));
    const links = new Links(figure, spec, lab.terms);
    this.#form = new Form(spec, lab, links, this.#teacher, {
      change: (own, value, text) => this.#change(own, value, text),
      playing: (now) => {
        this.#playing = now;
        this.#sentences.busy = now;
      },
    });
    this.#stage = new Stage(spec, lab, this.#states, links, {
      move: (changes, words, focus) => {
        this.#move(changes, words);
        this.#form.focus(focus);
      },
      peek: (changes) => this.#peek(changes),
      swap: () => this.#swap(),
      unpin: () => this.#unpin(),
    });
    this.#sentences = new Sentences(spec, links, figure.querySelector(".lab-summary"));
    this.#data = new Data(spec);
    this.#fillFigure(lab);
    this.#pace = new Pace(
      figure,
      () => this.#update(),
      () => this.#finish(),
    );
    /** @type {Show} */
    const follow = (settings, pinned) => this.#follow(settings, pinned);
    if (!address) this.#unlink = visited.followNotebook(figure, spec, follow);
    else {
      figure.classList.add("full-width"); // as the book's theme calls what is wider than its text
      this.#restore(readSettings(spec, location.search), readPinned(spec, location.search));
      visited.connect(figure, spec, {
        restore: (settings, pinned) => this.#restore(settings, pinned),
        follow,
      });
    }
    this.#update();
    this.#letGo = keepHeights([this.#body, ...this.#sentences.nodes]);
  }

  dispose() {
    this.#stage.dispose();
    this.#pace.dispose();
    cancelAnimationFrame(this.#frame);
    this.#form.stop();
    this.#letGo();
    this.#unlink?.();
  }

  // --- what is on the page ---

  /** @param {Lab} lab */
  #fillFigure({ told }) {
    const { title, note, challenge } = this.#spec;
    if (challenge) this.#challenge = new Challenge(this.#spec, challenge);
    const head = element("div", { className: "lab-title" }, title);
    this.#figure.querySelector("figcaption")?.remove();
    this.#figure.ariaLabel = title;
    const [summary, ...others] = this.#sentences.nodes;
    const below = told ? element("div", { className: "lab-told" }, summary, ...others) : summary;
    this.#body.append(this.#stage.node, this.#form.node, below);
    this.#figure.append(
      element("div", { className: "lab-head" }, head, this.#tools()),
      element("p", { className: "lab-note" }, note),
      this.#question.node,
      this.#body,
      this.#challenge?.node ?? "",
      ...(told ? [] : others),
      this.#data.node,
    );
  }

  #tools() {
    /** @type {HTMLElement[]} */
    const parts = [...this.#pin.parts];
    const link = () => linkTo(this.#spec, this.#place);
    if (this.#address) parts.push(...sharer(this.#spec.title, link));
    parts.push(...fullScreen(this.#figure, this.#spec.title), ...this.#reset.parts);
    return element("div", { className: "lab-tools" }, ...parts);
  }

  #update() {
    cancelAnimationFrame(this.#frame);
    const job = this.#states.jobFor(this.#settings);
    const more = advance(job, this.#pace.slice);
    if (more && this.#pace.near) this.#frame = requestAnimationFrame(() => this.#update());
    const busy = (more && this.#pace.near) || Boolean(job.waiting);
    this.#figure.toggleAttribute("data-waits", more && !this.#pace.near);
    this.#figure.toggleAttribute("data-busy", busy);
    this.#sentences.busy = busy || this.#playing;
    if (!(more && this.#pace.rests)) this.#pace.time(() => this.#draw(job, more || busy));
  }

  /**
   * @param {Job} job
   * @param {boolean} unfinished
   */
  #draw({ state, error }, unfinished) {
    const runs = state && !unfinished && scrubberOf(this.#spec);
    const focused = document.activeElement;
    this.#form.update(this.#settings, state, runs ? lengthOf(state) : Infinity);
    const changed = this.#spec.controls.some(({ name, value }) => this.#settings[name] !== value);
    this.#reset.node.disabled = !changed && !this.#question.answered;
    this.#pin.node.disabled = same(this.#settings, this.#stage.pinned);
    if (focused && this.#figure.contains(focused)) this.#form.keepFocus(focused);
    if (state) {
      const scene = sceneOf(this.#spec, this.#settings, state);
      this.#stage.draw(scene, { eased: this.#pace.calm && !unfinished, growing: unfinished });
      this.#sentences.tell(scene.values, this.#said);
      this.#data.update(scene);
      if (this.#tried && !unfinished) this.#challenge?.judge(this.#settings, scene.values);
    } else {
      this.#sentences.wait(this.#said + (error ?? "Python is computing …"));
    }
  }

  /** Finish the training at once. */
  #finish() {
    advance(this.#states.jobFor(this.#settings), Infinity);
    this.#update();
  }

  /**
   * Show, for as long as a pointer rests, what other settings would: nothing is said or kept.
   *
   * @param {Settings | null} changes
   */
  #peek(changes) {
    const settings = { ...this.#settings, ...changes };
    const job = this.#states.jobFor(settings);
    if (advance(job) || !job.state) return;
    const scene = sceneOf(this.#spec, settings, job.state);
    this.#stage.draw(scene);
    this.#sentences.write(scene.values);
  }

  // --- what the reader does ---

  get #place() {
    return { settings: this.#settings, pinned: this.#stage.pinned };
  }

  /** @param {Settings} changes */
  #go(changes, words = "") {
    this.#settings = { ...this.#settings, ...changes };
    this.#said = words;
    this.#tried = true;
    this.#pace.hurry();
    if (this.#address) visited.write(this.#spec, this.#place, this.#playing);
    this.#update();
  }

  /**
   * What the reader moves, on a control or in the drawing.
   *
   * @param {Settings} changes
   * @param {string} [words]
   */
  #move(changes, words) {
    const free = this.#teacher.free(changes);
    if (Object.keys(free).length) this.#go(free, words);
  }

  /**
   * @param {ControlSpec} control
   * @param {Value} value
   * @param {string} [words]
   */
  #change({ name, label, options }, value, words) {
    const text = words ?? (options ? Object.fromEntries(options)[value] : show(value));
    this.#move({ [name]: value }, `${label}: ${text}. `);
  }

  /**
   * Leave a running play, and go to the start settings with these changes.
   *
   * @param {Settings} changes
   */
  #jump(changes) {
    this.#form.stop();
    this.#go({ ...startOf(this.#spec), ...this.#teacher.kept, ...changes });
    this.#form.unfold(this.#settings);
  }

  #restart() {
    this.#question.forget();
    this.#jump({});
  }

  // --- the address, and what is pinned ---

  /** @type {Show} Show what the address says, which is not written again. */
  #restore(settings, pinned) {
    const now = { ...startOf(this.#spec), ...settings };
    if (same(now, this.#settings) && same(pinned, this.#stage.pinned)) return;
    this.#form.stop();
    this.#settings = now;
    this.#said = "";
    this.#pace.hurry();
    this.#stage.pinned = pinned;
    this.#form.unfold(now);
    this.#update();
  }

  /** @type {Show} Follow a link, which may leave what is pinned as it is. */
  #follow(settings, pinned) {
    if (pinned) this.#stage.pinned = pinned;
    this.#jump(settings ?? {});
  }

  /** @param {Settings | null} settings */
  #pinNow(settings) {
    this.#stage.pinned = settings;
    this.#go({});
  }

  #swap() {
    const { settings, pinned } = this.#place;
    this.#form.stop();
    this.#stage.pinned = settings;
    this.#go(pinned ?? {}, "Swapped. ");
  }

  #unpin() {
    this.#pinNow(null);
    this.#pin.node.focus();
  }
}
