// A page that runs: how Python is started, stopped and started anew, and what holds for all cells.

import { show } from "../../labs/browser/text.js";
import { announce, prepare } from "./announce.js";
import { forget, isChanged, stale, toRun } from "./cells.js";
import { OtherEdition, openPage } from "./open-page.js";
import { download, withEdits } from "./save.js";
import { progress } from "./storage.js";

/** @import { LiveError } from "./engine.js" */
/** @import { Engine } from "./page-types.ts" */
/** @import { Panel } from "./panel.js" */
/** @typedef {Awaited<ReturnType<typeof openPage>>} Opened */

/**
 * Load Python; then the page has its buttons.
 *
 * @param {Panel} panel
 * @param {Engine} engine
 * @param {string} live the folder of the scripts and packs
 * @param {string} name of the page
 */
export function runPage(panel, engine, live, name) {
  /** @type {Opened | null} */
  let opened = null;
  const fail = (/** @type {string} */ message, again = "Try again") => {
    panel.show([message], [{ text: again, main: true, onclick: () => void start() }]);
    announce(message);
  };
  const restart = () => {
    opened?.page.session.drop();
    forget(opened?.page.cells ?? []);
    opened?.update();
    void start();
  };
  const anew = () => {
    const runs = opened?.page.session.running; // then it fails as stopped, which starts anew
    engine.stop();
    if (!runs) restart();
  };
  const told = {
    changed() {
      if (opened && engine.booted) showAll(panel, opened, name, anew);
    },
    stop: () => engine.stop(),
    failed: (/** @type {LiveError} */ { code, message }) =>
      code === "stopped" ? restart() : fail(message, "Start anew"),
  };
  const start = async () => {
    try {
      const tell = panel.loading(() => engine.stop());
      await engine.boot(tell, { memory: progress.read() });
      opened ??= await openPage(engine, live, name, told);
      await begin(opened);
    } catch (error) {
      const { code, message } = /** @type {LiveError} */ (error);
      if (error instanceof OtherEdition) return outdated(panel, message);
      fail(code === "stopped" ? "Loading was cancelled." : message);
    }
  };
  prepare();
  void start();
}

/**
 * @param {Panel} panel
 * @param {string} message
 */
function outdated(panel, message) {
  const onclick = () => location.reload();
  panel.show([message], [{ text: "Reload the page", main: true, onclick }]);
  announce(message);
}

/**
 * Python is there. The imports run at once: everything needs them.
 *
 * @param {Opened} opened
 */
async function begin({ page: { cells, session }, update }) {
  announce("Python is ready");
  update();
  if (cells[0].data.tags.includes("hide-input")) await session.run([cells[0]]);
}

/**
 * Say what runs here, and offer what concerns all cells.
 *
 * @param {Panel} panel
 * @param {Opened} opened
 * @param {string} name
 * @param {() => void} restart
 */
function showAll(panel, opened, name, restart) {
  const { page, keeps, seconds } = opened;
  const { python, numpy } = page.versions.here;
  const sentences = [
    `Python ${python} and NumPy ${numpy} run in this page. ` +
      "Each cell has its buttons below it, and a click into its code lets you change it.",
  ];
  if (seconds > 5) sentences.push(`To run all takes about ${show(seconds, ".0f")} s.`);
  if (!keeps()) sentences.push(NOT_KEPT);
  panel.show(sentences, [...actions(opened, name), { text: "Start anew", onclick: restart }]);
}

const NOT_KEPT = "This browser keeps no changes: save the notebook before you leave.";

/**
 * @param {Opened} opened
 * @param {string} name
 */
function actions({ page, notebook, resetAll }, name) {
  const { cells, session } = page;
  const old = stale(cells);
  const save = () => download(withEdits(notebook, cells), `${name.split("/").pop()}.ipynb`);
  const all = session.isBusy
    ? { text: "Stop", onclick: page.stop }
    : { text: "Run all", onclick: () => void session.run(toRun(cells)) };
  const again = { text: `Run what is stale (${old.length})`, onclick: () => void session.run(old) };
  const reset = { text: "Reset all", onclick: resetAll };
  return [
    all,
    ...(old.length ? [again] : []),
    { text: "Save as notebook", onclick: save },
    ...(cells.some(isChanged) ? [reset] : []),
  ];
}
