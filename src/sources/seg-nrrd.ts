import { type Affine, applyAffine, type Vec3 } from "#base";
import { isEarlySegmentation } from "./nrrd-geometry.ts";
import type { NrrdHeader } from "./nrrd-header.ts";
import type { SourceSegment } from "./source.ts";
import { numbersOf } from "./text-header.ts";

/**
 * Segments of a 3D Slicer `.seg.nrrd`: keys `SegmentN_Name`, `_Color`, `_Layer`, `_LabelValue`, `_Tags`.
 * Format: slicer.readthedocs.io, “Segmentations file format”. Files without layers hold one segment a frame, value 1.
 * Undefined when the header describes no segments.
 */
export function readSegNrrdSegments(header: NrrdHeader): readonly SourceSegment[] | undefined {
  const { keyValues } = header;
  if (!keyValues.has("Segment0_ID") && !keyValues.has("Segment0_Name")) return undefined;
  const segments: SourceSegment[] = [];
  for (let n = 0; keyValues.has(`Segment${n}_ID`) || keyValues.has(`Segment${n}_Name`); n++) {
    const get = (key: string): string | undefined => keyValues.get(`Segment${n}_${key}`);
    const layer = Number(get("Layer") ?? n);
    const value = Number(get("LabelValue") ?? 1);
    const color = colorOf(get("Color") ?? get("DefaultColor"));
    const code = codeOf(get("Tags"));
    segments.push({
      layer: Number.isInteger(layer) && layer >= 0 ? layer : n,
      value: Number.isInteger(value) && value > 0 ? value : 1,
      name: get("Name") ?? get("ID") ?? `Segment ${n + 1}`,
      ...(color === undefined ? {} : { color }),
      ...(code === undefined ? {} : { code }),
    });
  }
  return segments;
}

/**
 * Early files are cropped to `Segmentation_Extent`, while their origin is that of the whole image: the first voxel lies at the
 * extent's lower corner. Later files give the origin of what they hold.
 */
export function segmentationOrigin(header: NrrdHeader, indexToLps: Affine): Affine {
  if (!isEarlySegmentation(header)) return indexToLps;
  const extent = numbersOf(header.keyValues.get("Segmentation_Extent") ?? "");
  const fits = [0, 1, 2].every((axis) => extent[2 * axis + 1]! - extent[2 * axis]! + 1 === header.sizes[axis]);
  if (!fits) return indexToLps;
  const corner: Vec3 = [extent[0]!, extent[2]!, extent[4]!];
  const [x, y, z] = applyAffine(indexToLps, corner);
  const m = indexToLps;
  return [m[0], m[1], m[2], x, m[4], m[5], m[6], y, m[8], m[9], m[10], z];
}

/** `r g b` from 0 to 1 as `#rrggbb`. */
function colorOf(text: string | undefined): string | undefined {
  const parts = numbersOf(text ?? "");
  if (parts.length !== 3 || !parts.every((part) => part >= 0 && part <= 1)) return undefined;
  return `#${parts
    .map((part) =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/**
 * The type of a segment from its terminology tag,
 * `TerminologyEntry:context~scheme^code^category~SCT^10200004^Liver~…`: the third part is the type.
 */
function codeOf(tags: string | undefined): SourceSegment["code"] {
  const entry = /TerminologyEntry:([^|]*)/.exec(tags ?? "")?.[1];
  const [scheme, value, meaning] = entry?.split("~")[2]?.split("^") ?? [];
  return scheme && value && meaning ? { scheme, value, meaning } : undefined;
}
