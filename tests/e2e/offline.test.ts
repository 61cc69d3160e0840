import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { App } from "./app.ts";
import { labelsDigest, openFromList, openSample, stroke } from "./durable.ts";
import { plainHost } from "./plain-host.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** Every sample of the list is there, byte for byte. */
async function expectSamples(page: Page): Promise<void> {
  const samples = await page.evaluate(async () => {
    const list: { file: string; bytes: number }[] = await (await fetch("samples/samples.json")).json();
    return Promise.all(
      list.map(async ({ file, bytes }) => {
        const response = await fetch(`samples/${file}`);
        return { file, bytes, status: response.status, received: (await response.arrayBuffer()).byteLength };
      }),
    );
  });
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(sample).toMatchObject({ status: 200, received: sample.bytes });
}

test("the server isolates the page, and the page keeps to its policy", async ({ page }) => {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto("./");
  await expect(page).toHaveTitle("Voxelwright");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(faults.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  await expectSamples(page);
});

test("on a plain static host the page is isolated after one reload, and starts without the network", async ({
  page,
}) => {
  const { url, stop } = await plainHost(dist);
  try {
    await page.goto(url);
    await page.waitForFunction(() => crossOriginIsolated && navigator.serviceWorker.controller !== null);
  } finally {
    await stop();
  }
  await expect(page.request.get(url)).rejects.toThrow();
  await page.goto(url);
  await expect(page).toHaveTitle("Voxelwright");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expectSamples(page);
});

test("without the network a study is opened, changed and exported as with it", async ({ page, context }) => {
  const { url, stop } = await plainHost(dist);
  try {
    const app = new App(page);
    await page.goto(url);
    await page.waitForFunction(() => crossOriginIsolated && navigator.serviceWorker.controller !== null);
    await app.ready();
    await openSample(app);
    await stroke(app, 0.4);
    const digest = await labelsDigest(app);
    await stop();
    await context.setOffline(true);

    await page.reload();
    await app.ready();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await openFromList(app);
    expect(await labelsDigest(app)).toBe(digest);
    await stroke(app, 0.6);
    expect(await labelsDigest(app)).not.toBe(digest);
    await page.keyboard.press("Control+z");
    await expect.poll(() => labelsDigest(app)).toBe(digest);
    const grow = { segment: 1, seeds: [[50, 80, 60]], range: [-3000, 3000] };
    expect(await app.run("label.grow", grow)).toMatchObject({ changed: expect.any(Number) });
    await page.getByRole("button", { name: "Export", exact: true }).first().click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Labels as Slicer segmentation" }).click();
    expect((await download).suggestedFilename()).toBe("chest-ct.seg.nrrd");

    // A tab that starts without a network finds the study and the samples too.
    await app.run("study.close");
    await page.goto(url);
    await app.ready();
    await openSample(app, "Head MR, T1");
    expect(await app.run<object[]>("study.list")).toHaveLength(2);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await app.expectNoErrors();
  } finally {
    await stop();
  }
});
