import type { Vec3 } from "#base";
import type { Dims, IndexAxis } from "#volume";
import type { Answerable, PageQuestion } from "./page-question.ts";

/** Files do not say how large their voxels are. */
export interface SpacingQuestion extends Answerable<SpacingAnswer> {
  readonly name: string;
  readonly dims: Dims;
  /** Sizes of the file, and what is taken along the axes that it tells nothing of. */
  readonly spacingMm: Vec3;
  readonly missing: readonly IndexAxis[];
  /** What was given for another scan last. */
  readonly lastMm: Vec3 | undefined;
  /** Scans of the same opening that are to be asked about next and lack no size but these: the answer can be for all of them. */
  readonly alike: number;
  /** True where sizes that are in use are to be replaced, so that there is nothing to fall back on. */
  readonly instead?: boolean;
}

export interface SpacingAnswer {
  /** Sizes along i, j and k; `assumed` to take what the reader assumes. */
  readonly spacingMm: Vec3 | "assumed";
  /** Whether it is for the scans that are alike as well. */
  readonly forAlike?: boolean;
}

/** Asks for the size of voxels where files do not give it. */
export type SpacingQuestions = PageQuestion<SpacingQuestion, SpacingAnswer>;
