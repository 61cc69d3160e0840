import { type Disposable, DisposableStack, effect, type VoxelwrightError } from "#base";
import {
  BrickAtlas,
  BrickBindings,
  brickFormat,
  type FusedLook,
  type GpuContext,
  type Interpolation,
  VolumeBricks,
} from "#gpu";
import { lutOf } from "./luts.ts";
import type { OverlayVolume } from "./overlay-volume.ts";
import { windowing } from "./windowing.ts";

/** An overlay on the GPU: an atlas of its own, so that its bricks neither crowd out others nor stay when it goes. */
export class StageOverlay implements Disposable {
  readonly volume: OverlayVolume;
  readonly bricks: VolumeBricks;
  readonly bindings: BrickBindings;
  /** Bytes that its atlas may take. */
  readonly budgetBytes: number;
  readonly #stack = new DisposableStack();

  constructor(options: {
    readonly gpu: GpuContext;
    readonly volume: OverlayVolume;
    readonly mostBytes: number;
    readonly changed: () => void;
    readonly warn: (error: VoxelwrightError) => void;
  }) {
    const { gpu, volume, mostBytes, changed, warn } = options;
    const { grid, source, description, look } = volume;
    const { voxelType } = description;
    const { texture, brickBytes } = brickFormat(voxelType);
    this.volume = volume;
    const stack = this.#stack;
    const atlas = stack.add(new BrickAtlas(gpu, { format: texture, budgetBytes: mostBytes }));
    this.bricks = stack.add(new VolumeBricks({ context: gpu, atlas, source, grid, voxelType, ranged: false }));
    this.bindings = stack.add(new BrickBindings(gpu, this.bricks));
    // A small volume takes no more than all of it: every level of every frame.
    const all = this.bricks.table.entries.length * description.frames * brickBytes;
    this.budgetBytes = Math.min(mostBytes, all);
    atlas.setBudgetBytes(this.budgetBytes);
    stack.add(this.bricks.changed.on(changed));
    stack.add(this.bricks.failed.on(({ error }) => warn(error)));
    if (volume.written) stack.add(volume.written.on((addresses) => void this.bricks.refresh(addresses)));
    stack.defer(effect(() => this.bricks.setFrame(look.value.frame)));
  }

  /** As the slice pass takes it; `below` is the interpolation of the volume below. */
  look(below: Interpolation): FusedLook {
    const { description, look } = this.volume;
    const { lut, invert, window, opacity, hideLow, interpolation } = look.value;
    return {
      ...windowing(description.rescale, window),
      invert,
      lut: lutOf(lut)!.colors,
      interpolation: interpolation ?? below,
      opacity,
      hideLow,
    };
  }

  dispose(): void {
    this.#stack.dispose();
  }
}
