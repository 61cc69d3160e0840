import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import type { App, Ijk } from "./app.ts";

/** What `study.open` and `study.reopen` say of a study. */
export interface Summary {
  readonly volumeId: string;
  readonly name: string;
  readonly dims: readonly number[];
  readonly indexToLps: readonly number[] | null;
  readonly voxelType: string;
  readonly modality: string;
  readonly frames: number;
  readonly unit: string;
  readonly notes: readonly string[];
}

/** A message on screen. */
export interface Shown {
  readonly tone: "error" | "other";
  /** The line and its advice. */
  readonly text: string;
}

/** How opening files ended, as the screen tells it. */
export type Ending =
  | { readonly kind: "opened"; readonly volumeId: string }
  | { readonly kind: "asked" }
  | { readonly kind: "refused" };

/** Keeps every message that comes on screen, also those that go by themselves. Call before the page is opened. */
export async function keepMessages(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: Shown[] = [];
    Object.assign(window, { keptMessages: kept });
    const keep = (toast: Element): void => {
      const tone = toast.getAttribute("role") === "alert" ? "error" : "other";
      const lines = [...toast.querySelectorAll(".toast-line, .toast-advice")];
      kept.push({ tone, text: lines.map((line) => line.textContent).join(" ") });
    };
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue;
          for (const toast of node.matches("article.toast") ? [node] : node.querySelectorAll("article.toast"))
            keep(toast);
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
}

/** What was on screen since messages were dismissed last. */
export function shownMessages(page: Page): Promise<Shown[]> {
  return page.evaluate(() => (window as unknown as { keptMessages: Shown[] }).keptMessages);
}

export async function dismissMessages(page: Page): Promise<void> {
  await page.evaluate(() => {
    const region = document.querySelector('[aria-label="Messages"]');
    for (const button of region?.querySelectorAll<HTMLButtonElement>('[aria-label="Dismiss"]') ?? []) button.click();
    (window as unknown as { keptMessages: Shown[] }).keptMessages.length = 0;
  });
}

export async function studyIds(app: App): Promise<string[]> {
  const studies = await app.run<{ volumeId: string }[]>("study.list");
  return studies.map(({ volumeId }) => volumeId);
}

/**
 * Waits for the end of an opening: a study that was not in the list, the question which series, or an error. Where the size of voxels is
 * asked for, what is assumed is taken.
 */
export async function ending(app: App, known: readonly string[]): Promise<Ending> {
  return app.page.evaluate(async (ids): Promise<Ending> => {
    const program = window.voxelwright!;
    const until = performance.now() + 60_000;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (document.querySelector('[role="alert"]')) return { kind: "refused" };
      if (document.querySelector('[role="dialog"] .series-list')) return { kind: "asked" };
      const buttons = document.querySelectorAll<HTMLButtonElement>('[role="dialog"]:has(#spacing-form) button');
      [...buttons].find((button) => button.textContent?.startsWith("Take "))?.click();
      if (document.querySelector('[aria-label="Import"]')) continue;
      const studies = (await program.run("study.list")) as { volumeId: string; createdAt: string; openedAt: string }[];
      const added = studies.find(
        ({ volumeId, createdAt, openedAt }) => !ids.includes(volumeId) && openedAt !== createdAt,
      );
      if (!added) continue;
      return { kind: "opened", volumeId: added.volumeId };
    }
    throw new Error("Nothing came of the opening within a minute.");
  }, known);
}

/** A line that a person can read: no trace, no object, no bare number. */
export function expectPlain(text: string): void {
  expect(text).not.toMatch(/\[object|undefined|\bnull\b|Error:|\n|\bat \S+:\d+|\.js\b|should not have|unexpected/);
  expect(text).toMatch(/[A-Za-z]{3,}.*[.!?]$/);
  expect(text.length).toBeGreaterThan(30);
  expect(text.length).toBeLessThan(420);
}

/** Nine voxels as the page reads them from its cache. */
export async function valuesAt(app: App, places: readonly Ijk[]): Promise<number[]> {
  return app.page.evaluate(
    (ijks) =>
      Promise.all(
        ijks.map(async (ijk) => ((await window.voxelwright!.run("volume.value", { ijk })) as { value: number }).value),
      ),
    places,
  );
}

/** Resident memory of the page's process, now and at its highest, in bytes. */
export async function rendererMemory(page: Page): Promise<{ now: number; peak: number }> {
  const session = await page.context().browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      const kilobytes = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      return { now: kilobytes("VmRSS") * 1024, peak: kilobytes("VmHWM") * 1024 };
    });
  return { now: Math.max(...sizes.map(({ now }) => now)), peak: Math.max(...sizes.map(({ peak }) => peak)) };
}
