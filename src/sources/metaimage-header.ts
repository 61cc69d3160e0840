import { NO_SIZE_IN_HEADER, NO_THICKNESS } from "./missing-spacing.ts";
import { sourceError, unsupportedError } from "./source-errors.ts";
import { asUtf8, numbersOf } from "./text-header.ts";
import { type SourceType, sourceBytes } from "./voxel-conversion.ts";

/** A MetaImage header: `key = value` lines up to ElementDataFile. */
export interface MetaHeader {
  readonly dimSize: readonly number[];
  readonly spacing: readonly number[];
  /** True where the header does not give it and it is assumed. */
  readonly spacingMissing: boolean;
  /** NDims rows of NDims: row n is the direction of axis n. */
  readonly transform: readonly number[];
  readonly offset: readonly number[];
  readonly sourceType: SourceType;
  readonly elementBytes: number;
  readonly channels: number;
  readonly littleEndian: boolean;
  readonly binary: boolean;
  readonly compressed: boolean;
  readonly compressedSize: number | undefined;
  /** Bytes to pass over in a detached file; −1: the data is at its end. */
  readonly headerSize: number;
  readonly dataFile: string;
  /** File names after `ElementDataFile = LIST`. */
  readonly listed: readonly string[];
  /** Bytes of the header: where LOCAL data begins. */
  readonly headerBytes: number;
  readonly modality: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

const TYPES: ReadonlyMap<string, SourceType> = new Map([
  ["MET_CHAR", "int8"],
  ["MET_UCHAR", "uint8"],
  ["MET_SHORT", "int16"],
  ["MET_USHORT", "uint16"],
  ["MET_INT", "int32"],
  ["MET_UINT", "uint32"],
  // MetaIO writes 4-byte longs on every platform.
  ["MET_LONG", "int32"],
  ["MET_ULONG", "uint32"],
  ["MET_LONG_LONG", "int64"],
  ["MET_ULONG_LONG", "uint64"],
  ["MET_FLOAT", "float32"],
  ["MET_DOUBLE", "float64"],
]);

const MODALITIES: ReadonlyMap<string, string> = new Map([
  ["MET_MOD_CT", "CT"],
  ["MET_MOD_MR", "MR"],
  ["MET_MOD_NM", "NM"],
  ["MET_MOD_US", "US"],
]);

/** Keys that are understood or say nothing; the others are shown as metadata. */
const KNOWN = new Set(
  (
    "objecttype ndims dimsize elementspacing elementsize elementtype elementdatafile transformmatrix rotation orientation offset position " +
    "origin centerofrotation anatomicalorientation binarydata binarydatabyteordermsb elementbyteordermsb compresseddata " +
    "compresseddatasize compressionlevel headersize elementnumberofchannels modality elementmin elementmax distanceunits"
  ).split(" "),
);

/** Throws `source` for what is missing or impossible, naming the key, and `unsupported` for types that are not read. */
export function parseMetaHeader(text: string, subject: string): MetaHeader {
  const { fields, headerBytes, listed } = splitFields(text, subject);
  const get = (...keys: string[]): string | undefined =>
    keys.map((key) => fields.get(key)?.value).find((value) => value !== undefined);

  const type = get("objecttype");
  if (type !== undefined && !/^image$/i.test(type)) {
    throw unsupportedError(
      subject,
      `It is a MetaIO object of type “${type.slice(0, 40)}”, not an image.`,
      "Open an image.",
    );
  }
  const dimSize = numbersOf(get("dimsize") ?? "");
  if (dimSize.length === 0)
    throw sourceError(
      subject,
      "The header has no DimSize, so the size of the volume is unknown.",
      "Correct the header or get a fresh copy.",
    );
  const count = dimSize.length;
  const nDims = Number(get("ndims") ?? count);
  if (nDims !== count || count > 10) {
    throw sourceError(
      subject,
      `NDims is ${get("ndims")}, but DimSize has ${count} numbers.`,
      "Correct the header or get a fresh copy.",
    );
  }
  if (!dimSize.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw sourceError(
      subject,
      `DimSize is “${get("dimsize")}”; whole numbers of 1 or more are possible.`,
      "Correct the header or get a fresh copy.",
    );
  }
  const elementType = get("elementtype") ?? "";
  const [scalar, isArray] = [elementType.replace(/_ARRAY$/, ""), elementType.endsWith("_ARRAY")];
  const sourceType = TYPES.get(scalar);
  if (!sourceType)
    throw unsupportedError(
      subject,
      `ElementType “${elementType.slice(0, 40)}” is not read.`,
      "Convert the file to a common type.",
    );
  const channels = Number(get("elementnumberofchannels") ?? 1);
  if (
    !Number.isSafeInteger(channels) ||
    channels < 1 ||
    (isArray && channels === 1 && get("elementnumberofchannels") === undefined)
  ) {
    throw sourceError(
      subject,
      `ElementNumberOfChannels is “${get("elementnumberofchannels") ?? "missing"}”.`,
      "Correct the header or get a fresh copy.",
    );
  }
  const notes: string[] = [];
  const given = spacingOf(get("elementspacing"), get("elementsize"), count, subject, notes);
  if (count < 3) notes.push(NO_THICKNESS);
  const size = get("compresseddatasize");
  const headerSize = Number(get("headersize") ?? 0);
  if (!Number.isSafeInteger(headerSize) || headerSize < -1)
    throw sourceError(subject, `HeaderSize is “${get("headersize")}”.`, "Correct the header.");
  const metadata: Record<string, string> = {};
  for (const [key, { name, value }] of fields) if (!KNOWN.has(key) && value !== "") metadata[name] = asUtf8(value);
  return {
    dimSize,
    spacing: given ?? dimSize.map(() => 1),
    spacingMissing: given === undefined,
    transform: matrixOf(get("transformmatrix", "rotation", "orientation"), count, subject, notes),
    offset: offsetOf(get("offset", "position", "origin"), count, subject, notes),
    sourceType,
    elementBytes: sourceBytes(sourceType),
    channels,
    littleEndian: !isTrue(get("binarydatabyteordermsb", "elementbyteordermsb")),
    binary: isTrue(get("binarydata") ?? "True"),
    compressed: isTrue(get("compresseddata")),
    compressedSize:
      size !== undefined && Number.isSafeInteger(Number(size)) && Number(size) > 0 ? Number(size) : undefined,
    headerSize,
    dataFile: get("elementdatafile")!,
    listed,
    headerBytes,
    modality: MODALITIES.get(get("modality") ?? "") ?? "",
    metadata,
    notes,
  };
}

type Fields = ReadonlyMap<string, { readonly name: string; readonly value: string }>;

function splitFields(text: string, subject: string): { fields: Fields; headerBytes: number; listed: string[] } {
  const fields = new Map<string, { name: string; value: string }>();
  let at = 0;
  while (at < text.length) {
    let end = text.indexOf("\n", at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end).replace(/\r$/, "");
    at = end + 1;
    const equals = line.indexOf("=");
    if (equals < 0) continue;
    const name = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    if (name === "") continue;
    fields.set(name.toLowerCase(), { name, value });
    if (name.toLowerCase() === "elementdatafile") {
      if (value === "") break;
      const listed = /^list\b/i.test(value)
        ? text
            .slice(at)
            .split(/\r?\n/)
            .map((entry) => entry.trim())
            .filter((entry) => entry !== "")
        : [];
      return { fields, headerBytes: at, listed };
    }
  }
  throw sourceError(
    subject,
    "The header has no ElementDataFile, so its voxels cannot be found.",
    "Correct the header or get a fresh copy.",
  );
}

function spacingOf(
  spacing: string | undefined,
  size: string | undefined,
  count: number,
  subject: string,
  notes: string[],
): number[] | undefined {
  const numbers = numbersOf(spacing ?? size ?? "");
  if (numbers.length === 0) {
    notes.push(NO_SIZE_IN_HEADER);
    return undefined;
  }
  if (spacing === undefined) notes.push("The header gives no ElementSpacing; ElementSize is used for it.");
  if (numbers.length < count || numbers.some((value, axis) => axis < 3 && !(Number.isFinite(value) && value !== 0))) {
    throw sourceError(
      subject,
      `ElementSpacing is “${spacing ?? size}”; ${count} numbers other than 0 are needed.`,
      "Correct the header.",
    );
  }
  return numbers;
}

function matrixOf(text: string | undefined, count: number, subject: string, notes: string[]): number[] {
  if (text === undefined) {
    notes.push("The header gives no orientation: axes are assumed to run to the patient's left, back and top.");
    return Array.from({ length: count * count }, (_, n) => (n % (count + 1) === 0 ? 1 : 0));
  }
  const numbers = numbersOf(text);
  if (numbers.length !== count * count || !numbers.every(Number.isFinite)) {
    throw sourceError(
      subject,
      `TransformMatrix has ${numbers.length} numbers; ${count * count} are needed.`,
      "Correct the header.",
    );
  }
  return numbers;
}

function offsetOf(text: string | undefined, count: number, subject: string, notes: string[]): number[] {
  if (text === undefined) {
    notes.push("The header gives no position: the first voxel is put at the origin.");
    return Array.from({ length: count }, () => 0);
  }
  const numbers = numbersOf(text);
  if (numbers.length < Math.min(count, 3) || !numbers.slice(0, 3).every(Number.isFinite)) {
    throw sourceError(subject, `Offset is “${text.slice(0, 80)}”; ${count} numbers are needed.`, "Correct the header.");
  }
  return numbers;
}

function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(true|t|1)/i.test(text);
}
