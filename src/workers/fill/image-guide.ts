import type { TaskContext } from "../crew/task.ts";
import type { SliceFrame } from "./frame.ts";
import { decideByImage } from "./image-decision.ts";
import { ImageSlices } from "./image-slices.ts";
import { localValues, type LocalSums } from "./local-values.ts";
import { SliceReader } from "./slice-reader.ts";

/** An image beside a fill between drawn slices: what labels look like on those, held against the slices between. */
export class ImageGuide {
  /** Room for doubts of a slice and the chances that are made of them (f32). */
  readonly doubts: number;
  readonly chances: number;
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #drawn: readonly number[];
  readonly #slices: ImageSlices;
  readonly #reader: SliceReader;
  readonly #plane: number;
  /** Of the two drawn slices in hand. */
  readonly #local = new Map<number, ReadonlyMap<number, LocalSums>>();

  /** `drawn`: drawn slices, ascending. */
  constructor(context: TaskContext, frame: SliceFrame, drawn: readonly number[]) {
    const { arena, core } = context;
    const pixels = frame.nu * frame.nv;
    this.#context = context;
    this.#frame = frame;
    this.#drawn = drawn;
    this.#slices = new ImageSlices(context, context.image!, frame);
    this.#reader = new SliceReader(context, context.maps![0]!, frame);
    this.#plane = arena.scratch(pixels * 2 + 64);
    this.doubts = arena.scratch((pixels + 16) * core.exports.fillDoubtBytes());
    this.chances = arena.scratch(pixels * 4);
  }

  /** Moves borders of the labels at `labels` (u16 of the frame) on slice z, whose chances are there; gives them as they were. */
  async decide(z: number, labels: number): Promise<Uint16Array> {
    const { nu, nv } = this.#frame;
    const byShape = this.labelsAt(labels);
    const from = this.#drawn.findLast((slice) => slice < z);
    const to = this.#drawn.find((slice) => slice > z);
    if (from === undefined || to === undefined) return byShape;
    for (const slice of this.#local.keys()) if (slice !== from && slice !== to) this.#local.delete(slice);
    const [before, after] = [await this.#localOf(from), await this.#localOf(to)];
    const values = await this.#slices.read(z, false);
    const { buffer } = this.#context.arena.memory;
    const chances = new Float32Array(buffer, this.chances, nu * nv);
    const t = (z - from) / (to - from);
    const moved = decideByImage({ nu, nv, labels: byShape, chances, values, before, after, t });
    new Uint16Array(buffer, labels, nu * nv).set(moved);
    return byShape;
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

  async #localOf(z: number): Promise<ReadonlyMap<number, LocalSums>> {
    let local = this.#local.get(z);
    if (!local) {
      const values = await this.#slices.read(z, true);
      local = localValues(this.drawnLabels(z), values, this.#frame.nu, this.#frame.nv);
      this.#local.set(z, local);
    }
    return local;
  }
}
