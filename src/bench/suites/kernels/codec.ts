import { deflateSync, inflateSync } from "node:zlib";
import { type BuiltBrick, PyramidBuilder } from "#volume";
import { loadBrickCodec } from "#workers";
import { cpuTimeOf } from "../../cpu-time.ts";
import { filesInMemory, openSeries, samplePath, sharedPath } from "../../inputs.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";

const SCANS: readonly (readonly [what: string, path: () => string | undefined])[] = [
  ["chest-ct.mha", () => samplePath("chest-ct.mha")],
  ["head-mr.nii.gz", () => samplePath("head-mr.nii.gz")],
  ["LIDC CT", () => sharedPath("ct-dicom/chest-abdomen-lidc-jpegls")],
];

/** Most bricks of a scan that are taken, evenly over all of them: zlib is slow. */
const MOST_BRICKS = 40;

/** Compressing bricks of all levels and reading them back on one thread, against zlib; copies into and out of the core are counted. */
export async function codecRows(port: SuitePort): Promise<BenchRow[]> {
  const codec = await loadBrickCodec();
  const rows: BenchRow[] = [];
  for (const [what, path] of SCANS) {
    const found = path();
    if (found === undefined) continue;
    port.note(`codec: ${what}`);
    const bricks = await bricksOf(found);
    const stored = bricks.map((voxels) => codec.encode([voxels]) ?? voxels);
    const deflated = bricks.map((voxels) => deflateSync(voxels, { level: 1 }));
    const into = new Uint8Array(bricks[0]!.length);
    stored.forEach((bytes, n) => {
      const same = bytes === bricks[n] || (codec.decode(bytes, into) && Buffer.compare(into, bricks[n]!) === 0);
      if (!same) throw new Error(`Brick ${n} of ${what} was not read back.`);
    });
    const times = await timeInterleaved(
      {
        encode: () => cpuTimeOf(async () => bricks.forEach((voxels) => codec.encode([voxels]))),
        decode: () => cpuTimeOf(async () => stored.forEach((bytes) => codec.decode(bytes, into))),
        deflate: () => cpuTimeOf(async () => bricks.forEach((voxels) => deflateSync(voxels, { level: 1 }))),
        inflate: () => cpuTimeOf(async () => deflated.forEach((bytes) => inflateSync(bytes))),
      },
      { rounds: 5, signal: port.signal },
    );
    const sum = (arrays: readonly Uint8Array[]): number => arrays.reduce((bytes, { length }) => bytes + length, 0);
    const [all, bytes] = [sum(bricks), sum(stored)];
    const ratio = (packed: number): string => `${(all / packed).toFixed(2)} : 1`;
    const row = (name: string, ourMs: number, peerMs: number): BenchRow =>
      benchRow({
        name,
        input:
          `${what}, ${bricks.length} bricks of all levels, ${(all / 1e6).toFixed(0)} MB, ${ratio(bytes)}, ` +
          `zlib ${ratio(sum(deflated))}; ${(all / ourMs / 1e6).toFixed(1)} GB/s; processor time of one thread`,
        ourMs,
        peer: "zlib, level 1",
        peerMs,
        bytes,
      });
    rows.push(
      row("bricks compressed", times.encode, times.deflate),
      row("compressed bricks read", times.decode, times.inflate),
    );
  }
  return rows;
}

async function bricksOf(path: string): Promise<Uint8Array[]> {
  const source = await (await openSeries(await filesInMemory(path))).open();
  const { grid, voxelType } = source.description;
  const found: Uint8Array[] = [];
  const take = (brick: BuiltBrick): void => {
    const { voxels } = brick.take();
    found.push(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength));
  };
  const builder = new PyramidBuilder(grid.dims, voxelType, 0, take);
  for await (const { k, voxels } of source.slices()) builder.push(k, voxels);
  const step = Math.ceil(found.length / MOST_BRICKS);
  return found.filter((_, n) => n % step === 0);
}
