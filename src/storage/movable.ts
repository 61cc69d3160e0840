/** The memory of arrays that can be moved to another thread, each once: what both threads see stays where it is. */
export function movable(arrays: readonly ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(arrays.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}
