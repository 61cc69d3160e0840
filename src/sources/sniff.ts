import { gunzipHead, isGzip } from "./gzip.ts";
import type { SourceFile } from "./source.ts";
import { READ_FORMATS } from "./source-errors.ts";
import { isZip } from "./zip-directory.ts";

/** Bytes that readers are shown to recognise a file by. */
export const HEAD_BYTES = 1024;

/** The first bytes of a file, inflated where it is gzip. */
export interface FileHead {
  readonly bytes: Uint8Array;
  readonly gzip: boolean;
}

export async function readFileHead(file: SourceFile): Promise<FileHead> {
  const raw = new Uint8Array(await file.blob.slice(0, HEAD_BYTES).arrayBuffer());
  if (!isGzip(raw)) return { bytes: raw, gzip: false };
  return { bytes: await gunzipHead(file.blob, HEAD_BYTES), gzip: true };
}

const WEB_PAGE = "a web page";

/** Kinds of files that people drop by mistake, by their first bytes. */
const KNOWN: readonly (readonly [string, (head: Uint8Array) => boolean])[] = [
  ["a PNG picture", startsWith([0x89, 0x50, 0x4e, 0x47])],
  ["a JPEG picture", startsWith([0xff, 0xd8, 0xff])],
  ["a GIF picture", startsWithText("GIF8")],
  ["a PDF document", startsWithText("%PDF")],
  [WEB_PAGE, (head) => /^\s*(<!doctype html|<html|<head|<body)/i.test(textOf(head))],
  ["an XML file", startsWithText("<?xml")],
  ["a MINC 2 or HDF5 file", startsWith([0x89, 0x48, 0x44, 0x46])],
  ["a MINC 1 or NetCDF file", startsWithText("CDF")],
  ["an MRtrix image", startsWithText("mrtrix image")],
  ["a Philips PAR header", (head) => /^#\s*=+ *DATA DESCRIPTION FILE/.test(textOf(head))],
  ["an AFNI header", (head) => /^\s*type *= *(string|integer|float)-attribute/.test(textOf(head))],
  ["a zip archive inside another file", isZip],
  ["a 7-Zip archive", startsWith([0x37, 0x7a, 0xbc, 0xaf])],
  ["a RAR archive", startsWithText("Rar!")],
  ["a bzip2 file", startsWithText("BZh")],
  ["an xz file", startsWith([0xfd, 0x37, 0x7a, 0x58])],
  ["a Zstandard file", startsWith([0x28, 0xb5, 0x2f, 0xfd])],
  ["a tar archive", (head) => textOf(head.subarray(257, 262)) === "ustar"],
  ["a JSON file", (head) => /^\s*[{[]\s*["{[\]}]/.test(textOf(head))],
];

/** One line for a file that no reader recognises. */
export function unknownFileLine(file: SourceFile, head: FileHead): string {
  if (head.bytes.length === 0 && head.gzip)
    return "Its gzip data cannot be inflated: the file is damaged. Get a fresh copy of it.";
  const claimed = claimedFormat(file.name);
  const kind = KNOWN.find(([, is]) => is(head.bytes))?.[0];
  if (claimed === "a DICOM file" && file.blob.size < 132 && kind !== WEB_PAGE)
    return `The file has ${file.blob.size} bytes, less than the first part of any DICOM file: it was cut off. Copy or download it again.`;
  if (kind === WEB_PAGE)
    return `This is ${kind}, perhaps a login or an error saved in place of the scan. Download the scan again.`;
  if (kind) return `This is ${kind}; Voxelwright reads ${READ_FORMATS}. Save the scan in one of these formats.`;
  if (/\.(img|raw|zraw|bin)(\.gz)?$/i.test(file.name)) {
    return "Voxel data without its header; open it together with its .hdr, .mhd or .nhdr file.";
  }
  if (claimed)
    return `This is not ${claimed} despite its name; Voxelwright reads ${READ_FORMATS}. Get a fresh copy of the file.`;
  return `This is not a scan that can be recognised; Voxelwright reads ${READ_FORMATS}. Open one of these.`;
}

function claimedFormat(name: string): string | undefined {
  const ending = /\.([a-z]+)(\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === "nii" || ending === "hdr") return "a NIfTI file";
  if (ending === "nrrd" || ending === "nhdr") return "a NRRD file";
  if (ending === "mha" || ending === "mhd") return "a MetaImage file";
  if (ending === "mgh" || ending === "mgz") return "an MGH file";
  if (ending === "dcm" || ending === "dicom") return "a DICOM file";
  return undefined;
}

function startsWith(bytes: readonly number[]): (head: Uint8Array) => boolean {
  return (head) => bytes.every((byte, n) => head[n] === byte);
}

function startsWithText(text: string): (head: Uint8Array) => boolean {
  return (head) => textOf(head.subarray(0, text.length)) === text;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
