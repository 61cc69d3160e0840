import {
  type Disposable,
  DisposableStack,
  Emitter,
  isAbortError,
  type ReadonlySignal,
  signal,
  VoxelwrightError,
} from "#base";
import type { LabelChange, Labelmap } from "#labelmap";
import { type BrickSurface, bricksAround, type KernelLabels, type Kernels } from "#workers";
import { BRICK_EDGE, brickBox, brickCoordinates, brickIndex, type Dims, type IndexBox } from "#volume";
import type { Jobs } from "./jobs.ts";
import type { StudyLabels } from "./study-labels.ts";

/** Rest after a change of labels before surfaces are made again, ms: a stroke's pieces come closer together. */
const REST_MS = 80;

/** Bricks made at a time, so that surfaces appear as they come and changes meanwhile are seen. */
const BATCH = 16;

/** Bytes of all meshes: about seven million triangles. */
const BUDGET_BYTES = 256 * 2 ** 20;

/** Bricks after which it is told whether those of a level will fit. */
const TELLING_BRICKS = 32;
/** A level finer has four times the triangles: it is made where as many, and a half more, fit. */
const FINER_TIMES = 6;

/** Time that labels of a coarser level are computed for before the page lives on, ms. */
const PREPARING_MS = 8;

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
 * Where they would take too much memory, surfaces of the next coarser level of the labels are made in their place.
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
  #level = 0;
  #bytes = 0;
  /** Bricks made since they were all begun anew. */
  #made = 0;
  /** The finest level that was not found to take too much of the labels as they are. */
  #finest = 0;
  /** Whether the first bricks of a level may tell what all will take. */
  #foresees = true;
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

  /** Level of the labels that the meshes are of. */
  get level(): number {
    return this.#level;
  }

  /** Wants surfaces with so many rounds of smoothing; undefined lets all of them go. */
  show(rounds: number | undefined): void {
    if (rounds === this.#rounds) return;
    this.#rounds = rounds;
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#incomplete.value = false;
    this.#finest = 0;
    this.#foresees = true;
    this.#begin(0, rounds !== undefined);
    if (rounds === undefined) clearTimeout(this.#timer);
    else this.#soon(0);
  }

  dispose(): void {
    this.#stack.dispose();
  }

  /** Lets all meshes go, and makes those of a level from now on if they are wanted. */
  #begin(level: number, wanted: boolean): void {
    const gone = [...this.meshes.keys()];
    this.meshes.clear();
    this.#level = level;
    this.#bytes = 0;
    this.#made = 0;
    this.#stale.clear();
    if (wanted) for (const brick of this.#labels.brickIndices()) this.#stale.add(brick);
    this.#pending.value = this.#stale.size;
    if (gone.length > 0) this.changed.emit(gone);
  }

  /** The labels of the level that surfaces are made of. */
  get #labels(): KernelLabels {
    const { labelmap } = this.#port.labels;
    return this.#level === 0 ? labelmap : new LevelLabels(labelmap, this.#level);
  }

  #follow({ brickIndices, box }: LabelChange): void {
    if (this.#rounds === undefined) return;
    this.#finest = 0;
    const { dims, bricks, levels } = this.#port.labels.labelmap;
    const { dims: size, factor } = levels[this.#level]!;
    const ofLevel = ({ min, max }: IndexBox): IndexBox => ({
      min: min.map((n, axis) => Math.floor(n / factor[axis]!)) as unknown as Dims,
      max: max.map((n, axis) => Math.ceil(n / factor[axis]!)) as unknown as Dims,
    });
    for (const index of brickIndices) {
      const own = brickBox(dims, ...brickCoordinates(bricks, index));
      const changed = ofLevel(box ? shared(own, box) : own);
      for (const reached of bricksAround(size, changed, this.#rounds)) this.#stale.add(reached);
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

  /** Makes what is stale, also what becomes so meanwhile, batch by batch, of the finest level that fits. */
  async #makeAll(stop: AbortSignal, onFraction: (fraction: number) => void): Promise<void> {
    const kernels = await this.#port.kernels();
    const { levels } = this.#port.labels.labelmap;
    while (this.#stale.size > 0) {
      const batch = [...this.#stale].slice(0, BATCH);
      const labels = this.#labels;
      if (labels instanceof LevelLabels) await labels.prepare(batch, this.#rounds!, stop);
      stop.throwIfAborted();
      for (const brick of batch) this.#stale.delete(brick);
      const request = { rounds: this.#rounds!, bricks: batch };
      const surfaces = await kernels.surface(labels, request, { signal: stop });
      stop.throwIfAborted();
      this.#keep(batch, surfaces);
      this.#made += batch.length;
      const all = this.#made + this.#stale.size;
      onFraction(this.#made / all);
      this.#pending.value = this.#stale.size;
      const full = this.#bytes > this.#budgetBytes;
      const tells = this.#foresees && this.#made >= TELLING_BRICKS;
      if (full || (tells && (this.#bytes / this.#made) * all > this.#budgetBytes)) {
        if (this.#level === levels.length - 1) throw spent(this.#budgetBytes);
        if (full) this.#finest = this.#level + 1;
        this.#begin(this.#level + 1, true);
      } else if (
        this.#stale.size === 0 &&
        this.#level > this.#finest &&
        this.#bytes * FINER_TIMES < this.#budgetBytes
      ) {
        // What was foreseen of the finer level was wrong: now it is counted.
        this.#foresees = false;
        this.#begin(this.#level - 1, true);
      }
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

/** The labels of a coarser level, as they are now. */
class LevelLabels implements KernelLabels {
  readonly dims: Dims;
  readonly #labelmap: Labelmap;
  readonly #level: number;

  constructor(labelmap: Labelmap, level: number) {
    this.#labelmap = labelmap;
    this.#level = level;
    this.dims = labelmap.levels[level]!.dims;
  }

  readBrick(index: number): Uint16Array | undefined {
    return this.#labelmap.readLevelBrick(this.#level, ...this.#place(index));
  }

  brickIndices(): number[] {
    const { bricks, levels } = this.#labelmap;
    const { bricks: own, factor } = levels[this.#level]!;
    const indices = new Set<number>();
    for (const index of this.#labelmap.brickIndices()) {
      const at = brickCoordinates(bricks, index).map((n, axis) => Math.floor(n / factor[axis]!));
      indices.add(brickIndex(own, at[0]!, at[1]!, at[2]!));
    }
    return [...indices].sort((a, b) => a - b);
  }

  /** Computes what surfaces of some bricks read, a moment at a time, so that the page lives on. */
  async prepare(bricks: readonly number[], rounds: number, stop: AbortSignal): Promise<void> {
    const around = bricks.flatMap((index) => {
      const min = this.#place(index).map((n) => n * BRICK_EDGE) as unknown as Dims;
      return bricksAround(this.dims, { min, max: min.map((n) => n + BRICK_EDGE) as unknown as Dims }, rounds);
    });
    for (const index of new Set(around)) {
      const place = this.#place(index);
      while (!this.#labelmap.prepareLevelBrick(this.#level, ...place, performance.now() + PREPARING_MS)) {
        await new Promise((resolve) => setTimeout(resolve));
        stop.throwIfAborted();
      }
    }
  }

  #place(index: number): Dims {
    return brickCoordinates(this.#labelmap.levels[this.#level]!.bricks, index);
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
