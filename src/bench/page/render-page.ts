import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { InlineConfig, Plugin } from "vite";
import { repositoryRoot } from "../node-machine.ts";
import { browserTools, ISOLATION } from "./browser-tools.ts";

/** Programs that are rendered against, each a module of `src/bench/peers/render`. */
export const RENDER_PEERS = [
  { name: "vtk.js", file: "vtk", package: "@kitware/vtk.js" },
  { name: "NiiVue", file: "niivue", package: "@niivue/niivue" },
  { name: "NiiVue 1.0 rc", file: "niivue-rc", package: "niivue-rc" },
  { name: "Cornerstone3D", file: "cornerstone", package: "@cornerstonejs/core" },
] as const;

export interface RenderPage {
  readonly page: Page;
  readonly chromium: string;
  /** Peers that could be installed and built, by the addresses of their modules. */
  readonly peers: readonly { readonly name: string; readonly url: string }[];
  close(): Promise<void>;
}

const SITE: InlineConfig = { configFile: false, logLevel: "error", base: "./" };

/**
 * Builds the bench page and the peers and opens the page in a Chromium, or says why not. Peers are installed on demand into
 * `.cache/peers/render`; `note` hears of each that is left out. VOXELWRIGHT_RENDER_SITE names a folder for what is built: built there
 * where it is empty and opened as it is where it is not, so that a machine without a network can measure what another has built.
 */
export async function openRenderPage(note: (line: string) => void): Promise<RenderPage | string> {
  const tools = await browserTools();
  if (typeof tools === "string") return tools;
  const { playwright, vite, executablePath, chromiumArgs } = tools;
  const kept = process.env["VOXELWRIGHT_RENDER_SITE"] || undefined;
  const outDir = kept ?? (await mkdtemp(join(tmpdir(), "voxelwright-render-")));
  const drop = async (): Promise<void> => {
    if (kept === undefined) await rm(outDir, { recursive: true, force: true });
  };
  try {
    if (!existsSync(join(outDir, "index.html"))) await buildSite(vite, outDir, note);
    const peers = RENDER_PEERS.map(({ name, file }) => ({ name, url: `./peers/${file}/${file}.js` })).filter(
      ({ url }) => existsSync(join(outDir, url)),
    );
    const server = await vite.preview({
      ...SITE,
      root: outDir,
      build: { outDir },
      preview: { port: 4792, headers: ISOLATION },
    });
    const browser = await playwright.chromium.launch({
      executablePath,
      // Frames of some peers take longer than a GPU process is trusted to need.
      args: [...chromiumArgs, "--disable-gpu-watchdog"],
    });
    const page = await browser.newPage({ viewport: { width: 1100, height: 1100 }, deviceScaleFactor: 1 });
    const url = server.resolvedUrls!.local[0]!;
    await page.goto(url);
    await page.waitForFunction(() => window.renderBench !== undefined);
    return {
      page,
      chromium: browser.version(),
      peers: peers.map(({ name, url: path }) => ({ name, url: new URL(path, url).href })),
      close: async () => {
        await browser.close();
        await server.close();
        await drop();
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** The page and every peer that can be installed and built, in `outDir`. */
async function buildSite(vite: typeof import("vite"), outDir: string, note: (line: string) => void): Promise<void> {
  const root = repositoryRoot();
  const { module } = await vite.runnerImport<{ wgsl(shaders: string): Plugin }>(join(root, ".tooling/wgsl.ts"));
  const build = { target: "es2023", minify: false, chunkSizeWarningLimit: 100_000 } as const;
  await vite.build({
    ...SITE,
    root: join(root, "src/bench/page/render"),
    plugins: [module.wgsl(join(root, "shaders"))],
    build: { ...build, outDir, emptyOutDir: true },
  });
  const folder = await installPeers(root, note);
  for (const { name, file, package: from } of folder === undefined ? [] : RENDER_PEERS) {
    try {
      const { version } = JSON.parse(await readFile(join(folder!, "node_modules", from, "package.json"), "utf8")) as {
        version: string;
      };
      await vite.build({
        ...SITE,
        root: folder!,
        define: {
          "process.env.NODE_ENV": '"production"',
          global: "globalThis",
          PEER_VERSION: JSON.stringify(version),
        },
        // A package of that name stands in for Node's module.
        resolve: { alias: { events: join(folder!, "node_modules/events/events.js") } },
        build: {
          ...build,
          outDir: join(outDir, "peers", file),
          lib: { entry: join(folder!, `${file}.js`), formats: ["es"], fileName: file },
        },
      });
    } catch (error) {
      note(`rendering: ${name} left out, as it could not be built: ${firstLine(error)}.`);
    }
  }
}

/** The folder with the peers' packages by their lock file, installed if need be; undefined where that cannot be. */
async function installPeers(root: string, note: (line: string) => void): Promise<string | undefined> {
  const from = join(root, "src/bench/peers/render");
  const folder = join(root, ".cache/peers/render");
  const lock = await readFile(join(from, "package-lock.json"), "utf8");
  const stamp = join(folder, "package-lock.json");
  const known = existsSync(stamp) ? await readFile(stamp, "utf8") : "";
  await mkdir(folder, { recursive: true });
  await cp(from, folder, { recursive: true });
  if (known === lock && existsSync(join(folder, "node_modules/.package-lock.json"))) return folder;
  note("rendering: installing the peers");
  const status = await new Promise<number | string>((resolve) => {
    const npm = spawn("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "ignore"],
      shell: process.platform === "win32",
    });
    npm.on("error", (error) => resolve(error.message));
    npm.on("exit", (code) => resolve(code ?? "it was ended"));
  });
  if (status === 0) return folder;
  await rm(folder, { recursive: true, force: true });
  note(`rendering: peers left out, as npm could not install them (${status}): without a network there are none.`);
  return undefined;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
