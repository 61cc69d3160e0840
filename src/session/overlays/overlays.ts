import { type Disposable, type ReadonlySignal, signal, VoxelwrightError } from "#base";
import type { StudyRecord, StudyStore } from "#storage";
import { MOST_OVERLAYS, type OverlayLook } from "#views";
import { gridsOverlap, ImageGrid, type VolumeDescription } from "#volume";
import type { StudyImage } from "../study-image.ts";
import { Overlay } from "./overlay.ts";
import { changedLook, type LookChange } from "./overlay-look.ts";

export interface OverlaysPort {
  readonly store: StudyStore;
  /** Opens the image of a study, with this many bytes of bricks in the page. */
  readonly openImage: (record: StudyRecord, budgetBytes: number) => Promise<StudyImage>;
  /** Bytes of image bricks kept in the page, those of the open study included. */
  readonly poolBytes: () => number;
}

/** An overlay as it is kept in the settings of this browser, under the study that it lies over. */
interface StoredOverlay {
  readonly volumeId: string;
  readonly look: OverlayLook;
}

/** Share of the page's bricks that one overlay may take of the open study. */
const POOL_SHARE = 0.25;

/** Where the overlays of a study are kept. */
export function overlaysKey(volumeId: string): string {
  return `overlays/${volumeId}`;
}

/** The volumes shown over the open study: other studies of the cache, read where they lie, never resampled. */
export class Overlays implements Disposable {
  readonly #image: StudyImage;
  readonly #port: OverlaysPort;
  readonly #list = signal<readonly Overlay[]>([]);
  #disposed = false;
  /** What is still to be written. */
  #unsaved: readonly StoredOverlay[] | undefined;
  #saving: Promise<void> | undefined;

  constructor(image: StudyImage, port: OverlaysPort) {
    this.#image = image;
    this.#port = port;
  }

  /** The lowest first. */
  get list(): ReadonlySignal<readonly Overlay[]> {
    return this.#list;
  }

  /** Shows what was shown when the study was open last; gives a sentence for each volume that is no longer there. */
  async restore(): Promise<string[]> {
    const { store } = this.#port;
    const stored = (await store.setting<readonly StoredOverlay[]>(overlaysKey(this.#image.volumeId))) ?? [];
    const missing: string[] = [];
    for (const { volumeId, look } of stored) {
      const record = await store.get(volumeId);
      if (record?.state === "ready") await this.#show(record, look);
      else missing.push("A volume that was shown over this study is no longer in the list of studies.");
    }
    if (missing.length > 0) await this.#save();
    return missing;
  }

  /** Throws `argument` where a volume cannot be shown over the open one. */
  check(description: VolumeDescription, volumeId?: string): void {
    const refuse = (message: string, advice: string): never => {
      throw new VoxelwrightError("argument", message, { subject: description.name, advice });
    };
    const shown = this.#list.value;
    if (volumeId === this.#image.volumeId) refuse("It is the open volume itself.", "Choose another one.");
    if (shown.some(({ id }) => id === volumeId)) refuse("It is shown over this volume already.", "Choose another one.");
    if (shown.length >= MOST_OVERLAYS)
      refuse("Two volumes are shown over this one already.", "Remove one of them from the panel View first.");
    if (!gridsOverlap(this.#image.grid, new ImageGrid(description.grid)))
      refuse(
        "It does not overlap the open volume.",
        "Both must lie in the same place of the patient, as scans of one session do.",
      );
  }

  /** Shows a study of the cache on top; throws as `check`. */
  async add(record: StudyRecord): Promise<Overlay> {
    this.check(record.description, record.volumeId);
    const overlay = await this.#show(record, {});
    await this.#save();
    return overlay;
  }

  /** Throws `argument`, as for an overlay that is not shown. */
  async set(id: string, change: LookChange): Promise<Overlay> {
    const overlay = this.#get(id);
    overlay.look.value = changedLook(overlay.look.value, change, overlay.description, overlay.automatic);
    await this.#save();
    return overlay;
  }

  /** Frees its bricks in the page and on the GPU; the study that it is stays in the list. */
  async remove(id: string): Promise<void> {
    const overlay = this.#get(id);
    this.#list.value = this.#list.value.filter((one) => one !== overlay);
    overlay.dispose();
    this.share();
    await this.#save();
  }

  /** Divides the page's room for bricks between the open study and its overlays. */
  share(): void {
    const poolBytes = this.#port.poolBytes();
    const each = poolBytes * POOL_SHARE;
    for (const { image } of this.#list.value) image.bricks.setBudgetBytes(each);
    this.#image.bricks.setBudgetBytes(poolBytes - each * this.#list.value.length);
  }

  dispose(): void {
    this.#disposed = true;
    for (const overlay of this.#list.value) overlay.dispose();
    this.#list.value = [];
  }

  #get(id: string): Overlay {
    const found = this.#list.value.find((overlay) => overlay.id === id);
    if (found) return found;
    throw new VoxelwrightError("argument", "This volume is not shown over the open one.", { subject: id });
  }

  async #show(record: StudyRecord, look: Partial<OverlayLook>): Promise<Overlay> {
    const { openImage, poolBytes } = this.#port;
    const image = await openImage(record, poolBytes() * POOL_SHARE);
    const second = this.#list.value.some((shown) => shown.look.value.lut === "hot-metal");
    const overlay = await Overlay.open(image, second ? { lut: "viridis", ...look } : look);
    if (this.#disposed) {
      overlay.dispose();
      throw new DOMException("The study was closed.", "AbortError");
    }
    this.#list.value = [...this.#list.value, overlay];
    this.share();
    return overlay;
  }

  /** Writes what is shown now; changes while it is being written are written once after it. */
  #save(): Promise<void> {
    this.#unsaved = this.#list.value.map(({ id, look }) => ({ volumeId: id, look: look.value }));
    this.#saving ??= this.#write().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #write(): Promise<void> {
    while (this.#unsaved) {
      const rows = this.#unsaved;
      this.#unsaved = undefined;
      await this.#port.store.setSetting(overlaysKey(this.#image.volumeId), rows.length > 0 ? rows : undefined);
    }
  }
}
