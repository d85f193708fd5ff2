// What this browser keeps: a reader's own code, and which exercises were passed. Some browsers
// refuse storage, in private windows say; then it lasts as long as the page.

const EDITS = "live:edits:";
const PROGRESS = "live:progress";

/**
 * A reader's own code of one page, by the cells' ids.
 *
 * @param {string} page
 */
export function editsIn(page) {
  const key = EDITS + page;
  return {
    /** @returns {{ [id: string]: string }} */
    read() {
      try {
        const found = JSON.parse(read(key) ?? "{}");
        const texts = Object.entries(found ?? {}).filter(([, text]) => typeof text === "string");
        return Object.fromEntries(texts);
      } catch {
        return {}; // not ours
      }
    },
    /**
     * Tell whether it was kept.
     *
     * @param {{ [id: string]: string }} edits
     */
    write: (edits) => write(key, Object.keys(edits).length ? JSON.stringify(edits) : null),
  };
}

/** A learner's progress, as byhand.exercises.memory writes it. */
export const progress = {
  read: () => read(PROGRESS) ?? "",
  /** @param {string} text */
  write: (text) => write(PROGRESS, text || null),
  /** The names of the exercises that were passed. */
  passed() {
    try {
      const names = JSON.parse(progress.read()).passed;
      return Array.isArray(names) ? names.map(String) : [];
    } catch {
      return [];
    }
  },
};

/** @type {Map<string, string | null>} what could not be stored */
const here = new Map();

/** @param {string} key */
function read(key) {
  if (here.has(key)) return here.get(key) ?? null;
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} text null: nothing
 */
function write(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    here.delete(key);
    return true;
  } catch {
    here.set(key, text);
    return false;
  }
}
