import { batch, type Signal, signal } from "#base";
import type { VolumeDescription } from "#volume";
import type { ImportCopyOptions } from "./import-copy.ts";
import type { ShownView } from "./shown-view.ts";
import type { StudyImage } from "./study-image.ts";
import { WholeSlabs } from "./whole-slabs.ts";

/** An import whose first slices can be looked at before it ends. */
export interface ArrivingStudy {
  readonly image: StudyImage;
  /** Slices of the first frame that are in. */
  readonly slices: Signal<number>;
}

export interface ArrivalPort {
  readonly view: ShownView;
  openImage(volumeId: string, description: VolumeDescription): StudyImage;
  /** First slices are on screen. */
  began(): void;
  /** Nothing arrives any more and no other study came in its place: shows what was open before. */
  leave(): void;
}

/** The study that comes in while it is looked at, one at most. */
export class Arrival {
  readonly study = signal<ArrivingStudy | undefined>(undefined);
  readonly #port: ArrivalPort;

  constructor(port: ArrivalPort) {
    this.#port = port;
  }

  /** What shows an import on its way, and what ends that: what a worker said before it heard of the end may come after it. */
  following(): Required<Pick<ImportCopyOptions, "show" | "ended">> {
    let over = false;
    const arrive = (volumeId: string, description: VolumeDescription, slices: number): ArrivingStudy => {
      const shown = this.study.value;
      if (shown && shown.image.volumeId !== volumeId) this.leave();
      const arriving = this.study.value ?? this.#begin(volumeId, description);
      arriving.slices.value = Math.max(arriving.slices.value, slices);
      this.#port.view.follow(arriving.image, arriving.slices.value);
      return arriving;
    };
    return {
      show: (volumeId, description, wholeSlices) => {
        const slabs = new WholeSlabs(description.grid.dims, wholeSlices);
        return {
          onPartial: (bricks, slices) => {
            if (!over) arrive(volumeId, description, slices).image.bricks.setProvisional(bricks);
          },
          onBricks: (addresses) => {
            if (!over) arrive(volumeId, description, slabs.take(addresses)).image.bricks.stored(addresses);
          },
        };
      },
      ended: () => {
        over = true;
        this.leave();
      },
    };
  }

  /** Goes back to what was open before an import that failed or was cancelled. */
  leave(): void {
    const arriving = this.study.value;
    if (!arriving) return;
    batch(() => {
      this.#port.leave();
      this.study.value = undefined;
    });
    arriving.image.dispose();
  }

  #begin(volumeId: string, description: VolumeDescription): ArrivingStudy {
    const image = this.#port.openImage(volumeId, description);
    const arriving = { image, slices: signal(0) };
    this.#port.view.arrive(image);
    this.study.value = arriving;
    this.#port.began();
    return arriving;
  }
}
