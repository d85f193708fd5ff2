// A lab's settings in the page's address: ?learning-rate.rate=1.4&learning-rate.iteration=10

// The settings that the query asks for, or null where it says nothing of this lab.
export function readSettings(spec, query) {
  const parameters = new URLSearchParams(query);
  const found = {};
  for (const control of spec.controls) {
    const text = parameters.get(`${spec.name}.${control.name}`);
    if (text === null) continue;
    const value = parse(control, text);
    if (value !== undefined) found[control.name] = value;
  }
  return Object.keys(found).length ? found : null;
}

// The stop that the text names, or the nearest one; where values can not be listed, what fits.
function parse({ values, pattern }, text) {
  if (pattern) return new RegExp(`^${pattern}$`).test(text) ? text : undefined;
  if (typeof values[0] !== "number") return values.find((value) => String(value) === text);
  const number = Number(text);
  if (text === "" || !Number.isFinite(number)) return undefined;
  return values.reduce((a, b) => (Math.abs(b - number) < Math.abs(a - number) ? b : a));
}

const pending = new Map();

export function writeSettings(spec, settings) {
  pending.set(spec, settings);
  flush();
}

// Other labs' settings stay as they are. At its start settings a lab needs no mention.
function flush() {
  if (pending.size === 0) return;
  const address = new URL(location.href);
  for (const [{ name: lab, controls }, settings] of pending) {
    const changed = controls.some(({ name, value }) => settings[name] !== value);
    for (const { name } of controls) {
      if (changed) address.searchParams.set(`${lab}.${name}`, settings[name]);
      else address.searchParams.delete(`${lab}.${name}`);
    }
    if (changed) address.hash = `lab-${lab}`;
  }
  try {
    history.replaceState(history.state, "", address);
    pending.clear();
  } catch {
    setTimeout(flush, 1000); // Safari refuses more than 100 changes in 30 seconds
  }
}
