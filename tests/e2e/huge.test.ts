import { stat } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import type { Dims } from "#volume";
import { openScaleHost, type ScaleHost } from "../../src/bench/page/scale/scale-host.ts";
import { ballVoxels, SCALE_VOLUME, scaleMiddle, shellVoxel } from "../../src/bench/page/scale/scale-volume.ts";
import { App } from "./app.ts";

/* 8.05 billion voxels, more than 2³², 16.1 GB: made by the brick as they are asked for. */

const dims: Dims = [1832, 1832, 2399];

let host: ScaleHost;

test.afterEach(() => host?.stop());

test("16 GB: opened, grown, painted at a coarse level, cancelled, undone, exported, within budgets", async ({
  page,
}) => {
  host = await openScaleHost();
  const app = new App(page);
  await app.start();
  await app.run("study.open", { url: host.address(dims) });
  await app.opened();
  await expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.02);
  // Planes of the whole volume take bricks of a coarse level, and say so.
  await expect(app.words("axial", "state")).toContainText(/^Level [12] of 6/);
  expect(host.chunks).toBeLessThan(1500);

  const middle = scaleMiddle(dims);
  await app.addSegment("Ball");
  await app.addSegment("Shell");
  const grown = await app.run<{ changed: number }>("label.grow", {
    segment: 1,
    seeds: [middle],
    range: SCALE_VOLUME.ballRange,
  });
  expect(grown.changed).toBe(ballVoxels());

  // A stroke over a coarse picture is one of voxels of full size.
  await page.keyboard.press("b");
  await app.run("tool.set", { brush: { radiusMm: 30, shape: "disc" } });
  await app.click("axial", [0.3, 0.5]);
  const radius = 30;
  await expect.poll(async () => (await app.sizes())[2] ?? 0).toBeGreaterThan(Math.PI * radius * radius * 0.98);
  const sizes = await app.sizes();
  expect(sizes[2]).toBeLessThan(Math.PI * radius * radius * 1.02);

  // Growth of the whole volume's size is cancelled by a slow press; nothing of it stays.
  const growing = app.run("label.grow", { segment: 2, seeds: [shellVoxel(dims)], range: SCALE_VOLUME.shellRange }).then(
    () => "grown",
    (error: unknown) => String(error),
  );
  const cancel = page.getByRole("button", { name: /^Cancel: Growing/ });
  await cancel.hover();
  await page.mouse.down();
  await page.waitForTimeout(400);
  await page.mouse.up();
  expect(await growing).toMatch(/AbortError/);
  expect(await app.sizes()).toEqual(sizes);

  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({ 1: ballVoxels() });
  const downloading = page.waitForEvent("download");
  await page.keyboard.press("Control+s");
  await page.getByRole("button", { name: /^Labels as OME-Zarr/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.zarr\.zip$/);
  const { size } = await stat(await download.path());
  expect(size).toBeGreaterThan(10_000);
  expect(size).toBeLessThan(1_000_000);
  expect((await app.run<{ liveBytes: number }>("gpu.memory")).liveBytes).toBeLessThan(1e9);
  await app.expectNoErrors();
});
