// What can go wrong, in sentences for a reader.

const SENTENCES = {
  offline: "There is no network, and this browser has not stored the files of this page yet.",
  missing: "A file is missing on the server, so whoever runs it should run “make live” again.",
  damaged: "A file arrived damaged or cut off. Nothing was stored; please try again.",
  memory: "This browser has no room left for it: close other tabs, then start again.",
  stopped: "Stopped. What the cells defined is gone; run them again.",
  crashed: "Python ended without an answer. What the cells defined is gone; start again.",
  unsupported: "This browser is too old for it.",
};

/** @typedef {keyof typeof SENTENCES} Code */

export class LiveError extends Error {
  /**
   * @param {Code} code
   * @param {string} [detail] is added in brackets
   */
  constructor(code, detail) {
    super(detail ? `${SENTENCES[code]} (${detail})` : SENTENCES[code]);
    this.name = "LiveError";
    this.code = code;
  }
}

/**
 * The error of that kind that something thrown is, or stands for.
 *
 * @param {unknown} thrown
 * @param {Code} otherwise
 */
export function asLiveError(thrown, otherwise) {
  if (thrown instanceof LiveError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const full = thrown instanceof RangeError || /memory|allocat/i.test(text);
  return new LiveError(full ? "memory" : otherwise, text);
}
