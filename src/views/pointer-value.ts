import type { IndexIjk } from "#volume";
import { formatValue } from "./format-value.ts";
import type { Stage } from "./stage.ts";
import type { PlanePick } from "./view-port.ts";

/** Value and label under the pointer, in words. */
export class PointerValue {
  readonly #stage: Stage;
  readonly #arrived: () => void;
  #probe: AbortController | undefined;
  #key = "";
  #value = "";
  #label = "";

  /** `arrived` is called when a value has come that was not at hand. */
  constructor(stage: Stage, arrived: () => void) {
    this.#stage = stage;
    this.#arrived = arrived;
  }

  get value(): string {
    return this.#value;
  }

  get label(): string {
    return this.#label;
  }

  /** Looks up what is at a place inside the volume; the value's words come when the answer is there. */
  look(pick: PlanePick): void {
    const { port, volume, segments, state } = this.#stage;
    const ijk = pick.ijk.map((n, axis) =>
      Math.min(Math.max(Math.round(n), 0), volume.grid.dims[axis]! - 1),
    ) as unknown as IndexIjk;
    const label = port.labelAt(ijk);
    this.#label = label === 0 ? "" : (segments.value.find(({ value }) => value === label)?.name ?? `Label ${label}`);
    const key = `${ijk.join()}/${state.frame.value}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#probe?.abort();
    const probe = new AbortController();
    this.#probe = probe;
    port.valueAt(ijk, { signal: probe.signal }).then(
      (value) => {
        if (probe.signal.aborted) return;
        this.#value = value === undefined ? "" : formatValue(value, volume.description.unit);
        this.#arrived();
      },
      () => undefined,
    );
  }

  /** Gives up a look-up under way. */
  end(): void {
    this.#probe?.abort();
  }
}
