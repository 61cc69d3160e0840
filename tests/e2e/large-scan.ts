import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { type Page } from "@playwright/test";
import { type NiftiFields, niftiHeader } from "../unit/sources/nifti-file.ts";

/*
 * A scan that takes seconds to import, so that something can happen on the way: 256 × 256 × 640 voxels of 32 bits, ten slabs of 16 MiB,
 * which the cache does not compress. The file is sparse: it takes no time to write.
 */

const EDGE = 256;
const DEPTH = 640;

/** Slices that have a value at column 5, row 7: the slice's number modulo 251. */
export const LARGE_SCAN_MARKS = [0, 63, 64, 130, 200, 257, 639];

/** Writes the scan, or a wider one whose slabs take longer, or one without a voxel size (`fields`); its path. */
export function writeLargeScan(path: string, edge = EDGE, fields: NiftiFields = {}): string {
  const header = niftiHeader({ dim: [3, edge, edge, DEPTH, 1, 1, 1, 1], datatype: 8, bitpix: 32, ...fields });
  const file = openSync(path, "w");
  writeSync(file, header);
  ftruncateSync(file, header.length + edge * edge * DEPTH * 4);
  for (const k of LARGE_SCAN_MARKS) {
    writeSync(file, Uint8Array.of(k % 251), 0, 1, header.length + ((k * edge + 7) * edge + 5) * 4);
  }
  closeSync(file);
  return path;
}

/** Gives a file of any size to an input by its label, also where the browser was started by hand. */
export async function chooseLargeFile(page: Page, label: string, path: string): Promise<void> {
  const input = await page.getByLabel(label, { exact: true }).elementHandle();
  await input!.evaluate((element) => Object.assign(window, { inputOfTest: element }));
  const cdp = await page.context().newCDPSession(page);
  const { result } = await cdp.send("Runtime.evaluate", { expression: "window.inputOfTest" });
  await cdp.send("DOM.setFileInputFiles", { files: [path], objectId: result.objectId! });
  await cdp.detach();
}

/** Resolves when an import shows slice `k` or a later one, looked at from inside the page: what looks from outside may come late. */
export async function importReaches(page: Page, k: number): Promise<void> {
  await page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          const slice = /slice (\d+) of/.exec(document.querySelector('[aria-label="Import"]')?.textContent ?? "");
          if (Number(slice?.[1] ?? 0) < wanted) return;
          look.disconnect();
          resolve();
        };
        const look = new MutationObserver(check);
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
        check();
      }),
    k,
  );
}

/** The first slice that the next import shows. */
export function firstSliceOfImport(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = new MutationObserver(() => {
          const slice = /slice (\d+) of/.exec(document.querySelector('[aria-label="Import"]')?.textContent ?? "");
          if (!slice) return;
          look.disconnect();
          resolve(Number(slice[1]));
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
  );
}
