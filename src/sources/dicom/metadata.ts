import type { Attributes } from "./attributes.ts";
import { personName } from "./charset.ts";
import { Tag } from "./tags.ts";

/** What is shown of the header, by the name that is shown; absent values are left out. */
export function readMetadata(attributes: Attributes): Record<string, string> {
  const text = (tag: string): string => attributes.text(tag).replaceAll("\\", ", ");
  const number = (tag: string, unit: string): string => {
    const value = attributes.decimal(tag);
    return value === undefined ? "" : `${value} ${unit}`;
  };
  const rows: readonly (readonly [string, string])[] = [
    ["Patient name", personName(attributes.text(Tag.patientName))],
    ["Patient ID", text(Tag.patientId)],
    ["Study date", date(attributes.string(Tag.studyDate))],
    ["Study description", text(Tag.studyDescription)],
    ["Series description", text(Tag.seriesDescription)],
    ["Series number", text(Tag.seriesNumber)],
    ["Modality", text(Tag.modality)],
    ["Body part", text(Tag.bodyPart)],
    ["Manufacturer", text(Tag.manufacturer)],
    ["Model", text(Tag.manufacturerModel)],
    ["Protocol", text(Tag.protocolName)],
    ["Patient position", text(Tag.patientPosition)],
    ["Slice thickness", number(Tag.sliceThickness, "mm")],
    ["Kernel", text(Tag.convolutionKernel)],
    ["Image type", text(Tag.imageType)],
  ];
  return Object.fromEntries(rows.filter(([, value]) => value !== ""));
}

function date(text: string): string {
  const parts = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text);
  return parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : text;
}

/** Unit of rescaled values (Rescale Type, PS3.3 C.11.1.1.2; Units of PET, C.8.9.1.1.3): `HU`, `Bq/ml`, … or empty. */
export function readUnit(attributes: Attributes, transformation: Attributes | undefined): string {
  const modality = attributes.string(Tag.modality);
  if (modality === "PT") {
    const units = attributes.string(Tag.petUnits);
    return units === "BQML" ? "Bq/ml" : units === "GML" ? "SUV" : units === "CNTS" ? "counts" : units.toLowerCase();
  }
  if (modality === "RTDOSE") return attributes.string(Tag.doseUnits) === "GY" ? "Gy" : "";
  const type = (transformation ?? attributes).string(Tag.rescaleType) || attributes.string(Tag.rescaleType);
  if (type === "HU" || type === "HU_MOD" || (type === "" && modality === "CT")) return "HU";
  // Other types are free text of the maker; what is longer than a unit is none.
  return type === "US" || type.length > 8 ? "" : type;
}

/** The first window of the image, in rescaled values (PS3.3 C.11.2.1.2). */
export function readWindow(attributes: Attributes | undefined): { center: number; width: number } | undefined {
  const center = attributes?.decimal(Tag.windowCenter);
  const width = attributes?.decimal(Tag.windowWidth);
  return center !== undefined && width !== undefined && width >= 1e-6 ? { center, width } : undefined;
}
