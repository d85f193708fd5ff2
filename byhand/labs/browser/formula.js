// A surface as a formula of x and y, with all its slopes and curvatures: read by recursive descent,
// never run as code. The grammar and the rules are those of byhand/labs/formula.py.

/** @typedef {[f: number, fx: number, fy: number, fxx: number, fxy: number, fyy: number]} Jet */
/** @typedef {(x: number, y: number) => Jet} Surface */

const TOKEN = /\s*(?:(\d+\.?\d*|\.\d+)|([xy]|[a-z]+)|([-+*/^()]))/y;
const LONGEST = 80; // letters
const DEEPEST = 20; // brackets in brackets

// --- jets ---

/** @type {(value: number) => Jet} */
const constant = (value) => [value, 0, 0, 0, 0, 0];

/** @type {(a: Jet, b: Jet) => Jet} */
const plus = (a, b) => /** @type {Jet} */ (a.map((p, i) => p + b[i]));

/** @type {(a: Jet, b: Jet) => Jet} by the product rule */
const times = ([f, fx, fy, fxx, fxy, fyy], [g, gx, gy, gxx, gxy, gyy]) => [
  f * g,
  fx * g + f * gx,
  fy * g + f * gy,
  fxx * g + 2 * fx * gx + f * gxx,
  fxy * g + fx * gy + fy * gx + f * gxy,
  fyy * g + 2 * fy * gy + f * gyy,
];

/** @type {(a: Jet, value: number, slope: number, curvature: number) => Jet} by the chain rule */
const chain = ([, fx, fy, fxx, fxy, fyy], value, slope, curvature) => [
  value,
  slope * fx,
  slope * fy,
  curvature * fx * fx + slope * fxx,
  curvature * fx * fy + slope * fxy,
  curvature * fy * fy + slope * fyy,
];

/** @type {(a: Jet, n: number) => Jet} */
function power(a, n) {
  const [f] = a;
  const first = n ? n * f ** (n - 1) : 0;
  const second = n * (n - 1) ? n * (n - 1) * f ** (n - 2) : 0;
  return chain(a, f ** n, first, second);
}

const { sin, cos, exp } = Math;

/** @type {{ [name: string]: (a: Jet) => Jet }} */
const FUNCTIONS = {
  sin: (a) => chain(a, sin(a[0]), cos(a[0]), -sin(a[0])),
  cos: (a) => chain(a, cos(a[0]), -sin(a[0]), -cos(a[0])),
  exp: (a) => chain(a, exp(a[0]), exp(a[0]), exp(a[0])),
  sqrt: (a) => power(a, 0.5),
};

/** @type {{ [name: string]: Surface }} */
const VARIABLES = { x: (x) => [x, 1, 0, 0, 0, 0], y: (_, y) => [y, 0, 1, 0, 0, 0] };

/** @type {{ [sign: string]: (a: Jet, b: Jet) => Jet }} */
const OPERATIONS = {
  "+": plus,
  "-": (a, b) => plus(a, times(constant(-1), b)),
  "*": times,
  "/": (a, b) => times(a, power(b, -1)),
};

const ATOMS = `a number, ${Object.keys({ ...VARIABLES, ...FUNCTIONS }).join(", ")} or (`;

// --- the grammar ---

/** @type {Map<string, Surface>} */
const read = new Map();

/**
 * The function that a formula stands for.
 *
 * @param {string} text
 */
export function parse(text) {
  const known = read.get(text);
  if (known) return known;
  if (text.length > LONGEST) {
    throw new Error(`the formula has ${text.length} letters, expected at most ${LONGEST}`);
  }
  const reader = new Reader(text);
  const found = reader.sum();
  if (reader.peek() !== undefined) reader.refuse("+, -, *, / or the end");
  read.set(text, found);
  return found;
}

/**
 * What is wrong with a formula, or null.
 *
 * @param {string} text
 */
export function faultOf(text) {
  try {
    parse(text);
    return null;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  }
}

/** @param {string} text */
function tokens(text) {
  /** @type {[token: string, end: number][]} */
  const found = [];
  for (let at = 0; text.slice(at).trim();) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      throw new Error(`“${text.slice(at).trim()[0]}” came, expected ${ATOMS} or +, -, *, /, ^`);
    }
    at = TOKEN.lastIndex;
    found.push([match[0].trim(), at]);
  }
  return found;
}

/** @param {string | undefined} token */
const isNumber = (token) => token !== undefined && /^[\d.]/.test(token);

/** @type {(operation: (a: Jet, b: Jet) => Jet, left: Surface, right: Surface) => Surface} */
const both = (operation, left, right) => (x, y) => operation(left(x, y), right(x, y));

/** Reads a formula from left to right; each rule of the grammar is a method. */
class Reader {
  #text;
  #left;
  #at = 0; // where the last token ended
  #depth = 0;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
    this.#left = tokens(text);
  }

  /** The next token. */
  peek() {
    return this.#left[0]?.[0];
  }

  #take() {
    const [[token, end]] = this.#left.splice(0, 1);
    this.#at = end;
    return token;
  }

  /**
   * @param {string} expected
   * @returns {never}
   */
  refuse(expected) {
    const came = this.#left.length ? `“${this.peek()}” came` : "the formula ends";
    const behind = this.#text.slice(0, this.#at).trim();
    throw new Error(`${came}${behind ? ` behind “${behind}”` : ""}, expected ${expected}`);
  }

  #deeper() {
    if (++this.#depth > DEEPEST) {
      throw new Error(`brackets or signs are ${this.#depth} deep, expected ${DEEPEST} at most`);
    }
  }

  /** @returns {Surface} */
  sum() {
    let total = this.#product();
    while (this.peek() === "+" || this.peek() === "-") {
      total = both(OPERATIONS[this.#take()], total, this.#product());
    }
    return total;
  }

  #product() {
    let total = this.#signed();
    while (this.peek() !== undefined && !"+-)^".includes(this.peek())) {
      const signs = this.peek() === "*" || this.peek() === "/";
      const sign = signs ? this.#take() : "*";
      if (!signs && isNumber(this.peek())) this.refuse("+, -, *, / or the end");
      total = both(OPERATIONS[sign], total, this.#signed());
    }
    return total;
  }

  /** @returns {Surface} */
  #signed() {
    if (this.peek() !== "+" && this.peek() !== "-") return this.#power();
    this.#deeper();
    const factor = constant(this.#take() === "-" ? -1 : 1);
    const signed = this.#signed();
    this.#depth--;
    return (x, y) => times(factor, signed(x, y));
  }

  /** @returns {Surface} */
  #power() {
    const atom = this.#atom();
    if (this.peek() !== "^") return atom;
    this.#take();
    const sign = this.peek() === "-" && this.#take() ? -1 : 1;
    if (!isNumber(this.peek())) this.refuse("a number");
    const exponent = sign * Number(this.#take());
    return (x, y) => power(atom(x, y), exponent);
  }

  /** @returns {Surface} */
  #atom() {
    if (isNumber(this.peek())) {
      const value = constant(Number(this.#take()));
      return () => value;
    }
    if (Object.hasOwn(VARIABLES, this.peek() ?? "")) return VARIABLES[this.#take()];
    const outer = Object.hasOwn(FUNCTIONS, this.peek() ?? "") ? FUNCTIONS[this.#take()] : null;
    if (this.peek() !== "(") this.refuse(outer ? "(" : ATOMS);
    this.#deeper();
    this.#take();
    const inner = this.sum();
    if (this.peek() !== ")") this.refuse("+, -, *, / or )");
    this.#take();
    this.#depth--;
    return outer ? (x, y) => outer(inner(x, y)) : inner;
  }
}

/**
 * A formula as a person writes it, as markup.
 *
 * @param {string} text that `parse` reads
 */
export const written = (text) =>
  text
    .replace(/[xy]|[a-z]+/g, (word) => ("xy".includes(word) ? `<i>${word}</i>` : word))
    .replace(/\s*\^\s*(-?)\s*([\d.]+)/g, "<sup>$1$2</sup>")
    .replaceAll("*", "·")
    .replaceAll("-", "−");
