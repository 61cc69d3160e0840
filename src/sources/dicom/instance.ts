import type { Vec3 } from "#base";
import type { SourceFile } from "../source.ts";
import type { PixelElement } from "./parse-header.ts";
import type { TransferSyntax } from "./transfer-syntax.ts";

/** How voxels are stored (PS3.3 C.7.6.3). */
export interface PixelFormat {
  /** Size of a stored frame; a mosaic's frame holds several planes. */
  readonly rows: number;
  readonly columns: number;
  readonly kind: PixelElement["kind"];
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/** Where an image plane lies (PS3.3 C.7.6.2): the centre of its first voxel, LPS mm, and unit vectors along rows and columns. */
export interface Placement {
  readonly position: Vec3;
  /** Direction in which the column index grows. */
  readonly row: Vec3;
  /** Direction in which the row index grows. */
  readonly column: Vec3;
}

/** A tile of a mosaic: its first voxel in the stored frame. */
export interface Tile {
  readonly column: number;
  readonly row: number;
}

/** What may tell apart planes at one position; numbers, or text that sorts. */
export type PhaseKeys = Readonly<Partial<Record<PhaseKey, number | string>>>;

/** In the order in which they are tried. */
export const PHASE_KEYS = [
  "temporal position",
  "echo",
  "b-value",
  "trigger time",
  "image type",
  "acquisition number",
  "acquisition time",
  "dimension index",
  "content time",
] as const;
export type PhaseKey = (typeof PHASE_KEYS)[number];

/** One 2D image of a file. */
export interface Plane {
  readonly instance: Instance;
  /** Frame in the file, from 0. */
  readonly frame: number;
  readonly tile?: Tile;
  readonly placement: Placement | undefined;
  /** Distance of rows, then of columns, mm; undefined when the file gives none. */
  readonly spacingMm: readonly [number, number] | undefined;
  readonly slope: number;
  readonly intercept: number;
  readonly stack: string;
  readonly keys: PhaseKeys;
}

/** One file, read up to its voxels. */
export interface Instance {
  readonly file: SourceFile;
  readonly syntax: TransferSyntax;
  readonly pixels: PixelElement;
  readonly deflatedFrom: number | undefined;
  /** Bytes of the data set's stream: the file, or what it unpacks to. */
  readonly byteLength: number;
  readonly format: PixelFormat;
  /** Voxels of a plane along rows and columns. */
  readonly planeColumns: number;
  readonly planeRows: number;
  readonly frames: number;
  readonly sopInstance: string;
  readonly seriesInstance: string;
  readonly studyInstance: string;
  readonly seriesNumber: string;
  readonly instanceNumber: number | undefined;
  readonly frameOfReference: string;
  readonly modality: string;
  readonly localizer: boolean;
  readonly monochrome1: boolean;
  readonly patientName: string;
  readonly patientId: string;
  /** Distance of slices that the file states, mm: Spacing Between Slices, else Slice Thickness. */
  readonly statedSpacingMm: number | undefined;
  readonly name: string;
  readonly unit: string;
  readonly window: { readonly center: number; readonly width: number } | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  /** Why the voxels cannot be read, when they cannot; the rest of the header is good. */
  readonly damage: string | undefined;
}

/** An instance with its planes in file order. */
export interface ReadInstance {
  readonly instance: Instance;
  readonly planes: readonly Plane[];
}
