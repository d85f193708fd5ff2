// How many predictions of each chapter this browser has answered: on the landing page.

import { element } from "./dom.js";
import { answerTo, forgetAnswers } from "./memory.js";

/** @typedef {{ [chapter: string]: string[] }} Questions by the chapter's number, such as "03" */

/**
 * Fill the place for it; where nothing is answered, or remembered, it stays hidden.
 *
 * @param {HTMLElement} node
 * @param {Questions} questions
 */
export function mount(node, questions) {
  const chapters = Object.entries(questions).map(([number, names]) => ({
    link: linkTo(number),
    done: names.filter((name) => typeof answerTo(name).read() === "number").length,
    count: names.length,
  }));
  const done = chapters.reduce((total, chapter) => total + chapter.done, 0);
  if (done === 0) return;
  const count = chapters.reduce((total, chapter) => total + chapter.count, 0);
  const begun = chapters.filter((chapter) => chapter.done > 0);
  node.replaceChildren(
    element("p", {}, `You have answered ${done} of the book's ${count} predictions:`),
    element("ul", {}, ...begun.map((c) => element("li", {}, c.link, `: ${c.done} of ${c.count}`))),
    element("p", {}, "Only this browser knows. ", forget(node)),
  );
  node.hidden = false;
}

/** @param {HTMLElement} node */
function forget(node) {
  const onclick = () => {
    forgetAnswers();
    node.hidden = true;
  };
  return element("button", { type: "button", onclick }, "Forget all answers");
}

/**
 * A link to a chapter, as the page's own table of contents has it.
 *
 * @param {string} number
 */
function linkTo(number) {
  /** @type {HTMLAnchorElement | null} */
  const own = document.querySelector(`main a[href*="chapters/${number}_"]`);
  const text = own?.textContent?.trim() || `chapter ${Number(number)}`;
  return own ? element("a", { href: own.getAttribute("href") }, text) : text;
}
