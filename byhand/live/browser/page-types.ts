// The shapes that the page's own files share; those of the engine stand in types.ts.

import type { createEngine } from "./engine.js";
import type { Session } from "./session.js";
import type { Cell as LiveCell, Manifest, Output, Result } from "./types.ts";

export type { LiveCell };
export type Engine = ReturnType<typeof createEngine>;
export type Versions = Manifest["versions"];

/** A notebook's file, as far as it is read here. */
export interface Notebook {
  cells: NotebookCell[];
}

export interface NotebookCell {
  id: string;
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
  execution_count?: number | null;
}

/** What a cell did when it last ran here. */
export interface Ran {
  text: string;
  /** The code of the cells above that was in effect then. */
  above: string[];
  ms: number;
  result: Result;
}

/** A code cell of the page. */
export interface Cell {
  /** As the published page has it. */
  data: LiveCell;
  /** Its place among all code cells, from 0. */
  index: number;
  /** What readers call it, from 1; cells without an editor have none. */
  number: number | null;
  /** The code as it stands now. */
  text: string;
  ran: Ran | null;
  /** Whether it ran in a Python that is gone. */
  before: boolean;
}

/** How a cell stands, in words; the kind is for the style. */
export interface Standing {
  kind: "fresh" | "running" | "waiting" | "changed" | "stale" | "ran" | "failed";
  words: string;
}

/** What one cell shows; cells without an editor show nothing. */
export interface CellView {
  update(): void;
  /** Bring back the published code. */
  reset(): void;
  /** What it prints while it runs. */
  write(text: string): void;
  start(): void;
  /** It was stopped before its end. */
  stopped(): void;
  show(result: Result): void;
  /** Forget what it showed. */
  clear(): void;
}

/** What the editor's bundle offers. */
export interface Editor {
  text(): string;
  set(text: string): void;
  focus(): void;
  destroy(): void;
}

export interface EditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  /** Where the pointer was, if it asked for the editor. */
  at: { x: number; y: number } | null;
  onChange(text: string): void;
  onRun(): void;
}

/** One control of an `interact` cell. */
export interface InteractControl {
  name: string;
  label: string;
  kind: "range" | "choice" | "flag" | "text" | "number";
  value: number | string | boolean;
  min?: number;
  max?: number;
  step?: number;
  options?: string[];
}

export interface Interact {
  id: string;
  controls: InteractControl[];
}

/** What the cells of a page share. */
export interface Page {
  cells: Cell[];
  /** The folder of the scripts and packs. */
  live: string;
  versions: Versions;
  session: Session;
  /** The names of the exercises that were passed. */
  passed(): string[];
  /** A cell's code was changed by the reader. */
  edited(): void;
  /** End what runs, and start Python anew. */
  stop(): void;
}
