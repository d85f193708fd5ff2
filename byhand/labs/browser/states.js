// Which state belongs to some settings: it is in the page, or the lab trains here, in slices, or
// the kernel is asked.

import { controlOf, scrubberOf } from "./spec.js";

/** @import { Lab, Settings, SliderSpec, Spec, State, Training, Value } from "./types.ts" */

const SLICE = 12; // milliseconds of training between two frames
const KEPT = 200; // jobs: a drag makes many

/**
 * What is being done for a state.
 *
 * @typedef {object} Job
 * @property {State} [state] as far as it has come
 * @property {Training | null} [training] while it trains
 * @property {boolean} [waiting] for the kernel
 * @property {string} [error] what the kernel has against the settings
 */

/** @typedef {(settings: Settings) => Promise<State>} Ask a state from the kernel */

export class States {
  /** @type {Map<string, Job>} */
  #jobs = new Map();
  #spec;
  #lab;
  #ask;
  #arrived;

  /**
   * @param {Spec} spec
   * @param {Lab} lab
   * @param {Ask} ask
   * @param {() => void} arrived called when the kernel has answered
   */
  constructor(spec, lab, ask, arrived) {
    this.#spec = spec;
    this.#lab = lab;
    this.#ask = ask;
    this.#arrived = arrived;
  }

  /** @param {Settings} settings */
  jobFor(settings) {
    const key = JSON.stringify(this.#spec.depends.map((name) => settings[name]));
    const known = this.#jobs.get(key);
    if (known) return known;
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size === KEPT) this.#jobs.delete(oldest);
    const job = this.#begin(settings);
    this.#jobs.set(key, job);
    return job;
  }

  /**
   * @param {Settings} settings
   * @returns {Job}
   */
  #begin(settings) {
    const { name, shared, states } = this.#spec;
    const places = placesOf(this.#spec, settings);
    const between = places.some(({ place }) => place < 0);
    if (between && !(this.#lab.trainsBetween && isWithin(this.#spec, settings))) {
      return this.#asked(settings);
    }
    if (states) return { state: states[places.reduce((at, { place, of }) => at * of + place, 0)] };
    const training = this.#lab.train?.(settings, shared, scrubberOf(this.#spec)?.values ?? []);
    if (training) return { training };
    throw new Error(`lab ${name}: its page has no states, expected train in labs/${name}.js`);
  }

  /**
   * @param {Settings} settings
   * @returns {Job}
   */
  #asked(settings) {
    /** @type {Job} */
    const job = { waiting: true };
    this.#ask(settings)
      .then((state) => (job.state = state))
      .catch((error) => (job.error = error.message))
      .finally(() => {
        job.waiting = false;
        this.#arrived();
      });
    return job;
  }
}

/**
 * Train until the slice is over, but at least to the first state; whether there is more to do.
 *
 * @param {Job} job
 */
export function advance(job, slice = SLICE) {
  const until = performance.now() + slice;
  while (job.training && (!job.state || performance.now() < until)) {
    const { value, done } = job.training.next();
    if (value) job.state = value;
    if (done) job.training = null;
  }
  return Boolean(job.training);
}

/**
 * Where the values that the state depends on stand among their control's stops, -1 for one that is
 * none of them. A drawing has no stops.
 *
 * @param {Spec} spec
 * @param {Settings} settings
 */
function placesOf(spec, settings) {
  return spec.depends.flatMap((name) => {
    /** @type {Value[] | undefined} */
    const stops = controlOf(spec, name).values;
    return stops ? [{ place: stops.indexOf(settings[name]), of: stops.length }] : [];
  });
}

/**
 * Whether numbers that are no stops lie within their control's bounds.
 *
 * @param {Spec} spec
 * @param {Settings} settings
 */
function isWithin(spec, settings) {
  return spec.depends.every((name) => {
    const { values, bounds } = /** @type {SliderSpec} */ (controlOf(spec, name));
    const value = Number(settings[name]);
    const isStop = values?.includes(/** @type {number} */ (settings[name]));
    return isStop || (bounds && bounds[0] <= value && value <= bounds[1]);
  });
}
