import {
  type Disposable,
  DisposableStack,
  Emitter,
  isAbortError,
  type ReadonlySignal,
  signal,
  VoxelwrightError,
} from "#base";
import type { LabelChange } from "#labelmap";
import { type BrickSurface, bricksAround, type Kernels } from "#workers";
import { brickBox, brickCoordinates, type Dims, type IndexBox } from "#volume";
import type { Jobs } from "./jobs.ts";
import type { StudyLabels } from "./study-labels.ts";

/** Rest after a change of labels before surfaces are made again, ms: a stroke's pieces come closer together. */
const REST_MS = 80;

/** Bricks made at a time, so that surfaces appear as they come and changes meanwhile are seen. */
const BATCH = 16;

/** Bytes of all meshes: about seven million triangles. */
const BUDGET_BYTES = 256 * 2 ** 20;

export interface StudySurfacesPort {
  readonly labels: StudyLabels;
  readonly kernels: () => Promise<Kernels>;
  readonly jobs: Jobs;
  readonly fail: (error: unknown) => void;
  /** Bytes that meshes may take; 256 MiB when absent. */
  readonly budgetBytes?: number;
}

/**
 * The surfaces of the open study's segments, brick by brick, as they are seen now (an open stroke or preview included). Kept up with the
 * labels while they are wanted: only bricks that a change reaches are made again. Colour, opacity and visibility make nothing anew.
 */
export class StudySurfaces implements Disposable {
  readonly meshes = new Map<number, BrickSurface>();
  readonly changed = new Emitter<readonly number[]>();
  readonly #port: StudySurfacesPort;
  readonly #stack = new DisposableStack();
  readonly #pending = signal(0);
  readonly #incomplete = signal(false);
  readonly #stale = new Set<number>();
  /** Rounds of smoothing; undefined while surfaces are not wanted. */
  #rounds: number | undefined;
  #bytes = 0;
  #stop = new AbortController();
  #working = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(port: StudySurfacesPort) {
    this.#port = port;
    this.#stack.add(port.labels.labelmap.changed.on((change) => this.#follow(change)));
    this.#stack.defer(() => this.show(undefined));
  }

  /** Bricks that are still to be made. */
  get pending(): ReadonlySignal<number> {
    return this.#pending;
  }

  /** True while bricks lack their surfaces for good: memory is spent, or the work was cancelled. */
  get incomplete(): ReadonlySignal<boolean> {
    return this.#incomplete;
  }

  /** Wants surfaces with so many rounds of smoothing; undefined lets all of them go. */
  show(rounds: number | undefined): void {
    if (rounds === this.#rounds) return;
    this.#rounds = rounds;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#incomplete.value = false;
    this.#stale.clear();
    if (rounds === undefined) {
      const gone = [...this.meshes.keys()];
      this.meshes.clear();
      this.#bytes = 0;
      clearTimeout(this.#timer);
      if (gone.length > 0) this.changed.emit(gone);
    } else {
      for (const brick of this.#port.labels.labelmap.brickIndices()) this.#stale.add(brick);
      this.#soon(0);
    }
    this.#pending.value = this.#stale.size;
  }

  dispose(): void {
    this.#stack.dispose();
  }

  #follow({ brickIndices, box }: LabelChange): void {
    if (this.#rounds === undefined) return;
    const { dims, bricks } = this.#port.labels.labelmap;
    for (const index of brickIndices) {
      const own = brickBox(dims, ...brickCoordinates(bricks, index));
      for (const reached of bricksAround(dims, box ? shared(own, box) : own, this.#rounds)) this.#stale.add(reached);
    }
    this.#pending.value = this.#stale.size;
    this.#soon(REST_MS);
  }

  #soon(ms: number): void {
    if (this.#working) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), ms);
  }

  async #work(): Promise<void> {
    if (this.#working || this.#rounds === undefined) return;
    this.#working = true;
    const { signal: stop } = this.#stop;
    try {
      // What is done within a moment needs no line in the status bar.
      if (this.#stale.size <= BATCH) await this.#makeAll(stop, () => undefined);
      else {
        await this.#port.jobs.run("Surfaces of segments", ({ signal: cancel, onProgress }) =>
          this.#makeAll(cancel ? AbortSignal.any([stop, cancel]) : stop, (fraction) =>
            onProgress?.({ fraction, what: "Making surfaces" }),
          ),
        );
      }
      if (this.#bytes > this.#budgetBytes) throw spent(this.#budgetBytes);
    } catch (error) {
      if (!stop.aborted) {
        // Said once: the next change of labels meets the same limit.
        if (!isAbortError(error) && !this.#incomplete.value) this.#port.fail(error);
        this.#incomplete.value = true;
        this.#stale.clear();
        this.#pending.value = 0;
      }
    } finally {
      this.#working = false;
    }
    if (this.#stale.size > 0) this.#soon(REST_MS);
  }

  /** Makes what is stale, also what becomes so meanwhile, batch by batch. */
  async #makeAll(stop: AbortSignal, onFraction: (fraction: number) => void): Promise<void> {
    const kernels = await this.#port.kernels();
    let made = 0;
    while (this.#stale.size > 0) {
      stop.throwIfAborted();
      if (this.#bytes > this.#budgetBytes) return;
      const batch = [...this.#stale].slice(0, BATCH);
      for (const brick of batch) this.#stale.delete(brick);
      const surfaces = await kernels.surface(
        this.#port.labels.labelmap,
        { rounds: this.#rounds!, bricks: batch },
        { signal: stop },
      );
      stop.throwIfAborted();
      this.#keep(batch, surfaces);
      made += batch.length;
      this.#pending.value = this.#stale.size;
      onFraction(made / (made + this.#stale.size));
    }
  }

  #keep(bricks: readonly number[], surfaces: readonly BrickSurface[]): void {
    for (const brick of bricks) {
      const before = this.meshes.get(brick);
      if (before) this.#bytes -= bytesOf(before);
      this.meshes.delete(brick);
    }
    for (const surface of surfaces) {
      this.meshes.set(surface.brick, surface);
      this.#bytes += bytesOf(surface);
    }
    this.changed.emit(bricks);
  }

  get #budgetBytes(): number {
    return this.#port.budgetBytes ?? BUDGET_BYTES;
  }
}

/** The part of a brick that a change's box reaches. */
function shared(a: IndexBox, b: IndexBox): IndexBox {
  const each = (of: (...n: number[]) => number, m: Dims, n: Dims): Dims => [
    of(m[0], n[0]),
    of(m[1], n[1]),
    of(m[2], n[2]),
  ];
  return { min: each(Math.max, a.min, b.min), max: each(Math.min, a.max, b.max) };
}

function bytesOf({ vertices, triangles }: BrickSurface): number {
  return vertices.byteLength + triangles.byteLength;
}

function spent(budgetBytes: number): VoxelwrightError {
  return new VoxelwrightError("limit", `Surfaces take more than ${budgetBytes / 2 ** 20} MiB: not all are shown.`, {
    advice: "Show labels in 3D as coloured volume instead.",
  });
}
