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
    for (const bytes of ["auto", "blob"] as const) {
      for (const title of titles) {
        await test.step(`${bytes} ${title}`, () =>
          page.evaluate(([name, kind]) => window.storeContract.run(name, kind), [title, bytes] as const));
      }
    }
  } finally {
    await host.stop();
    rmSync(outDir, { recursive: true, force: true });
  }
});
