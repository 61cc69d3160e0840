import { effect, type ReadonlySignal, untracked } from "#base";
import { type Accessor, createSignal, onCleanup } from "solid-js";

/** A signal of `#base` as a Solid accessor, until the owner is disposed. */
export function fromSignal<T>(source: ReadonlySignal<T>): Accessor<T> {
  const [value, setValue] = createSignal<T>(source.peek());
  const stop = effect(() => {
    const next = source.value;
    untracked(() => setValue(() => next));
  });
  onCleanup(stop);
  return value;
}
