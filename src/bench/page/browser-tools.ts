import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../node-machine.ts";

/** Memory is shared between a page and its workers, and counted, only where these are sent. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** What it takes to measure in a page. */
export interface BrowserTools {
  readonly playwright: typeof import("@playwright/test");
  readonly vite: typeof import("vite");
  readonly executablePath: string;
  readonly chromiumArgs: readonly string[];
}

interface ChromiumModule {
  findChromium(): string | undefined;
  readonly chromiumArgs: readonly string[];
}

/** Development packages and a Chromium, or why they are not here. */
export async function browserTools(): Promise<BrowserTools | string> {
  let playwright: typeof import("@playwright/test");
  let vite: typeof import("vite");
  try {
    [playwright, vite] = await Promise.all([import("@playwright/test"), import("vite")]);
  } catch {
    return "the development packages are not installed";
  }
  const { findChromium, chromiumArgs } = (await import(
    pathToFileURL(join(repositoryRoot(), ".tooling/chromium.mjs")).href
  )) as ChromiumModule;
  const executablePath = findChromium();
  if (executablePath === undefined) return "there is no Chromium (npm test installs one)";
  return { playwright, vite, executablePath, chromiumArgs };
}
