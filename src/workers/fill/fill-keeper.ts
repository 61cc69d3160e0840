import type { Dims } from "#volume";
import { Kept } from "../kept.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { BendingField } from "./bending-field.ts";
import type { SegmentPlanes } from "./segment-planes.ts";

/** How long what a fill has found is kept for the next one: five minutes of drawing. */
const KEEP_MS = 300_000;
/** Bytes of fields, and of bricks, that are kept at most. */
const MOST_BYTES = 64 * 2 ** 20;

/** A segment's field and what it was solved from. */
export interface SolvedField {
  readonly shapes: SegmentPlanes;
  readonly mostNodes: number;
  readonly field: BendingField;
}

/** What a brick's fill depends on. */
export interface BrickInput {
  readonly index: number;
  /** Fields that reach the brick. */
  readonly fields: readonly BendingField[];
  /** Whether the union helps to decide. */
  readonly shared: boolean;
  /** `drawnVoxels` of the planes that cross it. */
  readonly planes: readonly (readonly number[])[];
  /** Its labels at rest; undefined where there are none. */
  readonly existing: Uint8Array | undefined;
}

/** A brick's fill and what it was made from. */
export interface FilledBrick {
  readonly input: BrickInput;
  /** The labels at rest; undefined where nothing is proposed. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
  readonly voxels: number;
}

interface Found {
  readonly grid: string;
  readonly fields: ReadonlyMap<number, SolvedField>;
  readonly bricks: ReadonlyMap<number, FilledBrick>;
}

/**
 * What the last fills between planes of several directions have found. Nothing of it is trusted by age: the next fill compares what its
 * fields and bricks depend on and computes those anew of which that differs, so that its answer is that of a fill from the start.
 */
export class FillKeeper {
  readonly #kept = new Kept<Found>(KEEP_MS);

  fields(dims: Dims, spacingMm: SpacingMm): ReadonlyMap<number, SolvedField> {
    return this.#on(gridOf(dims, spacingMm))?.fields ?? new Map();
  }

  bricks(dims: Dims, spacingMm: SpacingMm): ReadonlyMap<number, FilledBrick> {
    return this.#on(gridOf(dims, spacingMm))?.bricks ?? new Map();
  }

  /** Keeps fields, and of those kept before the others where there is room. */
  keepFields(dims: Dims, spacingMm: SpacingMm, solved: ReadonlyMap<number, SolvedField>): void {
    const grid = gridOf(dims, spacingMm);
    const before = this.#on(grid);
    const bytesOf = ({ field }: SolvedField): number => field.values.byteLength;
    const fields = [new Map([...(before?.fields ?? []), ...solved]), solved].find((all) => fits(all, bytesOf));
    this.#kept.put({ grid, fields: fields ?? new Map(), bricks: before?.bricks ?? new Map() });
  }

  keepBricks(dims: Dims, spacingMm: SpacingMm, filled: ReadonlyMap<number, FilledBrick>): void {
    const grid = gridOf(dims, spacingMm);
    const bytesOf = ({ bytes, input }: FilledBrick): number =>
      (bytes?.byteLength ?? 0) + (input.existing?.byteLength ?? 0);
    const bricks = fits(filled, bytesOf) ? filled : new Map<number, FilledBrick>();
    this.#kept.put({ grid, fields: this.#on(grid)?.fields ?? new Map(), bricks });
  }

  release(): void {
    this.#kept.release();
  }

  #on(grid: string): Found | undefined {
    return this.#kept.value?.grid === grid ? this.#kept.value : undefined;
  }
}

function fits<Item>(items: ReadonlyMap<number, Item>, bytesOf: (item: Item) => number): boolean {
  let bytes = 0;
  for (const item of items.values()) bytes += bytesOf(item);
  return bytes <= MOST_BYTES;
}

function gridOf(dims: Dims, spacingMm: SpacingMm): string {
  return `${dims.join("×")} ${spacingMm.join("×")}`;
}
