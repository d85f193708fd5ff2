// element("button", { type: "button", onclick }, "Reset")

export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

let count = 0;

// A label and the control it names. A hidden label gives a button's name to those who do not see it.
export function labeled(text, control, { hidden = false } = {}) {
  control.id = `lab-control-${++count}`;
  const label = element("label", { htmlFor: control.id }, text);
  if (hidden) label.className = "lab-hidden";
  return [label, control];
}

export function button(text, label, onclick) {
  const node = element("button", { type: "button", onclick }, text);
  return { node, parts: labeled(label, node, { hidden: true }) };
}
