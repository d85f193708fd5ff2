// The shapes that the files of the live page share: types, and no code.

/** A file to fetch: gzipped, its name holds a piece of its hash. */
export interface Pack {
  file: string;
  size: number;
  unpacked: number;
  sha256: string;
}

export interface LivePage {
  packs: string[];
  /** Bytes to fetch. */
  size: number;
  /** Bytes of heap after all cells. */
  memory: number;
  /** Of all cells, on the machine that measured. */
  seconds: number;
  /** The file with the page's cells. */
  cells: string;
}

export interface Manifest {
  format: number;
  engine: string;
  versions: { here: Record<string, string>; page: Record<string, string> };
  packs: Record<string, Pack>;
  pages: Record<string, LivePage>;
}

export interface Cell {
  id: string;
  source: string;
  tags: string[];
  /** Whether the page shows its source. */
  shown: boolean;
  /** Seconds, where it takes long. */
  long: number | null;
  /** Whether its outputs may differ from the published ones. */
  varies: boolean;
  /** Why, in a sentence. */
  reason: string | null;
}

export interface Cells {
  cells: Cell[];
  /** Jupyter's file, without outputs. */
  notebook: Record<string, unknown>;
}

export interface Progress {
  step: "fetch" | "unpack" | "start";
  loaded: number;
  total: number;
  /** Whether all comes from this browser's cache. */
  cached: boolean;
}

export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: Data; metadata: Metadata }
  | { output_type: "execute_result"; data: Data; metadata: Metadata; execution_count: number }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };
export type Data = Record<string, string>;
export type Metadata = Record<string, unknown>;

export interface Picture {
  mime: string;
  data: string;
  alt: string;
}

export interface Result {
  ok: boolean;
  outputs: Output[];
  out: string;
  err: string;
  images: Picture[];
  error: null | { name: string; message: string; line: number | null };
  ms: number;
  /** Bytes. */
  heap: number;
  /** What `check` and `hint` remember, where it changed. */
  memory: string | null;
}

export type Write = (name: "stdout" | "stderr", text: string) => void;

export interface Booted {
  ms: number;
  heap: number;
  cached: boolean;
}

/** What a worker has made ready, for the next one. */
export interface Kept {
  module: WebAssembly.Module;
  files: Blob[];
}

/** What a session answers. */
export interface Answer extends Pick<Result, "ok" | "outputs" | "error" | "heap" | "memory"> {
  seconds: number;
}

export interface BootOrder {
  op: "boot";
  live: string;
  packs: Pack[];
  memory: string;
  kept: Kept | null;
}

export interface RunOrder {
  op: "run";
  source: string;
  label: string;
}

export type Order = (BootOrder | RunOrder) & { id: number };

export type Told =
  | { id: number; event: "progress"; progress: Progress }
  | { id: number; event: "write"; name: "stdout" | "stderr"; text: string }
  | { id: number; event: "kept"; kept: Kept }
  | { id: number; event: "done"; value: unknown }
  | { id: number; event: "failed"; code: string; message: string };

/** What an engine exports: see byhand/live/browser/reactor.js. */
export interface Reactor {
  memory: WebAssembly.Memory;
  host_alloc: (length: number) => number;
  turn: (pointer: number, length: number) => number;
  _initialize?: () => void;
}
