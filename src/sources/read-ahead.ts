import type { ReadRange, StreamRange } from "./range-blob.ts";

/** What is fetched begins and ends at multiples of this, and a look gives as much beyond its start: the header of a file in an archive. */
const BLOCK_BYTES = 1 << 14;
/** Blocks that may lie between two reads, so that what lies between is fetched with them: a request costs as much as some hundred kilobytes. */
const NEAR_BLOCKS = 16;
/** Most that is fetched ahead of a reader that goes forward, by one request; the next one is made when half of it is read. */
const AHEAD_BLOCKS = 512;
/** Looks at places that lie alike far apart, as directories and headers do, that are made ahead of a reader that goes from one to the next. */
const STEPS_AHEAD = 16;
/** Longest look of that kind, and the most that its place may be wrong. */
const LOOK_BYTES = 1 << 16;
/** Requests at once, and looks among them: what waits within a browser for a connection would count as silence. */
const REQUESTS_AT_ONCE = 6;
const LOOKS_AT_ONCE = 16;
/** Larger pieces are read once: each by a request of its own, at its reader's pace. */
const LARGE_BYTES = 16 * 2 ** 20;
/** Memory of all files together. */
const MEMORY_BYTES = 64 * 2 ** 20;
/** Of files up to this size all that was fetched is kept, as Blobs, which browsers keep on disk: nothing is fetched twice. */
const KEPT_FILE_BYTES = 2 ** 29;
/** A stream begins with little, as many are read for their first bytes alone. */
const STREAM_FIRST_BYTES = BLOCK_BYTES;
const STREAM_MOST_BYTES = 2 ** 20;

/** Runs whose bytes are in memory, least recently used first. */
const inMemory = new Set<Run>();
let memoryBytes = 0;

/**
 * Bytes of a file from afar for readers that look here and there: what is near is fetched together, a reader that goes forward finds
 * fetched what it reads next, and what was read last is kept.
 */
export class ReadAhead {
  readonly #size: number;
  readonly #fetch: StreamRange;
  /** Block to the run that it lies in. */
  readonly #runs = new Map<number, Run>();
  /** The block that was read last. */
  #last = -1;
  /** Blocks to be ahead of it. */
  #window = 0;
  /** The last block that was asked for ahead. */
  #fetchedTo = -1;
  readonly #steps = new Steps();
  /** Reads under way. */
  #reading = 0;
  #requests = 0;
  /** Requests that wait for others to end. */
  readonly #waiting: (() => void)[] = [];

  /** `fetch` gives bytes by one request. */
  constructor(size: number, fetch: StreamRange) {
    this.#size = size;
    this.#fetch = fetch;
  }

  /** The bytes from start to end, the caller's own. Rejects as `fetch` does. */
  readonly read: ReadRange = async (start, end) => {
    const bytes = new Uint8Array(end - start);
    if (end <= start) return bytes;
    if (bytes.length > LARGE_BYTES) {
      let at = 0;
      await this.#request(start, end, (chunk) => {
        bytes.set(chunk, at);
        at += chunk.length;
      });
      return bytes;
    }
    if (this.#ask(start, end)) {
      // Who looks at several places at once does not wait for one to know the next.
      if (this.#reading > 0) this.#steps.reset();
      else
        for (const look of this.#steps.next(start, end)) {
          const from = Math.max(0, Math.floor(look.start / BLOCK_BYTES));
          this.#claim(from, Math.floor(look.end / BLOCK_BYTES) + 1);
        }
    }
    const runs = new Set<Run>();
    for (let block = Math.floor(start / BLOCK_BYTES); block * BLOCK_BYTES < end; block++)
      runs.add(this.#runs.get(block)!);
    this.#reading++;
    try {
      await Promise.all(
        Array.from(runs, async (run) => {
          const from = Math.max(start, run.start);
          bytes.set(await run.read(from, Math.min(end, run.end)), from - start);
        }),
      );
    } finally {
      this.#reading--;
      Run.trim();
    }
    return bytes;
  };

  readonly stream: StreamRange = (start, end) => {
    if (end - start > LARGE_BYTES) return this.#fetch(start, end);
    let at = start;
    let step = STREAM_FIRST_BYTES;
    return new ReadableStream(
      {
        pull: async (controller) => {
          const to = Math.min(end, (Math.floor(at / BLOCK_BYTES) + step / BLOCK_BYTES) * BLOCK_BYTES);
          if (at < to) controller.enqueue(await this.read(at, to));
          at = to;
          step = Math.min(STREAM_MOST_BYTES, 2 * step);
          if (at >= end) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  };

  /** Sees to it that blocks are there or on their way, with those that a reader going forward reads next; true for one that jumps. */
  #ask(start: number, end: number): boolean {
    const first = Math.floor(start / BLOCK_BYTES);
    const last = Math.floor((end - 1) / BLOCK_BYTES);
    const jumps = first > this.#last + 1 + NEAR_BLOCKS || last < this.#last - NEAR_BLOCKS;
    const forward = last > this.#last;
    let from = first;
    let to = last;
    if (jumps) {
      to = Math.max(to, Math.floor((start + BLOCK_BYTES) / BLOCK_BYTES));
      this.#window = 0;
      this.#fetchedTo = to;
    } else if (forward) {
      // What it passes over is fetched with the rest, so that a request holds more of what is to come.
      from = Math.min(first, this.#last + 1);
      this.#window = Math.min(AHEAD_BLOCKS, Math.max(2 * this.#window, last - from + 1));
      if (this.#fetchedTo - last < this.#window / 2) to = last + this.#window;
    }
    if (jumps || forward) this.#last = last;
    this.#fetchedTo = Math.max(this.#fetchedTo, to);
    this.#claim(from, to + 1);
    return jumps;
  }

  /** Fetches what is not there of the blocks from `from` up to `next`. */
  #claim(from: number, next: number): void {
    const end = Math.min(next, Math.ceil(this.#size / BLOCK_BYTES));
    for (let block = from; block < end; ) {
      const run = this.#runs.get(block);
      if (run) {
        run.touch();
        block = Math.ceil(run.end / BLOCK_BYTES);
        continue;
      }
      let to = block + 1;
      for (let next = to; next < end && next - block < AHEAD_BLOCKS; ) {
        const there = this.#runs.get(next);
        // A look that was made before is fetched once more: two requests cost more.
        if (there && there.end - there.start > LOOK_BYTES) break;
        next = there ? Math.ceil(there.end / BLOCK_BYTES) : next + 1;
        if (!there) to = next;
      }
      this.#begin(block, to);
      block = to;
    }
  }

  /** One request, as soon as few enough others are under way. */
  async #request(start: number, end: number, onBytes: OnBytes): Promise<void> {
    const most = end - start <= LOOK_BYTES ? LOOKS_AT_ONCE : REQUESTS_AT_ONCE;
    while (this.#requests >= most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#requests++;
    try {
      const reader = this.#fetch(start, end).getReader();
      for (let read = await reader.read(); !read.done; read = await reader.read()) onBytes(read.value);
    } finally {
      this.#requests--;
      for (const look of this.#waiting.splice(0)) look();
    }
  }

  /** Fetches blocks from `first` up to `next`, by one request. */
  #begin(first: number, next: number): void {
    const start = first * BLOCK_BYTES;
    const end = Math.min(next * BLOCK_BYTES, this.#size);
    // What is in memory does not hold a file that nobody reads any more.
    const known = new WeakRef(this.#runs);
    const forget = (run: Run): void => {
      const runs = known.deref();
      for (let block = first; block < next; block++) if (runs?.get(block) === run) runs.delete(block);
    };
    const run = new Run(start, end, (onBytes) => this.#request(start, end, onBytes), {
      keep: this.#size <= KEPT_FILE_BYTES,
      forget,
    });
    for (let block = first; block < next; block++) this.#runs.set(block, run);
  }
}

/** Is given bytes in their order, as they come. */
type OnBytes = (bytes: Uint8Array) => void;

interface Look {
  readonly start: number;
  readonly end: number;
}

/** Guesses where a reader looks next that goes by steps of about one length. */
class Steps {
  #at = 0;
  /** Mean length of late. */
  #step = 0;
  /** What steps differed by of late. */
  #spread = 0;
  #regular = 0;
  /** The place of the last guess. */
  #guessed = 0;

  reset(): void {
    this.#regular = 0;
  }

  /** Looks that follow one from start to end, each wide enough for what steps differ by, beyond those that were given before. */
  *next(start: number, end: number): Generator<Look> {
    const step = start - this.#at;
    const off = Math.abs(step - this.#step);
    const regular = step > 0 && end - start <= LOOK_BYTES && off <= LOOK_BYTES / 2;
    this.#regular = regular ? this.#regular + 1 : 0;
    this.#spread = regular ? Math.max(off, 0.9 * this.#spread) : 0;
    this.#step = regular ? this.#step + (step - this.#step) / 4 : step;
    this.#at = start;
    if (this.#regular < 2) {
      this.#guessed = start;
      return;
    }
    const ahead = Math.min(STEPS_AHEAD, 2 ** this.#regular);
    for (let n = 1; n <= ahead && n * this.#spread <= LOOK_BYTES; n++) {
      const place = start + n * this.#step;
      if (place < this.#guessed + this.#step / 2) continue;
      this.#guessed = place;
      const wide = this.#spread && BLOCK_BYTES + n * this.#spread;
      yield { start: place - wide, end: place + (end - start) + wide };
    }
  }
}

interface RunOptions {
  /** Whether it becomes a Blob where its memory is wanted; it is forgotten otherwise. */
  readonly keep: boolean;
  readonly forget: (run: Run) => void;
}

/** Bytes that were fetched by one request, or are on their way. */
class Run {
  readonly start: number;
  readonly end: number;
  readonly #options: RunOptions;
  /** What came, from `start`; undefined while it is kept elsewhere. */
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  #kept: Blob | undefined;
  #loading: Promise<Uint8Array<ArrayBuffer>> | undefined;
  /** Those who wait for bytes up to a place. */
  #waiting: { readonly upTo: number; resolve(): void; reject(reason: unknown): void }[] = [];

  /**
   * Takes the memory that is too much from those that were not used for longest. Never while a reader has asked for runs and not begun to
   * read them.
   */
  static trim(): void {
    for (const run of inMemory) {
      if (memoryBytes <= MEMORY_BYTES) break;
      if (run.#filled === run.end - run.start) run.#giveMemory();
    }
  }

  constructor(start: number, end: number, request: (onBytes: OnBytes) => Promise<void>, options: RunOptions) {
    this.start = start;
    this.end = end;
    this.#options = options;
    const bytes = new Uint8Array(end - start);
    this.#hold(bytes);
    request((chunk) => {
      bytes.set(chunk, this.#filled);
      const filled = (this.#filled += chunk.length);
      const there = this.#waiting.filter(({ upTo }) => upTo <= filled);
      if (there.length > 0) this.#waiting = this.#waiting.filter(({ upTo }) => upTo > filled);
      for (const { resolve } of there) resolve();
    }).catch((error: unknown) => {
      this.#letGo();
      options.forget(this);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** The bytes from start to end, not to be changed; rejects as the request does. */
  async read(start: number, end: number): Promise<Uint8Array> {
    const bytes = this.#bytes ?? (await this.#load());
    const upTo = end - this.start;
    if (this.#filled < upTo)
      await new Promise<void>((resolve, reject) => this.#waiting.push({ upTo, resolve, reject }));
    return bytes.subarray(start - this.start, upTo);
  }

  /** It was used: others give their memory before it does. */
  touch(): void {
    if (!inMemory.delete(this)) return;
    inMemory.add(this);
  }

  #load(): Promise<Uint8Array<ArrayBuffer>> {
    this.#loading ??= this.#kept!.arrayBuffer()
      .then((buffer) => {
        this.#hold(new Uint8Array(buffer));
        return this.#bytes!;
      })
      .finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  #hold(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    inMemory.add(this);
    memoryBytes += bytes.length;
  }

  #giveMemory(): void {
    if (this.#options.keep) this.#kept ??= new Blob([this.#bytes!]);
    else this.#options.forget(this);
    this.#letGo();
  }

  #letGo(): void {
    if (inMemory.delete(this)) memoryBytes -= this.end - this.start;
    this.#bytes = undefined;
  }
}
