import { type ReadonlySignal, signal, type Vec3 } from "#base";
import type { Dims, IndexAxis } from "#volume";

/** Files do not say how large their voxels are. The page asks and calls `answer` once. */
export interface SpacingQuestion {
  readonly name: string;
  readonly dims: Dims;
  /** Sizes of the file, and what is taken along the axes that it tells nothing of. */
  readonly spacingMm: Vec3;
  readonly missing: readonly IndexAxis[];
  /** What was given for another scan last. */
  readonly lastMm: Vec3 | undefined;
  answer(answer: SpacingAnswer): void;
}

/** Sizes along i, j and k; `assumed` to take `spacingMm` as it is, undefined to give the opening up. */
export type SpacingAnswer = Vec3 | "assumed" | undefined;

/** Asks for the size of voxels where files do not give it. */
export class SpacingQuestions {
  readonly #question = signal<SpacingQuestion | undefined>(undefined);

  get question(): ReadonlySignal<SpacingQuestion | undefined> {
    return this.#question;
  }

  /** Resolves with undefined also when `abort` aborts. */
  ask(question: Omit<SpacingQuestion, "answer">, abort: AbortSignal | undefined): Promise<SpacingAnswer> {
    return new Promise((resolve) => {
      const answer = (given: SpacingAnswer): void => {
        abort?.removeEventListener("abort", giveUp);
        this.#question.value = undefined;
        resolve(given);
      };
      const giveUp = (): void => answer(undefined);
      abort?.addEventListener("abort", giveUp);
      this.#question.value = { ...question, answer };
    });
  }
}
