import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
import { niftiHeader } from "../unit/sources/nifti-file.ts";
import { App } from "./app.ts";

/*
 * Where a machine has many cores, raw files are read and bricks compressed by workers of their own: 92 MB of smooth values with noise,
 * seed 5, in a page that is told of eight cores.
 */

const dims = [256, 256, 700] as const;
const [columns, rows, depth] = dims;
const random = randomFrom(5);
const noise = Int16Array.from({ length: 65_537 }, () => integerFrom(random, -40, 40));
const voxelAt = (i: number, j: number, k: number): number =>
  ((i * 3 + j * 2 + k) % 900) + noise[(i + 257 * j + 4099 * k) % noise.length]!;

let folder: string;
let path: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "voxelwright-cores-"));
  path = join(folder, "raw.nii");
  const voxels = new Int16Array(columns * rows * depth);
  for (let k = 0, n = 0; k < depth; k++)
    for (let j = 0; j < rows; j++) for (let i = 0; i < columns; i++) voxels[n++] = voxelAt(i, j, k);
  const header = niftiHeader({ dim: [3, ...dims, 1, 1, 1, 1], datatype: 4, bitpix: 16 });
  writeFileSync(path, Buffer.concat([header, new Uint8Array(voxels.buffer)]));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The app in a page that is told of eight cores, and the workers that it starts, by name. */
async function startWithCores(page: Page): Promise<{ app: App; started: (name: string) => number }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setHardwareConcurrencyOverride", { hardwareConcurrency: 8 });
  const urls: string[] = [];
  page.on("worker", (worker) => void urls.push(worker.url()));
  const app = new App(page);
  await app.start();
  return { app, started: (name) => urls.filter((url) => url.includes(name)).length };
}

test("a raw file is read, and its bricks compressed, by workers: its voxels are those that were written, after a reload too", async ({
  page,
}) => {
  const { app, started } = await startWithCores(page);
  await app.chooseFiles(path);
  await app.opened();
  const expectVoxels = async (): Promise<void> => {
    const places = randomFrom(6);
    for (let n = 0; n < 60; n++) {
      const ijk = dims.map((count) => integerFrom(places, 0, count - 1)) as [number, number, number];
      const { value } = await app.valueAt(ijk);
      expect(value, ijk.join()).toBe(voxelAt(...ijk));
    }
  };
  await expect.poll(async () => (await app.run<{ state: string }[]>("study.list"))[0]?.state).toBe("ready");
  expect(started("read.worker")).toBe(1);
  expect(started("encode.worker")).toBe(3);
  await expectVoxels();
  await page.reload();
  await app.ready();
  await page.getByRole("button", { name: /raw/ }).first().click();
  await app.opened();
  await expectVoxels();
  await app.expectNoErrors();
});

test("one that is cancelled while they are at work leaves nothing, and the next is whole", async ({ page }) => {
  const { app } = await startWithCores(page);
  const cancelled = page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const look = new MutationObserver(() => {
          const bar = document.querySelector('[aria-label="Import"]');
          // Some slabs are on their way to the disk by then.
          const slice = Number(/slice (\d+) of/.exec(bar?.textContent ?? "")?.[1] ?? 0);
          if (slice < 200) return;
          look.disconnect();
          bar!.querySelector("button")!.click();
          resolve();
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
  );
  await app.chooseFiles(path);
  await cancelled;
  await expect(page.getByRole("region", { name: "Import" })).toBeHidden();
  await expect.poll(async () => app.run<object[]>("study.list")).toEqual([]);
  await app.chooseFiles(path);
  await app.opened();
  await expect.poll(async () => (await app.run<{ state: string }[]>("study.list"))[0]?.state).toBe("ready");
  const { value } = await app.valueAt([200, 100, 650]);
  expect(value).toBe(voxelAt(200, 100, 650));
  await app.expectNoErrors();
});
