import { add, scale, VoxelwrightError } from "#base";
import type { SourceFile } from "../source.ts";
import type { Attributes } from "./attributes.ts";
import { FunctionalGroups } from "./functional-groups.ts";
import type { Instance, PhaseKeys, Placement, Plane, PixelFormat, ReadInstance } from "./instance.ts";
import { readMetadata, readUnit, readWindow } from "./metadata.ts";
import { type Mosaic, readMosaic } from "./mosaic.ts";
import type { DicomHeader, PixelElement } from "./parse-header.ts";
import { findDamage, readFrameCount, readPixelFormat, signOfJpeg2000 } from "./pixel-format.ts";
import { normalOf, readPlacement, readSpacing } from "./placement.ts";
import { Tag } from "./tags.ts";

/** Modalities whose frames are pictures over time, without a place in space. */
const MOVING_PICTURES: ReadonlySet<string> = new Set(["US", "IVUS", "XA", "RF", "ES", "XC", "GM", "SM", "OP", "OCT"]);

/** Turns a header into an instance and its planes; throws `source`, `unsupported` or `limit` without a subject. */
export function readInstance(file: SourceFile, header: DicomHeader): ReadInstance {
  const { attributes } = header;
  if (!header.pixels && !attributes.has(Tag.rows)) {
    throw new VoxelwrightError("source", "The file holds no image: neither rows and columns nor voxels.");
  }
  const pixels: PixelElement = header.pixels ?? {
    kind: "integer",
    offset: header.byteLength,
    byteLength: 0,
    words: false,
  };
  const format = readPixelFormat(attributes, pixels.kind);
  const frames = readFrameCount(attributes);
  const damage = findDamage(header, format, frames);
  // Planes of frames that are not there are never made: a header may claim billions.
  if (damage !== undefined && frames > 1) throw new VoxelwrightError("source", damage);
  const notes = [...header.notes];
  const groups = new FunctionalGroups(attributes);
  const modality = attributes.string(Tag.modality);
  if (frames > 1 && !groups.present && MOVING_PICTURES.has(modality)) {
    throw new VoxelwrightError(
      "unsupported",
      `This is a moving picture (${modality}, ${frames} frames), not a volume.`,
    );
  }
  const spacingMm = groups.present ? undefined : readSpacing(attributes, notes);
  const placement = groups.present ? undefined : readPlacement(attributes, attributes);
  const mosaic = groups.present ? undefined : readMosaic(attributes, format, placement, spacingMm);
  const instance = describe(file, header, pixels, format, frames, damage, mosaic, groups, notes);
  const planes = groups.present
    ? enhancedPlanes(instance, attributes, groups, notes)
    : mosaic && placement
      ? mosaicPlanes(instance, attributes, mosaic, spacingMm, notes)
      : classicPlanes(instance, attributes, placement, spacingMm, notes);
  return { instance, planes };
}

function describe(
  file: SourceFile,
  header: DicomHeader,
  pixels: PixelElement,
  format: PixelFormat,
  frames: number,
  damage: string | undefined,
  mosaic: Mosaic | undefined,
  groups: FunctionalGroups,
  notes: string[],
): Instance {
  const { attributes } = header;
  const imageType = attributes.strings(Tag.imageType);
  const measures = groups.macro(0, Tag.pixelMeasuresSequence) ?? attributes;
  const between = measures.decimal(Tag.spacingBetweenSlices);
  const thickness = measures.decimal(Tag.sliceThickness);
  const stated = [between === undefined ? undefined : Math.abs(between), thickness].find(
    (mm) => mm !== undefined && mm > 0,
  );
  const monochrome1 = attributes.string(Tag.photometric) === "MONOCHROME1";
  if (monochrome1) notes.push("The image is meant to be shown inverted (MONOCHROME1); values are kept as stored.");
  if (!header.syntax.lossless)
    notes.push(`The voxels were compressed with loss (${header.syntax.name}) before they came here.`);
  if (attributes.has(Tag.modalityLutSequence)) {
    notes.push("The file maps values by a table (Modality LUT); stored values are shown without it.");
  }
  const signedStream = signOfJpeg2000(header);
  if (signedStream !== undefined && signedStream !== format.signed) {
    notes.push(
      `The header says that voxels are ${format.signed ? "signed" : "unsigned"}, their JPEG 2000 stream says ` +
        `${signedStream ? "signed" : "unsigned"}; the header was followed.`,
    );
  }
  const modality = attributes.string(Tag.modality);
  const seriesNumber = attributes.string(Tag.seriesNumber);
  const title = attributes.text(Tag.seriesDescription) || attributes.text(Tag.protocolName);
  return {
    file,
    syntax: header.syntax,
    pixels,
    deflatedFrom: header.deflatedFrom,
    byteLength: header.byteLength,
    format,
    planeColumns: mosaic?.columns ?? format.columns,
    planeRows: mosaic?.rows ?? format.rows,
    frames,
    sopInstance: attributes.string(Tag.sopInstance),
    seriesInstance: attributes.string(Tag.seriesInstance),
    studyInstance: attributes.string(Tag.studyInstance),
    seriesNumber,
    instanceNumber: attributes.decimal(Tag.instanceNumber),
    frameOfReference: attributes.string(Tag.frameOfReference),
    modality,
    localizer: imageType.some((value) => value === "LOCALIZER" || value === "SCOUT" || value === "TOPOGRAM"),
    monochrome1,
    patientName: attributes.text(Tag.patientName),
    patientId: attributes.text(Tag.patientId),
    statedSpacingMm: stated,
    name: title || [modality || "DICOM", seriesNumber].filter(Boolean).join(" "),
    unit: readUnit(attributes, groups.macro(0, Tag.pixelValueTransformationSequence)),
    window: readWindow(groups.macro(0, Tag.frameVoiLutSequence)) ?? readWindow(attributes),
    metadata: readMetadata(attributes),
    notes,
    damage,
  };
}

/** Rescale of stored values (PS3.3 C.11.1.1); a slope of 0 or none at all is 1, with a note. */
function readRescale(attributes: Attributes, modality: string, notes: string[]): { slope: number; intercept: number } {
  const dose = attributes.decimal(Tag.doseGridScaling);
  if (modality === "RTDOSE" && dose !== undefined && dose > 0) return { slope: dose, intercept: 0 };
  if (!attributes.has(Tag.rescaleSlope) && !attributes.has(Tag.rescaleIntercept)) return { slope: 1, intercept: 0 };
  const slope = attributes.has(Tag.rescaleSlope) ? attributes.decimal(Tag.rescaleSlope) : 1;
  const intercept = attributes.has(Tag.rescaleIntercept) ? attributes.decimal(Tag.rescaleIntercept) : 0;
  if (slope === undefined || slope === 0 || intercept === undefined) {
    const text = `${attributes.string(Tag.rescaleSlope)} and ${attributes.string(Tag.rescaleIntercept)}`;
    notes.push(`Rescale slope and intercept are ${text}; stored values are shown without rescaling.`);
    return { slope: 1, intercept: 0 };
  }
  return { slope, intercept };
}

function keysOf(attributes: Attributes): PhaseKeys {
  return compact({
    "temporal position": attributes.decimal(Tag.temporalPosition),
    echo: attributes.decimal(Tag.echoNumber) ?? attributes.decimal(Tag.echoTime),
    "b-value": attributes.double(Tag.diffusionBValue) ?? attributes.decimal(Tag.siemensBValue),
    "trigger time": attributes.decimal(Tag.triggerTime),
    "image type": attributes.strings(Tag.imageType).join("\\"),
    "acquisition number": attributes.decimal(Tag.acquisitionNumber),
    "acquisition time": attributes.string(Tag.acquisitionDateTime) || timeOf(attributes, Tag.acquisitionTime),
    "content time": timeOf(attributes, Tag.contentTime),
  });
}

function timeOf(attributes: Attributes, tag: string): string | undefined {
  const time = attributes.string(tag);
  return time === "" ? undefined : `${attributes.string(Tag.acquisitionDate)} ${time}`;
}

function compact(keys: Readonly<Record<string, number | string | undefined>>): PhaseKeys {
  return Object.fromEntries(
    Object.entries(keys).filter(([, value]) => value !== undefined && value !== ""),
  ) as PhaseKeys;
}

/** Planes of an enhanced multi-frame file, from its functional groups. */
function enhancedPlanes(
  instance: Instance,
  attributes: Attributes,
  groups: FunctionalGroups,
  notes: string[],
): Plane[] {
  const fileKeys = keysOf(attributes);
  return Array.from({ length: instance.frames }, (_, frame) => {
    const macro = (tag: string): Attributes | undefined => groups.macro(frame, tag);
    const position = macro(Tag.planePositionSequence);
    const orientation = macro(Tag.planeOrientationSequence);
    const measures = macro(Tag.pixelMeasuresSequence);
    const content = macro(Tag.frameContentSequence);
    const type = macro(Tag.mrFrameTypeSequence) ?? macro(Tag.ctFrameTypeSequence) ?? macro(Tag.petFrameTypeSequence);
    const keys = compact({
      ...fileKeys,
      "temporal position": content?.uint32s(Tag.temporalPositionIndex)[0] ?? fileKeys["temporal position"],
      echo: macro(Tag.mrEchoSequence)?.double(Tag.effectiveEchoTime) ?? fileKeys.echo,
      "b-value": macro(Tag.mrDiffusionSequence)?.double(Tag.diffusionBValue),
      "trigger time": macro(Tag.cardiacSynchronizationSequence)?.double(Tag.nominalCardiacTriggerDelay),
      "image type": type?.strings(Tag.frameType).join("\\"),
      "acquisition number": content?.uint16(Tag.frameAcquisitionNumber) ?? fileKeys["acquisition number"],
      "acquisition time":
        content?.string(Tag.frameReferenceDateTime) ||
        content?.string(Tag.frameAcquisitionDateTime) ||
        fileKeys["acquisition time"],
      "dimension index": content
        ?.uint32s(Tag.dimensionIndexValues)
        .map((n) => String(n).padStart(6, "0"))
        .join("/"),
    });
    return {
      instance,
      frame,
      placement: position && orientation && readPlacement(position, orientation),
      spacingMm: measures && readSpacing(measures, notes),
      ...readRescale(macro(Tag.pixelValueTransformationSequence) ?? attributes, instance.modality, notes),
      stack: content?.string(Tag.stackId) ?? "",
      keys,
    };
  });
}

function mosaicPlanes(
  instance: Instance,
  attributes: Attributes,
  mosaic: Mosaic,
  spacingMm: Plane["spacingMm"],
  notes: string[],
): Plane[] {
  const shared = {
    instance,
    spacingMm,
    ...readRescale(attributes, instance.modality, notes),
    stack: "",
    keys: keysOf(attributes),
  };
  return Array.from({ length: instance.frames }, (_, frame) =>
    mosaic.tiles.map(({ tile, placement }) => ({ ...shared, frame, tile, placement })),
  ).flat();
}

/** Planes of a file without functional groups: one, or a classic multi-frame with a stated distance of frames (NM, RT dose). */
function classicPlanes(
  instance: Instance,
  attributes: Attributes,
  ownPlacement: Placement | undefined,
  spacingMm: Plane["spacingMm"],
  notes: string[],
): Plane[] {
  const { frames } = instance;
  const detector = attributes.item(Tag.detectorInformationSequence);
  const placement =
    ownPlacement ?? (detector && readPlacement(attributes.has(Tag.imagePosition) ? attributes : detector, detector));
  const shared = {
    instance,
    spacingMm,
    ...readRescale(attributes, instance.modality, notes),
    stack: "",
    keys: keysOf(attributes),
  };
  if (frames === 1) return [{ ...shared, frame: 0, placement }];
  const offsets = frameOffsets(instance, attributes, notes);
  const base: Placement = placement ?? { position: [0, 0, 0], row: [1, 0, 0], column: [0, 1, 0] };
  if (!placement)
    notes.push("The frames have no place in space: they were stacked in file order, the orientation is made up.");
  const normal = normalOf(base);
  return offsets.map((offset, frame) => ({
    ...shared,
    frame,
    placement: { ...base, position: add(base.position, scale(normal, offset)) },
  }));
}

/** Distance of each frame from the first along the normal, mm. */
function frameOffsets(instance: Instance, attributes: Attributes, notes: string[]): number[] {
  const { frames, statedSpacingMm } = instance;
  const grid = attributes.decimals(Tag.gridFrameOffsets);
  if (grid.length >= frames && grid.slice(0, frames).every(Number.isFinite))
    return grid.slice(0, frames).map((mm) => mm - grid[0]!);
  const between = attributes.decimal(Tag.spacingBetweenSlices);
  const step = between !== undefined && between !== 0 ? between : statedSpacingMm;
  if (step === undefined) notes.push("The distance of the frames is not in the file; 1 mm is made up.");
  else if (between === undefined)
    notes.push(`The distance of the frames is taken from the slice thickness, ${step} mm.`);
  return Array.from({ length: frames }, (_, frame) => frame * (step ?? 1));
}
