// Elements for the page, and their labels.

/**
 * An element with these properties or attributes, and children:
 * element("button", { type: "button", onclick }, "Reset").
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ [name: string]: unknown }} properties
 * @param {(Node | string)[]} children
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) Reflect.set(node, name, value);
    else node.setAttribute(name, String(value));
  }
  node.append(...children);
  return node;
}

let count = 0;

/**
 * A label and the control it names. A hidden label gives a button's name to those who do not see
 * it.
 *
 * @template {HTMLElement} Named
 * @param {string} text
 * @param {Named} control
 * @returns {[HTMLLabelElement, Named]}
 */
export function labeled(text, control, { hidden = false } = {}) {
  control.id = `lab-control-${++count}`;
  const label = element("label", { htmlFor: control.id }, text);
  if (hidden) label.className = "lab-hidden";
  return [label, control];
}

/**
 * A button, and its parts for the page: the hidden label and the button itself.
 *
 * @param {string} text
 * @param {string} label
 * @param {() => void} onclick
 */
export function button(text, label, onclick) {
  const node = element("button", { type: "button", onclick }, text);
  return { node, parts: labeled(label, node, { hidden: true }) };
}

/**
 * A part of a drawing that no mark of Plot makes.
 *
 * @param {string} name
 * @param {{ [name: string]: string | number }} attributes
 * @param {Node[]} children
 */
export function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}
