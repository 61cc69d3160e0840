import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../node-machine.ts";
import { browserTools, ISOLATION } from "./browser-tools.ts";
import type { PageKernelTime } from "./kernels/main.ts";

/** Times kernels in a page of a real Chromium, or says why not: development packages and browser may be missing. */
export async function timeKernelsInPage(
  edge: number,
  rounds: number,
): Promise<{ readonly times: readonly PageKernelTime[]; readonly chromium: string } | string> {
  const root = repositoryRoot();
  const tools = await browserTools();
  if (typeof tools === "string") return tools;
  const { playwright, vite, executablePath, chromiumArgs } = tools;
  const outDir = await mkdtemp(join(tmpdir(), "voxelwright-kernels-"));
  const page = {
    configFile: false,
    root: join(root, "src/bench/page/kernels"),
    logLevel: "error",
    base: "./",
  } as const;
  const build = { outDir, emptyOutDir: true, target: "es2023", minify: false, assetsInlineLimit: 0 };
  try {
    await vite.build({ ...page, worker: { format: "es" }, build });
    const server = await vite.preview({ ...page, build: { outDir }, preview: { port: 4791, headers: ISOLATION } });
    const browser = await playwright.chromium.launch({ executablePath, args: [...chromiumArgs] });
    try {
      const tab = await browser.newPage();
      await tab.goto(server.resolvedUrls!.local[0]!);
      await tab.waitForFunction(() => window.kernelTimes !== undefined);
      const times = await tab.evaluate(([n, count]) => window.kernelTimes!(n!, count!), [edge, rounds]);
      return { times, chromium: browser.version() };
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
