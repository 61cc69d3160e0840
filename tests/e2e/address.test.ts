import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Zippable, zipSync, zlibSync } from "fflate";
import { imageFile } from "../unit/dicom/write-dicom.ts";
import { tiffFile } from "../unit/sources/tiff-file.ts";
import { AXES_ZYX, zarrFiles } from "../unit/sources/zarr-writer.ts";
import { App } from "./app.ts";
import { expectOneAlert } from "./durable.ts";
import { firstSliceOfImport, importReaches, LARGE_SCAN_MARKS, writeLargeScan } from "./large-scan.ts";
import { valuesAt } from "./opening.ts";

/* A large file at an address: its import begins with the first bytes, and goes on behind a connection that broke. */

const SLICE = 256 * 256 * 4;
const EDGE = 1024;
const SLICES = 80;

/** Hands out parts of a file to pages of any origin, up to `limit`, behind which it falls silent; nothing while it is `down`. */
class PartServer {
  readonly starts: number[] = [];
  limit = Number.POSITIVE_INFINITY;
  /** Wait behind every 256 KiB of a part. */
  pauseMs = 0;
  sent = 0;
  down = false;
  readonly #server: Server;
  readonly #file: number;

  constructor(path: string) {
    const { size } = statSync(path);
    this.#file = openSync(path, "r");
    this.#server = createServer((request, response) => {
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
      const start = Number(from ?? 0);
      const end = to ? Number(to) + 1 : size;
      if (this.down) return void response.destroy();
      this.starts.push(start);
      // Neither the length of the file nor its version can be seen by a page of another origin.
      response.writeHead(from === undefined ? 200 : 206, {
        "content-length": end - start,
        "content-range": `bytes ${start}-${end - 1}/${size}`,
        "access-control-allow-origin": "*",
      });
      let at = start;
      const next = (): void => {
        while (at < Math.min(end, this.limit) && !response.destroyed) {
          const piece = Buffer.alloc(Math.min(end - at, 1 << 18));
          at += readSync(this.#file, piece, 0, piece.length, at);
          this.sent += piece.length;
          if (!response.write(piece)) return void response.once("drain", next);
          if (this.pauseMs > 0) return void setTimeout(next, this.pauseMs);
        }
        if (at >= end) response.end();
      };
      next();
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/large.nii`;
  }

  breakAll(): void {
    this.#server.closeAllConnections();
  }

  stop(): void {
    this.breakAll();
    this.#server.close();
    closeSync(this.#file);
  }
}

/** Writes a zip of DICOM slices or a TIFF of pages, each of 2 MiB, deflated; slice k has the value k + 1 at column 5, row 7. */
async function writeSlices(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const pages = Array.from({ length: SLICES }, (_, k) => {
    const voxels = Uint16Array.from({ length: EDGE * EDGE }, (_, n) => Math.imul(n + k * 7919, 0x9e3779b1) >>> 22);
    voxels[7 * EDGE + 5] = k + 1;
    return new Uint8Array(voxels.buffer);
  });
  if (name.endsWith(".zip")) {
    const entries: Zippable = {};
    for (const [k, bytes] of pages.entries()) {
      const file = imageFile({ instance: k + 1, rows: EDGE, columns: EDGE, position: `0\\0\\${k}` }, bytes);
      entries[`scan/${k}.dcm`] = [new Uint8Array(await file.blob.arrayBuffer()), { level: 1 }];
    }
    writeFileSync(path, zipSync(entries));
  } else {
    const tags = [
      [282, 5, [10, 1]],
      [283, 5, [10, 1]],
      [296, 3, [3]],
    ] as const;
    const description = `ImageJ=1.53\nimages=${SLICES}\nslices=${SLICES}\nunit=mm\nspacing=1.0\n`;
    writeFileSync(
      path,
      tiffFile(
        pages.map((bytes, k) => ({
          width: EDGE,
          height: EDGE,
          bits: 16,
          bytes: zlibSync(bytes, { level: 1 }),
          tags: [[259, 3, [8]], ...(k === 0 ? [[270, 2, description] as const] : []), ...tags],
        })),
      ),
    );
  }
  return path;
}

for (const name of ["slices.zip", "pages.tif"]) {
  test(`${name} at an address is imported as it comes; after a break it goes on where it was`, async ({ page }) => {
    test.setTimeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), "voxelwright-address-"));
    const path = await writeSlices(folder, name);
    const { size } = statSync(path);
    expect(size).toBeGreaterThan(32 * 2 ** 20);
    const server = new PartServer(path);
    try {
      const url = new URL(name, await server.start()).href;
      const app = new App(page);
      await app.start();
      // Slow enough that a page that draws in software hears of the first slice long before the last.
      server.pauseMs = 60;
      const begun = importReaches(page, 1);
      await page.getByRole("button", { name: /Open address/ }).click();
      await page.keyboard.type(url);
      await page.keyboard.press("Enter");
      await begun;
      // What lies behind the first slab does not come any more.
      server.limit = 0.9 * size;
      server.pauseMs = 0;
      // What is told of an import lags behind it.
      await importReaches(page, 50);
      await expect(app.view("axial")).toBeVisible();
      await expect(page.getByRole("region", { name: "Import" })).toContainText("the slices so far can be viewed");
      server.down = true;
      server.breakAll();
      await expectOneAlert(
        page,
        /The connection broke while the file was read\..*% of the import is kept\..*Go on with it/,
      );
      server.down = false;
      server.limit = Number.POSITIVE_INFINITY;
      const first = firstSliceOfImport(page);
      await page.getByRole("button", { name: /^Go on with/ }).click();
      expect(await first).toBeGreaterThan(64);
      await app.opened();
      const marks = [0, 63, 64, 70, SLICES - 1];
      expect(
        await valuesAt(
          app,
          marks.map((k) => [5, 7, k]),
        ),
      ).toEqual(marks.map((k) => k + 1));
      await app.expectNoErrors();
    } finally {
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("an OME-Zarr image in an archive at an address is read brick by brick; what does not come is asked for again", async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-address-"));
  const value = (k: number, j: number, i: number): number =>
    (Math.imul((k * 320 + j) * 320 + i, 0x9e3779b1) >>> 20) + 1;
  const image = await zarrFiles("image.ome.zarr", {
    axes: AXES_ZYX,
    resolutions: [
      { path: "0", shape: [320, 320, 320], value },
      { path: "1", shape: [40, 40, 40], scale: [8, 8, 8], value: () => 2000 },
    ],
    chunks: [64, 64, 64],
    codec: "none",
    dtype: "u2",
  });
  const entries: Zippable = {};
  for (const { name, blob } of image) entries[name] = [new Uint8Array(await blob.arrayBuffer()), { level: 0 }];
  const path = join(folder, "image.zip");
  writeFileSync(path, zipSync(entries));
  const server = new PartServer(path);
  try {
    const url = new URL("image.ome.zarr.zip", await server.start()).href;
    const app = new App(page);
    await app.start();
    await app.run("study.open", { url });
    await app.opened();
    expect((await app.valueAt([10, 20, 160]))["value"]).toBe(value(160, 20, 10));
    // Three planes through the middle are more than half of its bricks.
    expect(server.sent).toBeLessThan(0.9 * statSync(path).size);
    server.down = true;
    server.breakAll();
    // Bricks in the corners, of which some may have come ahead.
    const corners = [10, 300].flatMap((i) => [10, 300].flatMap((j) => [10, 300].map((k) => [i, j, k])));
    const looks = await Promise.allSettled(corners.map((ijk) => app.run("volume.value", { ijk })));
    expect(looks.some((look) => look.status === "rejected" && /connection broke/.test(String(look.reason)))).toBe(true);
    await expect(page.getByText("The connection broke")).toBeVisible({ timeout: 30_000 });
    server.down = false;
    await expect(page.getByText("The connection broke")).toBeHidden({ timeout: 40_000 });
    expect((await app.valueAt([300, 301, 302]))["value"]).toBe(value(302, 301, 300));
    await app.expectNoErrors();
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a large file at an address is imported as it comes; after a break it goes on where it was", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-address-"));
  const server = new PartServer(writeLargeScan(join(folder, "large.nii")));
  try {
    const url = await server.start();
    server.limit = 352 + 300 * SLICE;
    const app = new App(page);
    await app.start();
    const reached = importReaches(page, 200);
    await page.getByRole("button", { name: /Open address/ }).click();
    await page.keyboard.type(url);
    await page.keyboard.press("Enter");
    await reached;
    // It is shown while more than half of it is still on the server.
    await expect(app.view("axial")).toBeVisible();
    await expect(page.getByRole("region", { name: "Import" })).toContainText(
      /slice 2\d\d of 640 · the slices so far can be viewed/,
    );

    server.down = true;
    server.breakAll();
    await expectOneAlert(
      page,
      /The connection broke while the file was read\. 40% of the import is kept\..*Go on with it/,
    );
    server.down = false;
    server.limit = Number.POSITIVE_INFINITY;
    server.starts.length = 0;
    const first = firstSliceOfImport(page);
    await page.getByRole("button", { name: "Go on with large" }).click();
    expect(await first).toBeGreaterThan(256);
    await app.opened();
    // Slice 256 was the last that was whole; it is compared, and what lies before is not asked for again.
    expect(server.starts.filter((start) => start > 352)).toEqual([352 + 255 * SLICE]);
    expect(
      await valuesAt(
        app,
        LARGE_SCAN_MARKS.map((k) => [5, 7, k]),
      ),
    ).toEqual(LARGE_SCAN_MARKS.map((k) => k % 251));
    await app.expectNoErrors();
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
