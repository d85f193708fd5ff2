// Sentences with live numbers, filled as byhand/labs/text.py fills them.

import { format } from "d3-format";

const FIELD = /\{(\w+)(?::([^{}]*))?\}/g;

export function show(value, spec) {
  if (typeof value === "string") return value;
  const text = spec === undefined ? String(value) : format(spec)(value);
  return text.replaceAll("-", "−");
}

// null when one of the named values is null: the sentence does not apply.
export function fill(template, values, write = (text) => text) {
  let applies = true;
  const text = template.replace(FIELD, (_, name, spec) => {
    if (values[name] == null) applies = false;
    return applies ? write(show(values[name], spec), name) : "";
  });
  return applies ? text : null;
}

export function join(templates, values) {
  return templates
    .map((template) => fill(template, values))
    .filter((sentence) => sentence !== null)
    .join(" ");
}
