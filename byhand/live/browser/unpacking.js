// Packs, opened: gzip, and inside it an index and the files one behind the other.

import { LiveError } from "./errors.js";

/**
 * @param {Blob} blob
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
function unzipped(blob) {
  return blob.stream().pipeThrough(new DecompressionStream("gzip"));
}

/**
 * The engine, compiled while it is unpacked.
 *
 * @param {Blob} blob
 */
export async function compiled(blob) {
  const headers = { "content-type": "application/wasm" };
  try {
    return await WebAssembly.compileStreaming(new Response(unzipped(blob), { headers }));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof TypeError) {
      throw new LiveError("damaged", "the engine");
    }
    throw error;
  }
}

/**
 * The files of a pack: path and bytes.
 *
 * @param {Blob} blob
 * @returns {Promise<[string, Uint8Array][]>}
 */
export async function files(blob) {
  const buffer = await new Response(unzipped(blob)).arrayBuffer().catch(() => null);
  if (!buffer) throw new LiveError("damaged", "a pack of files");
  const length = new DataView(buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return index.map((/** @type {[string, number, number]} */ [path, offset, size]) => [
    path,
    new Uint8Array(buffer, 4 + length + offset, size),
  ]);
}
