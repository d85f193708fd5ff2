// What a cell gave out here, drawn below what the page was published with.

import { element } from "../../labs/browser/dom.js";
import { caption } from "./caption.js";

/** @import { Output, Result } from "./types.ts" */
/** @import { Interact } from "./page-types.ts" */

const INTERACT = "application/vnd.byhand.interact+json";
const LONGEST = 40_000; // characters of text

/**
 * The nodes of some outputs.
 *
 * @param {Output[]} outputs
 * @param {string} live the folder of the scripts
 */
export function draw(outputs, live) {
  const captions = captionsOf(outputs);
  return joined(outputs.filter(isSeen)).flatMap((output) => {
    if (output.output_type === "stream") return output.text ? [block(output.text)] : [];
    if (output.output_type === "error") return [block(output.traceback.join("\n"), "live-error")];
    return drawData(output, captions, live) ?? [];
  });
}

/**
 * Texts that follow each other are one.
 *
 * @param {Output[]} outputs
 */
function joined(outputs) {
  /** @type {Output[]} */
  const found = [];
  for (const output of outputs) {
    const last = found.at(-1);
    const follows = last?.output_type === "stream" && output.output_type === "stream";
    if (follows) found[found.length - 1] = { ...last, text: last.text + output.text };
    else found.push(output);
  }
  return found;
}

/**
 * The captions of figures, by the figures' names.
 *
 * @param {Output[]} outputs
 * @returns {Map<unknown, string>}
 */
function captionsOf(outputs) {
  return new Map(
    outputs.flatMap((output) =>
      "metadata" in output && ours(output.metadata).caption
        ? [[ours(output.metadata).caption, text(output.data["text/markdown"])]]
        : [],
    ),
  );
}

/**
 * Whether an output is anything to see: a caption stands below its picture, labs are alive without
 * Python, and what `bind` notes is for the build.
 *
 * @param {Output} output
 */
function isSeen(output) {
  if (!("data" in output)) return true;
  if (output.data[INTERACT]) return false; // its controls are drawn apart
  const { caption: ofFigure, lab, prediction } = ours(output.metadata);
  return !ofFigure && !lab && !prediction && KINDS.some((kind) => output.data[kind]);
}

const KINDS = ["image/svg+xml", "image/png", "text/plain"];

/**
 * A picture, or a text.
 *
 * @param {Extract<Output, { data: object }>} output
 * @param {Map<unknown, string>} captions
 * @param {string} live
 */
function drawData({ data, metadata }, captions, live) {
  const src = source(data);
  const plain = text(data["text/plain"]);
  if (!src) return plain ? block(plain) : null;
  const words = captions.get(ours(metadata).figure);
  return picture(src, plain || "A figure without a description", words, live);
}

/**
 * What byhand says of an output.
 *
 * @param {{ [name: string]: unknown }} metadata
 * @returns {{ [name: string]: unknown }}
 */
const ours = ({ byhand }) => Object(byhand);

/** @param {{ [mime: string]: unknown }} data */
function source(data) {
  const svg = text(data["image/svg+xml"]);
  if (svg) return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  const png = text(data["image/png"]);
  return png && `data:image/png;base64,${png}`;
}

/**
 * @param {string} src
 * @param {string} alt
 * @param {string | undefined} words the caption
 * @param {string} live
 */
function picture(src, alt, words, live) {
  const figure = element("figure", {}, element("img", { src, alt }));
  if (words) figure.append(element("figcaption", {}, ...caption(words, live)));
  return figure;
}

/**
 * @param {string} text
 * @param {string} [kind]
 */
function block(text, kind = "") {
  const pre = element("pre", { className: `live-text ${kind}` }, shortened(text));
  pre.tabIndex = 0; // it may scroll, and must do so from the keyboard
  return pre;
}

/**
 * The beginning and the end of a long text.
 *
 * @param {string} text
 */
export function shortened(text) {
  const left = text.length - LONGEST;
  if (left <= 0) return text.replace(/\n$/, "");
  const half = LONGEST / 2;
  return `${text.slice(0, half)}\n… ${left} characters are left out …\n${text.slice(-half)}`;
}

/** @param {unknown} data nbformat allows lists of lines */
const text = (data) => (Array.isArray(data) ? data.join("") : String(data ?? ""));

/**
 * The text that a result printed or returned, to compare it with what was published.
 *
 * @param {Result} result
 */
export function said({ outputs }) {
  const parts = joined(outputs.filter(isSeen)).flatMap((output) => {
    if (output.output_type === "stream") return [output.text.trim()];
    return output.output_type === "execute_result" ? [text(output.data["text/plain"])] : [];
  });
  return parts.join("\n").trim();
}

/** @param {Result} result */
export const hasPicture = ({ outputs }) =>
  outputs.some((output) => "data" in output && source(output.data));

/**
 * What the controls of an `interact` cell are, or null.
 *
 * @param {Result} result
 * @returns {Interact | null}
 */
export function interactOf({ outputs }) {
  const found = outputs.map((output) => "data" in output && output.data[INTERACT]).find(Boolean);
  return found ? JSON.parse(found) : null;
}

/**
 * What a result says to those who do not see it: what was printed, or the captions.
 *
 * @param {Result} result
 */
export const spoken = ({ out, outputs }) =>
  out.trim() || [...captionsOf(outputs).values()].join(" ");
