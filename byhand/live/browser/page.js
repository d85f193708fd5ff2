// The page runs: offered at its top, started by a button.

import { createEngine, support } from "./engine.js";
import { howToServe, offer } from "./offer.js";
import { createPanel } from "./panel.js";
import { runPage } from "./run-page.js";
import { editsIn } from "./storage.js";

// A test brings its own engine.
/** @typedef {{ GradientsLiveEngine?: typeof createEngine }} Replaced */

const script = document.getElementById("live-script");
const title = document.querySelector("article.bd-article h1");
if (script && title) void begin(script.dataset.live ?? "", title);

/**
 * Offer to run the page, where this browser can.
 *
 * @param {string} live the folder of the scripts and packs
 * @param {Element} title
 */
async function begin(live, title) {
  const can = support();
  if (can === "no") return;
  const panel = createPanel();
  const page = pageName(live);
  if (can === "file") {
    const help = () => panel.show(howToServe(page), []);
    panel.show([], [{ text: "Run this page", main: true, onclick: help }]);
    title.after(panel.node);
    return;
  }
  const { GradientsLiveEngine = createEngine } = /** @type {Replaced} */ (window);
  const engine = GradientsLiveEngine(live, page);
  try {
    const { pages } = await engine.manifest();
    if (!pages[page]) return;
    const edits = Object.keys(editsIn(page).read()).length;
    const found = { stored: await engine.stored(), keeps: isSecureContext, edits };
    const { button, sentences } = offer(pages[page], found);
    const onclick = () => void runPage(panel, engine, live, page);
    panel.show(sentences, [{ text: button, main: true, onclick }]);
    title.after(panel.node);
  } catch {
    // The book was served without what runs it: it is a book to read.
  }
}

/**
 * The page's path below the book's root, such as chapters/03_logistic_regression.
 *
 * @param {string} live
 */
function pageName(live) {
  const root = new URL("..", new URL(live, location.href)).pathname;
  return decodeURIComponent(location.pathname.slice(root.length)).replace(/\.html$/, "");
}
