// WASI preview 1 for an engine in a worker: browser_wasi_shim, with what it lacks: rights, times
// where they belong, and sleeping until a moment.

import {
  Directory,
  Fd,
  File,
  OpenFile,
  PreopenDirectory,
  WASI,
  wasi as names,
} from "@bjorn3/browser_wasi_shim";

/** @import { Write } from "./types.ts" */
/** @typedef {(...values: any[]) => number} Import */

const ALL_RIGHTS = 0x1fffffffn;
const NOT_SUPPORTED = 58;
const CLOCK = 0; // the kind of a subscription
const REALTIME = 0; // a clock's number
const MONOTONIC = 1;
const TICK = 1000n; // nanoseconds, between two looks at a clock that browsers keep coarse
const SOCKETS = ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"];
const RANDOM_AT_ONCE = 65536; // getRandomValues gives no more

/** What is printed to a stream of the process. */
class Sink extends Fd {
  /** @param {(text: string) => void} write */
  constructor(write) {
    super();
    this.write = write;
    this.decoder = new TextDecoder();
  }

  fd_fdstat_get() {
    return { ret: 0, fdstat: new names.Fdstat(names.FILETYPE_CHARACTER_DEVICE, 0) };
  }

  fd_filestat_get() {
    return { ret: 0, filestat: new names.Filestat(0n, names.FILETYPE_CHARACTER_DEVICE, 0n) };
  }

  /** @param {Uint8Array} data */
  fd_write(data) {
    this.write(this.decoder.decode(data, { stream: true }));
    return { ret: 0, nwritten: data.byteLength };
  }
}

/**
 * A folder tree in memory.
 *
 * @returns {Map<string, import("@bjorn3/browser_wasi_shim").Inode>}
 */
export const newFolder = () => new Map();

/**
 * Put a file into a tree; folders on its way are made.
 *
 * @param {Map<string, import("@bjorn3/browser_wasi_shim").Inode>} tree
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export function putFile(tree, path, bytes) {
  const parts = path.split("/");
  const name = /** @type {string} */ (parts.pop());
  for (const part of parts) {
    let folder = tree.get(part);
    if (!(folder instanceof Directory)) {
      folder = new Directory(new Map());
      tree.set(part, folder);
    }
    tree = /** @type {Directory} */ (folder).contents;
  }
  const file = new File([]);
  file.data = bytes; // its constructor would copy them
  tree.set(name, file);
}

/**
 * The bytes of a file in a tree, or null.
 *
 * @param {Map<string, import("@bjorn3/browser_wasi_shim").Inode>} tree
 * @param {string} path
 */
export function readFile(tree, path) {
  /** @type {import("@bjorn3/browser_wasi_shim").Inode | undefined} */
  let found = new Directory(tree);
  for (const part of path.split("/")) {
    found = found instanceof Directory ? found.contents.get(part) : undefined;
  }
  return found instanceof File ? found.data : null;
}

/**
 * A process with these folders and streams.
 *
 * @param {Record<string, string>} environment
 * @param {Record<string, Map<string, import("@bjorn3/browser_wasi_shim").Inode>>} folders
 * @param {Write} write
 */
export function newProcess(environment, folders, write) {
  const wasi = new WASI(
    ["python"],
    Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    [
      new OpenFile(new File([])),
      new Sink((text) => write("stdout", text)),
      new Sink((text) => write("stderr", text)),
      ...Object.entries(folders).map(([path, tree]) => new PreopenDirectory(path, tree)),
    ],
    { debug: false },
  );
  return { wasi, imports: mended(wasi) };
}

/**
 * A moment after the last one, or a short piece of work would take no time.
 *
 * @param {bigint} now
 * @param {bigint} last
 */
const later = (now, last) => (now > last ? now : last + TICK);

/**
 * Wait for so long, or until then; a worker without shared memory can only look at the clock.
 *
 * @param {number} clock
 * @param {bigint} nanoseconds
 * @param {{ until: boolean }} option
 */
function sleep(clock, nanoseconds, { until }) {
  const now = clock === REALTIME ? () => Date.now() : () => performance.now();
  const end = Number(nanoseconds) / 1e6 + (until ? 0 : now());
  while (now() < end);
}

/**
 * The shim's imports, with the rights of files (without which os.access says no), their times where
 * they belong, and what it leaves out.
 *
 * @param {WASI} wasi
 */
function mended(wasi) {
  const shim = /** @type {Record<string, Import>} */ (wasi.wasiImport);
  const view = () =>
    new DataView(/** @type {WebAssembly.Memory} */ (wasi.inst.exports.memory).buffer);

  let last = 0n;

  /** @type {Record<string, Import>} */
  const own = {
    fd_fdstat_get(fd, at) {
      const result = shim.fd_fdstat_get(fd, at);
      if (result === 0) {
        view().setBigUint64(at + 8, ALL_RIGHTS, true);
        view().setBigUint64(at + 16, ALL_RIGHTS, true);
      }
      return result;
    },
    fd_filestat_get: (fd, at) => withTimes(shim.fd_filestat_get(fd, at), at),
    path_filestat_get: (fd, flags, path, length, at) =>
      withTimes(shim.path_filestat_get(fd, flags, path, length, at), at),
    random_get(at, length) {
      const bytes = new Uint8Array(view().buffer, at, length);
      for (let from = 0; from < length; from += RANDOM_AT_ONCE) {
        crypto.getRandomValues(bytes.subarray(from, from + RANDOM_AT_ONCE));
      }
      return 0;
    },
    clock_time_get(clock, precision, at) {
      const result = shim.clock_time_get(clock, precision, at);
      if (clock !== MONOTONIC) return result;
      last = later(view().getBigUint64(at, true), last);
      view().setBigUint64(at, last, true);
      return result;
    },
    poll_oneoff(at, events, count, found) {
      if (count !== 1 || view().getUint8(at + 8) !== CLOCK) return NOT_SUPPORTED;
      sleep(view().getUint32(at + 16, true), view().getBigUint64(at + 24, true), {
        until: (view().getUint16(at + 40, true) & 1) === 1,
      });
      new Uint8Array(view().buffer, events, 32).fill(0);
      view().setBigUint64(events, view().getBigUint64(at, true), true);
      view().setUint32(found, 1, true);
      return 0;
    },
    sched_yield: () => 0,
    ...Object.fromEntries(SOCKETS.map((name) => [name, () => NOT_SUPPORTED])),
  };

  /**
   * Access, change and status stand at 40, 48 and 56; files in memory have no times.
   *
   * @param {number} result
   * @param {number} at
   */
  function withTimes(result, at) {
    if (result === 0) for (const offset of [40, 48, 56]) view().setBigUint64(at + offset, 0n, true);
    return result;
  }

  return { ...shim, ...own };
}
