import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { App } from "./app.ts";
import { expectOneAlert } from "./durable.ts";
import { firstSliceOfImport, importReaches, LARGE_SCAN_MARKS, writeLargeScan } from "./large-scan.ts";
import { valuesAt } from "./opening.ts";

/* A large file at an address: its import begins with the first bytes, and goes on behind a connection that broke. */

const SLICE = 256 * 256 * 4;

/** Hands out parts of a file to pages of any origin, up to `limit`, behind which it falls silent; nothing while it is `down`. */
class PartServer {
  readonly starts: number[] = [];
  limit = Number.POSITIVE_INFINITY;
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
          if (!response.write(piece)) return void response.once("drain", next);
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
