// The worker: it fetches and starts the engine, and runs cells one after the other.

import { asLiveError, LiveError } from "./errors.js";
import { fetchPack, forget } from "./fetching.js";
import { startPython } from "./python.js";
import { compiled, files } from "./unpacking.js";

/** @import { BootOrder, Order, Pack, Progress, RunOrder, Told } from "./types.ts" */

/** @type {Awaited<ReturnType<typeof startPython>> | null} */
let python = null;
let running = 0;

/** @param {Told} message */
const tell = (message) => postMessage(message);

/** @param {MessageEvent<Order>} event */
onmessage = async ({ data: order }) => {
  const { id } = order;
  try {
    tell({ id, event: "done", value: order.op === "boot" ? await boot(order) : run(order) });
  } catch (thrown) {
    const { code, message } = asLiveError(thrown, "crashed");
    tell({ id, event: "failed", code, message });
  }
};

/** @param {BootOrder & { id: number }} order */
async function boot({ id, live, packs, memory, kept }) {
  const begun = performance.now();
  const total = packs.reduce((sum, { size }) => sum + size, 0);
  /** @type {(step: Progress["step"], loaded: number, cached: boolean) => void} */
  const report = (step, loaded, cached) =>
    tell({ id, event: "progress", progress: { step, loaded, total, cached } });

  const { blobs, cached } = kept ? { blobs: kept.files, cached: true } : await fetched();
  report("unpack", total, cached);
  const [module, tree] = await unpacked(live, packs, blobs, kept?.module);
  report("start", total, cached);
  python = await startPython(module, tree, memory, (name, text) =>
    tell({ id: running, event: "write", name, text }),
  );
  if (!kept) tell({ id, event: "kept", kept: { module, files: blobs } });
  return { ms: Math.round(performance.now() - begun), heap: python.heap(), cached };

  async function fetched() {
    const loaded = packs.map(() => 0);
    report("fetch", 0, false);
    const found = await Promise.all(
      packs.map((pack, i) =>
        fetchPack(new URL(pack.file, live).href, pack, (bytes) => {
          loaded[i] = bytes;
          report(
            "fetch",
            loaded.reduce((sum, part) => sum + part),
            false,
          );
        }),
      ),
    );
    return {
      blobs: found.map(({ blob }) => blob),
      cached: found.every((pack) => pack.cached),
    };
  }
}

/**
 * The engine, and all files of the other packs. What cannot be unpacked is forgotten.
 *
 * @param {string} live
 * @param {Pack[]} packs
 * @param {Blob[]} blobs
 * @param {WebAssembly.Module} [module]
 * @returns {Promise<[WebAssembly.Module, [string, Uint8Array][]]>}
 */
async function unpacked(live, packs, [engine, ...others], module) {
  try {
    const [ready, ...trees] = await Promise.all([
      module ?? compiled(engine),
      ...others.map((blob) => files(blob)),
    ]);
    return [ready, trees.flat()];
  } catch (thrown) {
    for (const { file } of packs) await forget(new URL(file, live).href);
    throw thrown;
  }
}

/** @param {RunOrder & { id: number }} order */
function run({ id, source, label }) {
  if (!python) throw new LiveError("crashed", "it was not started");
  running = id;
  return python.run(source, label);
}
