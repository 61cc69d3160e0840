import { type AbortOptions, type Disposable, Emitter, isVoxelwrightError, SharedWork } from "#base";
import {
  type BrickAddress,
  brickKey,
  type BrickPixels,
  type BrickRange,
  type BrickSource,
  Residency,
  type VoxelArray,
} from "#volume";

/**
 * The page's tier of image bricks: a budgeted cache before the store. Holds bricks of an import under way (`provisional`) until
 * they can be read from the store.
 */
export class BrickCache implements BrickSource, Disposable {
  /** Bricks that can be read from the store from now on, so that views ask again. */
  readonly written = new Emitter<readonly BrickAddress[]>();
  /** Bricks at hand that are not in the store yet. */
  readonly arrived = new Emitter<readonly BrickPixels[]>();
  /** A brick does not match its checksum; it is not shown, and reading it rejects. */
  readonly damaged = new Emitter<BrickAddress>();
  readonly #store: BrickSource & Disposable;
  readonly #damageError: (address: BrickAddress, cause: unknown) => unknown;
  readonly #resident: Residency<BrickPixels>;
  readonly #reads = new SharedWork<BrickPixels | undefined>();
  readonly #provisional = new Map<string, BrickPixels>();
  /** Of a brick, once one was wanted. */
  #brickBytes = 0;

  /** Takes ownership of `store`. `damageError` is what a read of a damaged brick rejects with. */
  constructor(
    store: BrickSource & Disposable,
    budgetBytes: number,
    damageError: (address: BrickAddress, cause: unknown) => unknown = (_address, cause) => cause,
  ) {
    this.#store = store;
    this.#damageError = damageError;
    this.#resident = new Residency<BrickPixels>(budgetBytes, {
      bytesOf: (brick) => brick.voxels.byteLength,
      evict: () => undefined,
    });
  }

  get usedBytes(): number {
    return this.#resident.usedBytes;
  }

  setBudgetBytes(bytes: number): void {
    this.#resident.setBudgetBytes(bytes);
  }

  async readBrick(address: BrickAddress, { signal }: AbortOptions = {}): Promise<BrickPixels | undefined> {
    signal?.throwIfAborted();
    const key = brickKey(address);
    const held = this.#resident.get(key) ?? this.#provisional.get(key);
    if (held) return held;
    return this.#reads.run(key, signal, async (shared) => {
      const reading = this.#store.readBrick(address, { signal: shared });
      const brick = await this.#tellingDamage(address, reading);
      if (brick) {
        this.#brickBytes = brick.voxels.byteLength;
        this.#resident.put(key, brick);
      }
      return brick;
    });
  }

  keeps(address: BrickAddress): boolean {
    const { usedBytes, budgetBytes } = this.#resident;
    return usedBytes + this.#brickBytes <= budgetBytes || this.peek(address) !== undefined;
  }

  /** A brick that is kept is copied; any other is read past the cache, which it would empty of others. */
  async readBrickInto(
    address: BrickAddress,
    into: VoxelArray,
    { signal }: AbortOptions = {},
  ): Promise<BrickRange | undefined> {
    signal?.throwIfAborted();
    this.#brickBytes = into.byteLength;
    if (this.#store.readBrickInto && !this.keeps(address)) {
      return this.#tellingDamage(address, this.#store.readBrickInto(address, into, { signal }));
    }
    const brick = await this.readBrick(address, { signal });
    if (brick) into.set(brick.voxels);
    return brick && { min: brick.min, max: brick.max };
  }

  /** The brick if it is in memory now. */
  peek(address: BrickAddress): BrickPixels | undefined {
    const key = brickKey(address);
    return this.#resident.get(key) ?? this.#provisional.get(key);
  }

  /** Bricks of level 0 of a frame that are in memory now. */
  *resident(frame: number): Iterable<BrickPixels> {
    for (const brick of this.#resident.items()) {
      if (brick.address.level === 0 && brick.address.frame === frame) yield brick;
    }
  }

  /** Shows bricks that are not in the store yet. */
  setProvisional(bricks: readonly BrickPixels[]): void {
    for (const brick of bricks) this.#provisional.set(brickKey(brick.address), brick);
    this.arrived.emit(bricks);
  }

  /** Says that these bricks can now be read from the store. */
  stored(addresses: readonly BrickAddress[]): void {
    for (const address of addresses) this.#provisional.delete(brickKey(address));
    this.written.emit(addresses);
  }

  #tellingDamage<T>(address: BrickAddress, reading: Promise<T>): Promise<T> {
    return reading.catch((error: unknown) => {
      if (!isVoxelwrightError(error) || error.kind !== "integrity") throw error;
      this.damaged.emit(address);
      throw this.#damageError(address, error);
    });
  }

  dispose(): void {
    this.#resident.clear();
    this.#provisional.clear();
    this.#store.dispose();
  }
}
