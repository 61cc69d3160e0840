import type { VolumeDescription } from "#volume";
import { missing, outOfTurn } from "./journal-errors.ts";
import type { JournalStore, StoredEntry, StoredLabelBrick, StoredLists } from "./study-store.ts";

/** What a journal in memory holds; shared by all stores of one state. */
export class MemoryJournalData {
  readonly entries: StoredEntry[] = [];
  readonly bricks = new Map<number, Uint8Array>();
  lists: StoredLists | undefined;
  /** Set when the study is removed. */
  gone = false;

  clear(): void {
    this.entries.length = 0;
    this.bricks.clear();
    this.lists = undefined;
    this.gone = true;
  }
}

/** Labels and journal of one study in memory. */
export class MemoryJournal implements JournalStore {
  readonly #volumeId: string;
  readonly #data: MemoryJournalData;
  readonly #describe: (description: VolumeDescription) => void;
  readonly #checkOpen: () => void;

  /** `describe` changes the study's description; `checkOpen` throws once the store is closed. */
  constructor(
    volumeId: string,
    data: MemoryJournalData,
    describe: (description: VolumeDescription) => void,
    checkOpen: () => void,
  ) {
    this.#volumeId = volumeId;
    this.#data = data;
    this.#describe = describe;
    this.#checkOpen = checkOpen;
  }

  async append(
    entry: StoredEntry,
    labelBricks: readonly StoredLabelBrick[],
    lists: StoredLists,
    description?: VolumeDescription,
  ): Promise<void> {
    this.#checkOpen();
    const { entries, bricks, gone } = this.#data;
    if (gone) throw missing(this.#volumeId);
    if (entry.sequence !== entries.length) throw outOfTurn(this.#volumeId, entry.sequence, entries.length);
    entries.push({ ...entry });
    for (const { brickIndex, bytes } of labelBricks) {
      if (bytes) bricks.set(brickIndex, bytes.slice());
      else bricks.delete(brickIndex);
    }
    this.#data.lists = { ...lists };
    if (description) this.#describe(description);
  }

  async restore(labelBricks: ReadonlyMap<number, Uint8Array>, lists: StoredLists): Promise<void> {
    this.#checkOpen();
    this.#data.bricks.clear();
    for (const [brickIndex, bytes] of labelBricks) this.#data.bricks.set(brickIndex, bytes.slice());
    this.#data.lists = { ...lists };
  }

  async *lines(fromSequence = 0): AsyncGenerator<string> {
    for (let sequence = fromSequence; ; sequence++) {
      const line = await this.line(sequence);
      if (line === undefined) return;
      yield line;
    }
  }

  async line(sequence: number): Promise<string | undefined> {
    this.#checkOpen();
    return this.#data.entries[sequence]?.line;
  }

  async headers(): Promise<string[]> {
    this.#checkOpen();
    return this.#data.entries.map((entry) => entry.header);
  }

  async count(): Promise<number> {
    this.#checkOpen();
    return this.#data.entries.length;
  }

  async labelBricks(): Promise<Map<number, Uint8Array>> {
    this.#checkOpen();
    return new Map([...this.#data.bricks].sort(([a], [b]) => a - b));
  }

  async segments(): Promise<string | undefined> {
    this.#checkOpen();
    return this.#data.lists?.segments;
  }

  async measurements(): Promise<string | undefined> {
    this.#checkOpen();
    return this.#data.lists?.measurements;
  }
}
