import { writeFileSync } from "node:fs";
import { test } from "@playwright/test";
import { App } from "./app.ts";

test.use({ viewport: { width: 1280, height: 800 } });

test("shots", async ({ page }) => {
  test.setTimeout(300_000);
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  const shot = async (name: string) => {
    const t = Date.now();
    await app.settle();
    await page.waitForFunction(() => document.querySelector('[data-view="volume"]')?.getAttribute("aria-busy") === "false", undefined, { timeout: 90_000 });
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/shots/${name}.png` });
    console.log(name, Date.now() - t);
  };
  await shot("1-open");
  await page.locator('.dock-rest').evaluate((e) => e.scrollTo(0, 420));
  await shot("2-panel");
  await app.run("view.set", { volume: { planes: true } });
  await shot("3-planes");
  await app.run("view.set", { volumeMode: "iso", volume: { planes: false } });
  await shot("4-iso");
  await app.run("view.set", { volume: { clipBox: { min: [0, 70, 0], max: [115, 157, 129] } } });
  await shot("5-box");
  await app.run("view.set", { volumeMode: "shaded", volume: { clipBox: null } });
  await app.run("view.cut", { facing: "coronal" });
  await shot("6-cut");
  await app.run("view.set", { volume: { clipPlane: null }, volumeMode: "minip" });
  await shot("7-minip");
  await app.run("view.set", { volumeMode: "mean" });
  await shot("8-mean");
  console.log(JSON.stringify(await app.run("view.pick", { x: 0.5, y: 0.5 })));
  await app.run("view.set", { volumeMode: "shaded", volume: { quality: "high" } });
  await shot("9-high");
  const still = await page.evaluate(async () => {
    const { bytes, notes, level } = (await window.voxelwright!.run("view.still", { width: 900, height: 600, overlay: true })) as { bytes: Uint8Array; notes: string[]; level: number };
    return { bytes: [...bytes], notes, level };
  });
  console.log(still.bytes.length, still.notes, still.level);
  writeFileSync("/tmp/shots/still.png", Buffer.from(still.bytes));
  await app.run("view.set", { volume: { quality: "fast" } });
  const movie = await page.evaluate(async () => {
    const { bytes, frames } = (await window.voxelwright!.run("view.movie", { width: 160, height: 120, seconds: 1, framesPerSecond: 10 })) as { bytes: Uint8Array<ArrayBuffer>; frames: number };
    const url = URL.createObjectURL(new Blob([bytes], { type: "video/webm" }));
    const video = document.createElement("video");
    video.src = url;
    video.muted = true;
    const facts = await new Promise<unknown>((resolve) => {
      video.onloadeddata = () => resolve([video.duration, video.videoWidth, video.videoHeight]);
      video.onerror = () => resolve(video.error?.message);
    });
    return { length: bytes.length, frames, facts };
  });
  console.log(JSON.stringify(movie));
  console.log(app.pageErrors, await page.locator('.toast, [role=alert]').allInnerTexts());
});
