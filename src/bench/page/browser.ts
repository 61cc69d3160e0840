import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { repositoryRoot } from "../node-machine.ts";
import { browserTools } from "./browser-tools.ts";
import { type RendererMemory, rendererMemory } from "./renderer-memory.ts";

/** The built site, served, and a Chromium to open it in. */
export interface BenchBrowser {
  /**
   * A browser of its own with a profile on the disk, the program started: a private window would keep its files in the memory of
   * another process. `webGpu: false` opens it without an adapter, so without views: on a software adapter drawing takes the processor
   * from everything else.
   */
  open(options?: { readonly webGpu?: boolean }): Promise<BenchPage>;
  close(): Promise<void>;
}

export interface BenchPage {
  readonly page: Page;
  readonly version: string;
  readonly memory: RendererMemory;
  close(): Promise<void>;
}

/** Serves the built site, or says why not: development packages, browser and site may each be missing. */
export async function openBrowser(): Promise<BenchBrowser | string> {
  const root = repositoryRoot();
  const tools = await browserTools();
  if (typeof tools === "string") return tools;
  const { playwright, vite, executablePath, chromiumArgs } = tools;
  const outDir = process.env["VOXELWRIGHT_SITE"] ?? join(root, "dist");
  if (!existsSync(join(outDir, "index.html"))) return "the site is not built (npm run build)";
  const configFile = join(root, "vite.config.ts");
  const server = await vite.preview({ configFile, logLevel: "error", build: { outDir }, preview: { port: 4790 } });
  const url = server.resolvedUrls!.local[0]!;
  return {
    async open({ webGpu = true } = {}) {
      const profile = await mkdtemp(join(tmpdir(), "voxelwright-bench-"));
      const context = await playwright.chromium.launchPersistentContext(profile, {
        executablePath,
        args: chromiumArgs.filter((arg) => webGpu || !/webgpu|vulkan|swiftshader|blocklist/i.test(arg)),
        viewport: { width: 1280, height: 800 },
        serviceWorkers: "block",
      });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      await page.waitForFunction(() => window.voxelwright !== undefined);
      await page.getByLabel("Scan files", { exact: true }).waitFor({ state: "attached" });
      return {
        page,
        version: await page.evaluate(() => /Chrome\/(\S+)/.exec(navigator.userAgent)?.[1] ?? "unknown"),
        memory: rendererMemory(profile),
        close: async () => {
          await context.close();
          await rm(profile, { recursive: true, force: true });
        },
      };
    },
    close: () => server.close(),
  };
}
