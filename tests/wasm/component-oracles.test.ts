import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import oracles from "../fixtures/oracles/components.json" with { type: "json" };
import { inlineKernels } from "./support/kernels.ts";
import { hasScan, readOracleScan } from "./support/oracle-scans.ts";
import { flattenLabels, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe("components of real labels and scans are those of scipy, scikit-image and ITK", () => {
  for (const { file, components, ...rest } of oracles.cases) {
    const range = "range" in rest ? (rest.range as [number, number]) : undefined;
    test.runIf(hasScan(file))(`${file}${range ? `, ${range.join(" to ")}` : ""}`, async () => {
      const { dims, voxels } = await readOracleScan(file);
      const labels = range ? voxels.map((value) => (value >= range[0] && value <= range[1] ? 1 : 0)) : voxels;
      const map = labelsOf(dims, labels);
      for (const connectivity of [6, 18, 26] as const) {
        const expected = components[`${connectivity}`];
        const { rows, segments } = await kernels.components(map, { connectivity });
        expect([rows.length, segments.length]).toEqual([expected.components, expected.segments]);
        for (const [segment, largest] of Object.entries(expected.largest)) {
          expect(rows.find((row) => row.segment === Number(segment))!.voxels).toBe(largest);
        }
        const sizes = segments.map(({ segment }) => {
          const own = rows.filter((row) => row.segment === segment).map((row) => row.voxels);
          return `${segment}:${own.join(",")}`;
        });
        expect(sha256(sizes.join(";"))).toBe(expected.sha256);
      }
    });
  }
});

describe("filled holes of real labels and scans are those of scipy", () => {
  for (const { file, holes, ...rest } of oracles.cases) {
    const range = "range" in rest ? (rest.range as [number, number]) : undefined;
    test.runIf(hasScan(file))(`${file}${range ? `, ${range.join(" to ")}` : ""}`, async () => {
      const { dims, voxels } = await readOracleScan(file);
      const labels = range ? voxels.map((value) => (value >= range[0] && value <= range[1] ? 1 : 0)) : voxels;
      const { segment, voxels: drawn, ...ways } = holes;
      const mask = Uint8Array.from(labels, (label) => (label === segment ? 1 : 0));
      const map = labelsOf(dims, mask);
      for (const [way, expected] of Object.entries(ways)) {
        const [connectivity, axis] = way.split(" across ").map(Number) as [6 | 26, 0 | 1 | 2 | undefined];
        const request = { connectivity, ...(axis === undefined ? {} : { axis }) };
        const { bricks, voxels: filled } = await kernels.holes(map, request);
        expect(drawn + filled, way).toBe(expected.voxels);
        const proposed = flattenLabels(dims, bricks);
        expect(sha256(mask.map((bit, n) => bit | proposed[n]!)), way).toBe(expected.sha256);
      }
    });
  }
});
