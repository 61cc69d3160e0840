import type { TaskContext } from "../crew/task.ts";
import type { Component } from "./components.ts";
import type { StackFrame } from "./frame.ts";
import type { ComponentPort } from "./shapes.ts";
import type { PlaneReader } from "./slice-reader.ts";

const LABELS = 65_536;

/** Components of annotated slices, found when a slice is first asked for, kept as runs. */
export class SliceComponents implements ComponentPort {
  readonly #context: TaskContext;
  readonly #frame: StackFrame;
  readonly #reader: PlaneReader;
  readonly #union: boolean;
  readonly #plane: number;
  readonly #wanted: number;
  /** Room for runs, their components and their sorted copies; grows with the slice that has most. */
  #room = { runs: 0, at: 0 };
  readonly #slices = new Map<number, Map<number, Component[]>>();

  /** `union`: whether pieces of all segments together are wanted. */
  constructor(
    context: TaskContext,
    frame: StackFrame,
    reader: PlaneReader,
    segments: Iterable<number>,
    union: boolean,
  ) {
    this.#context = context;
    this.#frame = frame;
    this.#reader = reader;
    this.#union = union;
    this.#plane = context.arena.scratch(frame.nu * frame.nv * 2 + 64);
    this.#wanted = context.arena.allocate(LABELS);
    const wanted = new Uint8Array(context.arena.memory.buffer, this.#wanted, LABELS);
    for (const segment of segments) wanted[segment] = 1;
  }

  components(z: number, segment: number): readonly Component[] {
    let slice = this.#slices.get(z);
    if (!slice) this.#slices.set(z, (slice = this.#find(z)));
    return slice.get(segment) ?? [];
  }

  #find(z: number): Map<number, Component[]> {
    const { core, arena } = this.#context;
    const { exports } = core;
    const { nu, nv } = this.#frame;
    this.#reader.read(z, this.#plane);
    const count = exports.fillCountRuns(this.#plane, nu, nv, this.#wanted);
    const runBytes = exports.fillRunBytes();
    const componentBytes = exports.fillComponentBytes();
    if (count > this.#room.runs) {
      const runs = count + (count >> 2);
      this.#room = { runs, at: arena.scratch(runs * (runBytes + componentBytes + 12)) };
    }
    const runsAt = this.#room.at;
    const componentsAt = runsAt + count * runBytes;
    const sortedAt = componentsAt + count * componentBytes;
    exports.fillFindRuns(this.#plane, nu, nv, this.#wanted, runsAt);
    const slice = new Map<number, Component[]>();
    for (const among of this.#union ? [0, 1] : [0]) {
      const found = exports.fillComponents(runsAt, count, among, componentsAt, sortedAt);
      const words = new Int32Array(arena.memory.buffer, componentsAt, (found * componentBytes) / 4);
      const sums = new Float64Array(arena.memory.buffer, componentsAt, (found * componentBytes) / 8);
      const sorted = new Int32Array(arena.memory.buffer, sortedAt, count * 3).slice();
      for (let n = 0; n < found; n++) {
        const component = readComponent(z, among === 1, words, sums, n, sorted);
        const own = slice.get(component.segment);
        if (own) own.push(component);
        else slice.set(component.segment, [component]);
      }
    }
    return slice;
  }
}

/** Record n of `fillComponents`. */
function readComponent(
  z: number,
  ofUnion: boolean,
  words: Int32Array,
  sums: Float64Array,
  n: number,
  sorted: Int32Array,
): Component {
  const at = n * 16;
  const label = words[at]!;
  const first = words[at + 2]! * 3;
  const pixels = words[at + 7]!;
  return {
    z,
    segment: ofUnion ? 0 : label,
    several: ofUnion && label === 0,
    u0: words[at + 3]!,
    v0: words[at + 4]!,
    u1: words[at + 5]!,
    v1: words[at + 6]!,
    pixels,
    cu: sums[n * 8 + 4]! / pixels,
    cv: sums[n * 8 + 5]! / pixels,
    runs: sorted.subarray(first, first + words[at + 1]! * 3),
  };
}
