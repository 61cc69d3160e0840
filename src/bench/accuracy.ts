/** What a suite of accuracy finds: the data, and how near every method comes to labels that are known, structure by structure. */
export interface AccuracyFindings {
  /** When the run began, ISO 8601, UTC. */
  readonly date: string;
  /** Commit of the program, with "+" where files differ from it; absent outside a working copy. */
  readonly commit?: string;
  /** The command line that repeats the run. */
  readonly command: string;
  readonly scans: readonly ScanFacts[];
  readonly cases: readonly AccuracyCase[];
  readonly check: CrossCheck;
  /** What was not measured, and why, a line each. */
  readonly leftOut: readonly string[];
}

export interface ScanFacts {
  readonly id: string;
  readonly what: string;
  /** Scans of one group count as one in means over scans. */
  readonly group: string;
  /** How the labels came about. */
  readonly truth: string;
  /** What a reader of the figures must know of the labels. */
  readonly remark?: string;
  readonly dims: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  readonly structures: number;
  readonly files: readonly FileFacts[];
}

export interface FileFacts {
  readonly role: "image" | "labels";
  /** Path in the folder of samples or of shared data. */
  readonly path: string;
  readonly bytes: number;
  /** Of the file, lower-case hexadecimal; of a folder, of the lines `HASH  NAME` that sha256sum prints of its files by name. */
  readonly sha256: string;
}

export type AccuracyPart = "fill" | "growth" | "seeds";

/** One method on one scan under one condition. */
export interface AccuracyCase {
  readonly part: AccuracyPart;
  /** `ScanFacts.id`. */
  readonly scan: string;
  /** What the method was given: "every 5th slice along k". */
  readonly condition: string;
  /** In the part `fill`: what direction slices were kept along, and one in how many. */
  readonly kept?: { readonly along: string; readonly every: number };
  /** `METHODS` has its name. */
  readonly method: string;
  /** Median, milliseconds. */
  readonly ms: number;
  /** Timed runs, after one that is not. */
  readonly runs: number;
  readonly scores: readonly StructureScore[];
}

/** Agreement of a structure with the truth. Distances are millimetres, absent where the method found nothing. */
export interface StructureScore extends Agreement {
  readonly name: string;
  /** Voxels of the truth. */
  readonly voxels: number;
  /** In the part `fill`: the structure from end to end; the other figures are those between its first and last drawn plane. */
  readonly whole?: Agreement;
}

export interface Agreement {
  readonly dice: number;
  readonly hd95Mm?: number;
  readonly meanSurfaceMm?: number;
}

/** Our metrics against scipy's of the same results. */
export interface CrossCheck {
  readonly structures: number;
  /** Largest differences, absolute. */
  readonly dice: number;
  readonly hd95Mm: number;
  readonly meanSurfaceMm: number;
}
