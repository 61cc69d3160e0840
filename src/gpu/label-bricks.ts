import { type Disposable, DisposableStack, Emitter } from "#base";
import {
  BRICK_EDGE,
  brickCoordinates,
  brickKey,
  type Dims,
  type IndexBox,
  parseBrickKey,
  type PyramidLevel,
  Residency,
} from "#volume";
import type { BrickAtlas } from "./brick-atlas.ts";
import type { GpuContext } from "./gpu-context.ts";
import type { LabelSource } from "./label-source.ts";
import { PageTable, type SlotWord } from "./page-table.ts";

/** What of a brick must be uploaded again: a box of its own voxels, or all of it. */
type Stale = { readonly min: Dims; readonly max: Dims };

/** Longest turn of preparing bricks between pictures, and longest time until those that are ready are drawn, milliseconds. */
const TURN_MS = 10;
const DRAWN_EVERY_MS = 250;
/** Bricks that are made ready before they are drawn: the source keeps no more at hand. */
const READY_AT_ONCE = 64;

const WHOLE: Stale = { min: [0, 0, 0], max: [BRICK_EDGE, BRICK_EDGE, BRICK_EDGE] };

/**
 * The label bricks of one source that are on the GPU. Bricks of background take no slot. Only what changed is uploaded, and only
 * when a view needs it.
 */
export class LabelBricks implements Disposable {
  readonly levels: readonly PyramidLevel[];
  readonly atlas: BrickAtlas;
  readonly table: PageTable;
  /** A change that views must draw. */
  readonly changed = new Emitter<void>();
  readonly #source: LabelSource;
  readonly #stack = new DisposableStack();
  readonly #residency: Residency<SlotWord>;
  /** Known to be background since their last change. */
  readonly #background = new Set<string>();
  readonly #stale = new Map<string, Stale>();
  /** What the view that is about to draw needs. */
  readonly #needed = new Set<string>();
  #uploadedBytes = 0;
  #full = false;
  #behind = false;
  /** Bricks that the last pictures had no time for. */
  readonly #waiting = new Map<string, { readonly level: number; readonly brick: Dims }>();
  #preparing: ReturnType<typeof setTimeout> | undefined;

  constructor(context: GpuContext, atlas: BrickAtlas, source: LabelSource, levels: readonly PyramidLevel[]) {
    this.atlas = atlas;
    this.levels = levels;
    this.#source = source;
    this.table = new PageTable(levels, false);
    this.#residency = new Residency<SlotWord>(atlas.capacity, {
      bytesOf: () => 1,
      evict: (key, slot) => {
        atlas.give(slot);
        const { level, bi, bj, bk } = parseBrickKey(key);
        this.table.set(level, [bi, bj, bk], 0, 0, 0);
      },
    });
    this.#stack.add(source.changed.on((change) => this.#invalidate(change.brickIndices, change.box)));
    this.#stack.add(context.lost.on(() => this.#forget()));
    this.#stack.defer(() => clearTimeout(this.#preparing));
  }

  /** Bytes uploaded so far, for measuring strokes. */
  get uploadedBytes(): number {
    return this.#uploadedBytes;
  }

  /** True when no label brick is on the GPU. */
  get empty(): boolean {
    return this.#residency.size === 0;
  }

  /** True when some label brick found no room in the atlas: the picture lacks labels and must say so. */
  get full(): boolean {
    return this.#full;
  }

  /** True when the last view to draw had not the time for all of its labels: it is told to draw again. */
  get behind(): boolean {
    return this.#behind;
  }

  /**
   * Uploads what is missing or stale among bricks that a view is about to draw; none of these goes for another. What takes longer than
   * `withinMs` is prepared between this picture and the next, which `changed` asks for; what is stale is seen until then.
   */
  need(level: number, bricks: readonly Dims[], withinMs = Number.POSITIVE_INFINITY): void {
    this.#full = false;
    this.#behind = false;
    const until = performance.now() + withinMs;
    this.#needed.clear();
    const keys = bricks.map(([bi, bj, bk]) => brickKey({ frame: 0, level, bi, bj, bk }));
    for (const key of keys) this.#needed.add(key);
    for (const [n, brick] of bricks.entries()) {
      const key = keys[n]!;
      if (this.#background.has(key)) continue;
      const stale = this.#stale.get(key);
      const slot = this.#residency.get(key);
      if (slot !== undefined && !stale) continue;
      this.#behind ||= performance.now() > until || this.#source.prepare?.(level, ...brick, until) === false;
      if (this.#behind) {
        this.#waiting.set(key, { level, brick });
        continue;
      }
      this.#waiting.delete(key);
      this.#stale.delete(key);
      const labels = this.#source.readBrick(level, brick[0], brick[1], brick[2]);
      if (!labels) {
        this.#residency.delete(key);
        this.#background.add(key);
        continue;
      }
      this.#upload(key, level, brick, labels, slot, stale);
    }
    if (this.#behind) this.#prepareRest();
  }

  dispose(): void {
    this.#residency.clear();
    this.#stack.dispose();
  }

  /** Prepares what waits in turns between which the page lives on, and asks for a picture now and then, and at the end. */
  #prepareRest(): void {
    if (this.#preparing !== undefined) return;
    const start = performance.now();
    let ready = 0;
    const turn = (): void => {
      const until = performance.now() + TURN_MS;
      for (const [key, { level, brick }] of this.#waiting) {
        if (ready === READY_AT_ONCE || this.#source.prepare?.(level, ...brick, until) === false) break;
        this.#waiting.delete(key);
        ready++;
      }
      if (this.#waiting.size > 0 && ready < READY_AT_ONCE && performance.now() - start < DRAWN_EVERY_MS) {
        this.#preparing = setTimeout(turn);
        return;
      }
      this.#preparing = undefined;
      this.changed.emit();
    };
    this.#preparing = setTimeout(turn);
  }

  #upload(
    key: string,
    level: number,
    brick: Dims,
    labels: Uint16Array,
    known: SlotWord | undefined,
    stale: Stale | undefined,
  ): void {
    const slot = known ?? this.#takeSlot();
    if (slot === undefined) {
      this.#full = true;
      return;
    }
    const { min, max } = known === undefined ? WHOLE : (stale ?? WHOLE);
    this.atlas.write(slot, labels, min, max);
    this.#uploadedBytes += (max[0] - min[0]) * (max[1] - min[1]) * (max[2] - min[2]) * 2;
    if (known !== undefined) return;
    this.#residency.put(key, slot);
    this.table.set(level, brick, slot, 0, 0);
  }

  #takeSlot(): SlotWord | undefined {
    const free = this.atlas.take();
    if (free !== undefined) return free;
    for (const key of this.#residency.keys()) {
      if (this.#needed.has(key)) continue;
      this.#residency.delete(key);
      return this.atlas.take();
    }
    return undefined;
  }

  #invalidate(bricks: readonly number[], box: IndexBox | undefined): void {
    const base = this.levels[0]!;
    for (const index of bricks) {
      const at = brickCoordinates(base.bricks, index);
      for (const { level, factor } of this.levels) {
        const up = at.map((b, axis) => Math.floor(b / factor[axis]!)) as unknown as Dims;
        const key = brickKey({ frame: 0, level, bi: up[0], bj: up[1], bk: up[2] });
        this.#background.delete(key);
        if (!this.#residency.has(key)) continue;
        const stale = box ? clipBox(box, up, factor) : WHOLE;
        const before = this.#stale.get(key);
        this.#stale.set(key, before ? unite(before, stale) : stale);
      }
    }
    this.changed.emit();
  }

  #forget(): void {
    this.atlas.reset();
    this.#residency.clear();
    this.atlas.reset();
    this.#background.clear();
    this.#stale.clear();
    this.#waiting.clear();
    this.table.clear();
  }
}

/** The part of a level-0 box that lies in a brick, in the brick's own voxels. */
function clipBox(box: IndexBox, brick: Dims, factor: Dims): Stale {
  const clip = (value: number, axis: number): number =>
    Math.min(Math.max(value - brick[axis]! * BRICK_EDGE, 0), BRICK_EDGE);
  const min = box.min.map((value, axis) => clip(Math.floor(value / factor[axis]!), axis)) as unknown as Dims;
  const max = box.max.map((value, axis) => clip(Math.ceil(value / factor[axis]!), axis)) as unknown as Dims;
  return max.some((value, axis) => value <= min[axis]!) ? WHOLE : { min, max };
}

function unite(a: Stale, b: Stale): Stale {
  return {
    min: a.min.map((value, axis) => Math.min(value, b.min[axis]!)) as unknown as Dims,
    max: a.max.map((value, axis) => Math.max(value, b.max[axis]!)) as unknown as Dims,
  };
}
