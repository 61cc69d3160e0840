import code from "#shaders/slice/slice.wgsl?raw";
import type { Disposable, Vec3 } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import { type BrickPolygons, CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, type GpuResource } from "../gpu-resource.ts";
import { planeToIndex, type SlicePlane } from "../slice-plane.ts";
import { uniformView } from "../struct-views.ts";

/** Bytes from one plane's uniforms to the next: WebGPU's default alignment of dynamic offsets. */
const STRIDE = 256;

/** A plane through one volume, cut into polygons. */
export interface CutPlane {
  readonly grid: ImageGrid;
  readonly level: PyramidLevel;
  readonly plane: SlicePlane;
  readonly polygons: BrickPolygons;
  /** 0 to 1: the later planes of a slab are nearer. */
  readonly depth: number;
  /** Planes sampled together from this one on, and the way from one to the next in index at the level. */
  readonly count: number;
  readonly step: Vec3;
  /** Axis along which these follow one another, each lying across it; undefined where there is none. */
  readonly across?: 0 | 1 | 2 | undefined;
}

/** A plane on the GPU. */
export interface WrittenPlane {
  /** Of its uniforms, for a dynamic offset. */
  readonly offset: number;
  /** Groups of polygons that have corners, with the first and their number. */
  readonly groups: readonly (readonly [PolygonGroup, number, number])[];
}

/** The planes of one picture on the GPU: their uniforms (group 0) and the corners of their polygons. Both buffers grow by doubling. */
export class SlicePlanes implements Disposable {
  readonly #context: GpuContext;
  readonly #layout: GPUBindGroupLayout;
  readonly #view = uniformView(code, "sliceView");
  readonly #viewBytes = new Uint8Array(this.#view.arrayBuffer);
  /** What is sent, planes and corners each at once: a call costs more than its bytes. */
  #viewsToSend = new Uint8Array(STRIDE);
  #cornersToSend = new Uint32Array(16384);
  #views: { readonly buffer: GpuResource<GPUBuffer>; readonly group: GPUBindGroup } | undefined;
  #corners: GpuResource<GPUBuffer> | undefined;

  constructor(context: GpuContext, layout: GPUBindGroupLayout) {
    this.#context = context;
    this.#layout = layout;
  }

  /** Group 0 of what was written last. */
  get group(): GPUBindGroup {
    return this.#views!.group;
  }

  get corners(): GPUBuffer {
    return this.#corners!.handle;
  }

  write(cuts: readonly CutPlane[]): WrittenPlane[] {
    const { queue } = this.#context.device;
    const words = cuts.reduce((sum, { polygons }) => sum + polygons.words.length, 0);
    if (this.#viewsToSend.length < cuts.length * STRIDE) this.#viewsToSend = new Uint8Array(cuts.length * 2 * STRIDE);
    if (this.#cornersToSend.length < words) this.#cornersToSend = new Uint32Array(words * 2);
    let at = 0;
    const written = cuts.map(({ grid, level, plane, polygons, depth, count, step }, n): WrittenPlane => {
      this.#view.set({
        ...levelPlane(grid, level, plane),
        level: level.level,
        sizePx: [plane.width, plane.height],
        depth,
        count,
        step: [...step],
      });
      this.#viewsToSend.set(this.#viewBytes, n * STRIDE);
      this.#cornersToSend.set(polygons.words, at);
      const first = at / CORNER_WORDS;
      at += polygons.words.length;
      return { offset: n * STRIDE, groups: groupsOf(polygons, first) };
    });
    queue.writeBuffer(this.#viewsFor(cuts.length), 0, this.#viewsToSend, 0, cuts.length * STRIDE);
    const corners = this.#cornersFor(words * 4);
    if (words > 0) queue.writeBuffer(corners, 0, this.#cornersToSend, 0, words);
    return written;
  }

  dispose(): void {
    this.#views?.buffer.dispose();
    this.#corners?.dispose();
  }

  #viewsFor(count: number): GPUBuffer {
    const size = count * STRIDE;
    if (!this.#views || this.#views.buffer.byteLength < size) {
      this.#views?.buffer.dispose();
      const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
      const buffer = createBuffer(this.#context, "SlicePlanes.views", count === 1 ? size : size * 2, usage);
      const resource = { buffer: buffer.handle, size: this.#view.arrayBuffer.byteLength };
      const group = this.#context.device.createBindGroup({
        label: "SlicePlanes.group",
        layout: this.#layout,
        entries: [{ binding: 0, resource }],
      });
      this.#views = { buffer, group };
    }
    return this.#views.buffer.handle;
  }

  #cornersFor(bytes: number): GPUBuffer {
    if (!this.#corners || this.#corners.byteLength < bytes) {
      this.#corners?.dispose();
      const usage = GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST;
      this.#corners = createBuffer(this.#context, "SlicePlanes.corners", Math.max(bytes * 2, 65536), usage);
    }
    return this.#corners.handle;
  }
}

function groupsOf({ groups }: BrickPolygons, before: number): WrittenPlane["groups"] {
  const all = Object.entries(groups) as [PolygonGroup, readonly [number, number]][];
  return all.flatMap(([name, [first, count]]) => (count === 0 ? [] : [[name, before + first, count] as const]));
}

/** The plane in index at the level, composed in double precision; in affine index at level 0 for an uneven stack. */
function levelPlane(
  grid: ImageGrid,
  level: PyramidLevel,
  plane: SlicePlane,
): Record<"indexOrigin" | "indexRight" | "indexDown" | "lastIndex", number[]> {
  const { origin, right, down } = planeToIndex(grid, plane);
  const factor = grid.regular ? level.factor : [1, 1, 1];
  return {
    indexOrigin: origin.map((value, axis) => (value + 0.5) / factor[axis]! - 0.5),
    indexRight: right.map((value, axis) => value / factor[axis]!),
    indexDown: down.map((value, axis) => value / factor[axis]!),
    lastIndex: grid.dims.map((n, axis) => n / level.factor[axis]! - 0.5),
  };
}
