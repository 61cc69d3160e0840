import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "@playwright/test";
import type { SourceFile } from "#sources";
import type { Dims } from "#volume";
import { type ZarrHost, zarrHost } from "../unit/sources/zarr-host.ts";
import { AXES_ZYX, halvedResolutions, zarrFiles } from "../unit/sources/zarr-writer.ts";
import { unpackZip } from "../../src/sources/zip.ts";
import { App } from "./app.ts";

/*
 * OME-Zarr images that are read where they lie: sharded, packed by blosc and Zstandard under the page's own policy, by address
 * from a server that fails for a while, and from a folder.
 */

const dims: Dims = [200, 180, 150];
const ball = (k: number, j: number, i: number): number =>
  (i - 100) ** 2 + (j - 90) ** 2 + (k - 75) ** 2 < 50 ** 2 ? 1000 : 10 + ((i + j + k) % 7);
const ballVoxels = ((): number => {
  let count = 0;
  for (let k = 0; k < 150; k++)
    for (let j = 0; j < 180; j++) for (let i = 0; i < 200; i++) if (ball(k, j, i) === 1000) count++;
  return count;
})();

const resolutions = halvedResolutions(dims, 3, [1, 1, 1], ball);
const imageAt = (name: string): Promise<SourceFile[]> =>
  zarrFiles(name, { version: "0.5", codec: "blosc-zstd", resolutions, chunks: [32, 32, 32], shards: [2, 2, 2] });

/** Labels beside the image: a slab of one segment. */
async function labelsBeside(name: string): Promise<SourceFile[]> {
  const list = { zarr_format: 3, node_type: "group", attributes: { ome: { version: "0.5", labels: ["organs"] } } };
  const told = {
    colors: [{ "label-value": 3, rgba: [10, 200, 30, 255] }],
    properties: [{ "label-value": 3, name: "Slab" }],
  };
  const slab = { shape: [150, 180, 200], value: (k: number) => (k < 10 ? 3 : 0) };
  const files = await zarrFiles(`${name}/labels/organs`, {
    version: "0.5",
    dtype: "u1",
    resolutions: [slab],
    chunks: [64, 64, 64],
    ome: { "image-label": told },
  });
  return [...files, { name: `${name}/labels/zarr.json`, blob: new Blob([JSON.stringify(list)]) }];
}

let host: ZarrHost;
let app: App;

test.beforeEach(async ({ page }) => {
  app = new App(page);
});
test.afterEach(() => host?.stop());

test("a finest level that its server never sends: planes and volume are seen from the one after it", async ({
  page,
}) => {
  host = await zarrHost(await imageAt("scans/ball.ome.zarr"));
  let asked = 0;
  await page.route(/\/ball\.ome\.zarr\/0\/c\//, () => void asked++);
  await app.start();
  await app.run("study.open", { url: `${host.url}/scans/ball.ome.zarr` });
  await app.opened();
  for (const view of ["axial", "volume"] as const)
    await expect.poll(() => app.brightShare(view), { timeout: 30_000 }).toBeGreaterThan(0.02);
  expect(asked).toBeGreaterThan(0);
});

test("by address: seen at once, refined, labelled, and there without its server", async () => {
  const name = "scans/ball.ome.zarr";
  host = await zarrHost([...(await imageAt(name)), ...(await labelsBeside(name))]);
  await app.start();
  await app.page.getByRole("button", { name: "Open address…" }).click();
  await app.page.getByRole("dialog").getByRole("textbox").fill(`${host.url}/scans/ball.ome.zarr`);
  await app.page.keyboard.press("Enter");
  await app.opened();
  const { volumeId } = (await app.run<{ volumeId: string }[]>("study.list"))[0]!;
  await expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.05);

  // Counting values for a picture takes the overview, not the whole image.
  const counted = await app.run<{ level: number; voxels: number }>("volume.histogram");
  expect(counted).toMatchObject({ level: 1, voxels: 100 * 90 * 75 });
  expect(await app.valueAt([100, 90, 75])).toEqual({ value: 1000, label: 0 });
  await app.addSegment("Ball");
  const grown = await app.run<{ changed: number }>("label.grow", {
    segment: 1,
    seeds: [[100, 90, 75]],
    range: [900, 1100],
  });
  expect(grown.changed).toBe(ballVoxels);
  await app.page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});
  await app.run("label.paint", { segment: 1, ijk: [[20, 20, 20]], radiusMm: 5, shape: "sphere" });
  expect((await app.labels()).filter((label) => label === 1).length).toBeGreaterThan(400);

  // Labels that lie beside the image are put onto it, and its own go back into the folder of the image.
  await app.page.getByRole("button", { name: "Import labels of the image" }).click();
  await expect(app.page.getByRole("listitem").filter({ hasText: "Slab" }).first()).toBeVisible();
  const sizes = await app.sizes();
  expect(sizes[3]).toBe(10 * 180 * 200);
  await app.page.evaluate(async (url) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("ball", { create: true });
    for (const path of ["zarr.json", "0/zarr.json", "1/zarr.json", "2/zarr.json"]) {
      const [file, below] = path.split("/").reverse() as [string, string | undefined];
      const at = below === undefined ? folder : await folder.getDirectoryHandle(below, { create: true });
      const stream = await (await at.getFileHandle(file, { create: true })).createWritable();
      await stream.write(await (await fetch(`${url}/${path}`)).blob());
      await stream.close();
    }
    Object.assign(window, { showDirectoryPicker: async () => folder });
  }, `${host.url}/${name}`);
  await app.page.keyboard.press("Control+s");
  await app.page.getByRole("dialog").getByRole("button", { name: "Labels into the image’s folder…" }).click();
  await expect(app.page.getByText("The labels are in ball/labels/voxelwright.")).toBeVisible();
  await app.page.keyboard.press("Escape");
  await app.page.keyboard.press("Control+z");
  await expect.poll(async () => (await app.sizes())[3]).toBeUndefined();
  const back = await app.page.evaluate(async () => {
    const files: File[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const entry of folder.values()) {
        if (entry.kind === "directory") await walk(entry as FileSystemDirectoryHandle, `${path}${entry.name}/`);
        else {
          const file = await (entry as FileSystemFileHandle).getFile();
          files.push({ name: `${path}${entry.name}`, blob: file } as unknown as File);
        }
      }
    };
    const ball = await (await navigator.storage.getDirectory()).getDirectoryHandle("ball");
    await walk(await ball.getDirectoryHandle("labels"), "labels/");
    await window.voxelwright!.run("label.import", { files });
    return files.map(({ name: path }) => path).filter((path) => path.includes("/0/c/"));
  });
  // Two of three slabs of bricks hold no label.
  expect(back).toHaveLength(4 * 3);
  expect(await app.sizes()).toEqual(sizes);

  // Without the server, what was read is there.
  host.trouble = (_path, response) => {
    response.socket?.destroy();
    return true;
  };
  await app.run("study.close");
  await app.page.reload();
  await app.ready();
  await app.run("study.reopen", { volumeId });
  expect(await app.valueAt([100, 90, 75])).toEqual({ value: 1000, label: 0 });
  expect(await app.valueAt([20, 20, 20])).toMatchObject({ label: 1 });
  await app.expectNoErrors();
});

test("a server that stops for a while: coarser voxels are shown, and all of them when it is back", async () => {
  host = await zarrHost(await imageAt("scans/ball.ome.zarr"));
  let open = true;
  host.trouble = (path, response) => {
    if (open || !path.includes("/0/c/")) return false;
    response.socket?.destroy();
    return true;
  };
  await app.start();
  open = false;
  await app.run("study.open", { url: `${host.url}/scans/ball.ome.zarr` });
  await app.opened();
  await expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.05);
  await expect(app.page.getByText("cannot be reached")).toBeVisible({ timeout: 30_000 });
  await expect(app.run("volume.value", { ijk: [100, 90, 75] })).rejects.toThrow(/cannot be reached/);
  open = true;
  await expect(app.page.getByText("cannot be reached")).toBeHidden({ timeout: 40_000 });
  expect(await app.valueAt([100, 90, 75])).toMatchObject({ value: 1000 });
  await app.expectNoErrors();
});

test("from a folder: after a reload it says that the folder has to be opened again, and goes on when it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-zarr-"));
  try {
    // Two time points: nothing on screen asks for the second one.
    const frames = resolutions.map(({ shape, scale, translation, value }) => ({
      shape: [2, ...shape],
      scale: [1, ...scale!],
      translation: [0, ...translation!],
      value: (t: number, k: number, j: number, i: number) => value(k, j, i) + t,
    }));
    const axes = [{ name: "t", type: "time" }, ...AXES_ZYX];
    const image = { codec: "zstd", axes, resolutions: frames, chunks: [1, 64, 64, 64] } as const;
    for (const { name, blob } of await zarrFiles("ball.ome.zarr", image)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), new Uint8Array(await blob.arrayBuffer()));
    }
    await app.start();
    await app.chooseFiles(join(folder, "ball.ome.zarr"), "Scan folder");
    await app.opened();
    expect(await app.valueAt([1, 2, 3])).toMatchObject({ value: 16 });
    await app.addSegment("Ball");
    await app.run("study.close");
    await app.page.reload();
    await app.ready();
    const { volumeId } = (await app.run<{ volumeId: string }[]>("study.list"))[0]!;
    await app.run("study.reopen", { volumeId });
    expect(await app.valueAt([1, 2, 3])).toMatchObject({ value: 16 });
    await app.run("view.set", { frame: 1 });
    await expect(app.run("volume.value", { ijk: [100, 90, 75] })).rejects.toThrow(/no access to its files/);
    await expect(app.page.getByText("Open the same files, folder or archive again")).toBeVisible();
    await app.chooseFiles(join(folder, "ball.ome.zarr"), "Scan folder");
    await expect(app.page.getByText("in the list of studies: it goes on with its labels")).toBeVisible();
    await app.run("view.set", { frame: 1 });
    expect(await app.valueAt([100, 90, 75])).toMatchObject({ value: 1001 });
    expect(await app.run<unknown[]>("study.list")).toHaveLength(1);
    await app.expectNoErrors();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("Neuroglancer precomputed by address: raw, sharded, JPEG, a segmentation as labels, as TensorStore wrote them", async () => {
  const archive = readFileSync(new URL("../fixtures/oracles/precomputed.zip", import.meta.url));
  const { files } = await unpackZip({ name: "all", blob: new Blob([archive]) });
  host = await zarrHost(files);
  await app.start();
  const open = async (address: string): Promise<void> => {
    await app.page.getByRole("button", { name: "Open address…" }).click();
    await app.page.getByRole("dialog").getByRole("textbox").fill(address);
    await app.page.keyboard.press("Enter");
    await app.opened();
  };
  const pattern = (i: number, j: number, k: number): number => (3 * i + 51 * j + 997 * k) % 4096;
  for (const name of ["raw", "raw-sharded"]) {
    await open(`precomputed://${host.url}/all/${name}/`);
    await expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.2);
    for (const at of [
      [0, 0, 0],
      [31, 20, 9],
      [44, 37, 20],
    ] as const)
      expect(await app.valueAt(at)).toMatchObject({ value: pattern(at[0], at[1], at[2]) });
    if (name === "raw") await app.run("study.close");
  }
  const segments = files.map(({ name }) => name).filter((name) => name.startsWith("all/segments-32/"));
  await app.page.evaluate(
    async ([url, names]) => {
      const given = names.map(async (name) => ({ name, blob: await (await fetch(`${url}/${name}`)).blob() }));
      await window.voxelwright!.run("label.import", { files: await Promise.all(given) });
    },
    [host.url, segments] as const,
  );
  expect(await app.valueAt([36, 5, 12])).toMatchObject({ label: 5 + 2 * 70 });
  await app.run("study.close");
  await open(`${host.url}/all/jpeg`);
  const { value } = await app.valueAt([31, 20, 9]);
  expect(Math.abs(value - (31 + 40 + 9))).toBeLessThanOrEqual(4);
  await app.expectNoErrors();
});
