import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { chromiumArgs, ensureChromium } from "../../.tooling/chromium.mjs";

/*
 * The built site in Chromium with WebGPU on a software adapter. One server on a free port for all tests; tests share the
 * machine's two cores with the browser's GPU process, so they run one after another.
 */

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Playwright reads this file in every worker process: the first one chooses, the others inherit. */
function freePort(): string {
  const script =
    "const s = require('net').createServer().listen(0, () => { console.log(s.address().port); s.close(); })";
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
}
process.env.VOXELWRIGHT_E2E_PORT ??= freePort();
const port = process.env.VOXELWRIGHT_E2E_PORT;
const report = process.env.VOXELWRIGHT_E2E_REPORT;

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.test.ts",
  outputDir: "../../test-results",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: report === undefined ? "list" : [["list"], ["json", { outputFile: report }]],
  use: {
    baseURL: `http://localhost:${port}/`,
    headless: true,
    viewport: { width: 1280, height: 800 },
    // A trace costs a fifth of the time; `--trace retain-on-failure` makes one.
    trace: "off",
    launchOptions: { executablePath: ensureChromium(), args: chromiumArgs },
  },
  webServer: {
    command: `node .tooling/serve.mjs --port ${port}`,
    cwd: root,
    url: `http://localhost:${port}/`,
    timeout: 180_000,
    stderr: "pipe",
  },
});
