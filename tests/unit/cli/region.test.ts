import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SourceFile } from "#sources";
import { createInlineKernels, loadKernelModule } from "#workers";
import { openPath, openStore } from "../../../src/cli/open-path.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import { type ZarrHost, zarrHost } from "../sources/zarr-host.ts";
import { zarrFiles } from "../sources/zarr-writer.ts";

const SEED = 41;
/** 3×2×3 bricks, cut along every axis. */
const SHAPE = [130, 70, 150];
/** Regions of whole bricks that share none and cover the volume. */
const REGIONS = ["0:64,0:70,0:130", "64:150,0:64,0:130", "64:150,64:70,0:64", "64:150,64:70,64:130"];
const RANGE = ["--range", "40,400"];

let folder = "";
let image = "";
let files: SourceFile[] = [];
let host: ZarrHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "voxelwright-region-"));
  files = await zarrFiles("scan.zarr", { version: "0.5", dtype: "i2", codec: "gzip", ...small((v) => v) });
  const floats = await zarrFiles("floats.zarr", { version: "0.4", dtype: "f4", ...small((v) => v / 3) });
  for (const { name, blob } of [...files, ...floats]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), new Uint8Array(await blob.arrayBuffer()));
  }
  image = at("scan.zarr");
  host = await zarrHost(files);
  // Builds the program where it is older than its sources.
  await program("--help");
}, 120_000);
afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true });
});

/** Waves with noise on them, in chunks that bricks cut. */
function small(of: (value: number) => number) {
  const value = (k: number, j: number, i: number): number => {
    const noise = (Math.imul(SEED + i + 150 * (j + 70 * k), 0x9e3779b1) >>> 0) % 61;
    return of(Math.round(90 * Math.sin(i / 11) + 70 * Math.cos(j / 9) + 60 * Math.sin(k / 13)) + noise);
  };
  return { resolutions: [{ shape: SHAPE, value }], chunks: [48, 64, 60] };
}

const at = (name: string): string => join(folder, name);
const bin = new URL("../../../src/cli/bin.mjs", import.meta.url).pathname;

/** A command line in a process of its own. */
async function program(...argv: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [bin, ...argv])).stdout;
}

/** A command line in this process: what it prints, or its fault. */
async function voxelwright(...argv: string[]): Promise<string> {
  let out = "";
  let fault = "";
  const port = {
    print: (text: string) => void (out += text),
    note: () => undefined,
    open: (path: string, how?: { asStore: boolean }) => (how?.asStore ? openStore : openPath)(path),
    kernels: async () => createInlineKernels({ wasm: await loadKernelModule() }),
  };
  return (await runCli(argv, port, (line) => void (fault += line))) === 0 ? out : fault;
}

/** Bytes of every file below a folder, by its path. */
async function contents(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = found.map(async (path) => [path.slice(root.length), (await readFile(path)).toString("base64")] as const);
  return Object.fromEntries(await Promise.all(read));
}

/** Rows as they are merged: all but shape. */
function withoutShape(text: string): unknown {
  return (JSON.parse(text) as Record<string, unknown>[]).map((row) => ({ ...row, shape: undefined }));
}

describe(`a threshold over regions in processes of their own (seed ${SEED})`, () => {
  it("merges, at once and by steps, to the files of one run over the volume", async () => {
    const parts = REGIONS.map((_, n) => at(`part${n}.zarr`));
    const runs = REGIONS.map((region, n) => program("threshold", image, "--region", region, ...RANGE, "-o", parts[n]!));
    await Promise.all([...runs, program("threshold", image, ...RANGE, "-o", at("whole.zarr"))]);
    const whole = await contents(at("whole.zarr"));
    expect(Object.keys(whole).filter((path) => path.startsWith("/0/c")).length).toBe(18);

    const merged = await voxelwright("merge", "labels", ...parts.toReversed(), "-o", at("merged.zarr"));
    expect(JSON.parse(merged)).toEqual({ parts: 4, regions: 4, covered: 1 });
    expect(await contents(at("merged.zarr"))).toEqual(whole);

    const half = await voxelwright("merge", "labels", parts[0]!, parts[2]!, "-o", at("half.zarr"));
    expect((JSON.parse(half) as { covered: number }).covered).toBeCloseTo((64 * 70 * 130 + 86 * 6 * 64) / 1_365_000, 9);
    await voxelwright("merge", "labels", parts[1]!, at("half.zarr"), parts[3]!, "-o", at("steps.zarr"));
    expect(await contents(at("steps.zarr"))).toEqual(whole);
  }, 60_000);

  it("asks a server for the chunks of its region alone", async () => {
    host.asked.length = 0;
    const argv = ["--region", "0:64,0:64,64:130", ...RANGE, "-o", at("asked.zarr")];
    expect(await voxelwright("threshold", `${host.url}/scan.zarr`, ...argv)).toMatch(/changed/);
    // Chunks of 48, 64, 60 along k, j, i that 64:130, 0:64 and 0:64 touch.
    const wanted = ["1/0/0", "1/0/1", "2/0/0", "2/0/1"].map((path) => `/scan.zarr/0/c/${path}`);
    expect([...new Set(host.asked.filter((path) => path.includes("/c/")))].sort()).toEqual(wanted);
  });
});

describe(`statistics over regions in processes of their own (seed ${SEED})`, () => {
  it("merge to every digit of one run over the volume", async () => {
    const labels = at("classes.zarr");
    expect(await voxelwright("threshold", image, "--method", "multi-otsu-4", "-o", labels)).toMatch(/changed/);
    const parts = REGIONS.map((_, n) => at(`part${n}.json`));
    await Promise.all(
      REGIONS.map((region, n) =>
        program("statistics", labels, "--image", image, "--region", region, "--json", parts[n]!),
      ),
    );
    const whole = withoutShape(await voxelwright("statistics", labels, "--image", image));
    expect(whole).toHaveLength(3);
    const csv = at("rows.csv");
    expect(withoutShape(await voxelwright("merge", "statistics", ...parts, "--csv", csv))).toEqual(whole);
    expect((await readFile(csv, "utf8")).trim().split("\r\n")).toHaveLength(4);
    await voxelwright("merge", "statistics", parts[3]!, parts[1]!, "-o", at("half.json"));
    const steps = await voxelwright("merge", "statistics", at("half.json"), parts[0]!, parts[2]!);
    expect(withoutShape(steps)).toEqual(whole);
    expect(await voxelwright("merge", "statistics", parts[0]!, parts[1]!)).toMatch(/cover 9[0-9.]+ % of the volume/);
  }, 60_000);

  it("of 32-bit values merge in what is exact: size, place, least and greatest", async () => {
    const floats = at("floats.zarr");
    const labels = at("floats-labels.zarr");
    await voxelwright("threshold", floats, "--range", "10,20", "-o", labels);
    const parts = REGIONS.map((_, n) => at(`floats${n}.json`));
    for (const [n, region] of REGIONS.entries())
      await voxelwright("statistics", labels, "--image", floats, "--region", region, "--json", parts[n]!);
    const [whole] = withoutShape(await voxelwright("statistics", labels, "--image", floats)) as [object];
    const inexact = { mean: null, sd: null, median: null, p5: null, p25: null, p75: null, p95: null };
    expect(withoutShape(await voxelwright("merge", "statistics", ...parts))).toEqual([{ ...whole, ...inexact }]);
  }, 30_000);
});

describe(`growth over regions (seed ${SEED})`, () => {
  const seeds = ["--seed", "75,8,60", "--seed", "3,60,100", "--seed", "149,69,129"];

  it.each([
    ["6", "70,400"],
    ["18", "95,400"],
    ["26", "110,400"],
  ])(
    "of connectivity %s in the range %s merges to the files of one growth",
    async (connectivity, range) => {
      const wanted = [...seeds, "--range", range, "--connectivity", connectivity, "--label", "7"];
      const name = (part: string): string => at(`grown-${connectivity}-${part}.zarr`);
      const { changed } = JSON.parse(await voxelwright("grow", image, ...wanted, "-o", name("whole"))) as {
        changed: number;
      };
      expect(changed).toBeGreaterThan(1000);
      for (const [n, region] of REGIONS.entries())
        expect(await voxelwright("grow", image, "--region", region, ...wanted, "-o", name(`${n}`))).toMatch(
          /components/,
        );
      const parts = REGIONS.map((_, n) => name(`${n}`)).toReversed();
      const merged = await voxelwright("merge", "growth", ...parts, "-o", name("merged"));
      expect((JSON.parse(merged) as { joined: number }).joined).toBeGreaterThan(0);
      expect(await contents(name("merged"))).toEqual(await contents(name("whole")));
      if (connectivity !== "6") return;
      expect(await voxelwright("merge", "labels", ...parts, "-o", at("refused.zarr"))).toMatch(/merge growth/);
      expect(await voxelwright("merge", "growth", name("0"), "-o", at("refused.zarr"))).toMatch(/cover 4[0-9.]+ %/);
    },
    60_000,
  );
});

describe("a region is refused", () => {
  const part = (name: string, region: string, range = RANGE): Promise<string> =>
    voxelwright("threshold", image, "--region", region, ...range, "-o", at(name));

  it.each([
    ["that is no box", "0:64,0:64", /takes I0:I1,J0:J1,K0:K1/],
    ["that cuts bricks", "0:64,0:60,0:64", /Along j the region 0:60 cuts bricks of 64 .* Take 0:64/],
    ["past the volume", "0:64,0:70,64:192", /Along k the region 64:192 is no part of 0:130/],
    ["without voxels", "64:64,0:70,0:64", /Along i the region 64:64 is no part of 0:150/],
  ])("%s", async (_, region, fault) => {
    expect(await part("refused.zarr", region)).toMatch(fault);
  });

  it("for a method, a file, and an output that cannot say which part it is", async () => {
    const region = ["--region", "0:64,0:64,0:64"];
    const sample = new URL("../../../src/public/samples/chest-ct.mha", import.meta.url).pathname;
    const out = ["-o", at("refused.zarr")];
    expect(await voxelwright("threshold", image, ...region, "--method", "otsu", ...out)).toMatch(/takes --range/);
    expect(await voxelwright("threshold", sample, ...region, ...RANGE, ...out)).toMatch(/in an OME-Zarr/);
    const file = ["-o", at("refused.nii.gz")];
    expect(await voxelwright("threshold", image, ...region, ...RANGE, ...file)).toMatch(/Zarr folder of its own/);
    expect(await voxelwright("statistics", image, ...region)).toMatch(/--json is missing/);
    const leak = ["--seed", "1,1,1", "--leak-guard", "2"];
    expect(await voxelwright("grow", image, ...region, ...RANGE, ...leak, ...out)).toMatch(/takes --range alone/);
  });

  it("to be merged with one that overlaps, is of another job, or is no part", async () => {
    await part("left.zarr", "0:64,0:70,0:130");
    await part("over.zarr", "0:128,0:64,0:64");
    await part("other.zarr", "64:150,0:70,0:130", ["--range", "41,400"]);
    await voxelwright("threshold", image, ...RANGE, "-o", at("no-part.zarr"));
    const merge = (...names: string[]): Promise<string> =>
      voxelwright("merge", "labels", ...names.map(at), "-o", at("refused.zarr"));
    expect(await merge("left.zarr", "over.zarr")).toMatch(/0:128,0:64,0:64 overlaps 0:64,0:70,0:130/);
    expect(await merge("left.zarr", "other.zarr")).toMatch(/another job/);
    expect(await merge("left.zarr", "no-part.zarr")).toMatch(/no part of a job/);
    expect(await voxelwright("merge", "meshes", at("left.zarr"))).toMatch(/Kinds: labels, statistics, growth/);
    expect(await voxelwright("merge", "statistics", join(image, "zarr.json"))).toMatch(/no part of statistics/);
  });
});
