import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { BendingField } from "./bending-field.ts";
import type { Linear, SliceFrame } from "./frame.ts";
import { halvesOf, type PlaneFrame } from "./plane-frame.ts";
import { depthAt, type StackDepths } from "./stack-depths.ts";

/** What a stack's fill is missed by on a plane: how far outside its outline the drawn one is, in smaller pixel edges of the stack. */
export interface PlaneErrors {
  /** 0 for the union of all. */
  readonly segment: number;
  /** Which of the frames of `drawnPlanes`. */
  readonly plane: number;
  /** First pixel of the plane and size; beyond, nothing is missed. */
  readonly u0: number;
  readonly v0: number;
  readonly nu: number;
  readonly nv: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** Edges of what was drawn on up to which errors are told; what is farther from an outline is on its side. */
export const ERROR_REACH = 6;

/** How much more a step across the stack's slices counts than one along them, where the nearest place on a plane is looked for. */
const ACROSS = 3;

/** Pixels that places in single precision may be off. */
const ROUNDING = 0.01;

/** Planes over the slices of a stack, in the memory of the core: what they miss it by, weighted; and fields on nodes. */
export class Corrections {
  /** f32 of every pixel: the weights of the stack (`fillStackWeights`) and of the planes on the slice in hand, weighted errors of a segment. */
  readonly owns: number;
  readonly weights: number;
  readonly sums: number;
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #planes: readonly PlaneFrame[];
  readonly #spacingMm: SpacingMm;
  readonly #errors: readonly (PlaneErrors & { readonly at: number })[];
  readonly #fields: ReadonlyMap<number, BendingField & { readonly at: number }>;
  readonly #stack: StackDepths;
  readonly #depths: number;
  readonly #places: number;

  constructor(
    context: TaskContext,
    frame: SliceFrame,
    planes: readonly PlaneFrame[],
    spacingMm: SpacingMm,
    stack: StackDepths,
    { errors, fields }: { readonly errors: readonly PlaneErrors[]; readonly fields: readonly BendingField[] },
  ) {
    const { arena } = context;
    const held = <Item extends { readonly values: Float32Array }>(item: Item): Item & { readonly at: number } => {
      const at = arena.scratch(item.values.byteLength + 16);
      new Float32Array(arena.memory.buffer, at, item.values.length).set(item.values);
      return { ...item, at };
    };
    this.#context = context;
    this.#frame = frame;
    this.#planes = planes;
    this.#spacingMm = spacingMm;
    this.#stack = stack;
    this.owns = arena.scratch(frame.nu * frame.nv * 4);
    this.weights = arena.scratch(frame.nu * frame.nv * 4);
    this.sums = arena.scratch(frame.nu * frame.nv * 4);
    this.#places = arena.scratch(64);
    this.#depths = arena.scratch(stack.depthsMm.length * 8);
    new Float64Array(arena.memory.buffer, this.#depths, stack.depthsMm.length).set(stack.depthsMm);
    this.#errors = errors.map(held);
    this.#fields = new Map(fields.map((field) => [field.segment, held(field)]));
  }

  hasField(segment: number): boolean {
    return this.#fields.has(segment);
  }

  /** Begins slice z; tells which of its pixels lie between the first and the last plane of the stack. */
  start(z: number): "all" | "none" | "some" {
    const { core } = this.#context;
    const { nu, nv } = this.#frame;
    core.exports.clearBytes(this.weights, nu * nv * 4);
    for (const plane of this.#planes) {
      core.exports.fillAddWeights(this.weights, nu, nv, ...this.#distance(plane, z));
    }
    const depth = this.#frame.linear(z, (at) => depthAt(this.#stack, at));
    const count = this.#stack.depthsMm.length;
    const inside = core.exports.fillStackWeights(this.owns, nu, nv, ...depth, this.#depths, count);
    return inside === 1 ? "all" : inside === 2 ? "none" : "some";
  }

  /** Writes the weighted errors of a segment on slice z; false where nothing is missed, all are 0 then. */
  sum(segment: number, z: number): boolean {
    const { core, arena } = this.#context;
    const { nu, nv } = this.#frame;
    core.exports.clearBytes(this.sums, nu * nv * 4);
    let missed = false;
    for (const errors of this.#errors) {
      if (errors.segment !== segment) continue;
      const plane = this.#planes[errors.plane]!;
      const [x, y] = [this.#along(plane, z, "u", errors.u0), this.#along(plane, z, "v", errors.v0)];
      if (!this.#meets(x, errors.nu) || !this.#meets(y, errors.nv)) continue;
      const places = [x[0], y[0], x[1], y[1], x[2], y[2], ...this.#distance(plane, z)];
      new Float32Array(arena.memory.buffer, this.#places, 9).set(places);
      core.exports.fillAddErrors(errors.at, errors.nu, errors.nv, this.sums, nu, nv, this.#places);
      missed = true;
    }
    return missed;
  }

  /** Whether places of the slice's pixels lie within a pixel of 0 to `count`. */
  #meets([first, alongU, alongV]: Linear, count: number): boolean {
    const [u, v] = [alongU * (this.#frame.nu - 1), alongV * (this.#frame.nv - 1)];
    const least = first + Math.min(0, u) + Math.min(0, v);
    const most = first + Math.max(0, u) + Math.max(0, v);
    return most > -1 - ROUNDING && least < count + ROUNDING;
  }

  /**
   * Writes a segment's field on nodes at the pixels of slice z, as values of the contest; where `only` is given, where those weights are
   * below 0.
   */
  field(segment: number, z: number, only: number, to: number): void {
    const { core, arena } = this.#context;
    const { nu, nv } = this.#frame;
    const field = this.#fields.get(segment)!;
    const nodes = ([0, 1, 2] as const).map((axis) =>
      this.#frame.linear(z, (at) => (at[axis] - field.originMm[axis]) / field.stepMm),
    );
    const places = [0, 1, 2].flatMap((part) => nodes.map((linear) => linear[part]!));
    new Float32Array(arena.memory.buffer, this.#places, 9).set(places);
    const perMm = 1 / this.#stack.edgeMm;
    core.exports.fillFieldSlice(field.at, ...field.nodes, this.#places, perMm, nu, nv, only, to);
  }

  /** Signed distance to a plane in millimetres, steps across the slices weighted. */
  #distance(plane: PlaneFrame, z: number): Linear {
    const { lean } = this.#lean(plane);
    return this.#frame.linear(z, (at) => (halvesOf(plane, this.#spacingMm, at) * plane.halfMm) / Math.sqrt(lean));
  }

  /** The pixel of a plane, along u or v and from a first one on, that is nearest, steps across the slices weighted. */
  #along(plane: PlaneFrame, z: number, along: "u" | "v", first: number): Linear {
    const [step, size] = along === "u" ? [plane.stepU, plane.su] : [plane.stepV, plane.sv];
    const { way, lean } = this.#lean(plane);
    return this.#frame.linear(z, (at) => {
      const off = (halvesOf(plane, this.#spacingMm, at) * plane.halfMm) / lean;
      const place = at.map((mm, axis) => (mm - off * way[axis]! - plane.origin[axis]!) * step[axis]!);
      return (place[0]! + place[1]! + place[2]!) / (size * size) - first;
    });
  }

  /** The direction to the nearest place of a plane, and what its part along the normal is. */
  #lean({ drawn, halfMm }: PlaneFrame): { readonly way: readonly number[]; readonly lean: number } {
    const normal = [0, 1, 2].map((axis) => (drawn[axis]! * halfMm) / this.#spacingMm[axis]!);
    const across = normal.reduce((sum, part, axis) => sum + part * this.#stack.normal[axis]!, 0);
    const less = across * (1 - 1 / ACROSS ** 2);
    const way = normal.map((part, axis) => part - less * this.#stack.normal[axis]!);
    return { way, lean: normal.reduce((sum, part, axis) => sum + part * way[axis]!, 0) };
  }
}
