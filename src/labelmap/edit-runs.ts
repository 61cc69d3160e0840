import { BRICK_VOXELS } from "#volume";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { MAX_LABEL } from "./segment.ts";

/** `length` voxels from voxel `start` on that were `from` and become `to`. */
export interface EditRun {
  readonly start: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Writes runs in ascending order as bytes. Each run is varints: `skip · 2 + same`, `length`, and unless `same` is 1 `from` and
 * `to`; skip counts voxels since the last run's end, same says that from and to are those of the last run. Touching runs of one
 * change are joined and runs that change nothing left out, so that equal changes are equal bytes.
 */
export class EditRunWriter {
  readonly #writer = new ByteWriter();
  #written = 0;
  #lastFrom = -1;
  #lastTo = -1;
  // The run that may still grow.
  #start = 0;
  #length = 0;
  #from = 0;
  #to = 0;

  add(start: number, length: number, from: number, to: number): void {
    if (length === 0 || from === to) return;
    if (this.#length > 0 && start === this.#start + this.#length && from === this.#from && to === this.#to) {
      this.#length += length;
      return;
    }
    this.#put();
    this.#start = start;
    this.#length = length;
    this.#from = from;
    this.#to = to;
  }

  /** The runs, or undefined when nothing changes. */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    this.#put();
    return this.#writer.length === 0 ? undefined : this.#writer.finish();
  }

  #put(): void {
    if (this.#length === 0) return;
    const same = this.#from === this.#lastFrom && this.#to === this.#lastTo;
    this.#writer.varint((this.#start - this.#written) * 2 + (same ? 1 : 0));
    this.#writer.varint(this.#length);
    if (!same) {
      this.#writer.varint(this.#from);
      this.#writer.varint(this.#to);
    }
    this.#lastFrom = this.#from;
    this.#lastTo = this.#to;
    this.#written = this.#start + this.#length;
    this.#length = 0;
  }
}

/** Calls `take` for each run in order. Throws `integrity` for bytes that `EditRunWriter` could not have written. */
export function forEachEditRun(
  bytes: Uint8Array,
  take: (start: number, length: number, from: number, to: number) => void,
): void {
  const reader = new ByteReader(bytes, "A brick edit");
  if (reader.done) throw reader.fault("changes nothing");
  let end = 0;
  let from = -1;
  let to = -1;
  while (!reader.done) {
    const head = reader.varint();
    const skip = Math.floor(head / 2);
    const length = reader.varint();
    const start = end + skip;
    const same = head % 2 === 1;
    if (length === 0 || start + length > BRICK_VOXELS) throw reader.fault("has a run of a wrong length");
    if (same && (from < 0 || skip === 0)) throw reader.fault("repeats a change that it cannot repeat");
    if (!same) {
      const newFrom = reader.varint();
      const newTo = reader.varint();
      if (newFrom > MAX_LABEL || newTo > MAX_LABEL) throw reader.fault("has a label above 16 bits");
      if (newFrom === newTo) throw reader.fault("has a run that changes nothing");
      if (newFrom === from && newTo === to) throw reader.fault("tells a repeated change in full");
      from = newFrom;
      to = newTo;
    }
    take(start, length, from, to);
    end = start + length;
  }
}

/** The runs as values. */
export function listEditRuns(bytes: Uint8Array): EditRun[] {
  const runs: EditRun[] = [];
  forEachEditRun(bytes, (start, length, from, to) => runs.push({ start, length, from, to }));
  return runs;
}
