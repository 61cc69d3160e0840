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

/**
 * The inverse of `encodeLabelBrick`, into `labels` (64³ values) or a new array. Throws `integrity` for bytes that it could not
 * have written.
 */
export function decodeLabelBrick(bytes: Uint8Array, labels = new Uint16Array(BRICK_VOXELS)): Uint16Array {
  const reader = new ByteReader(bytes, "A label brick");
  if (reader.byte() !== FORMAT) throw reader.fault("is of an unknown format");
  let start = 0;
  let last = -1;
  while (start < BRICK_VOXELS) {
    const length = reader.varint();
    const label = reader.varint();
    if (length === 0 || start + length > BRICK_VOXELS) throw reader.fault("has a run of a wrong length");
    if (label > MAX_LABEL) throw reader.fault("has a label above 16 bits");
    if (label === last) throw reader.fault("tells one run as two");
    labels.fill(label, start, start + length);
    start += length;
    last = label;
    if (label === 0 && length === BRICK_VOXELS) throw reader.fault("is all background and should be absent");
  }
  if (!reader.done) throw reader.fault("goes on after its last voxel");
  return labels;
}
