import { sourceError, unsupportedError } from "./source-errors.ts";
import type { SourceType } from "./voxel-conversion.ts";

/**
 * The header of NIfTI-1 (348 bytes), NIfTI-2 (540 bytes) and Analyze 7.5 (348 bytes, no magic).
 * Specs: nifti1.h and nifti2.h of nifti.nimh.nih.gov; Analyze 7.5 format description, Mayo Clinic.
 */
export interface NiftiHeader {
  readonly format: "NIfTI-1" | "NIfTI-2" | "Analyze 7.5";
  readonly littleEndian: boolean;
  /** True when the voxels are in a second file, `.img`. */
  readonly pair: boolean;
  /** dim[0] … dim[7]. */
  readonly dim: readonly number[];
  readonly pixdim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly spaceUnits: number;
  readonly intentCode: number;
  readonly intentName: string;
  readonly description: string;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d, x, y, z. */
  readonly quatern: readonly [number, number, number, number, number, number];
  /** Three rows of four. */
  readonly srow: readonly number[];
  /** calMin and calMax: the window of the file, both 0 when there is none. */
  readonly calMin: number;
  readonly calMax: number;
  readonly headerBytes: 348 | 540;
}

const TYPES: ReadonlyMap<number, SourceType> = new Map([
  [2, "uint8"],
  [4, "int16"],
  [8, "int32"],
  [16, "float32"],
  [32, "complex64"],
  [64, "float64"],
  [128, "rgb24"],
  [256, "int8"],
  [512, "uint16"],
  [768, "uint32"],
  [1024, "int64"],
  [1280, "uint64"],
  [1792, "complex128"],
  [2304, "rgba32"],
]);

const UNREAD_TYPES: ReadonlyMap<number, string> = new Map([
  [1, "single bits"],
  [1536, "128-bit floating point numbers"],
  [2048, "256-bit complex numbers"],
]);

/** True for heads that carry the header size or a magic of the family. */
export function looksLikeNifti(head: Uint8Array): boolean {
  if (head.length < 348) return head.length >= 4 && isHeaderSize(head);
  return isHeaderSize(head) || magicOf(head) !== undefined;
}

function isHeaderSize(head: Uint8Array): boolean {
  const view = viewOf(head);
  return [348, 540].some((size) => view.getInt32(0, true) === size || view.getInt32(0, false) === size);
}

function magicOf(head: Uint8Array): string | undefined {
  const one = ascii(head, 344, 3);
  if ((one === "n+1" || one === "ni1") && head[347] === 0) return one;
  const two = ascii(head, 4, 3);
  if ((two === "n+2" || two === "ni2") && head[7] === 0) return two;
  return undefined;
}

/** Reads the fields; throws `source` for what is no such header. `hasImg` allows an Analyze 7.5 pair, which has no magic. */
export function parseNiftiHeader(head: Uint8Array, subject: string, hasImg: boolean): NiftiHeader {
  if (head.length < 348)
    throw sourceError(
      subject,
      `The file ends inside its header, after ${head.length} of 348 bytes.`,
      "Get a fresh copy of it.",
    );
  const view = viewOf(head);
  const littleEndian = view.getInt32(0, true) === 348 || view.getInt32(0, true) === 540;
  const size = view.getInt32(0, littleEndian);
  if (size !== 348 && size !== 540) {
    throw sourceError(
      subject,
      `The header size is ${view.getInt32(0, true)}; a NIfTI file begins with 348 or 540.`,
      "The file is damaged, or no NIfTI file.",
    );
  }
  const magic = magicOf(head);
  if (size === 540) {
    if (head.length < 540)
      throw sourceError(
        subject,
        `The file ends inside its header, after ${head.length} of 540 bytes.`,
        "Get a fresh copy of it.",
      );
    if (magic !== "n+2" && magic !== "ni2") throw noMagic(subject);
    return parseNifti2(view, head, littleEndian, magic === "ni2");
  }
  if (magic === "n+1" || magic === "ni1") return parseNifti1(view, head, littleEndian, magic === "ni1");
  if (!hasImg) throw noMagic(subject);
  return parseAnalyze(view, head, littleEndian);
}

function noMagic(subject: string): Error {
  return sourceError(
    subject,
    "The header has no NIfTI magic (“n+1”, “ni1”), and no .img file lies beside it that would make it an Analyze 7.5 header.",
    "The file is damaged; for an Analyze pair open the .hdr and .img files together.",
  );
}

/** The type of the voxels. Throws `unsupported` for known ones that are not read, `source` for unknown ones. */
export function niftiType(header: NiftiHeader, subject: string): SourceType {
  const type = TYPES.get(header.datatype);
  if (type) return type;
  const unread = UNREAD_TYPES.get(header.datatype);
  if (unread)
    throw unsupportedError(
      subject,
      `Its voxels are ${unread}, which are not read.`,
      "Convert the file to a common type.",
    );
  throw sourceError(
    subject,
    `The datatype code ${header.datatype} does not exist.`,
    "The header is damaged; get a fresh copy of the file.",
  );
}

function parseNifti1(view: DataView, head: Uint8Array, le: boolean, pair: boolean): NiftiHeader {
  const float = (at: number): number => view.getFloat32(at, le);
  return {
    format: "NIfTI-1",
    littleEndian: le,
    pair,
    dim: numbers(8, (n) => view.getInt16(40 + 2 * n, le)),
    pixdim: numbers(8, (n) => float(76 + 4 * n)),
    datatype: view.getInt16(70, le),
    bitpix: view.getInt16(72, le),
    voxOffset: float(108),
    slope: float(112),
    intercept: float(116),
    spaceUnits: head[123]! & 7,
    intentCode: view.getInt16(68, le),
    intentName: text(head, 328, 16),
    description: text(head, 148, 80),
    qformCode: view.getInt16(252, le),
    sformCode: view.getInt16(254, le),
    quatern: [float(256), float(260), float(264), float(268), float(272), float(276)],
    srow: numbers(12, (n) => float(280 + 4 * n)),
    calMin: float(128),
    calMax: float(124),
    headerBytes: 348,
  };
}

function parseNifti2(view: DataView, head: Uint8Array, le: boolean, pair: boolean): NiftiHeader {
  const double = (at: number): number => view.getFloat64(at, le);
  const long = (at: number): number => Number(view.getBigInt64(at, le));
  return {
    format: "NIfTI-2",
    littleEndian: le,
    pair,
    dim: numbers(8, (n) => long(16 + 8 * n)),
    pixdim: numbers(8, (n) => double(104 + 8 * n)),
    datatype: view.getInt16(12, le),
    bitpix: view.getInt16(14, le),
    voxOffset: long(168),
    slope: double(176),
    intercept: double(184),
    spaceUnits: view.getInt32(500, le) & 7,
    intentCode: view.getInt32(504, le),
    intentName: text(head, 508, 16),
    description: text(head, 240, 80),
    qformCode: view.getInt32(344, le),
    sformCode: view.getInt32(348, le),
    quatern: [double(352), double(360), double(368), double(376), double(384), double(392)],
    srow: numbers(12, (n) => double(400 + 8 * n)),
    calMin: double(200),
    calMax: double(192),
    headerBytes: 540,
  };
}

function parseAnalyze(view: DataView, head: Uint8Array, le: boolean): NiftiHeader {
  return {
    format: "Analyze 7.5",
    littleEndian: le,
    pair: true,
    dim: numbers(8, (n) => view.getInt16(40 + 2 * n, le)),
    pixdim: numbers(8, (n) => view.getFloat32(76 + 4 * n, le)),
    datatype: view.getInt16(70, le),
    bitpix: view.getInt16(72, le),
    voxOffset: Math.abs(view.getFloat32(108, le)),
    // funused1 of the format; SPM keeps its scale there and leaves 0 otherwise.
    slope: view.getFloat32(112, le),
    intercept: 0,
    spaceUnits: 2,
    intentCode: 0,
    intentName: "",
    description: text(head, 148, 80),
    qformCode: 0,
    sformCode: 0,
    quatern: [0, 0, 0, 0, 0, 0],
    srow: numbers(12, () => 0),
    calMin: view.getFloat32(128, le),
    calMax: view.getFloat32(124, le),
    headerBytes: 348,
  };
}

function numbers(count: number, at: (n: number) => number): number[] {
  return Array.from({ length: count }, (_, n) => at(n));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** Printable text up to the first zero byte. */
function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  const raw = new TextDecoder("utf-8").decode(end < 0 ? field : field.subarray(0, end));
  return raw.replace(/[\u0000-\u001f\u007f\ufffd]/g, " ").trim();
}
