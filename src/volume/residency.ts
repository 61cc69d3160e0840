/** Which bricks a tier holds: pure policy. Bytes against a budget, least recently used out first, pinned bricks never. */
export interface ResidencyHooks<Item> {
  bytesOf(item: Item): number;
  /** Frees what an evicted item holds. */
  evict(key: string, item: Item): void;
}

interface Slot<Item> {
  readonly item: Item;
  readonly bytes: number;
  pins: number;
}

export class Residency<Item> {
  // A Map keeps insertion order: re-inserting on use makes the first entry the least recently used one.
  readonly #slots = new Map<string, Slot<Item>>();
  readonly #hooks: ResidencyHooks<Item>;
  #budgetBytes: number;
  #usedBytes = 0;

  constructor(budgetBytes: number, hooks: ResidencyHooks<Item>) {
    this.#budgetBytes = budgetBytes;
    this.#hooks = hooks;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get budgetBytes(): number {
    return this.#budgetBytes;
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Changes the budget and evicts down to it. */
  setBudgetBytes(budgetBytes: number): void {
    this.#budgetBytes = budgetBytes;
    this.#makeRoom(0);
  }

  has(key: string): boolean {
    return this.#slots.has(key);
  }

  /** The item, marked as just used. */
  get(key: string): Item | undefined {
    const slot = this.#slots.get(key);
    if (!slot) return undefined;
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    return slot.item;
  }

  /**
   * Takes the item in, evicting others down to the budget; replaces (and evicts) an item of the same key. Returns false, and
   * takes nothing, when pinned items leave no room.
   */
  put(key: string, item: Item): boolean {
    this.delete(key);
    const bytes = this.#hooks.bytesOf(item);
    if (!this.#makeRoom(bytes)) return false;
    this.#slots.set(key, { item, bytes, pins: 0 });
    this.#usedBytes += bytes;
    return true;
  }

  /** Keeps an item from eviction until as many `unpin` calls. */
  pin(key: string): void {
    const slot = this.#slots.get(key);
    if (slot) slot.pins++;
  }

  unpin(key: string): void {
    const slot = this.#slots.get(key);
    if (slot && slot.pins > 0) slot.pins--;
  }

  delete(key: string): void {
    const slot = this.#slots.get(key);
    if (!slot) return;
    this.#slots.delete(key);
    this.#usedBytes -= slot.bytes;
    this.#hooks.evict(key, slot.item);
  }

  clear(): void {
    for (const key of [...this.#slots.keys()]) this.delete(key);
  }

  /** All items, the least recently used first; nothing is marked as used. */
  *items(): Iterable<Item> {
    for (const { item } of this.#slots.values()) yield item;
  }

  keys(): IterableIterator<string> {
    return this.#slots.keys();
  }

  #makeRoom(bytes: number): boolean {
    if (this.#usedBytes + bytes <= this.#budgetBytes) return true;
    for (const [key, slot] of this.#slots) {
      if (slot.pins > 0) continue;
      this.delete(key);
      if (this.#usedBytes + bytes <= this.#budgetBytes) return true;
    }
    return this.#usedBytes + bytes <= this.#budgetBytes;
  }
}
