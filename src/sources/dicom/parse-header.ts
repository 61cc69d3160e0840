import type { Element } from "dicom-parser";
import { type AbortOptions, isVoxelwrightError, VoxelwrightError } from "#base";
import { InflatedBlob } from "../inflated-blob.ts";
import { afarOf } from "../range-blob.ts";
import { Attributes } from "./attributes.ts";
import { type Elements, type Encoding, readElements } from "./element-reader.ts";
import { inflateRaw } from "./inflate.ts";
import { notAnImage } from "./sop-classes.ts";
import { Tag } from "./tags.ts";
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  type TransferSyntax,
  transferSyntaxOf,
} from "./transfer-syntax.ts";

/** Bytes first read of each file; grown fourfold until the header is whole. */
const FIRST_BYTES = 1 << 16;
/** The same of a file from afar, where a look gives as much, or in an archive, where it is inflated. */
const FIRST_COSTLY_BYTES = 3 << 12;
/** Longest header that is read, sequences of all frames included. */
const MAX_HEADER_BYTES = 1 << 28;
/** Bytes before the first element that are passed over in a file without preamble. */
const MAX_STRAY_BYTES = 4;

/** Where voxels lie in the data set's bytes: the file, or what a deflated file unpacks to. */
export interface PixelElement {
  readonly kind: "integer" | "float32" | "float64";
  /** First byte of the value. */
  readonly offset: number;
  /** Bytes of the value; undefined when it is encapsulated, of undefined length. */
  readonly byteLength: number | undefined;
  /** True where the value is written as 16-bit words (VR OW), which matters for big-endian voxels of 8 bits. */
  readonly words: boolean;
}

/** The header of one DICOM file. */
export interface DicomHeader {
  readonly attributes: Attributes;
  readonly syntax: TransferSyntax;
  readonly sopClass: string;
  readonly pixels: PixelElement | undefined;
  /** Offset of the data set when it is deflated. */
  readonly deflatedFrom: number | undefined;
  /** Bytes there are: of the file, or of what it unpacks to. */
  readonly byteLength: number;
  /** The bytes read for the header, for a look at what follows it. */
  readonly head: Uint8Array;
  readonly notes: readonly string[];
}

/** Where the data set starts and what was said about it (PS3.10 section 7.1). */
interface Start {
  readonly offset: number;
  readonly syntaxUid: string;
  readonly mediaClass: string;
}

/** Reads the header without its voxels; throws `source`, `unsupported` or `limit` without a subject. */
export async function parseHeader(blob: Blob, options: AbortOptions = {}): Promise<DicomHeader> {
  if (blob.size === 0) throw new VoxelwrightError("source", "The file is empty.");
  const first = afarOf(blob) || blob instanceof InflatedBlob ? FIRST_COSTLY_BYTES : FIRST_BYTES;
  for (let size = Math.min(first, blob.size); ; size = Math.min(size * 4, blob.size)) {
    options.signal?.throwIfAborted();
    const bytes = new Uint8Array(await blob.slice(0, size).arrayBuffer());
    const header = await parsePrefix(blob, bytes, size === blob.size);
    if (header) return header;
    if (size >= MAX_HEADER_BYTES) throw new VoxelwrightError("limit", "The header is longer than 256 MiB.");
  }
}

async function parsePrefix(blob: Blob, bytes: Uint8Array, whole: boolean): Promise<DicomHeader | undefined> {
  const start = findStart(bytes);
  const declared = start.syntaxUid === "" ? undefined : transferSyntaxOf(start.syntaxUid);
  if (declared?.deflated) return parseDeflated(blob, start, declared);
  const notes: string[] = [];
  const encoding = sniff(bytes, start.offset);
  const syntax = declared ? agree(declared, encoding, notes) : guess(encoding, start, notes);
  const elements = readElements(bytes, start.offset, encoding ?? syntax);
  if (elements.cut && !whole) return undefined;
  return finish(elements, syntax, start, undefined, blob.size, bytes, notes);
}

async function parseDeflated(blob: Blob, start: Start, syntax: TransferSyntax): Promise<DicomHeader> {
  const bytes = await inflateRaw(blob.slice(start.offset));
  const elements = readElements(bytes, 0, syntax);
  return finish(elements, syntax, start, start.offset, bytes.length, bytes, []);
}

function finish(
  elements: Elements,
  syntax: TransferSyntax,
  start: Start,
  deflatedFrom: number | undefined,
  byteLength: number,
  head: Uint8Array,
  notes: readonly string[],
): DicomHeader {
  const attributes = new Attributes(elements.set);
  const sopClass = attributes.string(Tag.sopClass) || start.mediaClass;
  const what = notAnImage(sopClass);
  if (what) {
    throw new VoxelwrightError("unsupported", `This is ${what}.`, {
      advice: "Open the images that it belongs to.",
      fields: { sopClass },
    });
  }
  if (elements.cut) throw new VoxelwrightError("source", "The file ends in the middle of its DICOM header.");
  if (Object.keys(elements.set.elements).length === 0)
    throw new VoxelwrightError("source", "The file holds no DICOM data set.");
  return {
    attributes,
    syntax,
    sopClass,
    pixels: elements.pixels && pixelElement(elements.pixels),
    deflatedFrom,
    byteLength,
    head,
    notes,
  };
}

function pixelElement(element: Element): PixelElement {
  const kind =
    element.tag === Tag.floatPixelData ? "float32" : element.tag === Tag.doublePixelData ? "float64" : "integer";
  return {
    kind,
    offset: element.dataOffset,
    byteLength: element.hadUndefinedLength ? undefined : element.length,
    words: element.vr === "OW",
  };
}

/** The start of the data set: after preamble and file meta information where there are any. */
function findStart(bytes: Uint8Array): Start {
  const preamble = hasPrefix(bytes) ? 132 : 0;
  if (preamble === 0 && bytes.length < 132 && bytes.every((byte) => byte === 0)) {
    throw new VoxelwrightError("source", "The file ends within the preamble of a DICOM file.");
  }
  const u16 = (at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
  if (u16(preamble) !== 2) {
    const offset = preamble || findHeaderless(bytes);
    if (offset === undefined) throw new VoxelwrightError("source", "The file is not DICOM.");
    return { offset, syntaxUid: "", mediaClass: "" };
  }
  // File meta information is explicit little endian and ends where group 2 does, whatever its group length says.
  const end = metaEnd(bytes, preamble);
  if (end === undefined)
    throw new VoxelwrightError("source", "The file ends in the middle of its DICOM file meta information.");
  const meta = new Attributes(readElements(bytes.subarray(0, end), preamble, EXPLICIT_LITTLE).set);
  return { offset: end, syntaxUid: meta.string(Tag.transferSyntax), mediaClass: meta.string(Tag.mediaStorageSopClass) };
}

const LONG_VRS: ReadonlySet<string> = new Set([
  "OB",
  "OD",
  "OF",
  "OL",
  "OV",
  "OW",
  "SQ",
  "SV",
  "UC",
  "UN",
  "UR",
  "UT",
  "UV",
]);

function metaEnd(bytes: Uint8Array, from: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = from;
  while (at + 8 <= bytes.length && view.getUint16(at, true) === 2) {
    const long = LONG_VRS.has(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!));
    if (long && at + 12 > bytes.length) return undefined;
    at += long ? 12 + view.getUint32(at + 8, true) : 8 + view.getUint16(at + 6, true);
  }
  return at <= bytes.length ? at : undefined;
}

const KNOWN_VRS: ReadonlySet<string> = new Set([
  ...LONG_VRS,
  ..."AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split(" "),
]);

/** How the element at an offset is written, by its looks; undefined when it looks like none. */
export function sniff(bytes: Uint8Array, offset: number): Encoding | undefined {
  if (offset + 8 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getUint16(offset, true);
  const big = view.getUint16(offset, false);
  const vr = String.fromCharCode(bytes[offset + 4]!, bytes[offset + 5]!);
  const plausible = (group: number): boolean => group > 0 && group <= 0x28;
  if (KNOWN_VRS.has(vr)) {
    if (plausible(little)) return { implicitVr: false, bigEndian: false };
    if (plausible(big)) return { implicitVr: false, bigEndian: true };
    return undefined;
  }
  // Implicit: the length must be small and even, and the element one that files begin with.
  const length = view.getUint32(offset + 4, true);
  const first = little === 8 && view.getUint16(offset + 2, true) <= 0x60;
  return first && length % 2 === 0 && length <= 1024 ? { implicitVr: true, bigEndian: false } : undefined;
}

/** Where a data set without preamble starts: at once, or after a few stray bytes; undefined when it is no DICOM. */
export function findHeaderless(bytes: Uint8Array): number | undefined {
  if (sniff(bytes, 0)) return 0;
  for (let offset = 1; offset <= MAX_STRAY_BYTES; offset++) {
    if (sniff(bytes, offset)?.implicitVr === false && (bytes[offset] === 8 || bytes[offset + 1] === 8)) return offset;
  }
  return undefined;
}

/** True when the bytes carry DICOM's prefix after the preamble (PS3.10 section 7.1). */
export function hasPrefix(bytes: Uint8Array): boolean {
  return bytes.length >= 132 && String.fromCharCode(...bytes.subarray(128, 132)) === "DICM";
}

/** The declared syntax, with a note where the bytes are written otherwise. */
function agree(declared: TransferSyntax, encoding: Encoding | undefined, notes: string[]): TransferSyntax {
  if (!encoding || (encoding.implicitVr === declared.implicitVr && encoding.bigEndian === declared.bigEndian))
    return declared;
  notes.push(
    `The header is written otherwise than its transfer syntax (${declared.name}) says; it was read as it is written.`,
  );
  return { ...declared, bigEndian: encoding.bigEndian };
}

function guess(encoding: Encoding | undefined, start: Start, notes: string[]): TransferSyntax {
  if (!encoding)
    throw new VoxelwrightError("source", "The file names no transfer syntax and its header cannot be made out.");
  const syntax = encoding.bigEndian ? EXPLICIT_BIG : encoding.implicitVr ? IMPLICIT_LITTLE : EXPLICIT_LITTLE;
  notes.push(
    `The file ${start.offset < 128 ? "has no preamble" : "names no transfer syntax"}; it was read as ${syntax.name}.`,
  );
  return syntax;
}

/** What to do about a file that cannot be used, where nothing better is known. */
export const FRESH_COPY = "Get a fresh copy of the file, or export the series again.";

/** The error with the file's name as its subject; other errors become `source`. AbortErrors pass through. */
export function aboutFile(error: unknown, name: string): unknown {
  if (error instanceof Error && error.name === "AbortError") return error;
  if (isVoxelwrightError(error)) {
    const { kind, message, fields, cause } = error;
    const advice = error.advice ?? (kind === "source" || kind === "limit" ? FRESH_COPY : undefined);
    return new VoxelwrightError(kind, message, {
      subject: name,
      fields,
      cause,
      ...(advice === undefined ? {} : { advice }),
    });
  }
  return new VoxelwrightError("source", "The file cannot be read as DICOM.", {
    subject: name,
    advice: FRESH_COPY,
    cause: error,
  });
}
