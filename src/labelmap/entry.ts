import { VoxelwrightError } from "#base";
import type { ImageGridData } from "#volume";
import * as v from "valibot";
import { fromBase64 } from "./base64.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { type DeviceKey, sha256 } from "./device-key.ts";
import type { MeasurementEdit } from "./measurement.ts";
import { measurementEditSchema } from "./measurement-schema.ts";
import type { SegmentEdit } from "./segment.ts";
import { segmentEditSchema } from "./segment-schema.ts";

/** Who caused an entry: a person's action, a job's result, another device. */
export type EntrySource = "user" | "job" | "remote";

export type JsonObject = { readonly [key: string]: Json };

/** What binds a journal to its volume; stands in entry 0. */
export interface StudyBinding {
  readonly volumeId: string;
  /** SHA-256 of the grid's canonical JSON. */
  readonly grid: string;
  /** Version of the program that began the journal. */
  readonly app: string;
}

/** One journal record; the rules of SPEC.md § Journal are about it. */
export interface JournalEntry {
  readonly format: 1;
  /** 0, 1, 2, … */
  readonly sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly author: string;
  /** Fingerprint of the signing device's key. */
  readonly device: string;
  readonly command: string;
  readonly arguments: JsonObject;
  readonly source: EntrySource;
  /** As `encodeEdits` writes them. */
  readonly edits: string;
  readonly segments: readonly SegmentEdit[];
  /** Absent when no measurement changes. */
  readonly measurements?: readonly MeasurementEdit[];
  /** Hash of the entry before; 64 zeros in entry 0. */
  readonly previous: string;
  /** Only in entry 0. */
  readonly study?: StudyBinding;
  /** A key that may sign from this entry on. In entry 0 the key that signs it. */
  readonly introduces?: DeviceKey;
  /** SHA-256 of the entry's canonical JSON without `hash` and `signature`. */
  readonly hash: string;
  /** By `device`, of `entry <hash>`. */
  readonly signature: string;
}

/** What is hashed and signed of an entry. */
export type UnsignedEntry = Omit<JournalEntry, "hash" | "signature">;

/** `previous` of entry 0. */
export const NO_HASH = "0".repeat(64);

/** Command of entry 0. */
export const BEGIN_COMMAND = "journal.begin";

const hex64 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const base64 = v.pipe(v.string(), v.check(isBase64, "is not base64"));
const time = v.pipe(v.string(), v.check(isTime, "is not a time"));
const deviceKeySchema = v.strictObject({ algorithm: v.picklist(["Ed25519", "ECDSA-P256-SHA256"]), publicKey: base64 });

const entrySchema = v.strictObject({
  format: v.literal(1),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  time,
  author: v.string(),
  device: hex64,
  command: v.pipe(v.string(), v.minLength(1)),
  arguments: v.custom<JsonObject>((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
  source: v.picklist(["user", "job", "remote"]),
  edits: v.string(),
  segments: v.array(segmentEditSchema),
  measurements: v.exactOptional(v.pipe(v.array(measurementEditSchema), v.minLength(1))),
  previous: hex64,
  study: v.exactOptional(v.strictObject({ volumeId: v.string(), grid: hex64, app: v.string() })),
  introduces: v.exactOptional(deviceKeySchema),
  hash: hex64,
  signature: base64,
});

const sealSchema = v.strictObject({
  seal: v.literal(1),
  /** Entries sealed. */
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Hash of the last one. */
  last: hex64,
  time,
  device: hex64,
  /** By `device`, of `seal <canonical JSON without signature>`. */
  signature: base64,
});

/** Last line of an exported journal: how many entries there are and which is the last, so that cutting off the end is seen. */
export type JournalSeal = v.InferOutput<typeof sealSchema>;

/** Reads one line. Throws `integrity` unless the line is the one spelling of an entry. */
export function parseEntryLine(line: string): JournalEntry {
  return parseLine(line, entrySchema);
}

/** Reads the last line of an export, as strictly. */
export function parseSealLine(line: string): JournalSeal {
  return parseLine(line, sealSchema);
}

/** True for a line that is meant as a seal; what follows then judges it. */
export function looksLikeSeal(line: string): boolean {
  return /^\{"count":\d+,"device":"[0-9a-f]*","last":/.test(line);
}

/** The text that an entry's hash is of. */
export function unsignedText(entry: UnsignedEntry | JournalEntry): string {
  return canonicalJson({ ...entry, hash: undefined, signature: undefined });
}

/** The text that an entry's signature is of; differs from every seal's. */
export function entrySigningText(hash: string): string {
  return `entry ${hash}`;
}

/** The text that a seal's signature is of. */
export function sealSigningText(seal: Omit<JournalSeal, "signature">): string {
  return `seal ${canonicalJson({ ...seal, signature: undefined })}`;
}

/** Digest that binds a journal to where its voxels lie. */
export function gridDigest(grid: ImageGridData): Promise<string> {
  return sha256(canonicalJson(grid));
}

function parseLine<Schema extends v.GenericSchema>(line: string, schema: Schema): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new VoxelwrightError("integrity", "The line is not JSON.");
  }
  if (canonicalJson(value) !== line) throw new VoxelwrightError("integrity", "The line is not spelled canonically.");
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const at = result.issues[0].path?.map((item) => String(item.key)).join(".") ?? "line";
  throw new VoxelwrightError("integrity", `The field ${at} is missing or wrong.`);
}

function isBase64(text: string): boolean {
  try {
    fromBase64(text);
    return true;
  } catch {
    return false;
  }
}

function isTime(text: string): boolean {
  const parsed = new Date(text);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString() === text;
}
