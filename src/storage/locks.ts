import type { Disposable } from "#base";

/** Names held in this process, where there are no Web Locks. */
const held = new Set<string>();

/** Takes a lock of this origin, or undefined when somebody has it. A closed or crashed tab gives its locks back. */
export function tryLock(name: string): Promise<Disposable | undefined> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? tryWebLock(locks, name) : Promise.resolve(tryProcessLock(name));
}

/** Names of locks of this origin that somebody has. */
export async function heldLocks(): Promise<ReadonlySet<string>> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks) return held;
  return new Set((await locks.query()).held?.map(({ name }) => name!));
}

function tryWebLock(locks: LockManager, name: string): Promise<Disposable | undefined> {
  return new Promise((resolve, reject) => {
    const whileHeld = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return new Promise((release) => resolve({ dispose: release }));
      resolve(undefined);
      return undefined;
    };
    locks.request(name, { ifAvailable: true }, whileHeld).catch(reject);
  });
}

function tryProcessLock(name: string): Disposable | undefined {
  if (held.has(name)) return undefined;
  held.add(name);
  let mine = true;
  return {
    dispose: () => {
      if (mine) held.delete(name);
      mine = false;
    },
  };
}
