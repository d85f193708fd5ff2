// One lab alone on its page, for slides and frames: ?embed=race

import { element } from "./dom.js";

/**
 * Leave only the lab that the address asks for, with a link to its chapter; null where it asks for
 * none that is here.
 *
 * @returns {HTMLElement[] | null}
 */
export function embed() {
  const name = new URLSearchParams(location.search).get("embed");
  if (name === null) return null;
  const figure = document.getElementById(`lab-${name}`);
  if (!figure?.matches("figure.lab")) {
    const names = [...document.querySelectorAll("figure.lab")].map(({ id }) => id.slice(4));
    console.warn(`embed is ${name}, expected one of ${names.join(", ")}`);
    return null;
  }
  const href = `${location.pathname}#${figure.id}`;
  const link = element("a", { href, target: "_blank" }, document.title);
  const source = element("p", { className: "lab-source" }, "From ", link);
  document.documentElement.dataset.embed = name; // the style hides what is not .lab-alone
  document.body.append(element("main", { className: "lab-alone" }, figure, source));
  return [figure];
}
