import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { chromiumArgs, ensureChromium } from "../../.tooling/chromium.mjs";

/**
 * A browser of one's own with a profile on the disk, whose process can be killed as a crash or an empty battery would, and started
 * again on what is left.
 */
export class KillableBrowser {
  readonly #profile = mkdtempSync(join(tmpdir(), "voxelwright-profile-"));
  #process: ChildProcess | undefined;
  #browser: Browser | undefined;

  /** Starts the browser on the profile; its one page. */
  async start(): Promise<Page> {
    const args = [
      "--headless",
      "--remote-debugging-port=0",
      `--user-data-dir=${this.#profile}`,
      "--window-size=1280,800",
    ];
    const child = spawn(ensureChromium(), [...chromiumArgs, ...args, "about:blank"], {
      // A group of its own, so that no helper process outlives it.
      detached: process.platform !== "win32",
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    this.#browser = await chromium.connectOverCDP(await debuggerAddress(child));
    const [context] = this.#browser.contexts();
    const page = context!.pages()[0] ?? (await context!.newPage());
    await page.setViewportSize({ width: 1280, height: 800 });
    return page;
  }

  /** Ends every process of the browser at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child?.pid) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
      await ended;
    }
    this.#process = undefined;
    await this.#browser?.close().catch(() => undefined);
  }

  async restart(): Promise<Page> {
    await this.kill();
    return this.start();
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

function debuggerAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]!);
    });
    child.once("exit", () => reject(new Error(`The browser did not start:\n${said}`)));
  });
}
