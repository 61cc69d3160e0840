import { type ReadonlySignal, signal } from "#base";
import type { StudyRecord } from "#storage";

/** The cache has no room for an import: what could be removed for it. The page asks and calls `answer` once. */
export interface RoomQuestion {
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
  answer(answer: RoomAnswer): void;
}

/** Ids of studies to remove with all their labels, `in-place` to do without a copy, or undefined to give the import up. */
export type RoomAnswer = readonly string[] | "in-place" | undefined;

/** Asks for room when an import cannot fit. */
export class Room {
  readonly #question = signal<RoomQuestion | undefined>(undefined);

  get question(): ReadonlySignal<RoomQuestion | undefined> {
    return this.#question;
  }

  /** Resolves with undefined also when `signal` aborts. */
  ask(question: Omit<RoomQuestion, "answer">, signal: AbortSignal | undefined): Promise<RoomAnswer> {
    return new Promise((resolve) => {
      const answer = (given: RoomAnswer): void => {
        signal?.removeEventListener("abort", giveUp);
        this.#question.value = undefined;
        resolve(given);
      };
      const giveUp = (): void => answer(undefined);
      signal?.addEventListener("abort", giveUp);
      this.#question.value = { ...question, answer };
    });
  }
}
