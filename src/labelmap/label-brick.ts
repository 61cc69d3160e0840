import { BRICK_VOXELS } from "#volume";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { endOfRun, labelWords } from "./label-words.ts";
import { MAX_LABEL } from "./segment.ts";

/** First byte of a label brick at rest. */
const FORMAT = 1;

/**
 * A brick of labels at rest: the byte 1, then runs of (length, label) as varints until all 64³ voxels are told, i fastest.
 * Neighbouring runs differ in label, so that equal bricks are equal bytes. Undefined when all is background: such a brick is absent.
 */
export function encodeLabelBrick(labels: Uint16Array): Uint8Array<ArrayBuffer> | undefined {
  const writer = new ByteWriter();
  writer.byte(FORMAT);
  const words = labelWords(labels);
  let start = 0;
  while (start < BRICK_VOXELS) {
    const label = labels[start]!;
    const end = endOfRun(labels, words, start, label);
    if (label === 0 && end - start === BRICK_VOXELS) return undefined;
    writer.varint(end - start);
    writer.varint(label);
    start = end;
  }
  return writer.finish();
}

/** Below this length a loop is quicker than `fill`. */
const SHORT_RUN = 48;

/**
 * The inverse of `encodeLabelBrick`, into `labels` (64³ values) or a new array. Throws `integrity` for bytes that it could not
 * have written.
 */
export function decodeLabelBrick(bytes: Uint8Array, labels?: Uint16Array): Uint16Array {
  // A new array is background already.
  const clear = labels === undefined;
  const decoded = labels ?? new Uint16Array(BRICK_VOXELS);
  const runs = new LabelRunReader(bytes);
  while (runs.next()) {
    const { start, end, label } = runs;
    if (label === 0 && clear) continue;
    if (end - start > SHORT_RUN) decoded.fill(label, start, end);
    else for (let voxel = start; voxel < end; voxel++) decoded[voxel] = label;
  }
  return decoded;
}

/** Goes through the runs of a brick at rest in order; throws `integrity` for bytes that `encodeLabelBrick` could not have written. */
export class LabelRunReader {
  readonly #reader: ByteReader;
  /** The run reached by `next`: its first voxel, the one after its last, and its label. */
  start = 0;
  end = 0;
  label = -1;

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes, "A label brick");
    if (this.#reader.byte() !== FORMAT) throw this.#reader.fault("is of an unknown format");
  }

  /** Goes on to the next run; false when all 64³ voxels are told. */
  next(): boolean {
    const reader = this.#reader;
    if (this.end === BRICK_VOXELS) {
      if (!reader.done) throw reader.fault("goes on after its last voxel");
      return false;
    }
    const length = reader.varint();
    const label = reader.varint();
    const start = this.end;
    const end = start + length;
    if (length === 0 || end > BRICK_VOXELS) throw reader.fault("has a run of a wrong length");
    if (label > MAX_LABEL) throw reader.fault("has a label above 16 bits");
    if (label === this.label) throw reader.fault("tells one run as two");
    if (label === 0 && length === BRICK_VOXELS) throw reader.fault("is all background and should be absent");
    this.start = start;
    this.end = end;
    this.label = label;
    return true;
  }
}

/** Writes a brick at rest run by run, in order; touching runs of one label are joined. */
export class LabelRunWriter {
  readonly #writer = new ByteWriter();
  #start = 0;
  #end = 0;
  #label = -1;

  constructor() {
    this.#writer.byte(FORMAT);
  }

  /** The next voxels up to `end`. */
  add(end: number, label: number): void {
    if (label !== this.#label) {
      this.#put();
      this.#start = this.#end;
      this.#label = label;
    }
    this.#end = end;
  }

  /** The bytes; undefined when all is background. */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#label === 0 && this.#start === 0) return undefined;
    this.#put();
    return this.#writer.finish();
  }

  #put(): void {
    if (this.#end === this.#start) return;
    this.#writer.varint(this.#end - this.#start);
    this.#writer.varint(this.#label);
  }
}
