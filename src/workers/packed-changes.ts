import { EncodedLabels, EncodedMasks } from "#labelmap";
import type { TaskContext } from "./crew/task.ts";
import type { LabelProposal } from "./kernels.api.ts";
import { transfer } from "./wire.ts";

type Entry = readonly [brickIndex: number, bytes: Uint8Array<ArrayBuffer>];

/** A part of a label proposal on its way from a task: bricks as bytes at rest and as mask runs. */
export interface PackedChanges {
  readonly labels: readonly Entry[];
  readonly erased: readonly Entry[];
  readonly voxels: number;
}

/** Collects changes in a task: bricks in WASM memory are encoded there and leave as a few kilobytes each. */
export class ChangePacker {
  readonly #context: TaskContext;
  readonly #bytesAt: number;
  readonly #labels: Entry[] = [];
  readonly #erased: Entry[] = [];
  #voxels = 0;

  constructor(context: TaskContext) {
    this.#context = context;
    const { exports } = context.core;
    this.#bytesAt = context.arena.scratch(Math.max(exports.labelRunsRoom(), exports.maskRunsRoom()));
  }

  /** Adds the labels (64³ u16 at `at`, 0 leaves a voxel as it is) of a brick, `voxels` of them not 0. */
  addLabels(brickIndex: number, at: number, voxels: number): void {
    this.#voxels += voxels;
    this.#add(this.#labels, brickIndex, this.#context.core.exports.labelRunsEncode(at, this.#bytesAt));
  }

  /** Adds voxels (64³ bits at `at`) of a brick that become background, `voxels` of them. */
  addErased(brickIndex: number, at: number, voxels: number): void {
    this.#voxels += voxels;
    this.#add(this.#erased, brickIndex, this.#context.core.exports.maskRunsEncode(at, this.#bytesAt));
  }

  finish(): PackedChanges {
    const [labels, erased] = [this.#labels, this.#erased];
    return transfer(
      { labels, erased, voxels: this.#voxels },
      [...labels, ...erased].map(([, bytes]) => bytes.buffer),
    );
  }

  #add(entries: Entry[], brickIndex: number, count: number): void {
    if (count === 0) return;
    const { buffer } = this.#context.arena.memory;
    entries.push([brickIndex, new Uint8Array(buffer, this.#bytesAt, count).slice() as Uint8Array<ArrayBuffer>]);
  }
}

/** The parts as one proposal, bricks in the order of the parts. */
export function joinChanges(parts: readonly PackedChanges[]): LabelProposal {
  return {
    kind: "labels",
    bricks: new EncodedLabels(parts.flatMap(({ labels }) => labels)),
    erased: new EncodedMasks(parts.flatMap(({ erased }) => erased)),
    voxels: parts.reduce((sum, { voxels }) => sum + voxels, 0),
  };
}
