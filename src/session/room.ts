import type { StudyRecord } from "#storage";
import type { Answerable, PageQuestion } from "./page-question.ts";

/** The cache has no room for an import: what could be removed for it. */
export interface RoomQuestion extends Answerable<RoomAnswer> {
  readonly name: string;
  /** Bytes that the import still needs at most. */
  readonly neededBytes: number;
  /** Bytes that the browser says it has; undefined where it says nothing true. */
  readonly freeBytes: number | undefined;
  /** True when a part of the import is in already, and is kept whatever is answered. */
  readonly begun: boolean;
  /** Studies that nobody has open, the largest first. */
  readonly studies: readonly StudyRecord[];
  /** True where the files can be worked on without a copy. */
  readonly inPlace: boolean;
}

/** Ids of studies to remove with all their labels, or `in-place` to do without a copy. */
export type RoomAnswer = readonly string[] | "in-place";

/** Asks for room when an import cannot fit. */
export type Room = PageQuestion<RoomQuestion, RoomAnswer>;
