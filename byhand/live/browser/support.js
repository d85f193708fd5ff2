// Whether a page can run itself here.

// A module with an instruction of SIMD (i32.const 0, i8x16.splat, drop) and one that catches
// (try_table with catch_all_ref, whose branch leaves an exnref).
const PROBE = [
  [0, 97, 115, 109, 1, 0, 0, 0], // the header
  [1, 4, 1, 96, 0, 0], // type 0: nothing in, nothing out
  [3, 2, 1, 0], // function 0 has it
  [10, 20, 1, 18, 0, 65, 0, 253, 15, 26, 2, 105, 31, 64, 1, 3, 0, 11, 0, 11, 26, 11],
];

/**
 * "file" when the page was opened as a file, from which browsers start no worker.
 *
 * @returns {"yes" | "file" | "no"}
 */
export function support() {
  if (location.protocol === "file:") return "file";
  const has = typeof Worker === "function" && typeof DecompressionStream === "function";
  return has && WebAssembly.validate(new Uint8Array(PROBE.flat())) ? "yes" : "no";
}
