import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
import { niftiHeader } from "../unit/sources/nifti-file.ts";
import { App } from "./app.ts";

/*
 * A gzip file that is large enough to be inflated by a worker of its own: 20 MB of noise, seed 3.
 */

const dims = [512, 512, 40] as const;
const random = randomFrom(3);
const voxels = new Int16Array(dims[0] * dims[1] * dims[2]);
for (let n = 0; n < voxels.length; n++) voxels[n] = integerFrom(random, -32_768, 32_767);
const header = niftiHeader({ dim: [3, ...dims, 1, 1, 1, 1], datatype: 4, bitpix: 16 });
const packed = gzipSync(Buffer.concat([header, new Uint8Array(voxels.buffer)]), { level: 1 });

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "voxelwright-inflated-"));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a large gzip file is inflated by a worker: its voxels are those that were written", async ({ page }) => {
  expect(packed.length).toBeGreaterThan(16 * 1024 ** 2);
  const path = join(folder, "noise.nii.gz");
  writeFileSync(path, packed);
  let inflating = 0;
  page.on("worker", (worker) => void (/read\.worker/.test(worker.url()) && inflating++));
  const app = new App(page);
  await app.start();
  await page.getByLabel("Scan files", { exact: true }).setInputFiles(path);
  await app.opened();
  for (const [i, j, k] of [
    [0, 0, 0],
    [511, 511, 39],
    [63, 64, 20],
    [300, 17, 31],
  ] as const) {
    const { value } = await app.valueAt([i, j, k]);
    expect(value, `${i}, ${j}, ${k}`).toBe(voxels[(k * dims[1] + j) * dims[0] + i]);
  }
  // The picture for the study list is read apart.
  expect(inflating).toBeGreaterThan(0);
});

test("one that was cut off or damaged is said, and leaves nothing behind", async ({ page }) => {
  const cut = join(folder, "cut.nii.gz");
  writeFileSync(cut, packed.subarray(0, packed.length - 2_000_000));
  const damaged = join(folder, "damaged.nii.gz");
  const bytes = Buffer.from(packed);
  bytes[bytes.length - 8]! ^= 1;
  writeFileSync(damaged, bytes);
  const app = new App(page);
  await app.start();
  for (const [path, says] of [
    [cut, /ends? early/],
    [damaged, /checksum is wrong/],
  ] as const) {
    await page.getByLabel("Scan files", { exact: true }).setInputFiles(path);
    await expect(page.getByText(says).first()).toBeVisible();
    expect(await app.run("study.list")).toEqual([]);
  }
});
