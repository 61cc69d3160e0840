import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";

const LABELS = 65_536;

/** Bounding boxes of the labels of a dense box in the core's memory. Memory: 768 KiB. */
export class LabelBoxes {
  readonly #boxes: Uint16Array;

  constructor({ core, arena }: TaskContext, labels: number, size: Dims) {
    const at = arena.allocate(LABELS * 12);
    core.exports.boxesOfLabels(labels, ...size, at);
    this.#boxes = new Uint16Array(arena.memory.buffer, at, LABELS * 6).slice();
  }

  /** The labels present, of those given or of all but background, ascending, with their boxes. */
  entries(labels?: readonly number[]): [label: number, box: IndexBox][] {
    const found: [number, IndexBox][] = [];
    const asked = labels ? [...new Set(labels)].sort((a, b) => a - b) : undefined;
    for (let n = asked ? 0 : 1; n < (asked?.length ?? LABELS); n++) {
      const label = asked ? asked[n]! : n;
      const [i0, j0, k0, i1, j1, k1] = this.#boxes.subarray(label * 6, label * 6 + 6) as unknown as number[];
      if (i1! > 0) found.push([label, { min: [i0!, j0!, k0!], max: [i1!, j1!, k1!] }]);
    }
    return found;
  }
}
