import type { KernelCore } from "../kernel-core.ts";
import type { MemoryArena } from "../memory-arena.ts";
import type { Field } from "./fields.ts";
import type { SliceFrame } from "./frame.ts";

/** Values of shapes are compared in steps of a pixel by this. */
const STEPS_PER_PIXEL = 256;

/** A rectangle of pixels in the frame, upper ends outside. */
export interface PixelBox {
  readonly u0: number;
  readonly v0: number;
  readonly u1: number;
  readonly v1: number;
}

/** A field to blend: sampled `du`, `dv` pixels away from where it lies. */
export interface MovedField {
  readonly field: Field;
  readonly weight: number;
  readonly du: number;
  readonly dv: number;
}

/** The contest of shapes on one slice: at every pixel the label with the largest positive value wins. */
export class SliceContest {
  readonly #core: KernelCore;
  readonly #arena: MemoryArena;
  readonly #frame: SliceFrame;
  readonly #sum: number;
  readonly #best: number;
  readonly #labels: number;
  #dirty: PixelBox | undefined;

  constructor(core: KernelCore, arena: MemoryArena, frame: SliceFrame) {
    const pixels = frame.nu * frame.nv;
    this.#core = core;
    this.#arena = arena;
    this.#frame = frame;
    this.#sum = arena.allocate(pixels * 4);
    this.#best = arena.allocate(pixels * 4);
    this.#labels = arena.allocate(pixels * 2);
  }

  /** Enters a shape: the sum of moved fields less `minus`, inside `box`. Shapes of a slice come by ascending label. */
  enter(label: number, box: PixelBox, fields: readonly MovedField[], minus: number): void {
    const { exports } = this.#core;
    const { su, sv } = this.#frame;
    const u0 = Math.max(0, Math.floor(box.u0));
    const v0 = Math.max(0, Math.floor(box.v0));
    const u1 = Math.min(this.#frame.nu, Math.ceil(box.u1));
    const v1 = Math.min(this.#frame.nv, Math.ceil(box.v1));
    const nu = u1 - u0;
    const nv = v1 - v0;
    if (nu <= 0 || nv <= 0) return;
    new Float32Array(this.#arena.memory.buffer, this.#sum, nu * nv).fill(-minus);
    for (const { field, weight, du, dv } of fields) {
      if (weight === 0) continue;
      const fromU = u0 + du - field.u0;
      const fromV = v0 + dv - field.v0;
      exports.fillAddMoved(this.#sum, nu, nv, field.at, field.nu, field.nv, fromU, fromV, su, sv, weight);
    }
    const perMm = STEPS_PER_PIXEL / Math.min(su, sv);
    exports.fillContest(this.#sum, nu, nv, this.#best, this.#labels, this.#frame.nu, u0, v0, label, perMm);
    const dirty = this.#dirty ?? { u0, v0, u1, v1 };
    this.#dirty = {
      u0: Math.min(dirty.u0, u0),
      v0: Math.min(dirty.v0, v0),
      u1: Math.max(dirty.u1, u1),
      v1: Math.max(dirty.v1, v1),
    };
  }

  /** Gives `use` the labels that won, in the frame, and the box outside which there are none, if any; then begins anew. */
  finish(use: (labels: Uint16Array, box: PixelBox) => void): void {
    const box = this.#dirty;
    if (!box) return;
    const { nu, nv } = this.#frame;
    const { buffer } = this.#arena.memory;
    const labels = new Uint16Array(buffer, this.#labels, nu * nv);
    use(labels, box);
    labels.fill(0, box.v0 * nu, box.v1 * nu);
    new Float32Array(buffer, this.#best, nu * nv).fill(0, box.v0 * nu, box.v1 * nu);
    this.#dirty = undefined;
  }
}
