// What this browser remembers, and nobody else.

/** @param {string} name of a question */
export const answerTo = (name) => memoryOf(`prediction:${name}`);

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
