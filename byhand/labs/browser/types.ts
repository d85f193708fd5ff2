// The shapes that the labs' files share. Python describes a lab (byhand/labs/lab.py), and the page
// or the kernel hands it on as a Spec; the lab's own file, labs/NAME.js, exports a Lab.

import type * as Plot from "@observablehq/plot";
import type { Reads } from "./formulas.js";

// --- numbers ---

/** An array of numbers, plain or typed. What is mapped is of the same kind again. */
export interface Vector extends Iterable<number> {
  readonly length: number;
  [index: number]: number;
  map(f: (value: number, index: number) => number): this;
  reduce(f: (total: number, value: number, index: number) => number, start: number): number;
}

/** What can be read like one. */
export type Numbers = ArrayLike<number>;

export type Pair = [number, number];

/** The series of a run: for each name one entry at each of the scrubber's stops. */
export type Series<Stop> = { [Name in keyof Stop]: Stop[Name][] };

// --- what Python says of a lab ---

/** What a control is set to: a number, or the word of an option or of a drawing. */
export type Value = number | string;

/** The value of each control. */
export type Settings = { [name: string]: Value };

interface AnyControlSpec {
  name: string;
  label: string;
  /** Where this control has no effect: { scheme: ["zeros"] }. */
  off: { [name: string]: Value[] };
  /** Whether it is folded under "More". */
  rare: boolean;
}

export interface SliderSpec extends AnyControlSpec {
  kind: "slider";
  value: number;
  values: number[];
  /** With a kernel, any number between them can be entered. */
  bounds: Pair | null;
  /** What is read at a stop instead of its number. */
  words: { [value: string]: string };
  options?: undefined;
}

export interface ScrubberSpec extends Omit<SliderSpec, "kind"> {
  kind: "scrubber" | "passage";
  /** Milliseconds a stop while it plays. */
  frame: number;
}

export interface SelectSpec extends AnyControlSpec {
  kind: "select";
  value: string;
  values: string[];
  /** A value, and how it is read. */
  options: [string, string][];
}

export interface SeveralSpec extends AnyControlSpec {
  kind: "several";
  value: string;
  values: string[];
  /** A value's part, and how it is read. */
  boxes: [string, string][];
  options?: undefined;
}

export interface DrawingSpec extends AnyControlSpec {
  kind: "drawing";
  value: string;
  /** The regular expression of all values, which cannot be listed. */
  pattern: string;
  /** The greatest height. */
  levels: number;
  values?: undefined;
  options?: undefined;
}

export interface FormulaSpec extends AnyControlSpec {
  kind: "formula";
  value: string;
  /** Formulas that are proposed, and what they are called, if they stand in a list. */
  examples: string[];
  titles: string[];
  /** What it is read as. */
  reads: Reads;
  values?: undefined;
  options?: undefined;
}

export type ControlSpec =
  SliderSpec | ScrubberSpec | SelectSpec | SeveralSpec | DrawingSpec | FormulaSpec;

/** A lab, as `Lab.spec` of byhand/labs/lab.py describes it. */
export interface Spec {
  name: string;
  title: string;
  note: string;
  controls: ControlSpec[];
  /** The controls that the state depends on. */
  depends: string[];
  /** One for each of their stops, the last control's fastest; null where the page has none. */
  states: State[] | null;
  /** What every state shares and the drawing needs. */
  shared: Shared;
  summary: string[];
  equation: string[];
  code: string;
  question: string;
  answers: Answer[];
  /** The settings that the lab goes to after an answer. */
  reveal: Settings;
  challenge: Challenge | null;
  /** Whether a kernel answers for values that are not in the page. */
  live: boolean;
}

/** A task with a score, as byhand/labs/challenges.py describes it. */
export interface Challenge {
  text: string;
  /** The name of the score among the values, and how it is written. */
  score: string;
  format: string;
  lowest: boolean;
  /** The settings at which a try counts, and values that it must not exceed. */
  where: { [setting: string]: Value[] };
  within: { [value: string]: number };
  par: number;
  parWords: string;
}

/** What a reader can answer, and what the lab replies. */
export interface Answer {
  text: string;
  reply: string;
  right: boolean;
}

/** What is computed at some settings: numbers and words, and the series of a run. */
export type State = { [name: string]: unknown; series?: { [name: string]: unknown[] } };
export type Shared = { [name: string]: unknown };

// --- what a lab's own file exports ---

/** Everything that a sentence can name: settings, state, and its series where the scrubber is. */
export type Values<Chosen, Now extends State> = Omit<Chosen, keyof Now | keyof Entries<Now>> &
  Omit<Now, "series"> &
  Entries<Now>;

type Entries<Now extends State> = Now extends { series: infer All }
  ? { [Name in keyof All]: All[Name] extends (infer Entry)[] ? Entry : never }
  : unknown;

/** What can be said and drawn now. */
export interface Context<Chosen = Settings, Common = Shared, Now extends State = State> {
  spec: Spec;
  settings: Chosen;
  shared: Common;
  state: Now;
  values: Values<Chosen, Now>;
  /** The scrubber's stops, and the one where the run stands now. */
  stops: number[];
  position: number;
  /** Of the panel, in pixels. */
  width: number;
  height: number;
}

/** A sign, what it stands for, its color, and the names of the sentences that it shows. */
export type Key = [sign: string, text: string, look?: { color?: string; of?: string }];

export type Drawn = ReturnType<typeof Plot.plot>;

/** What a drag changes, how that is read, and the control that goes on with it: a mouse focuses it. */
export type Drag = [changes: Settings, words?: string, focus?: string];

interface MarksOf<Now> {
  marks(context: Now): Plot.Markish[];
}

/** One drawing of a lab. */
export interface Panel<Chosen = Settings, Common = Shared, Now extends State = State> {
  title: string;
  keys?: Key[];
  /** The keys where they depend on what is drawn. */
  keysNow?(context: Context<Chosen, Common, Now>): Key[];
  draw?(context: Context<Chosen, Common, Now>): Drawn;
  /** Instead of draw: size, scales with their domains, and the marks that stay below the layers. */
  plot?(context: Context<Chosen, Common, Now>): Plot.PlotOptions;
  /** Marks above them, each layer drawn again only when something changes that it has read. */
  layers?: MarksOf<Context<Chosen, Common, Now>>["marks"][];
  /** What it shows, for those who do not see it. */
  label(context: Context<Chosen, Common, Now>): string;
  /** With it the panel fills the height that is left beside the others. */
  minHeight?: number;
  /** With it the panel can be drawn on: x and y are in units of its axes. */
  drag?(context: Context<Chosen, Common, Now>, x: number, y: number, begins: boolean): Drag;
  /** The settings to show as long as a pointer rests there, without going to them. */
  hover?(context: Context<Chosen, Common, Now>, x: number, y: number): Settings | null;
}

/** What a file in labs/ exports. */
export interface Lab<Chosen = Settings, Common = Shared, Now extends State = State> {
  /** Rows of panel names, as in CSS grid-template-areas, for a wide figure. */
  areas: string[];
  /** The same for a narrow one, in two equal columns; without it its panels stand in a column. */
  narrow?: string[];
  /** Without it, the panel that a phone keeps in sight; the first one, if nothing is said. */
  main?: string;
  /** As in CSS grid-template-columns. */
  columns?: string;
  /** The equation stands below the picture, too, beside the controls: for a low picture. */
  told?: "below";
  /**
   * Names of the sentences that are one term, { "cost start": 3 }, and its hue in labs.css, if any.
   * A mark shows a term by its className, "of-cost", a key by its look.
   */
  terms?: { [names: string]: number | null };
  panels: { [name: string]: Panel<Chosen, Common, Now> };
  /**
   * A growing state after each step, until its series have an entry for each stop; undefined where
   * a step leaves it as it is.
   */
  train?(settings: Chosen, shared: Common, stops: number[]): Training<Now>;
  /** It trains at values between the stops, too, where others ask Python for a state. */
  trainsBetween?: boolean;
  /** Controls of its own. */
  kinds?: Kinds;
}

export type Training<Now = State> = Generator<Now | undefined, void, void>;

/** The state that a lab's `train` yields. */
export type Trained<Train extends (...given: never[]) => Training> =
  ReturnType<Train> extends Generator<infer Now, void, void> ? Extract<Now, State> : never;

// --- controls ---

/** Set a control; `text` is how a reader reads the value, unless that is the value itself. */
export type Change = (value: Value, text?: string) => void;

/** What a control must know of its lab. */
export interface ControlContext {
  live: boolean;
  shared: Shared;
  /** Say whether the control plays a run. */
  playing(now: boolean): void;
}

/** What a control shows now; the run has `stops` stops. */
export interface ControlState<V = Value, Chosen = Settings> {
  value: V;
  /** Whether a teacher's address locks it. */
  disabled: boolean;
  settings: Chosen;
  stops: number;
}

/** A control on the page. */
export interface Control {
  node: HTMLElement;
  /** What takes the focus. */
  input: HTMLInputElement | HTMLSelectElement | HTMLButtonElement;
  update(now: ControlState): void;
  /** Stop moving. */
  stop?(): void;
}

/** Make a control of one kind. */
export type Kind<Own = ControlSpec> = (
  spec: Own,
  change: Change,
  context: ControlContext,
) => Control;

/** Kinds of controls by name, each for specs of its own. */
export type Kinds = { [name: string]: Kind<never> };

// --- questions, as `Prediction.spec` of byhand/labs/predictions.py describes them ---

export interface ChoiceQuestion {
  name: string;
  question: string;
  choices: { text: string; feedback: string; right: boolean }[];
}

export interface NumberQuestion {
  name: string;
  question: string;
  choices?: undefined;
  answer: number;
  tolerance: number;
  unit: string;
  /** What to say to an answer that is right, too low, too high. */
  right: string;
  low: string;
  high: string;
  /** Wrong numbers with a known cause. */
  known: { value: number; feedback: string }[];
}

// --- Jupyter ---

/** A message from the kernel; the kernel has gone. */
export type ModelEvent = "msg:custom" | "comm_live_update";

/** anywidget's model: what the kernel shares, and the messages between the two. */
export interface Model<Shown> {
  get(name: "spec"): Shown;
  send(message: unknown): void;
  on(event: ModelEvent, callback: (message: never) => void): void;
  off(event: ModelEvent, callback: (message: never) => void): void;
}
