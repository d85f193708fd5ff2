// What is worked out of a context, and again only when something has changed that it has read.

/** @import { Context, Numbers } from "./types.ts" */

/** @typedef {Map<string, unknown>} Reads what was read, by its path in the context */

/**
 * A function of a context. What it reads is noted by name, one name deep in the context's parts,
 * such as values.cost or settings.rate, and compared by what it holds.
 *
 * @template Worked
 */
export class Kept {
  #work;
  /** @type {Reads | null} */
  #reads = null;

  /** @param {(context: Context) => Worked} work */
  constructor(work) {
    this.#work = work;
  }

  /**
   * Work again where something was read that has changed since; null where nothing has.
   *
   * @param {Context} context
   * @returns {Worked | null}
   */
  renew(context) {
    if (this.#reads && stillSo(this.#reads, context)) return null;
    this.#reads = new Map();
    return this.#work(watched(context, this.#reads));
  }

  /** Work again the next time: what was read may change in its place, or what was made is gone. */
  forget() {
    this.#reads = null;
  }
}

/** @typedef {{ [name: string]: unknown }} Part */

/**
 * A context that notes what is read of it.
 *
 * @param {Context} context
 * @param {Reads} reads
 */
function watched(context, reads) {
  /** @type {Part} */
  const parts = { ...context };
  for (const [name, part] of Object.entries(parts)) {
    if (isPart(part)) parts[name] = noting(part, `${name}.`, reads);
  }
  return /** @type {Context} */ (/** @type {unknown} */ (noting(parts, "", reads)));
}

/**
 * @param {Part} part
 * @param {string} path
 * @param {Reads} reads
 */
const noting = (part, path, reads) =>
  new Proxy(part, {
    get(_, name) {
      const value = part[String(name)];
      if (path || !isPart(value)) reads.set(path + String(name), value);
      return value;
    },
    ownKeys() {
      const names = Object.keys(part);
      if (path) reads.set(path, names);
      return names;
    },
  });

/**
 * @param {Reads} reads
 * @param {Context} context
 */
function stillSo(reads, context) {
  for (const [path, before] of reads) {
    const [name, inner] = path.split(".");
    /** @type {Part} */
    const part = inner === undefined ? context : Reflect.get(context, name);
    const now = inner === "" ? Object.keys(part) : part[inner ?? name];
    if (!equal(before, now)) return false;
  }
  return true;
}

/**
 * @param {unknown} value
 * @returns {value is Part}
 */
const isPart = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Whether two values hold the same throughout: numbers, words, arrays, typed ones too, and objects.
 *
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function equal(a, b) {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => equal(value, b[i]));
  }
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [one, other] = /** @type {Numbers[]} */ (/** @type {unknown} */ ([a, b]));
    if (one.length !== other.length) return false;
    for (let i = 0; i < one.length; i++) if (!Object.is(one[i], other[i])) return false;
    return true;
  }
  if (!isPart(a) || !isPart(b) || ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => equal(a[name], b[name]));
}
