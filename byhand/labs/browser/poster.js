// A lab as a picture: its panels at the settings that it starts with, drawn by the same code as on
// a page and in the light theme, in one SVG that needs nothing else. It is drawn when the bundle is
// built, under Node, where no style sheet lays the panels out.

import { sceneOf } from "./context.js";
import { areaOf, extent, GAP, heightsOf, startOf, widthsOf } from "./grid.js";
import { drawingOf } from "./layers.js";
import { scrubberOf, startOf as settingsOf } from "./spec.js";

/** @import { Scene } from "./context.js" */
/** @import { Area } from "./grid.js" */
/** @import { Drawn, Key, Lab, Panel, Spec, State } from "./types.ts" */

const WIDTH = 720; // pixels, as much as the panels have on a laptop
const FONT = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif";

// Of a panel's title, as in labs.css.
const SIZE = 13;
const LINE = 19;
const ABOVE = 6;
const BESIDE = 10;
const BETWEEN = 14;
// Of a letter, in units of the font's size: no font is measured here.
const WIDE = 0.6;
const BOLD = 0.68;

/**
 * A panel in its place, with the lines of its title.
 *
 * @typedef {object} Place
 * @property {Panel} panel
 * @property {Area} area
 * @property {number} width
 * @property {Key[][]} lines of its title, a sign without a text, and of its keys
 * @property {Drawn} [svg] what it draws, unless it fills the height that is left
 * @property {number} height at least
 */

/**
 * The state that the lab starts with: its page's, or what it trains.
 *
 * @param {Spec} spec
 * @param {Lab} lab
 * @param {State | null} computed
 */
function stateOf(spec, lab, computed) {
  if (computed) return computed;
  let state;
  const stops = scrubberOf(spec)?.values ?? [];
  for (const now of lab.train?.(settingsOf(spec), spec.shared, stops) ?? []) state = now ?? state;
  if (!state) throw new Error(`poster: lab ${spec.name} has neither a state nor a training`);
  return state;
}

/**
 * What a panel shows: its words, and where in the picture its drawing stands.
 *
 * @typedef {{ words: string, x: number, y: number, width: number, height: number }} Shown
 */

/**
 * The picture, its colors still named, and what its panels show.
 *
 * @param {Spec} spec
 * @param {Lab} lab
 * @param {State | null} computed the state that its page starts with, unless it trains there
 */
export function posterOf(spec, lab, computed) {
  const scene = sceneOf(spec, settingsOf(spec), stateOf(spec, lab, computed));
  const widths = widthsOf(lab.columns ?? "1fr 1fr", WIDTH - 2 * GAP);
  const places = Object.entries(lab.panels).map(([name, panel]) => {
    const area = areaOf(lab.areas, name);
    return placed(panel, area, extent(widths, area.left, area.right), scene);
  });
  const heights = heightsOf(lab.areas.length, places);
  const drawn = places.map((place) => {
    const { area } = place;
    const [x, y] = [GAP + startOf(widths, area.left), GAP + startOf(heights, area.top)];
    return panelAt(x, y, extent(heights, area.top, area.bottom), place, scene);
  });
  const height = extent(heights, 0, heights.length) + 2 * GAP;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" ` +
    `viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}" fill="currentColor">` +
    `<rect width="${WIDTH}" height="${height}" fill="var(--lab-card)"/>` +
    `${drawn.map(({ text }) => text).join("")}</svg>`;
  return { svg, panels: drawn.map(({ shown }) => shown) };
}

/**
 * @param {Panel} panel
 * @param {Area} area
 * @param {number} width
 * @param {Scene} scene
 * @returns {Place}
 */
function placed(panel, area, width, scene) {
  const context = { ...scene, width, height: 0 };
  const keys = panel.keysNow?.(context) ?? panel.keys ?? [];
  const lines = linesOf(panel.title, keys, width - 2 * BESIDE);
  const svg = panel.minHeight ? undefined : drawingOf(panel, context);
  const height = panel.minHeight ?? Math.ceil(Number(svg?.getAttribute("height")));
  return { panel, area, width, lines, svg, height: headOf(lines) + height };
}

/** @param {Key[][]} lines */
const headOf = (lines) => ABOVE + LINE * lines.length;

/**
 * A title and the keys beside it, in lines that fit.
 *
 * @param {string} title
 * @param {Key[]} keys
 * @param {number} room
 */
function linesOf(title, keys, room) {
  /** @type {Key[][]} */
  const lines = wrapped(title, room).map((text) => [[text, ""]]);
  let used = lengthOf(lines.at(-1)?.[0] ?? ["", ""]);
  for (const key of keys) {
    const length = BETWEEN + lengthOf(key);
    if (used + length > room) lines.push([]);
    used = lines.at(-1)?.length ? used + length : length - BETWEEN;
    lines.at(-1)?.push(key);
  }
  return lines;
}

/** @param {Key} key a title has no text */
const lengthOf = ([sign, text]) =>
  SIZE * (text ? WIDE * (sign.length + 1 + text.length) : BOLD * sign.length);

/**
 * @param {string} title
 * @param {number} room
 */
function wrapped(title, room) {
  /** @type {string[]} */
  const lines = [];
  for (const word of title.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (!lines.length || lengthOf([longer, ""]) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} whole the panel's height
 * @param {Place} place
 * @param {Scene} scene
 * @returns {{ text: string, shown: Shown }}
 */
function panelAt(x, y, whole, { panel, width, lines, svg }, scene) {
  const head = headOf(lines);
  const height = whole - head;
  const drawing = svg ?? drawingOf(panel, { ...scene, width, height });
  for (const style of drawing.querySelectorAll("style")) style.remove();
  drawing.setAttribute("y", String(head));
  const text =
    `<g transform="translate(${x},${y})">` +
    `<rect width="${width}" height="${whole}" rx="8" fill="var(--lab-ground)"/>` +
    `${lines.map(titleLine).join("")}${drawing.outerHTML}</g>`;
  const words = lines
    .flat(2)
    .filter((word) => typeof word === "string")
    .join(" ");
  return { text, shown: { words, x, y: y + head, width, height } };
}

/**
 * @param {Key[]} line
 * @param {number} n
 */
function titleLine(line, n) {
  const words = line.map(([sign, text, { color = "currentColor" } = {}], i) => {
    if (!text) return `<tspan font-weight="600">${escaped(sign)}</tspan>`;
    const apart = i > 0 ? ` dx="${BETWEEN}"` : "";
    return `<tspan${apart} fill="${color}">${signed(sign)}</tspan><tspan> ${escaped(text)}</tspan>`;
  });
  const at = `x="${BESIDE}" y="${ABOVE + LINE * n + SIZE}" font-size="${SIZE}"`;
  return `<text ${at} xml:space="preserve">${words.join("")}</text>`;
}

/**
 * A sign as every font has it: a bold 1 is a 1.
 *
 * @param {string} sign
 */
const signed = (sign) => escaped(sign.normalize("NFKC"));

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
