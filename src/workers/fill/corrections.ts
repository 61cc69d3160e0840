import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import type { BendingField } from "./bending-field.ts";
import type { SliceFrame } from "./frame.ts";
import type { PlaneFrame } from "./plane-frame.ts";

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

/** How much more a step across the stack's slices counts than one along them, where the nearest place on a plane is looked for. */
const ACROSS = 3;

/** A number that goes linearly over a slice: at pixel (0, 0), and its steps along u and v. */
type Linear = readonly [at: number, alongU: number, alongV: number];

/** Planes over the slices of a stack, in the memory of the core: what they miss it by, weighted; and fields on nodes. */
export class Corrections {
  /** f32 of every pixel: the planes' weights on the slice in hand, and the weighted errors of the segment in hand. */
  readonly weights: number;
  readonly sums: number;
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #planes: readonly PlaneFrame[];
  readonly #spacingMm: SpacingMm;
  readonly #errors: readonly (PlaneErrors & { readonly at: number })[];
  readonly #fields: ReadonlyMap<number, BendingField & { readonly at: number }>;
  readonly #places: number;

  constructor(
    context: TaskContext,
    frame: SliceFrame,
    planes: readonly PlaneFrame[],
    spacingMm: SpacingMm,
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
    this.weights = arena.scratch(frame.nu * frame.nv * 4);
    this.sums = arena.scratch(frame.nu * frame.nv * 4);
    this.#places = arena.scratch(64);
    this.#errors = errors.map(held);
    this.#fields = new Map(fields.map((field) => [field.segment, held(field)]));
  }

  hasField(segment: number): boolean {
    return this.#fields.has(segment);
  }

  /** Begins slice z. */
  start(z: number): void {
    const { core, arena } = this.#context;
    const { nu, nv } = this.#frame;
    new Float32Array(arena.memory.buffer, this.weights, nu * nv).fill(0);
    for (const plane of this.#planes) {
      core.exports.fillAddWeights(this.weights, nu, nv, ...this.#distance(plane, z));
    }
  }

  /** Writes the weighted errors of a segment on slice z; all 0 where nothing is missed. */
  sum(segment: number, z: number): void {
    const { core, arena } = this.#context;
    const { nu, nv } = this.#frame;
    new Float32Array(arena.memory.buffer, this.sums, nu * nv).fill(0);
    for (const errors of this.#errors) {
      if (errors.segment !== segment) continue;
      const plane = this.#planes[errors.plane]!;
      const [x, y] = [this.#along(plane, z, "u", errors.u0), this.#along(plane, z, "v", errors.v0)];
      const places = [x[0], y[0], x[1], y[1], x[2], y[2], ...this.#distance(plane, z)];
      new Float32Array(arena.memory.buffer, this.#places, 9).set(places);
      core.exports.fillAddErrors(errors.at, errors.nu, errors.nv, this.sums, nu, nv, this.#places);
    }
  }

  /** Writes a segment's field on nodes at the pixels of slice z, as values of the contest. */
  field(segment: number, z: number, to: number): void {
    const { core, arena } = this.#context;
    const { nu, nv, su, sv } = this.#frame;
    const field = this.#fields.get(segment)!;
    const nodes = ([0, 1, 2] as const).map((axis) =>
      this.#linear(z, (at) => (at[axis] - field.originMm[axis]) / field.stepMm),
    );
    const places = [0, 1, 2].flatMap((part) => nodes.map((linear) => linear[part]!));
    new Float32Array(arena.memory.buffer, this.#places, 9).set(places);
    core.exports.fillFieldSlice(field.at, ...field.nodes, this.#places, 1 / Math.min(su, sv), nu, nv, to);
  }

  /** Takes what is drawn on planes out of labels, or out of chances, on slice z. */
  clear(labels: number, chances: number, z: number): void {
    const { nu, nv } = this.#frame;
    for (const { drawn } of this.#planes) {
      const halves = this.#linear(z, (at) => this.#halves(drawn, at));
      this.#context.core.exports.fillClearLine(labels, chances, nu, nv, ...halves);
    }
  }

  /** Signed distance to a plane in millimetres, steps across the slices weighted. */
  #distance(plane: PlaneFrame, z: number): Linear {
    const { lean } = this.#lean(plane);
    return this.#linear(z, (at) => (this.#halves(plane.drawn, at) * plane.halfMm) / Math.sqrt(lean));
  }

  /** The pixel of a plane, along u or v and from a first one on, that is nearest, steps across the slices weighted. */
  #along(plane: PlaneFrame, z: number, along: "u" | "v", first: number): Linear {
    const [step, size] = along === "u" ? [plane.stepU, plane.su] : [plane.stepV, plane.sv];
    const { way, lean } = this.#lean(plane);
    return this.#linear(z, (at) => {
      const off = (this.#halves(plane.drawn, at) * plane.halfMm) / lean;
      const place = at.map((mm, axis) => (mm - off * way[axis]! - plane.origin[axis]!) * step[axis]!);
      return (place[0]! + place[1]! + place[2]!) / (size * size) - first;
    });
  }

  /** The direction to the nearest place of a plane, and what its part along the normal is. */
  #lean({ drawn, halfMm }: PlaneFrame): { readonly way: readonly number[]; readonly lean: number } {
    const normal = [0, 1, 2].map((axis) => (drawn[axis]! * halfMm) / this.#spacingMm[axis]!);
    const way = normal.map((part, axis) => (axis === this.#frame.axis ? part / ACROSS ** 2 : part));
    return { way, lean: normal.reduce((sum, part, axis) => sum + part * way[axis]!, 0) };
  }

  #halves([a, b, c, d]: PlaneFrame["drawn"], at: readonly number[]): number {
    const { 0: i, 1: j, 2: k } = this.#spacingMm;
    return (a * at[0]!) / i + (b * at[1]!) / j + (c * at[2]!) / k + d;
  }

  /** What a linear function of places (millimetres from voxel 0, 0, 0) is on slice z. */
  #linear(z: number, of: (at: readonly [number, number, number]) => number): Linear {
    const { u0, v0, uAxis, vAxis, axis } = this.#frame;
    const place = (u: number, v: number): [number, number, number] => {
      const at: [number, number, number] = [0, 0, 0];
      at[uAxis] = (u0 + u) * this.#spacingMm[uAxis];
      at[vAxis] = (v0 + v) * this.#spacingMm[vAxis];
      at[axis] = z * this.#spacingMm[axis];
      return at;
    };
    const start = of(place(0, 0));
    return [start, of(place(1, 0)) - start, of(place(0, 1)) - start];
  }
}
