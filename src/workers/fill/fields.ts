import type { TaskContext } from "../crew/task.ts";
import { around, type Component, type PixelBox } from "./components.ts";
import type { StackFrame } from "./frame.ts";
import type { DistancePort } from "./links.ts";

/** A component's signed distances in the memory of the core. */
export interface Field {
  readonly at: number;
  /** First pixel in the frame, and size; a row begins every `strideOf(w)` pixels. */
  readonly u0: number;
  readonly v0: number;
  readonly w: number;
  readonly h: number;
  readonly radius: number;
}

interface Held {
  readonly field: Field;
  readonly sizeClass: number;
}

/** Edges of what was drawn on beyond which distances are not told apart. */
const REACH = 16;

/** Fields are read in whole vectors: up to 16 bytes beyond their last pixel. */
const BEYOND = 16;

/** Makes fields when they are first asked for and takes their memory back when their component is let go. */
export class FieldStore implements DistancePort {
  readonly #context: TaskContext;
  /** Edges of a pixel over the smaller of them. */
  readonly #ru: number;
  readonly #rv: number;
  readonly #reach: number;
  readonly #fields = new Map<Component, Held>();
  readonly #radii = new Map<Component, number>();
  /** Free blocks of 2ⁿ bytes. */
  readonly #free = new Map<number, number[]>();
  #last: Held | undefined;

  constructor(context: TaskContext, { su, sv, finer }: StackFrame) {
    this.#context = context;
    this.#ru = su / Math.min(su, sv);
    this.#rv = sv / Math.min(su, sv);
    this.#reach = REACH * finer;
  }

  /** The field of a component in the box that `box` gives, as long as it is not let go. */
  get(component: Component, box: () => PixelBox): Field {
    let held = this.#fields.get(component);
    if (!held) this.#fields.set(component, (held = this.#make(component, box())));
    return held.field;
  }

  release(component: Component): void {
    const held = this.#fields.get(component);
    if (held) this.#give(held.sizeClass, held.field.at);
    this.#fields.delete(component);
    this.#radii.delete(component);
  }

  radius(component: Component): number {
    let radius = this.#radii.get(component);
    if (radius === undefined) {
      const { field, sizeClass } = this.#make(component, withBorder(component));
      this.#give(sizeClass, field.at);
      this.#radii.set(component, (radius = field.radius));
    }
    return radius;
  }

  distances(component: Component, box: PixelBox): { readonly values: Int16Array; readonly width: number } {
    if (this.#last) this.#give(this.#last.sizeClass, this.#last.field.at);
    // A border around both shows the component's outside where its box is the whole of the other.
    this.#last = this.#make(component, around(box, withBorder(component)));
    const { at, u0, v0, w, h } = this.#last.field;
    const stride = strideOf(w);
    const all = new Int16Array(this.#context.arena.memory.buffer, at, stride * h);
    return { values: all.subarray((box.v0 - v0) * stride + box.u0 - u0), width: stride };
  }

  #make({ runs }: Component, { u0, v0, u1, v1 }: PixelBox): Held {
    const { core, arena } = this.#context;
    const [w, h] = [u1 - u0, v1 - v0];
    const stride = strideOf(w);
    const sizeClass = classOf(stride * h * 2 + BEYOND);
    const at = this.#take(sizeClass);
    const runsClass = classOf(runs.byteLength);
    const runsAt = this.#take(runsClass);
    const scratchClass = classOf(core.exports.fillFieldScratch(stride, h));
    const scratch = this.#take(scratchClass);
    new Int32Array(arena.memory.buffer, runsAt, runs.length).set(runs);
    const radius = core.exports.fillField(
      runsAt,
      runs.length / 3,
      u0,
      v0,
      stride,
      h,
      this.#ru,
      this.#rv,
      this.#reach,
      at,
      scratch,
    );
    this.#give(runsClass, runsAt);
    this.#give(scratchClass, scratch);
    return { field: { at, u0, v0, w, h, radius }, sizeClass };
  }

  #take(sizeClass: number): number {
    return this.#free.get(sizeClass)?.pop() ?? this.#context.arena.scratch(2 ** sizeClass);
  }

  #give(sizeClass: number, at: number): void {
    const free = this.#free.get(sizeClass);
    if (free) free.push(at);
    else this.#free.set(sizeClass, [at]);
  }
}

/** Pixels from a row to the next: whole vectors of eight. */
function strideOf(width: number): number {
  return Math.ceil(width / 8) * 8;
}

function withBorder({ u0, v0, u1, v1 }: PixelBox): PixelBox {
  return { u0: u0 - 1, v0: v0 - 1, u1: u1 + 1, v1: v1 + 1 };
}

function classOf(bytes: number): number {
  return Math.max(6, 32 - Math.clz32(bytes - 1));
}
