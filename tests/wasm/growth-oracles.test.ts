import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Dims } from "#volume";
import type { ConfidenceRange, Connectivity, GradientLimit, GrowRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../fixtures/shared-data.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenMask, imageOf } from "./support/volumes.ts";
import { readScan } from "./support/scans.ts";

interface OracleCase {
  readonly file: string;
  readonly sha256: string;
  readonly by: string;
  readonly request: {
    readonly seeds: readonly Dims[];
    readonly range?: readonly [number, number];
    readonly connectivity: Connectivity;
    readonly leakGuard?: Dims;
    readonly gradient?: GradientLimit;
    readonly confidence?: ConfidenceRange;
  };
  readonly voxels: number;
  readonly mask: string;
}

const fixture = fileURLToPath(new URL("../fixtures/oracles/growth.json", import.meta.url));
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: OracleCase[] };
const kernels = inlineKernels();

for (const file of new Set(cases.map((entry) => entry.file))) {
  const shipped = file.startsWith("samples/");
  describe.runIf(shipped || hasSharedData)(`growth in ${file} equals that of other programs`, () => {
    const path = () => (shipped ? sampleFile(file.slice("samples/".length)) : sharedData(file));
    for (const { by, request, voxels, mask, sha256 } of cases.filter((entry) => entry.file === file)) {
      const { seeds, range, connectivity, leakGuard, gradient, confidence } = request;
      const rule = leakGuard
        ? `leak guard ${leakGuard.join(", ")}`
        : gradient
          ? `gradient ${gradient.maximumPerMm}`
          : "";
      const kind = confidence
        ? `confidence ${confidence.multiplier}, ${confidence.iterations}`
        : `${connectivity} ${rule}`;
      test(`${kind}: ${by}`, async () => {
        expect(createHash("sha256").update(readFileSync(path())).digest("hex")).toBe(sha256);
        const volume = readScan(path());
        const grow: GrowRequest = {
          seeds,
          connectivity,
          segment: 1,
          ...(range ? { range: { low: range[0], high: range[1] } } : {}),
          ...(leakGuard ? { leakGuard: { radius: leakGuard } } : {}),
          ...(gradient ? { gradient } : {}),
          ...(confidence ? { confidence } : {}),
        };
        const grown = await kernels.grow(imageOf(volume), grow);
        expect(grown.voxels).toBe(voxels);
        const bytes = flattenMask(volume.dims, grown.bricks);
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(mask);
      });
    }
  });
}
