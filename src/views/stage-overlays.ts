import { type Disposable, DisposableStack, effect, type ReadonlySignal, signal, untracked } from "#base";
import { StageOverlay } from "./stage-overlay.ts";
import type { OverlayVolume } from "./overlay-volume.ts";

/** Share of the budget that one overlay may take of the volume below. */
const SHARE = 0.25;

type OverlayPort = Omit<ConstructorParameters<typeof StageOverlay>[0], "volume" | "mostBytes">;

/** The overlays of a stage on the GPU, kept in step with those that are shown. */
export class StageOverlays implements Disposable {
  readonly #list = signal<readonly StageOverlay[]>([]);
  readonly #stack = new DisposableStack();

  /** `room` is told how many of `budgetBytes` the volume below keeps. */
  constructor(
    volumes: ReadonlySignal<readonly OverlayVolume[]>,
    budgetBytes: number,
    port: OverlayPort,
    room: (bytes: number) => void,
  ) {
    this.#stack.defer(
      effect(() => {
        const wanted = volumes.value;
        untracked(() => {
          const before = this.#list.value;
          for (const one of before) if (!wanted.includes(one.volume)) one.dispose();
          const next = wanted.map(
            (volume) =>
              before.find((one) => one.volume === volume) ??
              new StageOverlay({ ...port, volume, mostBytes: budgetBytes * SHARE }),
          );
          if (next.length === 0 && before.length === 0) return;
          room(next.reduce((left, one) => left - one.budgetBytes, budgetBytes));
          this.#list.value = next;
        });
      }),
    );
  }

  /** The lowest first. */
  get list(): ReadonlySignal<readonly StageOverlay[]> {
    return this.#list;
  }

  dispose(): void {
    this.#stack.dispose();
    for (const one of this.#list.value) one.dispose();
  }
}
