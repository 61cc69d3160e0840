import type { KernelCore } from "../kernel-core.ts";
import type { MemoryArena } from "../memory-arena.ts";
import type { Component } from "./components.ts";
import type { SliceFrame } from "./frame.ts";

/**
 * Pixels around a component's box that its field covers; beyond, the field goes on by the distance to its edge. More for large
 * ones, whose neighbours' boxes differ by more pixels: sampling inside is several times as fast.
 */
function padOf(component: Component): number {
  return 6 + Math.floor(Math.max(component.u1 - component.u0, component.v1 - component.v0) / 16);
}

/** A component's signed distances in millimetres, positive inside, in the memory of the core. */
export interface Field {
  readonly at: number;
  /** First pixel in the frame, and size. */
  readonly u0: number;
  readonly v0: number;
  readonly nu: number;
  readonly nv: number;
  /** Largest distance: the radius of the largest disc inside. */
  readonly radius: number;
}

/** Makes fields when they are first asked for and takes their memory back when their component is let go. */
export class FieldStore {
  readonly #core: KernelCore;
  readonly #arena: MemoryArena;
  readonly #frame: SliceFrame;
  readonly #fields = new Map<Component, { readonly field: Field; readonly sizeClass: number }>();
  /** Free blocks of 2ⁿ bytes. */
  readonly #free = new Map<number, number[]>();

  constructor(core: KernelCore, arena: MemoryArena, frame: SliceFrame) {
    this.#core = core;
    this.#arena = arena;
    this.#frame = frame;
  }

  get(component: Component): Field {
    const held = this.#fields.get(component);
    if (held) return held.field;
    const pad = padOf(component);
    const nu = component.u1 - component.u0 + 2 * pad;
    const nv = component.v1 - component.v0 + 2 * pad;
    const sizeClass = Math.ceil(Math.log2(nu * nv * 4));
    const at = this.#take(sizeClass);
    const radius = this.#compute(component, pad, nu, nv, at);
    const field: Field = { at, u0: component.u0 - pad, v0: component.v0 - pad, nu, nv, radius };
    this.#fields.set(component, { field, sizeClass });
    return field;
  }

  release(component: Component): void {
    const held = this.#fields.get(component);
    if (!held) return;
    this.#fields.delete(component);
    this.#give(held.sizeClass, held.field.at);
  }

  /** The field's value at any pixel of the frame, for as long as the component is held. */
  sampler(component: Component): (u: number, v: number) => number {
    const { at, u0, v0, nu, nv } = this.get(component);
    const { su, sv } = this.#frame;
    const values = new Float32Array(this.#arena.memory.buffer, at, nu * nv);
    return (u, v) => {
      const inU = Math.min(Math.max(u - u0, 0), nu - 1);
      const inV = Math.min(Math.max(v - v0, 0), nv - 1);
      const value = values[inV * nu + inU]!;
      if (u - u0 === inU && v - v0 === inV) return value;
      return value - Math.hypot((u - u0 - inU) * su, (v - v0 - inV) * sv);
    };
  }

  /** Returns the radius. */
  #compute(component: Component, pad: number, nu: number, nv: number, at: number): number {
    const { exports } = this.#core;
    const { su, sv } = this.#frame;
    const maskClass = Math.ceil(Math.log2(nu * nv));
    const scratchClass = Math.ceil(Math.log2(exports.planeDistanceScratch(nu, nv)));
    const mask = this.#take(maskClass);
    const scratch = this.#take(scratchClass);
    const bytes = new Uint8Array(this.#arena.memory.buffer, mask, nu * nv).fill(0);
    const width = component.u1 - component.u0;
    for (let v = 0; v < component.v1 - component.v0; v++) {
      bytes.set(component.mask.subarray(v * width, (v + 1) * width), (v + pad) * nu + pad);
    }
    const radius = exports.planeSignedDistance(mask, nu, nv, su, sv, at, scratch);
    this.#give(maskClass, mask);
    this.#give(scratchClass, scratch);
    return radius;
  }

  #take(sizeClass: number): number {
    return this.#free.get(sizeClass)?.pop() ?? this.#arena.allocate(2 ** sizeClass);
  }

  #give(sizeClass: number, at: number): void {
    const free = this.#free.get(sizeClass);
    if (free) free.push(at);
    else this.#free.set(sizeClass, [at]);
  }
}
