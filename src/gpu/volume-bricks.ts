import {
  type Disposable,
  DisposableStack,
  Emitter,
  isAbortError,
  type VoxelwrightError,
  isVoxelwrightError,
} from "#base";
import {
  BRICK_VOXELS,
  type BrickAddress,
  type BrickKey,
  type BrickPixels,
  type BrickSource,
  brickKey,
  type Dims,
  type ImageGrid,
  parseBrickKey,
  type PyramidLevel,
  pyramidLevels,
  Residency,
  type VoxelType,
} from "#volume";
import type { BrickAtlas } from "./brick-atlas.ts";
import { BrickCells } from "./brick-cells.ts";
import { type BrickFormat, brickFormat, brickTexels, formatIsExact, texelRange } from "./brick-format.ts";
import { BrickQueue, type BrickWant } from "./brick-queue.ts";
import type { GpuContext } from "./gpu-context.ts";
import { PageTable, type SlotWord } from "./page-table.ts";

export interface VolumeBricksOptions {
  readonly context: GpuContext;
  /** An atlas of `brickFormat(voxelType).texture`. */
  readonly atlas: BrickAtlas;
  readonly source: BrickSource;
  readonly grid: ImageGrid;
  readonly voxelType: VoxelType;
  /** Reads under way at a time. Default 8. */
  readonly inFlight?: number;
  /** False where no view asks for ranges within bricks (`BrickWant.ranged`), so that none are kept. Default true. */
  readonly ranged?: boolean;
}

interface Resident {
  readonly slot: SlotWord;
  readonly min: number;
  readonly max: number;
}

const RETRY_MS = 400;

/**
 * The bricks of one volume that are on the GPU: asks its source for what views want, uploads what comes, throws out what was not
 * used for longest, and keeps the page table. Never waits: a frame draws what is there.
 */
export class VolumeBricks implements Disposable {
  readonly grid: ImageGrid;
  readonly voxelType: VoxelType;
  readonly format: BrickFormat;
  readonly levels: readonly PyramidLevel[];
  readonly atlas: BrickAtlas;
  readonly table: PageTable;
  /** Ranges within the bricks, for passing what is empty. */
  readonly cells: BrickCells;
  /** Something that a frame shows changed: a brick came, went or was replaced. */
  readonly changed = new Emitter<void>();
  /** A source failed on a brick; the brick stays out until `refresh`. */
  readonly failed = new Emitter<{ readonly address: BrickAddress; readonly error: VoxelwrightError }>();
  readonly #source: BrickSource;
  readonly #ranged: boolean;
  readonly #residency: Residency<Resident>;
  readonly #queue: BrickQueue;
  readonly #stack = new DisposableStack();
  readonly #scratch = new Float32Array(BRICK_VOXELS);
  readonly #bricks: number;
  #pinned = new Set<BrickKey>();
  /** Wanted bricks whose ranges are needed, and resident ones of which none were counted. */
  #ranges = new Set<BrickKey>();
  readonly #unranged = new Set<BrickKey>();
  /** Priorities of what is wanted, made when the atlas is full of it. */
  #urgency: Map<BrickKey, number> | undefined;
  #frame = 0;
  #version = 0;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: VolumeBricksOptions) {
    const { context, atlas, source, grid, voxelType } = options;
    this.grid = grid;
    this.voxelType = voxelType;
    this.format = brickFormat(voxelType);
    this.atlas = atlas;
    this.cells = this.#stack.add(new BrickCells(context, atlas));
    this.#source = source;
    this.#ranged = options.ranged ?? true;
    this.levels = pyramidLevels(grid.dims);
    this.table = new PageTable(this.levels);
    this.#bricks = this.table.entries.length;
    atlas.reserve(this.#bricks);
    // What limits it is the atlas, by its slots.
    this.#residency = new Residency<Resident>(Number.POSITIVE_INFINITY, {
      bytesOf: () => 1,
      evict: (key, { slot }) => {
        atlas.give(slot);
        this.#unranged.delete(key);
        const { frame, level, bi, bj, bk } = parseBrickKey(key);
        if (frame === this.#frame) this.table.set(level, [bi, bj, bk], 0, Number.NaN, Number.NaN);
      },
    });
    this.#queue = new BrickQueue({
      limit: options.inFlight ?? 8,
      isThere: (key) => this.#residency.has(key),
      start: (address, signal) => void this.#read(address, signal),
    });
    this.#stack.add(context.lost.on(() => this.#forget()));
    this.#stack.add(context.restored.on(() => this.#queue.pump()));
    this.#stack.add(
      atlas.emptied.on(() => {
        this.#forget();
        this.#queue.pump();
      }),
    );
  }

  /** Time frame shown, 0 to frames − 1. */
  get frame(): number {
    return this.#frame;
  }

  /** Counts changes of what is resident. */
  get version(): number {
    return this.#version;
  }

  /** Bricks that could not be read since the last `refresh`. */
  get failures(): number {
    return this.#failures;
  }

  /** True when views want more bricks than the atlas holds: the most urgent ones are there. */
  get crowded(): boolean {
    return this.#queue.crowded;
  }

  /** True when some resident voxel was rounded by the texture's format: 32-bit integers beyond 2²⁴. */
  get rounded(): boolean {
    if (this.voxelType !== "uint32" && this.voxelType !== "int32") return false;
    const range = this.residentRange();
    return range !== undefined && !formatIsExact(this.voxelType, range.min, range.max);
  }

  /** Reads under way. */
  get inFlight(): number {
    return this.#queue.inFlight;
  }

  /** How many bricks each view wants, stand-ins among them. */
  wantedBy(): Record<string, number> {
    return this.#queue.wantedBy();
  }

  /** Bricks resident, all levels and frames. */
  get residentCount(): number {
    return this.#residency.size;
  }

  setFrame(frame: number): void {
    if (frame === this.#frame) return;
    this.#frame = frame;
    this.table.clear();
    for (const key of [...this.#residency.keys()]) {
      const address = parseBrickKey(key);
      if (address.frame !== frame) continue;
      const { slot, min, max } = this.#residency.get(key)!;
      this.table.set(address.level, [address.bi, address.bj, address.bk], slot, min, max);
    }
    this.#touch();
  }

  /**
   * Says what a view needs now; an empty list ends its interest. A brick that any view wants is thrown out only for a more urgent one
   * that has no other place.
   */
  want(view: string, wants: readonly BrickWant[]): void {
    this.#queue.want(view, wants);
    this.#urgency = undefined;
    this.#ranges = new Set();
    for (const { address, ranged } of this.#queue.wants) {
      if (!ranged) continue;
      const key = brickKey(address);
      this.#ranges.add(key);
      // It came for views that need none.
      if (this.#unranged.delete(key)) void this.#replace(address);
    }
    for (const key of this.#pinned) this.#residency.unpin(key);
    this.#pinned = new Set();
    for (const { address } of this.#queue.wants) this.#pin(brickKey(address));
  }

  /**
   * Reads bricks anew: those of `addresses` (an import replaced them), or every brick that failed or was not there. What is
   * resident stays on screen until its successor is there; resolves when all successors are.
   */
  async refresh(addresses: readonly BrickAddress[] = []): Promise<void> {
    const resident = addresses.filter((address) => this.#residency.has(brickKey(address)));
    const replaced = resident.map((address) => this.#replace(address));
    this.#failures = 0;
    this.#queue.retry();
    await Promise.all(replaced);
  }

  /** Takes voxels that are at hand, as from an import under way, without asking the source. */
  put(brick: BrickPixels): void {
    this.#upload(brick);
  }

  /** Largest and smallest voxel over all resident bricks of the frame; undefined before the first. */
  residentRange(): { min: number; max: number } | undefined {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    const { ranges } = this.table;
    for (let n = 0; n < ranges.length; n += 2) {
      if (ranges[n]! < min) min = ranges[n]!;
      if (ranges[n + 1]! > max) max = ranges[n + 1]!;
    }
    return min <= max ? { min, max } : undefined;
  }

  dispose(): void {
    clearTimeout(this.#retry);
    this.#queue.want("", []);
    this.#queue.clear();
    this.#residency.clear();
    this.atlas.release(this.#bricks);
    this.#stack.dispose();
  }

  #touch(): void {
    this.#version++;
    this.changed.emit();
  }

  #pin(key: BrickKey): void {
    if (this.#residency.get(key) === undefined) return;
    this.#residency.pin(key);
    this.#pinned.add(key);
  }

  async #read(address: BrickAddress, signal: AbortSignal): Promise<void> {
    let brick: BrickPixels | undefined;
    try {
      brick = await this.#source.readBrick(address, { signal });
    } catch (error) {
      if (!this.#queue.finish(address, signal, true) || isAbortError(error)) return;
      this.#failures++;
      if (isVoxelwrightError(error)) this.failed.emit({ address, error });
      else throw error;
      this.#queue.pump();
      return;
    }
    if (!this.#queue.finish(address, signal, brick === undefined) || this.#stack.disposed) return;
    if (brick) this.#upload(brick);
    else this.#retryLater();
    this.#queue.pump();
  }

  async #replace(address: BrickAddress): Promise<void> {
    try {
      const brick = await this.#source.readBrick(address);
      if (brick && !this.#stack.disposed) this.#upload(brick);
    } catch (error) {
      if (isVoxelwrightError(error)) this.failed.emit({ address, error });
      else if (!isAbortError(error)) throw error;
    }
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#queue.retry();
    }, RETRY_MS);
  }

  #upload(brick: BrickPixels): void {
    const key = brickKey(brick.address);
    const { frame, level, bi, bj, bk } = brick.address;
    const known = this.#residency.get(key);
    const slot = known?.slot ?? this.#takeSlot(key);
    if (slot === undefined) {
      if (this.#queue.wanted(key)) this.#queue.crowd(key);
      return;
    }
    const texels = brickTexels(this.voxelType, this.format, brick.voxels, this.#scratch);
    this.atlas.write(slot, texels);
    if (this.#ranged) this.#keepRanges(key, slot, brick, texels);
    if (!known) this.#residency.put(key, { slot, min: brick.min, max: brick.max });
    const place: Dims = [bi, bj, bk];
    if (frame === this.#frame) this.table.set(level, place, slot, brick.min, brick.max);
    if (this.#queue.wanted(key) && !this.#pinned.has(key)) this.#pin(key);
    this.#touch();
  }

  /** Counting ranges takes longer than all else of an upload, and planes pass nothing by them. */
  #keepRanges(
    key: BrickKey,
    slot: SlotWord,
    { min, max }: BrickPixels,
    texels: Uint8Array | Uint16Array | Float32Array,
  ): void {
    if (this.#ranges.has(key) || !this.#queue.wanted(key)) {
      this.#unranged.delete(key);
      this.cells.write(slot, texels, this.format.scale);
    } else {
      this.#unranged.add(key);
      this.cells.writeWhole(slot, ...texelRange(this.voxelType, this.format, min, max));
    }
  }

  /**
   * A slot of the atlas for a brick: a free one, that of the least recently used brick that no view wants, or that of the least urgent
   * one where the newcomer is more urgent.
   */
  #takeSlot(newcomer: BrickKey): SlotWord | undefined {
    const free = this.atlas.take();
    if (free !== undefined) return free;
    const out = this.#unwanted() ?? this.#lessUrgentThan(newcomer);
    if (out === undefined) return undefined;
    this.#residency.delete(out);
    if (this.#pinned.delete(out)) this.#queue.crowd(out);
    return this.atlas.take();
  }

  #unwanted(): BrickKey | undefined {
    for (const key of this.#residency.keys()) if (!this.#pinned.has(key)) return key;
    return undefined;
  }

  #lessUrgentThan(newcomer: BrickKey): BrickKey | undefined {
    this.#urgency ??= new Map(this.#queue.wants.map(({ address, priority }) => [brickKey(address), priority]));
    const urgency = this.#urgency;
    let last = urgency.get(newcomer);
    if (last === undefined) return undefined;
    let found: BrickKey | undefined;
    for (const key of this.#pinned) {
      const priority = urgency.get(key)!;
      if (priority <= last) continue;
      last = priority;
      found = key;
    }
    return found;
  }

  /** The device is lost, or the atlas was emptied: nothing is resident. */
  #forget(): void {
    this.#queue.clear();
    this.#pinned.clear();
    this.#unranged.clear();
    this.atlas.reset();
    this.cells.reset();
    this.#residency.clear();
    this.atlas.reset();
    this.table.clear();
    this.#touch();
  }
}
