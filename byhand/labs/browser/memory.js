// What this browser remembers, and nobody else.

const ANSWERS = "prediction:";

/**
 * The answer to a question of a chapter, such as 03-first-cost, or of a lab, such as lab-graph.
 *
 * @param {string} name
 */
export const answerTo = (name) => memoryOf(ANSWERS + name);

/**
 * The best score in the challenge of a lab.
 *
 * @param {string} lab
 */
export const bestOf = (lab) => memoryOf(`best:${lab}`);

/** Forget the answers to every question there is. */
export function forgetAnswers() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(ANSWERS));
    for (const key of keys) localStorage.removeItem(key);
  } catch {
    // Nothing is remembered.
  }
}

/**
 * A number that this browser remembers. Some refuse storage to pages from file:// or in private
 * windows; then nothing is remembered.
 *
 * @param {string} key
 */
function memoryOf(key) {
  return {
    /** @returns {number | null} */
    read() {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    /** @param {number | null} value */
    write(value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // The answer is still shown; only a reload forgets it.
      }
    },
  };
}
