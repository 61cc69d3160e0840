import { missing, outOfTurn } from "./journal-errors.ts";
import type { JournalStore, StoredEntry, StoredLabelBrick } from "./study-store.ts";

/** Labels and journal of one study in memory. */
export class MemoryJournal implements JournalStore {
  readonly #volumeId: string;
  readonly #entries: StoredEntry[] = [];
  readonly #bricks = new Map<number, Uint8Array>();
  #segments: string | undefined;
  #open: boolean;

  /** A journal of a study that does not exist is empty and takes nothing. */
  constructor(volumeId: string, open = true) {
    this.#volumeId = volumeId;
    this.#open = open;
  }

  async append(entry: StoredEntry, labelBricks: readonly StoredLabelBrick[], segments: string): Promise<void> {
    if (!this.#open) throw missing(this.#volumeId);
    if (entry.sequence !== this.#entries.length) throw outOfTurn(this.#volumeId, entry.sequence, this.#entries.length);
    this.#entries.push({ ...entry });
    for (const { brickIndex, bytes } of labelBricks) {
      if (bytes) this.#bricks.set(brickIndex, bytes.slice());
      else this.#bricks.delete(brickIndex);
    }
    this.#segments = segments;
  }

  async *lines(fromSequence = 0): AsyncGenerator<string> {
    for (let sequence = fromSequence; sequence < this.#entries.length; sequence++) yield this.#entries[sequence]!.line;
  }

  async line(sequence: number): Promise<string | undefined> {
    return this.#entries[sequence]?.line;
  }

  async headers(): Promise<string[]> {
    return this.#entries.map((entry) => entry.header);
  }

  async count(): Promise<number> {
    return this.#entries.length;
  }

  async labelBricks(): Promise<Map<number, Uint8Array>> {
    return new Map([...this.#bricks].sort(([a], [b]) => a - b));
  }

  async segments(): Promise<string | undefined> {
    return this.#segments;
  }

  /** The study was removed. */
  close(): void {
    this.#open = false;
    this.#entries.length = 0;
    this.#bricks.clear();
    this.#segments = undefined;
  }
}
