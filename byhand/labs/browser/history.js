// What the browser's Back and Forward do: each gesture has one entry in the history, however many
// settings it goes through, and a link with settings has one, too.

import { put, readPinned, readSettings } from "./address.js";

/** @import { Place } from "./address.js" */
/** @import { Settings, Spec } from "./types.ts" */

/** @typedef {(settings: Settings | null, pinned: Settings | null) => void} Show */

const PAUSE = 1000; // milliseconds between two changes that belong to two gestures
const AGAIN = 1000; // milliseconds until a browser is asked again

/** @type {Map<Spec, Place>} what the address does not say yet */
const pending = new Map();
let pushes = false; // whether it gets an entry of its own

let begun = true; // a pointer went down, or the focus moved, since the last change
let held = false; // a pointer is down
let played = false; // the last change was a step of a play
let last = -Infinity; // when it was

/**
 * Follow the page's history and its links, such as <a href="?race.rate=5#lab-race">.
 *
 * @param {HTMLElement} figure
 * @param {Spec} spec
 * @param {{ restore: Show, follow: Show }} lab
 */
export function connect(figure, spec, { restore, follow }) {
  if (!connected) watchGestures();
  connected = true;
  addEventListener("popstate", () => {
    pending.clear();
    restore(readSettings(spec, location.search), readPinned(spec, location.search));
  });
  document.addEventListener("click", (event) => {
    const link = plainly(event);
    if (link?.hash !== `#${figure.id}`) return;
    const wanted = readSettings(spec, link.search);
    const pinned = readPinned(spec, link.search);
    if (!wanted && !pinned) return;
    event.preventDefault();
    follow(wanted, pinned);
    figure.scrollIntoView({ block: "nearest" });
  });
}

/**
 * Follow the links of a notebook. JupyterLab takes one to a setting for one to a file, and would
 * open that: .../files/%3Frace.rate%3D5?_xsrf=1#lab-race. Returns what ends that.
 *
 * @param {HTMLElement} figure
 * @param {Spec} spec
 * @param {Show} follow
 */
export function followNotebook(figure, spec, follow) {
  const listen = (/** @type {MouseEvent} */ event) => {
    const link = linkOf(event);
    if (link?.hash !== `#${figure.id}`) return;
    const query = decodeURIComponent(link.pathname + link.search).replace(/^[^?]*/, "");
    const wanted = readSettings(spec, query.replaceAll("?", "&"));
    if (!wanted) return;
    event.preventDefault();
    event.stopPropagation();
    follow(wanted, null);
    figure.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", listen, true);
  return () => document.removeEventListener("click", listen, true);
}

let connected = false;

function watchGestures() {
  const on = (/** @type {string} */ type, /** @type {() => void} */ then) =>
    document.addEventListener(type, then, true);
  on("pointerdown", () => (begun = held = true));
  on("pointerup", () => (held = false));
  on("pointercancel", () => (held = false));
  on("focusin", () => (begun ||= !held)); // a drag may move the focus, too
}

/**
 * The link that is clicked plainly: not to be opened in another tab or window.
 *
 * @param {MouseEvent} event
 * @returns {HTMLAnchorElement | null}
 */
function linkOf({ target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented }) {
  if (button || ctrlKey || metaKey || shiftKey || altKey || defaultPrevented) return null;
  return target instanceof Element ? target.closest("a[href]") : null;
}

/**
 * The link on this page that a click follows here and now.
 *
 * @param {MouseEvent} event
 */
function plainly(event) {
  const link = linkOf(event);
  const here = link && link.host === location.host && link.pathname === location.pathname;
  return here && ["", "_self"].includes(link.target) ? link : null;
}

/**
 * Write a lab's place into the page's address.
 *
 * @param {Spec} spec
 * @param {Place} place
 * @param {boolean} plays whether it is a step of a play
 */
export function write(spec, place, plays) {
  const now = performance.now();
  const goesOn = held || now - last < PAUSE || (plays && played);
  pushes ||= begun || !goesOn;
  [begun, played, last] = [false, plays, now];
  pending.set(spec, place);
  flush();
}

// Other labs' settings stay as they are.
function flush() {
  if (pending.size === 0) return;
  const address = new URL(location.href);
  for (const [spec, place] of pending) put(address, spec, place);
  try {
    if (pushes && address.href !== location.href) history.pushState(null, "", address);
    else history.replaceState(history.state, "", address);
    pending.clear();
    pushes = false;
  } catch {
    setTimeout(flush, AGAIN); // Safari refuses more than 100 changes in 30 seconds
  }
}
