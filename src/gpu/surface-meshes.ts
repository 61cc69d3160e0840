import { type Disposable, DisposableStack, Emitter } from "#base";
import type { GpuContext } from "./gpu-context.ts";
import { createBuffer, type GpuResource } from "./gpu-resource.ts";
import type { SurfaceSource } from "./surface-source.ts";

/** One brick's surfaces on the GPU. */
export interface SurfaceBuffers {
  readonly vertices: GpuResource<GPUBuffer>;
  readonly triangles: GpuResource<GPUBuffer>;
  /** Triangles times three. */
  readonly count: number;
  readonly labels: Uint16Array;
}

/** The surfaces of one source on the GPU, brick by brick. Only bricks that changed are uploaded again, when they are drawn next. */
export class SurfaceMeshes implements Disposable {
  /** A change that views must draw. */
  readonly changed = new Emitter<void>();
  readonly #context: GpuContext;
  readonly #source: SurfaceSource;
  readonly #held = new Map<number, SurfaceBuffers>();
  readonly #stale = new Set<number>();
  readonly #stack = new DisposableStack();
  #uploadedBytes = 0;

  constructor(context: GpuContext, source: SurfaceSource) {
    this.#context = context;
    this.#source = source;
    this.#forget();
    this.#stack.add(
      source.changed.on((bricks) => {
        for (const brick of bricks) this.#stale.add(brick);
        this.changed.emit();
      }),
    );
    this.#stack.add(context.lost.on(() => this.#forget()));
  }

  /** Bytes uploaded so far, for measuring strokes. */
  get uploadedBytes(): number {
    return this.#uploadedBytes;
  }

  /** Level of the labels that the meshes are of. */
  get level(): number {
    return this.#source.level;
  }

  /** Brings what changed to the GPU and gives all bricks that have surfaces. */
  bricks(): ReadonlyMap<number, SurfaceBuffers> {
    for (const brick of this.#stale) this.#upload(brick);
    this.#stale.clear();
    return this.#held;
  }

  dispose(): void {
    for (const brick of [...this.#held.keys()]) this.#drop(brick);
    this.#stack.dispose();
  }

  #upload(brick: number): void {
    this.#drop(brick);
    const mesh = this.#source.meshes.get(brick);
    if (!mesh || mesh.triangles.length === 0) return;
    const { queue } = this.#context.device;
    const buffer = (name: string, words: Uint32Array<ArrayBuffer>, usage: number): GpuResource<GPUBuffer> => {
      const made = createBuffer(
        this.#context,
        `SurfaceMeshes.${name}`,
        words.byteLength,
        usage | GPUBufferUsage.COPY_DST,
      );
      queue.writeBuffer(made.handle, 0, words);
      this.#uploadedBytes += words.byteLength;
      return made;
    };
    this.#held.set(brick, {
      vertices: buffer("vertices", mesh.vertices, GPUBufferUsage.VERTEX),
      triangles: buffer("triangles", mesh.triangles, GPUBufferUsage.INDEX),
      count: mesh.triangles.length,
      labels: mesh.labels,
    });
  }

  #drop(brick: number): void {
    const held = this.#held.get(brick);
    held?.vertices.dispose();
    held?.triangles.dispose();
    this.#held.delete(brick);
  }

  #forget(): void {
    for (const brick of [...this.#held.keys()]) this.#drop(brick);
    for (const brick of this.#source.meshes.keys()) this.#stale.add(brick);
  }
}
