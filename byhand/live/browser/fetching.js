// Packs: from this browser's cache, or from the book's server and then into the cache.
// The cache is there over https and on localhost alone; elsewhere everything works without.

import { LiveError } from "./errors.js";

/** @import { Pack } from "./types.ts" */

const CACHE = "gradients-by-hand-live";

/** The cache, or null where this browser has none for this page. */
export async function openCache() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null; // no secure context, or storage is refused
  }
}

/**
 * A small file: the server's if it answers, the cache's otherwise.
 *
 * @param {string} url
 * @param {{ fixed?: boolean }} [option] whether its name holds its hash; then the cache will do
 */
export async function fetchText(url, { fixed = false } = {}) {
  const cache = await openCache();
  const stored = await cache?.match(url);
  if (fixed && stored) return stored.text();
  const answer = await fetch(url, { cache: "no-cache" }).catch(() => null);
  if (!answer) {
    if (stored) return stored.text();
    throw new LiveError("offline");
  }
  if (!answer.ok) throw new LiveError("missing", `${url}: ${answer.status}`);
  const text = await answer.text();
  await put(cache, url, new Blob([text]));
  return text;
}

/**
 * A small file of JSON.
 *
 * @param {string} url
 * @param {{ fixed?: boolean }} [option]
 */
export async function fetchJson(url, option) {
  const text = await fetchText(url, option);
  try {
    return JSON.parse(text);
  } catch {
    await forget(url);
    throw new LiveError("damaged", url);
  }
}

/**
 * A pack as it is stored, whole and undamaged, and whether it came from the cache.
 *
 * @param {string} url
 * @param {Pack} pack
 * @param {(loaded: number) => void} report
 * @returns {Promise<{ blob: Blob, cached: boolean }>}
 */
export async function fetchPack(url, pack, report) {
  const cache = await openCache();
  const stored = await (await cache?.match(url))?.blob();
  if (stored?.size === pack.size) {
    report(pack.size);
    return { blob: stored, cached: true };
  }
  const blob = await received(url, pack, report);
  if (!(await isWhole(blob, pack))) throw new LiveError("damaged", pack.file);
  await put(cache, url, blob);
  return { blob, cached: false };
}

/**
 * Whether the cache holds these packs.
 *
 * @param {string} live
 * @param {Pack[]} packs
 */
export async function areStored(live, packs) {
  const cache = await openCache();
  if (!cache) return false;
  const found = await Promise.all(packs.map(({ file }) => cache.match(new URL(file, live).href)));
  return found.every(Boolean);
}

/**
 * Forget what an earlier edition of the book has stored under this address.
 *
 * @param {string} live
 * @param {Set<string>} files what this one has
 */
export async function forgetOthers(live, files) {
  const cache = await openCache();
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(live) && !files.has(url.slice(live.length))) await cache?.delete(url);
  }
}

/**
 * Forget a pack that turned out to be damaged.
 *
 * @param {string} url
 */
export async function forget(url) {
  await (await openCache())?.delete(url);
}

/**
 * @param {string} url
 * @param {Pack} pack
 * @param {(loaded: number) => void} report
 */
async function received(url, pack, report) {
  const answer = await fetch(url).catch(() => null);
  if (!answer) throw new LiveError("offline");
  if (!answer.ok || !answer.body) throw new LiveError("missing", `${pack.file}: ${answer.status}`);
  const reader = answer.body.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let loaded = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      loaded += part.value.length;
      report(Math.min(loaded, pack.size));
    }
  } catch {
    throw new LiveError("damaged", pack.file); // the connection broke
  }
  return new Blob(parts);
}

/**
 * Whether a pack has its size, and its hash where the browser can tell; the packing itself holds a
 * checksum, too.
 *
 * @param {Blob} blob
 * @param {Pack} pack
 */
async function isWhole(blob, pack) {
  if (blob.size !== pack.size) return false;
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === pack.sha256;
}

/**
 * Store a file; where there is no room, the page works without.
 *
 * @param {Cache | null} cache
 * @param {string} url
 * @param {Blob} blob
 */
async function put(cache, url, blob) {
  try {
    await cache?.put(url, new Response(blob));
  } catch {
    await cache?.delete(url);
  }
}
