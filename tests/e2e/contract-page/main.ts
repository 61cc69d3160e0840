import { openStudyStore } from "#storage";
import { readInWorker } from "../../../src/sources/read-in-worker.ts";
import { EncoderPool } from "../../../src/storage/brick-encoder.ts";
import { browserHarness, type StoreHarness, studyStoreContract } from "../../contract/study-store.contract.ts";

/** The contract of the cache, and what imports do on many cores, for `store-contract.test.ts` to run in a page. */

declare global {
  interface Window {
    storeContract: {
      readonly titles: readonly string[];
      /** Runs one case on a cache of its own. */
      run(title: string, kind: StoreKind): Promise<void>;
    };
    /** Reads a part of a file of `length` bytes by a worker and gives the first place where it is not what was written, or -1. */
    readApart(length: number, start: number, end: number): Promise<number>;
  }
}

/** Where bricks lie, and whether workers encode them. */
export type StoreKind = "auto" | "blob" | "encoded";

window.storeContract = {
  titles: studyStoreContract.map(({ title }) => title),
  async run(title, kind) {
    const bytes = kind === "blob" ? "blob" : "auto";
    const encoders = kind === "encoded" ? { encoderFor: () => new EncoderPool(2) } : {};
    const options = { name: `contract-${crypto.randomUUID()}`, bytes, ...encoders } as const;
    const harness = browserHarness(openStudyStore, options);
    const opened = await harness.open();
    const expected = bytes === "auto" ? "opfs" : "blob";
    if (opened.bytesKind !== expected)
      throw new Error(`The store keeps bytes in ${opened.bytesKind}, not ${expected}.`);
    opened.dispose();
    const damaging: StoreHarness =
      bytes === "auto" ? { ...harness, damageBricks: () => damagePacks(options.name) } : harness;
    await studyStoreContract.find((found) => found.title === title)!.run(damaging);
  },
};

window.readApart = async (length, start, end) => {
  const written = Uint8Array.from({ length }, (_, n) => n % 251);
  let at = start;
  for await (const chunk of readInWorker(new File([written], "a file").slice(start, end), "raw", 1024 ** 2)) {
    for (const byte of chunk) {
      if (byte !== at % 251) return at;
      at++;
    }
  }
  return at === end ? -1 : at;
};

/** Changes a byte of every pack behind the store's back. */
async function damagePacks(name: string): Promise<void> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(`${name}-packs`);
  for await (const handle of folder.values()) {
    const bytes = new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer());
    bytes[1234]! ^= 4;
    const writable = await (handle as FileSystemFileHandle).createWritable();
    await writable.write(bytes);
    await writable.close();
  }
}
