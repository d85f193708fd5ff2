// The engine "wasi": a Python that was compiled as a WASI reactor. It exports host_alloc, which
// makes room for a source, and turn, which runs it and gives no value back. So what is asked and
// what is answered lie in files.

import { newFolder, newProcess, putFile, readFile } from "./wasi.js";

/** @import { Reactor, Write } from "./types.ts" */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const MEMORY = "memory/progress.json";
const ENVIRONMENT = {
  HOME: "/tmp/home",
  TMPDIR: "/tmp",
  PYTHONTZPATH: "",
  MPLCONFIGDIR: "/tmp/matplotlib",
  MPLBACKEND: "module://byhand.live.figures",
  NO_COLOR: "1",
  DLCORE_LABS: "static",
  BYHAND_DATA: "/tmp/memory",
};
// The engine was stored with a search path of its own, and with modules that came from there.
const BEGIN = `
import sys, zipimport
zipimport._zip_directory_cache.clear()
sys.path_importer_cache.clear()
sys.path[:] = ["/book", "/book/byhand/live/stubs", "/book/lib"]
sys.dont_write_bytecode = True
for module in list(sys.modules.values()):
    if paths := getattr(module, "__path__", None):
        module.__path__ = [p.replace("/usr/local/lib/python315.zip", "/book/lib") for p in paths]
del module, paths
import IPython, byhand.live.session
byhand.live.session.start()
`;
const TURN = '__import__("byhand.live.session").live.session.turn()';

/**
 * Start Python on these files.
 *
 * @param {WebAssembly.Module} module
 * @param {[string, Uint8Array][]} files
 * @param {string} memory what exercises remember, or ""
 * @param {Write} write
 */
export async function startPython(module, files, memory, write) {
  const book = newFolder();
  for (const [path, bytes] of files) putFile(book, path, bytes);
  const own = newFolder();
  for (const name of ["home", "matplotlib", "turn", "memory"]) {
    putFile(own, `${name}/.here`, NOTHING);
  }
  if (memory) putFile(own, MEMORY, encoder.encode(memory));
  const trees = { "/usr/local/lib": newFolder(), "/book": book, "/tmp": own };
  const { wasi, imports } = newProcess(ENVIRONMENT, trees, write);
  const instance = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: imports,
    host: { call: () => -1 }, // a door to tools of the host; there are none
  });
  const reactor = /** @type {Reactor} */ (/** @type {unknown} */ (instance.exports));
  wasi.inst = /** @type {any} */ (instance);
  reactor._initialize?.();
  turn(reactor, BEGIN);
  let remembered = memory;
  return {
    heap: () => reactor.memory.buffer.byteLength,
    /**
     * @param {string} source
     * @param {string} label
     */
    run(source, label) {
      putFile(own, "turn/ask.json", encoder.encode(JSON.stringify({ source, label })));
      turn(reactor, TURN);
      const answer = JSON.parse(decoder.decode(readFile(own, "turn/answer.json") ?? NOTHING));
      const now = decoder.decode(readFile(own, MEMORY) ?? NOTHING);
      const changed = now !== remembered;
      remembered = now;
      return { ...answer, memory: changed ? now : null, heap: reactor.memory.buffer.byteLength };
    },
  };
}

const NOTHING = new Uint8Array();

/**
 * @param {Reactor} reactor
 * @param {string} source
 */
function turn(reactor, source) {
  const bytes = encoder.encode(source);
  const at = reactor.host_alloc(bytes.length) >>> 0;
  new Uint8Array(reactor.memory.buffer).set(bytes, at);
  const code = reactor.turn(at, bytes.length);
  if (code !== 0) throw new Error(`Python gave the code ${code}`);
}
