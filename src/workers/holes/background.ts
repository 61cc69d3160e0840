import { BRICK_VOXELS } from "#volume";
import { LabelBytes } from "../components/label-bytes.ts";
import { extentOf, PieceBlock, sidesOf, voxelsOf } from "../components/piece-block.ts";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { SliceAxes } from "./slice-axes.ts";

/** How the background of segments hangs together. */
export interface BackgroundRules {
  /** Axis of the slices; undefined for none. */
  readonly axis: 0 | 1 | 2 | undefined;
  /** Neighbours of the background: 6 or 26, in slices 4 or 8 of them. */
  readonly connectivity: 6 | 26;
  /** Holes of more voxels are none. */
  readonly mostVoxels: number;
}

/** Sides of a brick, a bit each, axes exchanged (`SliceAxes`): where a segment's region goes on, and where it ends. */
export interface RegionSides {
  readonly open: number;
  readonly outer: number;
}

/** The pieces of what is not of a segment, one brick and segment at a time, with the axis of slices exchanged with k. */
export class BackgroundPieces {
  readonly #context: TaskContext;
  readonly #map: KernelLabels;
  readonly #rules: BackgroundRules;
  readonly #axes: SliceAxes;
  readonly #bytes: LabelBytes;
  readonly block: PieceBlock;
  #index = 0;
  #labelled = false;

  constructor(context: TaskContext, rules: BackgroundRules) {
    this.#context = context;
    this.#map = context.maps![0]!;
    this.#rules = rules;
    this.#axes = new SliceAxes(this.#map.dims, rules.axis);
    this.#bytes = new LabelBytes(context, []);
    this.block = new PieceBlock(context);
  }

  /** Brings a brick; one without labels is background of every segment. */
  load(index: number): void {
    this.#index = index;
    this.#labelled = this.#bytes.load(this.#map, index);
  }

  /** Finds the pieces in the brick at hand of what is not of `segment`. */
  find(segment: number): void {
    const { exports } = this.#context.core;
    const { set } = this.block;
    if (this.#labelled) {
      this.#bytes.want([segment]);
      this.#bytes.mask(set);
    } else exports.clearBytes(set, BRICK_VOXELS / 8);
    if (this.#axes.axis !== 2) exports.maskSwapWithK(set, this.#axes.axis);
    exports.maskInvert(set);
    this.block.join({
      extent: this.#axes.exchange(extentOf(this.#map.dims, this.#index)),
      labels: 0,
      segment,
      connectivity: this.#rules.connectivity,
      planar: this.#axes.planar,
    });
  }

  /** Whether a piece, by its record's first word, is a hole within the brick. */
  isHole(word: number, { open, outer }: RegionSides): boolean {
    return (sidesOf(word) & (open | outer)) === 0 && voxelsOf(word) <= this.#rules.mostVoxels;
  }
}
