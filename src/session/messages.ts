import { isAbortError, isVoxelwrightError, type ReadonlySignal, signal } from "#base";

/** One thing to tell the user. */
export interface Message {
  readonly id: string;
  /** `info` goes by itself; the others stay until dismissed. */
  readonly tone: "info" | "warning" | "error";
  readonly text: string;
  readonly advice?: string;
  readonly details?: string;
}

/** What the program has to say that no command answered. */
export class Messages {
  readonly #list = signal<readonly Message[]>([]);
  #next = 0;

  get list(): ReadonlySignal<readonly Message[]> {
    return this.#list;
  }

  post(message: Omit<Message, "id">): string {
    const id = `message-${this.#next++}`;
    // The same text again says nothing new.
    if (!this.#list.value.some((other) => other.text === message.text))
      this.#list.value = [...this.#list.value, { id, ...message }];
    return id;
  }

  /** Posts an error as one line with its advice; an abort is no news. */
  postError(error: unknown): void {
    if (isAbortError(error)) return;
    if (isVoxelwrightError(error)) {
      const text = error.subject ? `${error.subject}: ${error.message}` : error.message;
      this.post({ tone: "error", text, ...(error.advice ? { advice: error.advice } : {}) });
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    const details = error instanceof Error ? error.stack : undefined;
    this.post({
      tone: "error",
      text: `Something unexpected went wrong: ${message}`,
      advice: "What was saved is safe. Reload the page if it does not answer.",
      ...(details ? { details } : {}),
    });
  }

  /** Takes back the errors posted of a subject, as they are over. */
  retract(subject: string): void {
    this.#list.value = this.#list.value.filter(
      ({ tone, text }) => tone !== "error" || !text.startsWith(`${subject}: `),
    );
  }

  /** Takes back what was said in these words, as it is no longer so. */
  withdraw(text: string): void {
    this.#list.value = this.#list.value.filter((message) => message.text !== text);
  }

  dismiss(id: string): void {
    this.#list.value = this.#list.value.filter((message) => message.id !== id);
  }
}
