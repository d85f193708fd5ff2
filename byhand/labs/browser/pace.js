// When a lab works: its training waits until a reader comes near, or prints the page, and while it
// trains it draws so seldom that most of the time goes into the training.

const SHARE = 5; // times as long as a drawing takes passes until the next one

const CALM = 80; // milliseconds

export class Pace {
  #near = false;
  #drawn = 0; // when the last drawing ended
  #took = 0; // how long it took
  #stop = new AbortController();

  /**
   * @param {HTMLElement} figure
   * @param {() => void} come called when the reader comes near
   * @param {() => void} print called before the page is printed, when all must be there
   */
  constructor(figure, come, print) {
    const { signal } = this.#stop;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        this.#near = true;
        come();
      },
      { rootMargin: "75%" },
    );
    observer.observe(figure);
    signal.addEventListener("abort", () => observer.disconnect());
    addEventListener("beforeprint", print, { signal });
  }

  /** How many milliseconds may be spent on training now; undefined is the usual slice. */
  get slice() {
    return this.#near ? undefined : 0;
  }

  get near() {
    return this.#near;
  }

  /** Draw the next time, whatever the last drawing took: the reader has changed something. */
  hurry() {
    this.#took = 0;
  }

  /** Whether the last drawing is a while ago: while a slider is dragged it is not. */
  get calm() {
    return performance.now() > this.#drawn + CALM;
  }

  get rests() {
    return performance.now() < this.#drawn + SHARE * this.#took;
  }

  /** @param {() => void} draw */
  time(draw) {
    const start = performance.now();
    draw();
    this.#drawn = performance.now();
    this.#took = this.#drawn - start;
  }

  dispose() {
    this.#stop.abort();
  }
}
