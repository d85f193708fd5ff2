// What a formula says: read by recursive descent and never run as code. The grammar, its trees and
// its words are those of byhand/labs/grammar.py.

/**
 * Which names a formula may hold: the letters of variables, functions with how many arguments each
 * one takes, and whether an exponent may be any power, not a number alone.
 *
 * @typedef {object} Language
 * @property {string} variables
 * @property {{ [name: string]: number }} functions
 * @property {boolean} [powers]
 */

/** @typedef {[name: string, ...parts: (Tree | number)[]]} Tree such as ["number", 2] */

const LONGEST = 80; // letters
const DEEPEST = 20; // brackets in brackets
/** @type {{ [sign: string]: string }} */
const SIGNS = { "−": "-", "·": "*", "×": "*", "÷": "/" }; // as a person writes them

/**
 * The tree of a formula.
 *
 * @param {string} text
 * @param {Language} language
 */
export function read(text, language) {
  const { length } = text;
  if (length > LONGEST) {
    throw new Error(`the formula has ${length} letters, expected at most ${LONGEST}`);
  }
  const reader = new Reader(
    text.replace(/[−·×÷]/g, (sign) => SIGNS[sign]),
    language,
  );
  const found = reader.sum();
  if (reader.peek() !== undefined) reader.refuse("+, -, *, / or the end");
  return found;
}

/** @param {string | undefined} token */
const isNumber = (token) => token !== undefined && /^[\d.]/.test(token);

/** Reads a formula from left to right; each rule of the grammar is a method. */
class Reader {
  #text;
  #language;
  #atoms;
  /** @type {[token: string, end: number][]} */
  #left = [];
  #at = 0; // where the last token ended
  #depth = 0;

  /**
   * @param {string} text
   * @param {Language} language
   */
  constructor(text, language) {
    const { variables, functions } = language;
    this.#text = text;
    this.#language = language;
    this.#atoms = `a number, ${[...variables, ...Object.keys(functions)].join(", ")} or (`;
    const token = new RegExp(`\\s*(?:\\d+\\.?\\d*|\\.\\d+|[${variables}]|[a-z]+|[-+*/^(),])`, "y");
    /** @type {[token: string, end: number][]} */
    const found = [];
    for (let at = 0; text.slice(at).trim();) {
      token.lastIndex = at;
      const match = token.exec(text);
      if (!match) {
        this.#at = at;
        this.#left = [[text.slice(at).trim()[0], at]];
        this.refuse(`${this.#atoms} or +, -, *, /, ^`);
      }
      at = token.lastIndex;
      found.push([match[0].trim(), at]);
    }
    this.#left = found;
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

  /** @returns {Tree} */
  sum() {
    let total = this.#product();
    while (this.peek() === "+" || this.peek() === "-") {
      total = [this.#take(), total, this.#product()];
    }
    return total;
  }

  /** @returns {Tree} */
  #product() {
    let total = this.#signed();
    while (this.peek() !== undefined && !"+-),^".includes(this.peek())) {
      const signs = this.peek() === "*" || this.peek() === "/";
      const sign = signs ? this.#take() : "*";
      if (!signs && isNumber(this.peek())) this.refuse("+, -, *, / or the end");
      total = [sign, total, this.#signed()];
    }
    return total;
  }

  /** @returns {Tree} */
  #signed() {
    if (this.peek() !== "+" && this.peek() !== "-") return this.#power();
    this.#deeper();
    const minus = this.#take() === "-";
    const signed = this.#signed();
    this.#depth--;
    return minus ? ["neg", signed] : signed;
  }

  /** @returns {Tree} */
  #power() {
    const atom = this.#atom();
    if (this.peek() !== "^") return atom;
    this.#take();
    this.#deeper();
    const minus = this.peek() === "-" && this.#take();
    const { powers } = this.#language;
    if (!powers && !isNumber(this.peek())) this.refuse("a number");
    /** @type {Tree} */
    const exponent = powers ? this.#power() : ["number", Number(this.#take())];
    this.#depth--;
    if (!minus) return ["^", atom, exponent];
    const [name, value] = exponent;
    return ["^", atom, name === "number" ? [name, -value] : ["neg", exponent]];
  }

  /** @returns {Tree} */
  #atom() {
    const { variables, functions } = this.#language;
    const next = this.peek() ?? "";
    if (isNumber(next)) return ["number", Number(this.#take())];
    if (next && variables.includes(next)) return [this.#take()];
    const name = Object.hasOwn(functions, next) ? this.#take() : undefined;
    if (this.peek() !== "(") this.refuse(name ? "(" : this.#atoms);
    this.#deeper();
    this.#take();
    const found = [this.sum()];
    for (let more = name ? functions[name] : 1; more > 1; more--) {
      if (this.peek() !== ",") this.refuse("+, -, *, / or ,");
      this.#take();
      found.push(this.sum());
    }
    if (this.peek() !== ")") this.refuse("+, -, *, / or )");
    this.#take();
    this.#depth--;
    return name ? [name, ...found] : found[0];
  }
}
