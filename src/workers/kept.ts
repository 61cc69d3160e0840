/** A value that is let go of when it was not put anew for a while. */
export class Kept<Value> {
  readonly #milliseconds: number;
  readonly #letGo: (value: Value) => void;
  #value: Value | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(milliseconds: number, letGo: (value: Value) => void = () => undefined) {
    this.#milliseconds = milliseconds;
    this.#letGo = letGo;
  }

  get value(): Value | undefined {
    return this.#value;
  }

  put(value: Value): void {
    this.take();
    this.#value = value;
    this.#timer = setTimeout(() => this.release(), this.#milliseconds);
    // In Node a timer would keep a finished program alive.
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** Gives the value away: it is no longer kept, nor let go of. */
  take(): Value | undefined {
    clearTimeout(this.#timer);
    const value = this.#value;
    this.#value = undefined;
    return value;
  }

  release(): void {
    const value = this.take();
    if (value !== undefined) this.#letGo(value);
  }
}
