// A link to a lab at its settings, for the clipboard; where a page may not write to it, in a field
// that is selected.

import { button, element, labeled } from "./dom.js";

const TOLD = 2000; // milliseconds

/**
 * @param {string} title of the lab
 * @param {() => string} link
 */
export function sharer(title, link) {
  const field = element("input", { type: "text", readOnly: true });
  const label = `Link to these settings: ${title}`;
  const box = element("span", { className: "lab-link", hidden: true });
  box.append(...labeled(label, field, { hidden: true }));
  const told = element("span", { className: "lab-hidden", role: "status" });
  const copy = button("Copy link", `Copy a link to these settings: ${title}`, async () => {
    box.hidden = true;
    try {
      await navigator.clipboard.writeText(link());
      copy.node.textContent = told.textContent = "Copied";
      setTimeout(() => {
        copy.node.textContent = "Copy link";
        told.textContent = "";
      }, TOLD);
    } catch {
      box.hidden = false;
      field.value = link();
      field.select();
    }
  });
  return [...copy.parts, box, told];
}
