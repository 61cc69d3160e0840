import { VoxelwrightError } from "#base";
import type { Attributes } from "./attributes.ts";
import type { PixelFormat } from "./instance.ts";
import type { DicomHeader } from "./parse-header.ts";
import { Tag } from "./tags.ts";

/** Voxels of one frame beyond which a header is taken as wrong: 16,384 squared. */
const MAX_FRAME_VOXELS = 1 << 28;

/** Pixel format of an image of grey values (PS3.3 C.7.6.3.1); throws `source` or `unsupported`. */
export function readPixelFormat(attributes: Attributes, kind: PixelFormat["kind"]): PixelFormat {
  refuseColour(attributes);
  const rows = attributes.uint16(Tag.rows);
  const columns = attributes.uint16(Tag.columns);
  if (!rows || !columns) throw wrong(`The image has ${rows ?? "no"} rows and ${columns ?? "no"} columns.`);
  if (rows * columns > MAX_FRAME_VOXELS) {
    throw new VoxelwrightError(
      "limit",
      `The image claims ${columns}×${rows} voxels a slice; the limit is ${MAX_FRAME_VOXELS}.`,
    );
  }
  if (kind !== "integer") {
    const bits = kind === "float32" ? 32 : 64;
    return { rows, columns, kind, bitsAllocated: bits, bitsStored: bits, highBit: bits - 1, signed: true };
  }
  const bitsAllocated = attributes.uint16(Tag.bitsAllocated) ?? 16;
  if (bitsAllocated === 1)
    throw new VoxelwrightError("unsupported", "The image is a bitmap of one bit a voxel, not a scan.");
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw wrong(`Voxels of ${bitsAllocated} bits are not allowed in DICOM (8, 16 or 32 are).`);
  }
  const stored = attributes.uint16(Tag.bitsStored) ?? bitsAllocated;
  const bitsStored = stored >= 1 && stored <= bitsAllocated ? stored : bitsAllocated;
  const high = attributes.uint16(Tag.highBit) ?? bitsStored - 1;
  const highBit = high >= bitsStored - 1 && high < bitsAllocated ? high : bitsStored - 1;
  return {
    rows,
    columns,
    kind,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: attributes.uint16(Tag.pixelRepresentation) === 1,
  };
}

function refuseColour(attributes: Attributes): void {
  const samples = attributes.uint16(Tag.samplesPerPixel) ?? 1;
  const photometric = attributes.string(Tag.photometric);
  if (samples === 1 && (photometric === "" || photometric.startsWith("MONOCHROME"))) return;
  const modality = attributes.string(Tag.modality);
  throw new VoxelwrightError(
    "unsupported",
    `This is a colour picture (${[modality, photometric || `${samples} samples`].filter(Boolean).join(", ")}), not a scan of grey values.`,
    { advice: "Open the scan that it belongs to." },
  );
}

/** Number of frames in the file, at least 1. */
export function readFrameCount(attributes: Attributes): number {
  const frames = attributes.decimal(Tag.numberOfFrames) ?? 1;
  if (!Number.isInteger(frames) || frames < 0) throw wrong(`The number of frames is ${frames}.`);
  return Math.max(frames, 1);
}

/** Why the file does not hold the voxels that its header promises; undefined when it does, as far as the header's bytes tell. */
export function findDamage(header: DicomHeader, format: PixelFormat, frames: number): string | undefined {
  const { pixels, byteLength, head, syntax } = header;
  if (!pixels) return "The file has no voxels (no Pixel Data element).";
  const there = Math.max(byteLength - pixels.offset, 0);
  if (pixels.byteLength === undefined) {
    if (there < 16 || frames > there / 8)
      return `The file ends before its ${frames === 1 ? "voxels" : `${frames} frames`} do.`;
    return cutFragment(head, pixels.offset, byteLength);
  }
  if (syntax.coding !== "raw") {
    return pixels.byteLength > there
      ? `The file ends early: ${there} of ${pixels.byteLength} bytes of voxels are there.`
      : undefined;
  }
  const due = format.rows * format.columns * (format.bitsAllocated / 8) * frames;
  const held = Math.min(pixels.byteLength, there);
  if (held >= due) return undefined;
  const size = `${format.columns}×${format.rows}${frames > 1 ? `×${frames}` : ""} voxels`;
  return `The voxels end early: ${held} of the ${due} bytes that ${size} need are there.`;
}

/** Looks at the first two items of encapsulated voxels, as far as they lie in the bytes already read. */
function cutFragment(head: Uint8Array, offset: number, byteLength: number): string | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let at = offset;
  for (let item = 0; item < 2 && at + 8 <= head.length; item++) {
    if (view.getUint32(at, true) !== 0xe000fffe)
      return item === 0 ? "The compressed voxels do not start with an item." : undefined;
    const end = at + 8 + view.getUint32(at + 4, true);
    if (end > byteLength)
      return `The file ends early: compressed voxels reach to byte ${end}, the file to ${byteLength}.`;
    at = end;
  }
  return undefined;
}

/**
 * Whether the JPEG 2000 stream calls its samples signed (Ssiz of the SIZ marker, ISO/IEC 15444-1 A.5.1); undefined for other
 * codings and where the stream's start was not among the header's bytes.
 */
export function signOfJpeg2000({ syntax, pixels, head }: DicomHeader): boolean | undefined {
  if ((syntax.coding !== "jpeg-2000" && syntax.coding !== "htj2k") || !pixels) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (pixels.offset + 16 > head.length) return undefined;
  const stream = pixels.offset + 16 + view.getUint32(pixels.offset + 4, true);
  if (stream + 43 > head.length || view.getUint32(stream) !== 0xff4fff51) return undefined;
  return (head[stream + 42]! & 0x80) !== 0;
}

function wrong(message: string): VoxelwrightError {
  return new VoxelwrightError("source", message);
}
