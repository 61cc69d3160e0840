import type { TaskContext } from "../crew/task.ts";
import type { SliceFrame } from "./frame.ts";
import { doubtfulPixels } from "./image-evidence.ts";
import type { FieldSlice } from "./image-field.ts";
import { ImageSlices } from "./image-slices.ts";
import { localValues, type LocalValues } from "./local-values.ts";
import { SliceReader } from "./slice-reader.ts";

/** What is known of drawn slices. */
export type KnownSlices = Map<number, { readonly values: Float32Array; readonly local: LocalValues }>;

const NOTHING: LocalValues = { labels: new Map(), step: 0 };
const NONE = new Float64Array(0);
const NO_DOUBT = { at: new Int32Array(0), rivals: new Uint16Array(0), byShape: NONE, byImage: NONE };

/** An image beside a fill between drawn slices: what labels look like on those, held against the slices between. */
export class ImageGuide {
  /** Room for doubts of a slice and the chances that are made of them (f32). */
  readonly doubts: number;
  readonly chances: number;
  /** Room for where planes are drawn on a slice (f32). */
  readonly seen: number;
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #drawn: readonly number[];
  readonly #slices: ImageSlices;
  readonly #reader: SliceReader;
  readonly #plane: number;
  readonly #known: KnownSlices;

  /** `drawn`: drawn slices, ascending. `known` is kept as long as its slices are asked for. */
  constructor(context: TaskContext, frame: SliceFrame, drawn: readonly number[], known: KnownSlices = new Map()) {
    const { arena, core } = context;
    const pixels = frame.nu * frame.nv;
    this.#context = context;
    this.#frame = frame;
    this.#drawn = drawn;
    this.#known = known;
    this.#slices = new ImageSlices(context, context.image!, frame);
    this.#reader = new SliceReader(context, context.maps![0]!, frame);
    this.#plane = arena.scratch(pixels * 2 + 64);
    this.doubts = arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
    this.chances = arena.scratch(pixels * 4);
    this.seen = arena.scratch(pixels * 4);
  }

  isDrawn(z: number): boolean {
    return this.#drawn.includes(z);
  }

  /**
   * A slice between drawn ones with labels by shape, whose chances to be wrong lie at `chances`; labels that are there already are sure.
   * `drawn`: 0 where planes that cross the slice are drawn on it, which tell what labels look like where no slices do.
   */
  async between(z: number, labels: Uint16Array, existing?: Uint16Array, drawn?: Float32Array): Promise<FieldSlice> {
    const { nu, nv } = this.#frame;
    const from = this.#drawn.findLast((slice) => slice < z);
    const to = this.#drawn.find((slice) => slice > z);
    let [before, after, t] = [NOTHING, NOTHING, 0.5];
    // Drawn slices first: read between others they would make those be read twice.
    if (from !== undefined && to !== undefined) {
      for (const slice of this.#known.keys()) if (slice < from) this.#known.delete(slice);
      [before, after] = [(await this.#localOf(from)).local, (await this.#localOf(to)).local];
      t = (z - from) / (to - from);
    }
    const values = await this.#slices.read(z, false);
    const chances = new Float32Array(this.#context.arena.memory.buffer, this.chances, nu * nv);
    existing?.forEach((label, n) => {
      if (label !== 0) [labels[n], chances[n]] = [label, 0];
    });
    if (before === NOTHING && drawn) before = after = localValues(labels, values, nu, nv, drawn);
    const doubtful = doubtfulPixels({
      nu,
      nv,
      labels,
      chances,
      values,
      before: before.labels,
      after: after.labels,
      t,
    });
    return { z, labels, values, doubtful, step: (1 - t) * before.step + t * after.step };
  }

  /** A drawn slice. */
  async drawn(z: number): Promise<FieldSlice> {
    const { values, local } = await this.#localOf(z);
    return { z, labels: this.drawnLabels(z), values, doubtful: NO_DOUBT, step: local.step };
  }

  /** The labels that are drawn on a slice. */
  drawnLabels(z: number): Uint16Array {
    this.#reader.read(z, this.#plane);
    return this.labelsAt(this.#plane);
  }

  /** A copy of labels in the core. */
  labelsAt(at: number): Uint16Array {
    return new Uint16Array(this.#context.arena.memory.buffer, at, this.#frame.nu * this.#frame.nv).slice();
  }

  async #localOf(z: number): Promise<{ readonly values: Float32Array; readonly local: LocalValues }> {
    let known = this.#known.get(z);
    if (!known) {
      const values = await this.#slices.read(z, true);
      const local = localValues(this.drawnLabels(z), values, this.#frame.nu, this.#frame.nv);
      this.#known.set(z, (known = { values, local }));
    }
    return known;
  }
}
