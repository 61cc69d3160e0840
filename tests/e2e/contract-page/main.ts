import { openStudyStore } from "#storage";
import { browserHarness, type StoreHarness, studyStoreContract } from "../../contract/study-store.contract.ts";

/** The contract of the cache, for `store-contract.test.ts` to run in a page. */

declare global {
  interface Window {
    storeContract: {
      readonly titles: readonly string[];
      /** Runs one case on a cache of its own. */
      run(title: string, bytes: "auto" | "blob"): Promise<void>;
    };
  }
}

window.storeContract = {
  titles: studyStoreContract.map(({ title }) => title),
  async run(title, bytes) {
    const options = { name: `contract-${crypto.randomUUID()}`, bytes };
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
