import { VoxelwrightError } from "#base";
import { Deflate, inflateSync } from "fflate";
import { fromBase64, toBase64 } from "./base64.ts";
import type { BrickEdit } from "./brick-edit.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { runAtOnce, type Steps } from "./steps.ts";

const PLAIN = 0;
const DEFLATED = 1;

/** Below this many bytes deflate saves nothing worth its time. */
const WORTH_DEFLATING = 256;

/** Bytes deflated at once: a few milliseconds. */
const DEFLATE_STEP = 2 ** 16;

/** Deflate never expands by more than this (RFC 1951); a payload that says it does is a bomb. */
const MOST_EXPANSION = 1032;

/** Bytes of edits that one entry may hold: base64 of it is still one string in every browser. */
const MOST_BYTES = 2 ** 28;

/**
 * The edits of an entry as text: base64 of a byte 0 (plain) or 1 (deflated, then a varint with the length before) and the bytes:
 * for each edit, by ascending brick, the distance from the last brick's index, the length of its runs and the runs. Empty text for
 * no edits. Throws `limit` when one entry would be too large to be kept as a line.
 */
export function encodeEdits(edits: readonly BrickEdit[]): string {
  return runAtOnce(encodeEditsSteps(edits));
}

/** `encodeEdits` cut into steps. */
export function* encodeEditsSteps(edits: readonly BrickEdit[]): Steps<string> {
  if (edits.length === 0) return "";
  const body = new ByteWriter();
  let last = -1;
  for (const { brickIndex, runs } of edits) {
    if (brickIndex <= last)
      throw new VoxelwrightError("argument", "Edits of an entry come by ascending brick, one a brick.");
    body.varint(brickIndex - last - 1);
    body.varint(runs.length);
    body.bytes(runs);
    last = brickIndex;
  }
  const plain = body.finish();
  const deflated = plain.length < WORTH_DEFLATING ? undefined : yield* deflateSteps(plain);
  const pays = deflated !== undefined && deflated.length < plain.length;
  const payload = new ByteWriter();
  payload.byte(pays ? DEFLATED : PLAIN);
  if (pays) payload.varint(plain.length);
  payload.bytes(pays ? deflated : plain);
  if (payload.length > MOST_BYTES) {
    throw new VoxelwrightError("limit", "This change is too fine-grained to be kept as one step of the history.", {
      advice: "Limit it to a box or a narrower range, and do it in parts.",
      fields: { bytes: payload.length },
    });
  }
  return toBase64(payload.finish());
}

function* deflateSteps(plain: Uint8Array): Steps<Uint8Array> {
  const deflated = new ByteWriter();
  const stream = new Deflate({ level: 6 }, (chunk) => deflated.bytes(chunk));
  for (let start = 0; start < plain.length; start += DEFLATE_STEP) {
    const end = Math.min(start + DEFLATE_STEP, plain.length);
    stream.push(plain.subarray(start, end), end === plain.length);
    yield end / plain.length;
  }
  return deflated.finish();
}

/** The inverse of `encodeEdits`; anything else throws `integrity`. Runs are checked when they are read. */
export function decodeEdits(text: string): BrickEdit[] {
  if (text === "") return [];
  const payload = new ByteReader(fromBase64(text), "A list of brick edits");
  const format = payload.byte();
  if (format !== PLAIN && format !== DEFLATED) throw payload.fault("is of an unknown format");
  const bytes = format === PLAIN ? payload.rest() : inflate(payload);
  const body = new ByteReader(bytes, "A list of brick edits");
  if (body.done) throw body.fault("holds none");
  const edits: BrickEdit[] = [];
  let last = -1;
  while (!body.done) {
    const brickIndex = last + 1 + body.varint();
    edits.push({ brickIndex, runs: body.take(body.varint()) });
    last = brickIndex;
  }
  return edits;
}

function inflate(payload: ByteReader): Uint8Array {
  const length = payload.varint();
  const deflated = payload.rest();
  if (length > deflated.length * MOST_EXPANSION + MOST_EXPANSION) throw payload.fault("claims more than it can hold");
  let bytes: Uint8Array;
  try {
    // One byte more than is due, so that a payload that goes on is seen.
    bytes = inflateSync(deflated, { out: new Uint8Array(length + 1) });
  } catch (cause) {
    throw new VoxelwrightError("integrity", "A list of brick edits cannot be decompressed.", { cause });
  }
  if (bytes.length !== length) throw payload.fault("is not as long as it says");
  return bytes;
}
