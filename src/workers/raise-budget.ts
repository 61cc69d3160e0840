/** Ends an advice where memory does not suffice. A program without such a setting leaves it out (`withoutSettings`). */
export const OR_RAISE_BUDGET = ", or raise the memory budget in the settings";

/** A text without the advice to change settings. */
export function withoutSettings(text: string): string {
  return text.replace(OR_RAISE_BUDGET, "");
}
