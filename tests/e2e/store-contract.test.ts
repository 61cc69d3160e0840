import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { build } from "vite";
import { isolationHeaders } from "../../src/headers.ts";
import { plainHost } from "./plain-host.ts";

/** The contract that Node runs on memory and on Blobs, on what a browser really has. */

const root = fileURLToPath(new URL("contract-page", import.meta.url));

test("the cache contract holds in the browser", async ({ page }) => {
  const outDir = mkdtempSync(join(tmpdir(), "voxelwright-contract-"));
  const bundle = { outDir, emptyOutDir: true, target: "es2023", minify: false };
  await build({ configFile: false, root, base: "./", logLevel: "error", worker: { format: "es" }, build: bundle });
  const host = await plainHost(outDir, isolationHeaders);
  try {
    await page.goto(host.url);
    await page.waitForFunction(() => window.storeContract !== undefined);
    const titles = await page.evaluate(() => window.storeContract.titles);
    expect(titles.length).toBeGreaterThan(10);
    for (const kind of ["auto", "blob", "encoded"] as const) {
      for (const title of titles) {
        await test.step(`${kind} ${title}`, () =>
          page.evaluate(([name, of]) => window.storeContract.run(name, of), [title, kind] as const));
      }
    }
    await test.step("a worker reads a part of a file as it is", async () => {
      const [length, start, end] = [9_000_001, 352, 8_999_999] as const;
      expect(await page.evaluate((given) => window.readApart(...given), [length, start, end] as const)).toBe(-1);
    });
  } finally {
    await host.stop();
    rmSync(outDir, { recursive: true, force: true });
  }
});
