import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ImageGrid } from "#volume";
import { describe, expect, it } from "vitest";
import { writeZarr } from "../../../src/cli/zarr-output.ts";
import { VERBS } from "../../../src/cli/run-cli.ts";
import { bricksOf } from "../export/cases.ts";
import { zarrFiles } from "../sources/zarr-writer.ts";
import { run, series } from "./fake-port.ts";

const ASSUMED = "The file gives no voxel size; 1 mm is assumed, so lengths and volumes measured here are not real.";

/** A scan of 1 mm voxels of which the file gives no size along `axes`. */
const lacking = (axes: readonly ("i" | "j" | "k")[] = ["i", "j", "k"]) =>
  series({
    grid: { dims: [8, 6, 5], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    notes: [ASSUMED, "Odd."],
    missingSpacing: { axes, notes: [ASSUMED], fixedIjk: [0, 0, 0] },
  });

const info = async (...argv: string[]) => {
  const result = await run(["info", "scan", ...argv], { scan: [lacking()] });
  return { ...result, json: result.out === "" ? undefined : (JSON.parse(result.out) as Record<string, unknown>) };
};

describe("--spacing-mm", () => {
  it("gives the sizes that a file lacks", async () => {
    const { json } = await info("--spacing-mm", "0.5,0.5,2");
    expect(json).toMatchObject({ spacingMm: [0.5, 0.5, 2], missingSpacing: [] });
    expect(json!["notes"]).toEqual(["Voxel size 0.5 × 0.5 × 2 mm was given by hand; the file has none.", "Odd."]);
  });

  it("is named by the note of what is assumed without it", async () => {
    const { json, status } = await info();
    expect(status).toBe(0);
    expect(json).toMatchObject({ spacingMm: [1, 1, 1], missingSpacing: ["i", "j", "k"] });
    expect(json!["notes"]).toEqual([`${ASSUMED} Give it with --spacing-mm I,J,K.`, "Odd."]);
  });

  it.each([
    ["0.5,0.5", /--spacing-mm takes 3 numbers/],
    ["0.5,0.5,x", /--spacing-mm takes 3 numbers/],
    ["0.5,0,2", /--spacing-mm along j is 0. Give a size above 0 mm/],
    ["0.5,0.5,-2", /along k is -2. Give a size above 0 mm/],
    ["0.5,0.5,5000", /along k is 5000. Give at most 1000 mm/],
  ])("refuses %s before anything is opened", async (text, words) => {
    const { status, fault } = await run(["info", "none", "--spacing-mm", text], {});
    expect(status).toBe(1);
    expect(fault).toMatch(words);
  });

  it("is an option of every verb that reads scans or labels", () => {
    const without = VERBS.filter(({ options }) => !("spacing-mm" in options)).map(({ name }) => name);
    expect(without).toEqual(["merge", "verify", "bench"]);
  });

  it("is used by other verbs, which say what they use or assume", async () => {
    const labels = (): Promise<never> => Promise.reject(new Error("far enough"));
    const asked = ["statistics", "scan"];
    const given = await run([...asked, "--spacing-mm", "1,1,3"], { scan: [lacking(["k"])] }, { statistics: labels });
    expect(given.notes).toEqual(["case: Voxel size along k, 3 mm, was given by hand; the file has none there."]);
    const without = await run(asked, { scan: [lacking(["k"])] }, { statistics: labels });
    expect(without.notes).toEqual([`case: ${ASSUMED} Give it with --spacing-mm I,J,K.`]);
  });

  it("keeps nobody from writing labels beside an image that has none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "voxelwright-zarr-"));
    try {
      const files = await zarrFiles("a.zarr", {
        resolutions: [{ shape: [5, 6, 8], value: () => 0 }],
        chunks: [5, 6, 8],
        multiscales: { datasets: [{ path: "0", coordinateTransformations: [] }] },
      });
      for (const { name, blob } of files) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), new Uint8Array(await blob.arrayBuffer()));
      }
      const image = join(folder, "a.zarr");
      const notes: string[] = [];
      const write = (sk: number, origin = 0): Promise<void> => {
        const grid = new ImageGrid({ dims: [8, 6, 5], indexToLps: [0.5, 0, 0, origin, 0, 0.5, 0, 0, 0, 0, sk, 0] });
        const labels = bricksOf(grid.dims, new Uint16Array(240).fill(1));
        const port = { note: (line: string) => void notes.push(line) } as unknown as Parameters<typeof writeZarr>[2];
        return writeZarr({ kind: "within", image, name: "all" }, { name: "a", grid, labels, segments: [] }, port);
      };
      await write(2);
      expect(notes).toEqual([expect.stringMatching(/The image gives no voxel size/)]);
      expect(JSON.parse(readFileSync(join(image, "labels/all/.zattrs"), "utf8"))).toMatchObject({
        voxelwright: { scaleMissing: true },
      });
      await expect(write(2, 40)).rejects.toThrow(/lies on another grid/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
