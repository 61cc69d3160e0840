import { type ReadonlySignal, signal } from "#base";

/** What the page has to be asked, and what it calls with the answer, once; undefined gives up what the question is for. */
export interface Answerable<Answer> {
  answer(answer: Answer | undefined): void;
}

/** The question that the program has for the user, one at a time; the page shows it. */
export class PageQuestion<Question extends Answerable<Answer>, Answer> {
  readonly #question = signal<Question | undefined>(undefined);

  get question(): ReadonlySignal<Question | undefined> {
    return this.#question;
  }

  /** Resolves with undefined also when `abort` aborts, or has. */
  ask(question: Omit<Question, "answer">, abort: AbortSignal | undefined): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const answer = (given: Answer | undefined): void => {
        abort?.removeEventListener("abort", giveUp);
        this.#question.value = undefined;
        resolve(given);
      };
      const giveUp = (): void => answer(undefined);
      if (abort?.aborted) return resolve(undefined);
      abort?.addEventListener("abort", giveUp);
      this.#question.value = { ...question, answer } as Question;
    });
  }
}
