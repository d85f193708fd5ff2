// An engine for the tests of the page: it runs no Python, but does at once what a line looks like.
// `window.engine` tells a test what it was asked for; `?fails=` lets it fail.

/** @import { Data, Output, Progress, Result, Write } from "../../byhand/live/browser/types.ts" */
/** @typedef {[name: string, message: string]} Failure what a line throws */

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA" +
  "DUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const fails = new URLSearchParams(location.search).get("fails");

/** @type {(text: string) => Output} */
const stream = (text) => ({ output_type: "stream", name: "stdout", text });

/** @type {(data: Data, byhand?: { [name: string]: string }) => Output} */
const display = (data, byhand = {}) => ({
  output_type: "display_data",
  data,
  metadata: { byhand },
});

const INTERACT = JSON.stringify({
  id: "0",
  controls: [
    { name: "rate", label: "rate", kind: "range", min: 0, max: 1, step: 0.1, value: 0.5 },
    { name: "kind", label: "kind", kind: "choice", options: ["plain", "deep"], value: 0 },
    { name: "on", label: "on", kind: "flag", value: true },
  ],
});

/** @type {Map<string, string>} */
const names = new Map();

/**
 * What each kind of line does.
 *
 * @type {[RegExp, (parts: string[]) => Output[]][]}
 */
const LINES = [
  [/^(\w+) = (\d+)/, ([, name, value]) => (names.set(name, value), [])],
  [/^bind\(/, () => [display({ "application/papermill.record/text/plain": "1" })]],
  [/^print\("(.*)"\)/, ([, text]) => [stream(`${text}\n`)]],
  [/^print\((\w+)\)/, ([, name]) => [stream(`${valueOf(name)}\n`)]],
  [
    /^plt\.show\("(.*)"\)/,
    ([, caption]) => [
      display({ "image/png": PIXEL, "text/plain": "A gray dot." }, { figure: "fig-dot" }),
      display({ "text/markdown": caption }, { caption: "fig-dot" }),
    ],
  ],
  [/^labs\.interact/, () => [display({ [MIME]: INTERACT }), stream("rate 0.5\n")]],
  [/again\(.*?, (".*")\)$/, ([, json]) => [stream(`rate ${JSON.parse(JSON.parse(json)).rate}\n`)]],
  [/hint\("sum"\)/, () => [stream("Hint 1 of 2: add them.\n")]],
  [/^check\("sum"/, () => [stream("Your turn: sum returns nothing yet.\n")]],
];
const MIME = "application/vnd.byhand.interact+json";

/** @param {string} name */
function valueOf(name) {
  const value = names.get(name);
  if (value === undefined) throw ["NameError", `name '${name}' is not defined`];
  return value;
}

/**
 * @param {string} source
 * @returns {Result}
 */
function answer(source) {
  /** @type {Output[]} */
  const outputs = [];
  /** @type {Result["error"]} */
  let error = null;
  source.split("\n").forEach((line, i) => {
    const [pattern, act] = LINES.find(([pattern]) => pattern.test(line)) ?? [];
    if (!pattern || !act || error) return;
    try {
      outputs.push(...act(pattern.exec(line) ?? []));
    } catch (thrown) {
      const [name, message] = /** @type {Failure} */ (thrown);
      error = { name, message, line: i + 1 };
      const traceback = [`Cell, line ${i + 1}`, `${name}: ${message}`];
      outputs.push({ output_type: "error", ename: name, evalue: message, traceback });
    }
  });
  return checked(source, { ok: !error, outputs, error });
}

/**
 * @param {string} source
 * @param {Pick<Result, "ok" | "outputs" | "error">} result
 * @returns {Result}
 */
function checked(source, result) {
  const right = source.includes("return a + b");
  if (right) result.outputs = [stream("Correct: it adds.\n")];
  const memory = right ? JSON.stringify({ passed: ["sum"], hints: {} }) : null;
  const out = result.outputs.map((output) => ("text" in output ? output.text : "")).join("");
  return { ...result, out, err: "", images: [], ms: 200, heap: 1e8, memory };
}

class FakeEngine {
  booted = false;
  boots = 0;
  memory = "";
  /** @type {string[]} */
  ran = [];
  /** @type {(reason: Error) => void} */
  #end = () => {};

  async manifest() {
    if (fails === "manifest") throw new Error("A file is missing.");
    return (await fetch("live/manifest.json")).json();
  }

  async cells() {
    return (await fetch("live/cells.json")).json();
  }

  async stored() {
    return false;
  }

  /**
   * @param {(progress: Progress) => void} tell
   * @param {{ memory: string }} options
   */
  async boot(tell, { memory }) {
    this.boots += 1;
    this.memory = memory;
    names.clear();
    tell({ step: "fetch", loaded: 11e6, total: 33e6, cached: false });
    if (fails === "slowly") await new Promise((_, reject) => (this.#end = reject));
    if (fails === "boot" && this.boots === 1) throw new Error("A file arrived damaged.");
    this.booted = true;
  }

  /**
   * @param {string} source
   * @param {{ write: Write }} options
   */
  async run(source, { write }) {
    this.ran.push(source);
    if (source.includes("# hangs")) {
      write("stdout", "step 1\n");
      await new Promise((_, reject) => (this.#end = reject));
    }
    if (source.includes("# crashes")) {
      this.booted = false;
      throw Object.assign(new Error("Python ended without an answer."), { code: "crashed" });
    }
    await new Promise((done) => setTimeout(done, 30));
    return answer(source);
  }

  stop() {
    this.booted = false;
    this.#end(Object.assign(new Error("Stopped."), { code: "stopped" }));
  }
}

const engine = new FakeEngine();
Object.assign(window, { engine, GradientsLiveEngine: () => engine });
