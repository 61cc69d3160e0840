import type { Disposable } from "#base";
import type { FusedVolume, SlicePlane } from "#gpu";
import type { ImageGrid, IndexIjk, PointLps } from "#volume";
import { PointerValue } from "./pointer-value.ts";
import { SliceNeeds } from "./slice-needs.ts";
import { type OverlayStatus, overlayStatus } from "./slice-status.ts";
import type { Stage } from "./stage.ts";
import type { StageOverlay } from "./stage-overlay.ts";

/** The overlays as one view shows them. */
export class SliceLayers implements Disposable {
  readonly #view: string;
  readonly #stage: Stage;
  readonly #arrived: () => void;
  readonly #layers = new Map<StageOverlay, { readonly needs: SliceNeeds; readonly value: PointerValue }>();

  /** `view` names who asks for bricks; `arrived` is called when a value under the pointer has come. */
  constructor(view: string, stage: Stage, arrived: () => void) {
    this.#view = view;
    this.#stage = stage;
    this.#arrived = arrived;
  }

  /** Reads every signal that the picture depends on. */
  track(): void {
    for (const { volume } of this.#stage.overlays.value) void volume.look.value;
  }

  /** What is drawn over a plane, or over a slab of `thicknessMm` around it, and how much of it is there. */
  at(plane: SlicePlane, thicknessMm: number): { fused: FusedVolume[]; status: OverlayStatus[] } {
    const fused: FusedVolume[] = [];
    const status: OverlayStatus[] = [];
    for (const overlay of this.#shown()) {
      const { bricks, bindings, volume } = overlay;
      const needs = this.#of(overlay).needs.of(
        plane,
        volume.look.value.frame,
        thicknessMm,
        this.#stage.state.crosshair.value,
      );
      const look = overlay.look(this.#stage.state.interpolation.value);
      fused.push({ level: needs.level, needed: needs.bricks, planes: needs.planes, bricks: bindings, look });
      status.push(overlayStatus(this.#stage.overlayName(overlay), bricks, needs));
    }
    return { fused, status };
  }

  /** Values at a point, a line for each overlay that has one there. */
  values(point: PointLps): string {
    const lines = this.#shown().flatMap((overlay) => {
      const { grid, look } = overlay.volume;
      const ijk = grid.toIndex(point);
      if (!grid.contains(ijk)) return [];
      const value = this.#of(overlay).value.look(voxelAt(grid, ijk), look.value.frame);
      return [`${this.#stage.overlayName(overlay)}  ${value}`];
    });
    return lines.join("\n");
  }

  /** Ends the view's interest in bricks. */
  end(): void {
    for (const { needs, value } of this.#layers.values()) {
      needs.end();
      value.end();
    }
    this.#layers.clear();
  }

  dispose(): void {
    // Overlays that are gone have let go of their bricks themselves.
    this.#forget();
    this.end();
  }

  /** Overlays that are seen; what the view holds of others is given up. */
  #shown(): StageOverlay[] {
    this.#forget();
    return this.#stage.overlays.value.filter((overlay) => {
      if (overlay.volume.look.value.visible) return true;
      this.#layers.get(overlay)?.needs.end();
      return false;
    });
  }

  #forget(): void {
    const now = this.#stage.overlays.peek();
    for (const [overlay, { value }] of this.#layers) {
      if (now.includes(overlay)) continue;
      value.end();
      this.#layers.delete(overlay);
    }
  }

  #of(overlay: StageOverlay) {
    let layer = this.#layers.get(overlay);
    if (!layer) {
      const { volume, bricks } = overlay;
      const valueAt = new PointerValue(
        (ijk, options) => volume.valueAt(ijk, options),
        volume.description.unit,
        this.#arrived,
      );
      layer = { needs: new SliceNeeds(this.#view, bricks), value: valueAt };
      this.#layers.set(overlay, layer);
    }
    return layer;
  }
}

/** The voxel of a grid nearest to a continuous index. */
export function voxelAt({ dims }: ImageGrid, ijk: IndexIjk): IndexIjk {
  return ijk.map((n, axis) => Math.min(Math.max(Math.round(n), 0), dims[axis]! - 1)) as unknown as IndexIjk;
}
