import type { AbortOptions } from "#base";
import type { IndexIjk } from "#volume";
import { formatValue } from "./format-value.ts";

/** The value of one volume under the pointer, in words. */
export class PointerValue {
  readonly #valueAt: (ijk: IndexIjk, options: AbortOptions) => Promise<number | undefined>;
  readonly #unit: string;
  readonly #arrived: () => void;
  #probe: AbortController | undefined;
  #key = "";
  #text = "";

  /** `arrived` is called when a value has come that was not at hand. */
  constructor(
    valueAt: (ijk: IndexIjk, options: AbortOptions) => Promise<number | undefined>,
    unit: string,
    arrived: () => void,
  ) {
    this.#valueAt = valueAt;
    this.#unit = unit;
    this.#arrived = arrived;
  }

  /** Asks for a whole voxel of a frame, and gives the words that are at hand: until the answer is there, those before. */
  look(ijk: IndexIjk, frame: number): string {
    const key = `${ijk.join()}/${frame}`;
    if (key === this.#key) return this.#text;
    this.#key = key;
    this.#probe?.abort();
    const probe = new AbortController();
    this.#probe = probe;
    this.#valueAt(ijk, { signal: probe.signal }).then(
      (value) => {
        if (probe.signal.aborted) return;
        this.#text = value === undefined ? "" : formatValue(value, this.#unit);
        this.#arrived();
      },
      () => undefined,
    );
    return this.#text;
  }

  /** Gives up a look-up under way. */
  end(): void {
    this.#probe?.abort();
  }
}
