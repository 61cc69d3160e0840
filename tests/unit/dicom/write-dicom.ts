import type { SourceFile } from "../../../src/sources/source.ts";

/** One element: tag as `GGGGEEEE`, VR, value. */
export type TestElement = readonly [
  string,
  string,
  string | number | readonly number[] | Uint8Array | readonly TestElement[][],
];

const LONG = new Set(["OB", "OW", "OF", "OD", "SQ", "UN", "UT"]);

function valueBytes(vr: string, value: TestElement[2]): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") {
    const padded = value.length % 2 ? value + (vr === "UI" ? "\0" : " ") : value;
    return Uint8Array.from(padded, (letter) => letter.charCodeAt(0));
  }
  if (vr === "SQ") {
    return join(
      (value as readonly TestElement[][]).map((item) => {
        const body = elements(item);
        return join([header(0xfffe, 0xe000, body.length), body]);
      }),
    );
  }
  const numbers = typeof value === "number" ? [value] : (value as readonly number[]);
  if (vr === "US" || vr === "SS") return new Uint8Array(Uint16Array.from(numbers).buffer);
  if (vr === "UL") return new Uint8Array(Uint32Array.from(numbers).buffer);
  if (vr === "FD") return new Uint8Array(Float64Array.from(numbers).buffer);
  throw new Error(`No value of VR ${vr}`);
}

function header(group: number, element: number, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, element, true);
  view.setUint32(4, length, true);
  return bytes;
}

/** Elements in explicit VR little endian. */
export function elements(list: readonly TestElement[]): Uint8Array {
  return join(
    list.flatMap(([tag, vr, value]) => {
      const undefinedLength = vr === "OB*";
      const name = undefinedLength ? "OB" : vr;
      const body = valueBytes(name, value);
      const head = new Uint8Array(LONG.has(name) ? 12 : 8);
      const view = new DataView(head.buffer);
      view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
      view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
      head.set([name.charCodeAt(0), name.charCodeAt(1)], 4);
      if (LONG.has(name)) view.setUint32(8, undefinedLength ? 0xffffffff : body.length, true);
      else view.setUint16(6, body.length, true);
      return [head, body];
    }),
  );
}

/** Frames as encapsulated Pixel Data, each in pieces of `pieceBytes`, with an offset table if wished. */
export function encapsulated(frames: readonly Uint8Array[], pieceBytes = 1 << 30, table = false): TestElement {
  const items: Uint8Array[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const frame of frames) {
    offsets.push(at);
    for (let from = 0; from < frame.length; from += pieceBytes) {
      const piece = frame.subarray(from, from + pieceBytes);
      const padded = join([piece, new Uint8Array(piece.length % 2)]);
      items.push(header(0xfffe, 0xe000, padded.length), padded);
      at += 8 + padded.length;
    }
  }
  const tableBytes = table ? new Uint8Array(Uint32Array.from(offsets).buffer) : new Uint8Array(0);
  const all = [header(0xfffe, 0xe000, tableBytes.length), tableBytes, ...items, header(0xfffe, 0xe0dd, 0)];
  return ["7FE00010", "OB*", join(all)];
}

/** What an image file says; defaults are a 4×3 CT slice of 16 bits at the origin, 1 mm. */
export interface TestImage {
  readonly rows?: number;
  readonly columns?: number;
  readonly signed?: boolean;
  readonly syntax?: string;
  readonly name?: string;
  readonly modality?: string;
  readonly series?: string;
  readonly instance?: number;
  readonly position?: string;
  readonly orientation?: string;
  readonly spacing?: string;
  /** More elements, or others in place of the usual ones. */
  readonly more?: readonly TestElement[];
  /** Tags left out. */
  readonly without?: readonly string[];
}

/** A DICOM file with the usual elements around `pixels`, which may be voxels or a whole element. */
export function imageFile(image: TestImage, pixels: Uint8Array | TestElement): SourceFile {
  const instance = image.instance ?? 1;
  const usual: TestElement[] = [
    ["00080008", "CS", "ORIGINAL\\PRIMARY\\AXIAL"],
    ["00080016", "UI", "1.2.840.10008.5.1.4.1.1.2"],
    ["00080018", "UI", `2.25.100.${instance}`],
    ["00080060", "CS", image.modality ?? "CT"],
    ["00100010", "PN", "Test^Person"],
    ["00100020", "LO", "T1"],
    ["0020000E", "UI", image.series ?? "2.25.7"],
    ["00200013", "IS", `${instance}`],
    ["00200032", "DS", image.position ?? "0\\0\\0"],
    ["00200037", "DS", image.orientation ?? "1\\0\\0\\0\\1\\0"],
    ["00280002", "US", 1],
    ["00280004", "CS", "MONOCHROME2"],
    ["00280010", "US", image.rows ?? 3],
    ["00280011", "US", image.columns ?? 4],
    ["00280030", "DS", image.spacing ?? "1\\1"],
    ["00280100", "US", 16],
    ["00280101", "US", 16],
    ["00280102", "US", 15],
    ["00280103", "US", image.signed ? 1 : 0],
    pixels instanceof Uint8Array ? ["7FE00010", "OW", pixels] : pixels,
  ];
  const byTag = new Map([...usual, ...(image.more ?? [])].map((element) => [element[0], element]));
  for (const tag of image.without ?? []) byTag.delete(tag);
  const body = elements([...byTag.values()].sort(([a], [b]) => (a < b ? -1 : 1)));
  const meta = elements([["00020010", "UI", image.syntax ?? "1.2.840.10008.1.2.1"]]);
  const length = elements([["00020000", "UL", meta.length]]);
  const bytes = join([
    new Uint8Array(128),
    Uint8Array.from("DICM", (letter) => letter.charCodeAt(0)),
    length,
    meta,
    body,
  ]);
  return { name: image.name ?? `${instance}.dcm`, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) };
}

/** Voxels of 16 bits. */
export function words(values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
