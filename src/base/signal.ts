/** Reactive values below the UI: signals of a kept library, re-exported so that one file names it. */
export {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals-core";
