import { BRICK_VOXELS } from "#volume";
import { decodeLabelBrick } from "./label-brick.ts";
import { decodeMaskRuns } from "./mask-runs.ts";
import type { ProposalBricks } from "./proposal.ts";
import { emptyMask } from "./mask.ts";

type Entries = readonly (readonly [brickIndex: number, bytes: Uint8Array])[];

/** Proposed labels held as bytes at rest (`encodeLabelBrick`); each brick is decoded into one array when its turn comes. */
export class EncodedLabels implements ProposalBricks<Uint16Array> {
  readonly entries: Entries;

  constructor(entries: Entries) {
    this.entries = entries;
  }

  get size(): number {
    return this.entries.length;
  }

  *[Symbol.iterator](): Iterator<readonly [number, Uint16Array]> {
    const labels = new Uint16Array(BRICK_VOXELS);
    for (const [index, bytes] of this.entries) yield [index, decodeLabelBrick(bytes, labels)];
  }
}

/** Proposed masks held as runs (`encodeMaskRuns`); each brick is decoded into one array when its turn comes. */
export class EncodedMasks implements ProposalBricks<Uint8Array> {
  readonly entries: Entries;

  constructor(entries: Entries) {
    this.entries = entries;
  }

  get size(): number {
    return this.entries.length;
  }

  *[Symbol.iterator](): Iterator<readonly [number, Uint8Array]> {
    const mask = emptyMask();
    for (const [index, bytes] of this.entries) yield [index, decodeMaskRuns(bytes, mask)];
  }
}
