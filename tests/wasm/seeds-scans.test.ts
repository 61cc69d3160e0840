import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Dims, IndexBox } from "#volume";
import type { SeedsRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../fixtures/shared-data.ts";
import oracle from "../fixtures/oracles/seeds.json" with { type: "json" };
import { erodedSeeds } from "../../src/bench/eroded-seeds.ts";
import { inlineKernels } from "./support/kernels.ts";
import { readNifti } from "./support/nifti.ts";
import { readScan } from "./support/scans.ts";
import { flattenLabels, imageOf, labelsOf } from "./support/volumes.ts";

/** A case of tests/oracles/seeds.py. */
interface OracleRow {
  readonly name: string;
  readonly image: string;
  readonly imageSha256: string;
  readonly request: {
    readonly connectivity: 6 | 26;
    readonly region?: IndexBox;
    readonly bias?: Record<string, number>;
    readonly maximumCost?: number;
    readonly spatialWeight?: number;
  };
  readonly seeds:
    | { readonly boxes: readonly (readonly [min: Dims, max: Dims, label: number])[] }
    | { readonly labels: string; readonly millimetres: number; readonly ring: readonly [number, number] };
  readonly seedsSha256: string;
  readonly voxels: Record<string, number>;
  readonly sha256: string;
}

const rows = oracle.rows as unknown as readonly OracleRow[];
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (labels: Uint16Array) => new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength);

function drawnBoxes(
  [ni, nj, nk]: Dims,
  boxes: readonly (readonly [min: Dims, max: Dims, label: number])[],
): Uint16Array {
  const drawn = new Uint16Array(ni * nj * nk);
  for (const [min, max, label] of boxes) {
    for (let k = min[2]; k < max[2]; k++) {
      for (let j = min[1]; j < max[1]; j++) drawn.fill(label, (k * nj + j) * ni + min[0], (k * nj + j) * ni + max[0]);
    }
  }
  return drawn;
}

for (const inSamples of [true, false]) {
  describe.runIf(inSamples || hasSharedData)("growth from seeds equals Dijkstra in Python", () => {
    for (const row of rows.filter(({ image }) => image.startsWith("samples/") === inSamples)) {
      test(row.name, async () => {
        const file = inSamples ? sampleFile(row.image.slice("samples/".length)) : sharedData(row.image);
        expect(sha256(readFileSync(file))).toBe(row.imageSha256);
        const scan = readScan(file);
        const { dims, spacingMm } = scan;
        const drawn =
          "boxes" in row.seeds
            ? drawnBoxes(dims, row.seeds.boxes)
            : erodedSeeds(
                readNifti(sharedData(row.seeds.labels)).voxels,
                dims,
                spacingMm,
                row.seeds.millimetres,
                row.seeds.ring,
              );
        expect(sha256(bytesOf(drawn))).toBe(row.seedsSha256);
        const segments = [...new Set(drawn)].filter((label) => label !== 0);
        const request: SeedsRequest = { segments, spacingMm, ...row.request };
        const { bricks, voxels } = await inlineKernels().growFromSeeds(imageOf(scan), labelsOf(dims, drawn), request);
        const whole = flattenLabels(dims, bricks);
        expect(voxels).toBe(whole.filter((label) => label !== 0).length);
        for (let n = 0; n < drawn.length; n++) if (drawn[n] !== 0) whole[n] = drawn[n]!;
        const counts: Record<string, number> = {};
        for (const label of whole) if (label !== 0) counts[label] = (counts[label] ?? 0) + 1;
        expect(counts).toEqual(row.voxels);
        expect(sha256(bytesOf(whole))).toBe(row.sha256);
      });
    }
  });
}
