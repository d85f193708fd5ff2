// A polite voice for those who do not see the page: "cell 4 ran in 0.2 s".

import { element } from "../../labs/browser/dom.js";

const voice = element("p", { className: "live-voice", role: "status" });

/** Put it into the page, before it is needed: an empty region, or its first words are lost. */
export const prepare = () => document.body.append(voice);

/** @param {string} words */
export function announce(words) {
  voice.textContent = ""; // the same words again are new ones
  requestAnimationFrame(() => {
    voice.textContent = words;
  });
}
