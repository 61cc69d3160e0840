import { VoxelwrightError } from "#base";
import { isInMask, locateVoxel } from "#labelmap";
import type { IslandPort, ToolState } from "#tools";
import type { IndexIjk } from "#volume";
import type { Kernels } from "#workers";
import type { Preview } from "./preview.ts";
import type { StudyLabels } from "./study-labels.ts";

export interface ChosenIslandsPort {
  readonly labels: StudyLabels;
  readonly preview: Preview;
  readonly kernels: () => Promise<Kernels>;
  readonly tools: () => ToolState;
  /** Shows what the islands tool would do with the islands chosen now. */
  readonly show: () => void;
  readonly fail: (error: unknown) => void;
}

/** Islands that were clicked for the islands tool, each by a voxel of it; let go when their preview ends. */
export class ChosenIslands implements IslandPort {
  readonly #port: ChosenIslandsPort;
  #voxels: readonly IndexIjk[] = [];
  /** Clicks take their turn: each looks at those chosen before. */
  #last: Promise<void> = Promise.resolve();

  constructor(port: ChosenIslandsPort) {
    this.#port = port;
  }

  get voxels(): readonly IndexIjk[] {
    return this.#voxels;
  }

  /** Adds the island of a voxel, or lets it go when it is chosen already. What a preview hides is still there to be clicked. */
  choose(ijk: IndexIjk): void {
    this.#last = this.#last.then(() => this.#choose(ijk)).catch(this.#port.fail);
  }

  async #choose(ijk: IndexIjk): Promise<void> {
    const { labels, preview, show } = this.#port;
    const kept = preview.tool === "islands" ? this.#voxels : [];
    const snapshot = await labels.labelmap.snapshot();
    const segment = snapshot.valueAt(ijk);
    if (segment === 0) {
      throw new VoxelwrightError("argument", "There is no island here.", { advice: "Click a voxel of a segment." });
    }
    const others = kept.length > 0 ? await this.#outside(snapshot, ijk, segment, kept) : [];
    this.#voxels = others.length < kept.length ? others : [...kept, ijk];
    if (this.#voxels.length === 0) await preview.cancel();
    else show();
  }

  /** Those of `voxels` that are not of the island at `ijk`. */
  async #outside(
    labels: Parameters<Kernels["islands"]>[0],
    ijk: IndexIjk,
    segment: number,
    voxels: readonly IndexIjk[],
  ): Promise<IndexIjk[]> {
    const kernels = await this.#port.kernels();
    const { connectivity } = this.#port.tools().islands;
    const { proposal } = await kernels.islands(labels, {
      operation: "remove",
      voxels: [ijk],
      segments: [segment],
      connectivity,
    });
    const { dims, bricks } = this.#port.labels.labelmap;
    const places = voxels.map((voxel) => ({ voxel, place: locateVoxel(dims, bricks, voxel) }));
    const inside = new Set<IndexIjk>();
    for (const [index, mask] of proposal.erased ?? []) {
      for (const { voxel, place } of places) {
        if (place?.brickIndex === index && isInMask(mask, place.voxel)) inside.add(voxel);
      }
    }
    return voxels.filter((voxel) => !inside.has(voxel));
  }
}
