import { type BrickAddress, type BrickKey, brickKey } from "#volume";

/** A brick that a view needs. */
export interface BrickWant {
  readonly address: BrickAddress;
  /** Smaller comes first; by convention the distance from the view's centre in pixels, coarser stand-ins below 0. */
  readonly priority: number;
  /** Whether the view passes what is empty within the brick, for which the ranges there are counted. */
  readonly ranged?: boolean;
}

interface Flight {
  readonly address: BrickAddress;
  readonly abort: AbortController;
}

/**
 * Decides what to ask a source for: what views want and what is not there, most urgent first, a bounded number at a time. What no
 * view wants any more is aborted. Pure policy: `start` does the reading.
 */
export class BrickQueue {
  readonly #limit: number;
  readonly #start: (address: BrickAddress, signal: AbortSignal) => void;
  readonly #isThere: (key: BrickKey) => boolean;
  readonly #wants = new Map<string, readonly BrickWant[]>();
  readonly #flights = new Map<BrickKey, Flight>();
  /** Keys that came back empty or failed; they wait for `retry`. */
  readonly #waiting = new Set<BrickKey>();
  /** Keys that came while there was no room for them; they wait for views to want other bricks. */
  readonly #crowded = new Set<BrickKey>();
  #merged: BrickWant[] = [];
  #mergedKeys = new Set<BrickKey>();

  constructor(options: {
    /** Bricks in flight at a time. */
    readonly limit: number;
    readonly isThere: (key: BrickKey) => boolean;
    readonly start: (address: BrickAddress, signal: AbortSignal) => void;
  }) {
    this.#limit = options.limit;
    this.#isThere = options.isThere;
    this.#start = options.start;
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  /** Replaces what a view wants; an empty list takes the view out. */
  want(view: string, wants: readonly BrickWant[]): void {
    if (wants.length === 0) this.#wants.delete(view);
    else this.#wants.set(view, wants);
    const best = new Map<BrickKey, BrickWant>();
    for (const list of this.#wants.values()) {
      for (const want of list) {
        const key = brickKey(want.address);
        const known = best.get(key);
        const nearer = !known || want.priority < known.priority ? want : known;
        const ranged = want.ranged === true || known?.ranged === true;
        best.set(key, ranged && !nearer.ranged ? { ...nearer, ranged } : nearer);
      }
    }
    this.#merged = [...best.values()].sort((a, b) => a.priority - b.priority);
    this.#mergedKeys = new Set(best.keys());
    this.#crowded.clear();
    for (const [key, flight] of this.#flights) {
      if (this.#mergedKeys.has(key)) continue;
      this.#flights.delete(key);
      flight.abort.abort();
    }
    this.pump();
  }

  wanted(key: BrickKey): boolean {
    return this.#mergedKeys.has(key);
  }

  /** Wanted bricks, most urgent first. */
  get wants(): readonly BrickWant[] {
    return this.#merged;
  }

  /** A read ended. `empty` keeps the brick from being asked for until `retry`. Returns false for a read given up before. */
  finish(address: BrickAddress, signal: AbortSignal, empty: boolean): boolean {
    const key = brickKey(address);
    const flight = this.#flights.get(key);
    if (!flight || flight.abort.signal !== signal) return false;
    this.#flights.delete(key);
    if (empty) this.#waiting.add(key);
    return true;
  }

  /** Keeps a brick for which there was no room from being asked for until views want other bricks. */
  crowd(key: BrickKey): void {
    this.#crowded.add(key);
  }

  /** True when there was no room for some brick that a view wants. */
  get crowded(): boolean {
    return this.#crowded.size > 0;
  }

  /** How many bricks each view wants, stand-ins among them. */
  wantedBy(): Record<string, number> {
    return Object.fromEntries([...this.#wants].map(([view, wants]) => [view, wants.length]));
  }

  /** Asks again for bricks that came back empty. */
  retry(): void {
    this.#waiting.clear();
    this.pump();
  }

  get waiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Starts reads up to the limit. */
  pump(): void {
    if (this.#flights.size >= this.#limit) return;
    for (const { address } of this.#merged) {
      const key = brickKey(address);
      if (this.#flights.has(key) || this.#waiting.has(key) || this.#crowded.has(key) || this.#isThere(key)) continue;
      const abort = new AbortController();
      this.#flights.set(key, { address, abort });
      this.#start(address, abort.signal);
      if (this.#flights.size >= this.#limit) return;
    }
  }

  /** Gives up every read. */
  clear(): void {
    for (const { abort } of this.#flights.values()) abort.abort();
    this.#flights.clear();
    this.#waiting.clear();
    this.#crowded.clear();
  }
}
