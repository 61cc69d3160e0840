import type { TaskContext } from "../crew/task.ts";
import type { SliceFrame } from "./frame.ts";
import type { FieldSlice } from "./image-field.ts";
import { ImageSlices } from "./image-slices.ts";
import { wordsAround } from "./pixels-around.ts";
import { SliceReader } from "./slice-reader.ts";

/** What labels look like on a slice: a record of assembly/memory/fill-image.ts, and the mean square of steps between pixels. */
interface LocalValues {
  readonly at: number;
  readonly step: number;
}

const NOTHING: LocalValues = { at: 0, step: 0 };

/** What is kept of a drawn slice; its memory is used again. */
class KnownSlice {
  readonly #context: TaskContext;
  readonly values: number;
  z = -1;
  local = NOTHING;
  #room = 0;

  constructor(context: TaskContext, values: number) {
    this.#context = context;
    this.values = values;
  }

  /** Room for a record of so many bytes. */
  reserve(bytes: number): number {
    if (bytes <= this.#room) return this.local.at;
    this.#room = Math.ceil(bytes * 1.25);
    const at = this.#context.arena.scratch(this.#room);
    this.local = { at, step: 0 };
    return at;
  }
}

/** Drawn slices that are kept: a left out one between two others. */
const KEPT = 3;

/** An image beside a fill between drawn slices: what labels look like on those, held against the slices between. */
export class ImageGuide {
  /** Room for doubts of a slice and the chances that are made of them (f32). */
  readonly doubts: number;
  readonly chances: number;
  /** Room for where planes are drawn on a slice (f32), and for labels (u16). */
  readonly seen: number;
  readonly plane: number;
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #drawn: readonly number[];
  readonly #slices: ImageSlices;
  readonly #reader: SliceReader;
  readonly #known: KnownSlice[];
  /** Where planes that cross a slice tell what labels look like, in place of drawn slices. */
  readonly #crossed: KnownSlice;
  readonly #steps: number;
  readonly #found: number;
  readonly #windows: number;
  readonly #tables: number;
  readonly #around: number;

  /** `drawn`: drawn slices, ascending. */
  constructor(context: TaskContext, frame: SliceFrame, drawn: readonly number[]) {
    const { arena, core } = context;
    const { exports } = core;
    const pixels = frame.nu * frame.nv;
    this.#context = context;
    this.#frame = frame;
    this.#drawn = drawn;
    this.#slices = new ImageSlices(context, context.image!, frame);
    this.#reader = new SliceReader(context, context.maps![0]!, frame);
    this.#known = Array.from({ length: KEPT }, () => new KnownSlice(context, arena.scratch(pixels * 4)));
    this.#crossed = new KnownSlice(context, 0);
    this.plane = arena.scratch(pixels * 2 + 64);
    this.doubts = arena.scratch((pixels + 16) * exports.fillDoubtBytes());
    this.chances = arena.scratch(pixels * 4);
    this.seen = arena.scratch(pixels * 4);
    this.#steps = arena.scratch(pixels * 2);
    this.#found = arena.scratch(exports.fillLocalBytes(pixels));
    this.#windows = arena.scratch(exports.fillLocalScratch(frame.nu, frame.nv));
    this.#tables = arena.allocate(2 * 65_536 * 4);
    const words = wordsAround(frame.nu);
    this.#around = arena.scratch(words.byteLength);
    new Int32Array(arena.memory.buffer, this.#around, words.length).set(words);
  }

  isDrawn(z: number): boolean {
    return this.#drawn.includes(z);
  }

  /** Reads a drawn slice, that before it and that after, which are asked for next; in turn with others like that. */
  async prepare(z: number): Promise<void> {
    const [from, to] = this.#neighboursOf(z);
    for (const slice of [from, z, to]) if (slice !== undefined) await this.#know(slice, false);
  }

  /** The drawn slices before and after slice z. */
  #neighboursOf(z: number): [from: number | undefined, to: number | undefined] {
    return [this.#drawn.findLast((slice) => slice < z), this.#drawn.find((slice) => slice > z)];
  }

  /**
   * Makes `slice` slice z between drawn ones, with the labels by shape at `labels` and the chances that they are wrong at `chances`; labels
   * that are there already are sure, where `existing` says that there are any. `drawn`: 0 where planes that cross the slice are drawn on it, which tell what labels look like
   * where no slices do. Gives the mean square of steps.
   */
  async between(z: number, slice: FieldSlice, labels: number, existing: boolean, drawn: number): Promise<number> {
    const { nu, nv } = this.#frame;
    const { core, arena } = this.#context;
    const { exports } = core;
    const pixels = nu * nv;
    const [from, to] = this.#neighboursOf(z);
    let [before, after, t] = [NOTHING, NOTHING, 0.5];
    // Drawn slices first: read between others they would make those be read twice.
    if (from !== undefined && to !== undefined) {
      [before, after] = [(await this.#know(from, true)).local, (await this.#know(to, true)).local];
      t = (z - from) / (to - from);
    }
    const known = this.#known.find((own) => own.z === z);
    if (known) slice.values = known.values;
    else await this.#slices.read(z, false, slice.values);
    new Uint8Array(arena.memory.buffer).copyWithin(slice.labels, labels, labels + pixels * 2);
    if (existing) {
      this.readDrawn(z);
      exports.fillSure(slice.labels, this.chances, this.plane, pixels);
    }
    if (before === NOTHING && drawn !== 0) {
      before = after = this.#localOf(this.#crossed, slice.labels, slice.values, drawn);
    }
    exports.fillSteps(slice.labels, nu, nv, this.#steps);
    slice.start(z, exports.fillUnsure(this.chances, pixels));
    slice.count = exports.fillDoubtful(
      slice.record,
      this.chances,
      this.#steps,
      nu,
      nv,
      before.at,
      after.at,
      t,
      this.#around,
      this.#tables,
    );
    return (1 - t) * before.step + t * after.step;
  }

  /** Makes `slice` the drawn slice z, of which nothing is doubtful; gives the mean square of its steps. */
  async drawn(z: number, slice: FieldSlice): Promise<number> {
    const { values, local } = await this.#know(z, true);
    slice.values = values;
    this.#reader.read(z, slice.labels);
    slice.start(z, 0);
    this.#context.core.exports.clearBytes(slice.ordinals, this.#frame.nu * this.#frame.nv * 4);
    return local.step;
  }

  /** Writes the labels that are drawn on a slice to `plane`. */
  readDrawn(z: number): void {
    this.#reader.read(z, this.plane);
  }

  async #know(z: number, alone: boolean): Promise<KnownSlice> {
    const known = this.#known.find((own) => own.z === z);
    if (known) return known;
    // The lowest is not asked for again.
    const oldest = this.#known.reduce((least, own) => (own.z < least.z ? own : least));
    oldest.z = -1;
    await this.#slices.read(z, alone, oldest.values);
    this.readDrawn(z);
    oldest.local = this.#localOf(oldest, this.plane, oldest.values, 0);
    oldest.z = z;
    return oldest;
  }

  /** What labels look like near their outlines; where `drawn` is given, pixels count that are 0 there. */
  #localOf(to: KnownSlice, labels: number, values: number, drawn: number): LocalValues {
    const { nu, nv } = this.#frame;
    const { core, arena } = this.#context;
    const { exports } = core;
    const [steps, found] = [this.#steps, this.#found];
    exports.fillSteps(labels, nu, nv, steps);
    const bytes = exports.fillLocalFind(labels, values, steps, drawn, nu, nv, this.#tables, found);
    const at = to.reserve(bytes);
    exports.fillLocalSums(labels, values, steps, drawn, nu, nv, this.#tables, found, at, this.#windows);
    return { at, step: new Float64Array(arena.memory.buffer, at, 1)[0]! };
  }
}
