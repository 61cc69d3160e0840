import { type AbortOptions, type Disposable, effect, type Signal, signal } from "#base";
import { automaticWindow, firstWindow, type OverlayLook, type OverlayVolume, type WindowLevel } from "#views";
import type { BrickSource, ImageGrid, IndexIjk, VolumeDescription } from "#volume";
import type { StudyImage } from "../study-image.ts";

/** A stored study whose image is shown over the open one. */
export class Overlay implements OverlayVolume, Disposable {
  readonly image: StudyImage;
  readonly look: Signal<OverlayLook>;
  /** The window that its first voxels ask for. */
  readonly automatic: WindowLevel;

  private constructor(image: StudyImage, automatic: WindowLevel, look: OverlayLook) {
    this.image = image;
    this.automatic = automatic;
    this.look = signal(look);
    image.owned.defer(
      effect(() => {
        image.frame.value = this.look.value.frame;
      }),
    );
  }

  /** Reads the coarsest brick for the automatic window. Takes ownership of `image`, also when it rejects. */
  static async open(image: StudyImage, look: Partial<OverlayLook>): Promise<Overlay> {
    try {
      const { description, levels } = image;
      const level = levels.length - 1;
      const brick = await image.bricks.readBrick({ frame: look.frame ?? 0, level, bi: 0, bj: 0, bk: 0 });
      const automatic = brick ? automaticWindow(brick.voxels, description.rescale) : { center: 0.5, width: 1 };
      return new Overlay(image, automatic, { ...FIRST_LOOK, window: firstWindow(description) ?? automatic, ...look });
    } catch (error) {
      image.dispose();
      throw error;
    }
  }

  get id(): string {
    return this.image.volumeId;
  }

  get description(): VolumeDescription {
    return this.image.description;
  }

  get grid(): ImageGrid {
    return this.image.grid;
  }

  get source(): BrickSource {
    return this.image.bricks;
  }

  valueAt(ijk: IndexIjk, options: AbortOptions = {}): Promise<number | undefined> {
    return this.image.valueAt(ijk, options);
  }

  dispose(): void {
    this.image.dispose();
  }
}

/** Half through, and clear where there is nothing to see. */
const FIRST_LOOK: Omit<OverlayLook, "window"> = {
  lut: "hot-metal",
  invert: false,
  opacity: 0.5,
  hideLow: true,
  visible: true,
  interpolation: null,
  frame: 0,
};
