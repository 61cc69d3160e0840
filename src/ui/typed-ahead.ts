/** What was typed while a name field was on its way, so that no letter of a name is taken for a shortcut. */
export interface TypedAhead {
  readonly text: string;
  /** Enter was pressed: the name is complete. */
  readonly complete: boolean;
}

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** Takes one more key; undefined for a key that is no part of a name, such as Ctrl+Z. */
export function typeAhead(before: TypedAhead, { key, ctrlKey, metaKey, altKey }: Key): TypedAhead | undefined {
  if (ctrlKey || metaKey || altKey || before.complete) return undefined;
  if (key === "Enter") return { ...before, complete: true };
  if (key === "Backspace") return { ...before, text: [...before.text].slice(0, -1).join("") };
  return [...key].length === 1 ? { ...before, text: before.text + key } : undefined;
}
