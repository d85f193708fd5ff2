// The engine as the page sees it: boot, run, stop. It lives in a worker, which this file starts and
// ends.

import { LiveError } from "./errors.js";
import { areStored, fetchJson, fetchText, forgetOthers } from "./fetching.js";

export { LiveError } from "./errors.js";
export { support } from "./support.js";

/** @import { Answer, BootOrder, Booted, Cells, Kept, LivePage, Manifest } from "./types.ts" */
/** @import { Output, Pack, Picture, Progress, Result, RunOrder, Told, Write } from "./types.ts" */
/** @import { Code } from "./errors.js" */

/**
 * @typedef {object} Call
 * @property {(value: any) => void} resolve
 * @property {(error: LiveError) => void} reject
 * @property {(progress: Progress) => void} [progress]
 * @property {Write} [write]
 */

/**
 * An engine for one page; nothing is fetched before it is asked for.
 *
 * @param {string} folder address of the folder "live"
 * @param {string} page such as "chapters/03_logistic_regression"
 */
export function createEngine(folder, page) {
  return new Engine(new URL(folder, document.baseURI).href, page);
}

/**
 * The source that runs a function of `interact` again.
 *
 * @param {string} id of its controls
 * @param {Record<string, unknown>} values of the controls
 */
export function again(id, values) {
  const [name, json] = [id, JSON.stringify(values)].map((text) => JSON.stringify(text));
  return `__import__("byhand.live.session").live.session.current().again(${name}, ${json})`;
}

class Engine {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  /** @type {Promise<Manifest> | null} */
  #manifest = null;
  /** @type {Kept | null} */
  #kept = null;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();
  #count = 0;
  #script = "";

  /**
   * @param {string} live
   * @param {string} page
   */
  constructor(live, page) {
    this.live = live;
    this.page = page;
    this.booted = false;
  }

  /** @returns {Promise<Manifest>} */
  manifest() {
    this.#manifest ??= fetchJson(new URL("manifest.json", this.live).href);
    this.#manifest.catch(() => (this.#manifest = null));
    return this.#manifest;
  }

  /**
   * The page's code cells, in their order.
   *
   * @returns {Promise<Cells>}
   */
  async cells() {
    return fetchJson(new URL((await this.#page()).cells, this.live).href, { fixed: true });
  }

  /** Whether there is nothing to fetch any more. */
  async stored() {
    return this.#kept !== null || areStored(this.live, await this.#packs());
  }

  /**
   * Start Python; a second call starts it anew.
   *
   * @param {(progress: Progress) => void} [progress]
   * @param {{ memory?: string }} [options]
   * @returns {Promise<Booted>}
   */
  async boot(progress = () => {}, { memory = "" } = {}) {
    const packs = await this.#packs();
    this.stop();
    const worker = await this.#newWorker();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end("crashed", event.message);
    };
    /** @type {Booted} */
    const booted = await this.#ask(
      { op: "boot", live: this.live, packs, memory, kept: this.#kept },
      { progress },
    );
    this.booted = true;
    await this.#tidy();
    return booted;
  }

  /**
   * Run a source. One runs at a time; the next one waits.
   *
   * @param {string} source
   * @param {{ write?: Write, cell?: string | number }} [options]
   * @returns {Promise<Result>}
   */
  run(source, { write, cell } = {}) {
    const label = typeof cell === "number" ? `Cell ${cell}` : (cell ?? "");
    const mine = this.#last.then(async () => {
      if (!this.booted) throw new LiveError("stopped");
      return completed(await this.#ask({ op: "run", source, label }, { write }));
    });
    this.#last = mine.catch(() => {});
    return mine;
  }

  /** End Python at once, whatever it does. */
  stop() {
    this.#end("stopped");
  }

  /** A worker from text, so that it starts without network, and under the page's own policy. */
  async #newWorker() {
    this.#script ||= await fetchText(new URL("worker.js", this.live).href);
    const url = URL.createObjectURL(new Blob([this.#script], { type: "text/javascript" }));
    this.#worker?.terminate();
    this.#worker = new Worker(url);
    URL.revokeObjectURL(url);
    return this.#worker;
  }

  async #page() {
    const { pages } = await this.manifest();
    if (!pages[this.page]) throw new LiveError("missing", this.page);
    return pages[this.page];
  }

  /** @returns {Promise<Pack[]>} */
  async #packs() {
    const page = await this.#page();
    const { packs } = await this.manifest();
    return page.packs.map((name) => packs[name]);
  }

  /** Forget the packs of earlier editions. */
  async #tidy() {
    const { packs, pages } = await this.manifest();
    const files = Object.values(packs).map(({ file }) => file);
    const cells = Object.values(pages).map((/** @type {LivePage} */ page) => page.cells);
    await forgetOthers(this.live, new Set(["manifest.json", "worker.js", ...files, ...cells]));
  }

  /**
   * @param {BootOrder | RunOrder} order
   * @param {{ progress?: (progress: Progress) => void, write?: Write }} listeners
   * @returns {Promise<any>}
   */
  #ask(order, listeners) {
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject, ...listeners });
      this.#worker?.postMessage({ ...order, id });
    });
  }

  /** @param {Told} told */
  #hear(told) {
    const call = this.#calls.get(told.id);
    if (told.event === "kept") this.#kept = told.kept;
    else if (told.event === "progress") call?.progress?.(told.progress);
    else if (told.event === "write") call?.write?.(told.name, told.text);
    else if (told.event === "failed") this.#fail(told.code, told.message);
    else {
      this.#calls.delete(told.id);
      call?.resolve(told.value);
    }
  }

  /**
   * The worker could not do what it was asked for: nothing of it can be used any more.
   *
   * @param {string} code
   * @param {string} message
   */
  #fail(code, message) {
    if (code === "damaged") this.#kept = null;
    const error = new LiveError(/** @type {Code} */ (code));
    error.message = message;
    this.#reject(error);
  }

  /**
   * @param {Code} code
   * @param {string} [detail]
   */
  #end(code, detail) {
    this.#reject(new LiveError(code, detail));
  }

  /** @param {LiveError} error */
  #reject(error) {
    this.#worker?.terminate();
    this.#worker = null;
    this.booted = false;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const { reject } of calls) reject(error);
  }
}

/**
 * A session's answer with its texts and pictures by kind.
 *
 * @param {Answer} answer
 * @returns {Result}
 */
function completed({ seconds, ...answer }) {
  const said = (/** @type {string} */ name) =>
    answer.outputs
      .map((output) => (output.output_type === "stream" && output.name === name ? output.text : ""))
      .join("");
  return {
    ...answer,
    out: said("stdout"),
    err: said("stderr"),
    images: answer.outputs.flatMap(pictures),
    ms: Math.round(seconds * 1000),
  };
}

/**
 * @param {Output} output
 * @returns {Picture[]}
 */
function pictures(output) {
  if (!("data" in output)) return [];
  return ["image/png", "image/svg+xml"]
    .filter((mime) => mime in output.data)
    .map((mime) => ({ mime, data: output.data[mime], alt: output.data["text/plain"] ?? "" }));
}
