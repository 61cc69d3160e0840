import { type Disposable, DisposableStack, VoxelwrightError } from "#base";
import { tryLock } from "./locks.ts";

/** The locks of a study: while it is imported, while it is open for editing, while bricks are added. Held by one thread at a time. */
export class StudyLocks implements Disposable {
  readonly #scope: string;
  readonly #mine = new Map<string, Disposable>();

  /** `scope` keeps databases of different names apart. */
  constructor(scope: string) {
    this.#scope = scope;
  }

  importName(volumeId: string): string {
    return `${this.#scope}:import:${volumeId}`;
  }

  async takeImport(volumeId: string): Promise<Disposable> {
    const lock = await tryLock(this.importName(volumeId));
    if (lock) return lock;
    throw new VoxelwrightError("storage", "The study is being imported already.", {
      subject: volumeId,
      advice: "Wait for it, or cancel it in the tab where it runs.",
      fields: { quota: false },
    });
  }

  /** For adding bricks to a study that is ready. */
  async takeAppend(volumeId: string): Promise<Disposable> {
    const lock = await tryLock(this.#appendName(volumeId));
    if (lock) return lock;
    throw new VoxelwrightError("storage", "Bricks are added to the study elsewhere.", {
      subject: volumeId,
      advice: "Close it in the other tab.",
      fields: { quota: false },
    });
  }

  async takeStudy(volumeId: string): Promise<Disposable> {
    const lock = await tryLock(this.#studyName(volumeId));
    if (!lock) throw openElsewhere(volumeId);
    this.#mine.set(volumeId, lock);
    return {
      dispose: () => {
        lock.dispose();
        if (this.#mine.get(volumeId) === lock) this.#mine.delete(volumeId);
      },
    };
  }

  /** Both locks, unless this store has the study open itself. */
  async takeForRemoval(volumeId: string): Promise<Disposable> {
    const locks = new DisposableStack();
    try {
      locks.add(await this.takeImport(volumeId));
      if (!this.#mine.has(volumeId)) locks.add(await this.takeStudy(volumeId));
      return locks;
    } catch (error) {
      locks.dispose();
      throw error;
    }
  }

  dispose(): void {
    for (const lock of this.#mine.values()) lock.dispose();
    this.#mine.clear();
  }

  #appendName(volumeId: string): string {
    return `${this.#scope}:append:${volumeId}`;
  }

  #studyName(volumeId: string): string {
    return `${this.#scope}:study:${volumeId}`;
  }
}

function openElsewhere(volumeId: string): VoxelwrightError {
  return new VoxelwrightError("storage", "The study is open in another tab.", {
    subject: volumeId,
    advice: "Close it there, or go on there.",
    fields: { quota: false },
  });
}
