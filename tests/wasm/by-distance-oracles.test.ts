import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DistanceRequest, HollowRequest, LabelProposal, SmoothRequest, SpacingMm } from "#workers";
import { describe, expect, test } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../fixtures/shared-data.ts";
import { inlineKernels } from "./support/kernels.ts";
import { applied } from "./support/proposals.ts";
import { readScan } from "./support/scans.ts";
import { flattenMask, imageOf, labelsOf } from "./support/volumes.ts";

interface Source {
  readonly file: string;
  readonly sha256: string;
  /** Who found what follows. */
  readonly by: string;
}

interface FieldCase extends Source {
  readonly request: Pick<DistanceRequest, "mode" | "spacingMm" | "segments">;
  /** Voxels up to distances that none is near to. */
  readonly levels: readonly (readonly [mm: number, voxels: number])[];
  readonly sum: number;
  readonly values: readonly (readonly [voxel: number, mm: number])[];
}

interface ChangeCase extends Source {
  readonly request: { readonly spacingMm: SpacingMm } & (
    | { readonly kind: "margin"; readonly mm: number }
    | { readonly kind: "hollow"; readonly mode: HollowRequest["mode"]; readonly thicknessMm: number }
    | { readonly kind: SmoothRequest["method"]; readonly mm: number }
  );
  readonly voxels: number;
  readonly labels: string;
}

const fixture = fileURLToPath(new URL("../fixtures/oracles/by-distance.json", import.meta.url));
const { fields, changes } = JSON.parse(readFileSync(fixture, "utf8")) as {
  fields: FieldCase[];
  changes: ChangeCase[];
};
const kernels = inlineKernels();

for (const file of new Set(fields.map((entry) => entry.file))) {
  const shipped = file.startsWith("samples/");
  describe.runIf(shipped || hasSharedData)(`${file}, by other programs`, () => {
    const path = () => (shipped ? sampleFile(file.slice("samples/".length)) : sharedData(file));
    const own = <Case extends Source>(cases: readonly Case[]): Case[] => cases.filter((entry) => entry.file === file);

    /** Labels as they are, or the lungs of the sample. */
    async function labelled() {
      const scan = readScan(path());
      const { dims, spacingMm } = scan;
      if (!shipped) return { dims, spacingMm, labels: Uint16Array.from(scan.voxels) };
      const seeds = [[40, 80, 60]] as const;
      const request = { seeds, range: { low: -1100, high: -400 }, connectivity: 6, segment: 1 } as const;
      const { bricks } = await kernels.grow(imageOf(scan), request);
      return { dims, spacingMm, labels: Uint16Array.from(flattenMask(dims, bricks)) };
    }

    test("is the file that they read", () => {
      expect(createHash("sha256").update(readFileSync(path())).digest("hex")).toBe(own(fields)[0]!.sha256);
    });

    for (const { by, request, levels, sum, values } of own(fields)) {
      const of = request.segments ? ` of ${request.segments.join(", ")}` : "";
      test(`distances, ${request.mode}${of}: ${by}`, async () => {
        const { dims, spacingMm, labels } = await labelled();
        expect(request.spacingMm).toEqual(spacingMm);
        const field = await kernels.distance(labelsOf(dims, labels), request);
        for (const [voxel, mm] of values) expect(Math.abs(field.values[voxel]! - mm)).toBeLessThan(1e-4);
        const counts = new Uint32Array(levels.length);
        for (const value of field.values) {
          for (let n = levels.length - 1; n >= 0 && value <= levels[n]![0]; n--) counts[n]!++;
        }
        expect([...counts]).toEqual(levels.map(([, voxels]) => voxels));
        const total = field.values.reduce((all, value) => all + value, 0);
        expect(Math.abs(total - sum) / field.values.length).toBeLessThan(1e-5);
      });
    }

    for (const { by, request, voxels, labels: expected } of own(changes)) {
      const length = request.kind === "hollow" ? `${request.mode} ${request.thicknessMm}` : request.mm;
      test(`${request.kind} ${length} mm: ${by}`, async () => {
        const { dims, labels } = await labelled();
        const proposal = await propose(labelsOf(dims, labels), request);
        const after = applied(dims, labels, proposal);
        expect(proposal.voxels).toBe(voxels);
        expect(createHash("sha256").update(after).digest("hex")).toBe(expected);
      });
    }
  });
}

function propose(map: ReturnType<typeof labelsOf>, request: ChangeCase["request"]): Promise<LabelProposal> {
  switch (request.kind) {
    case "margin":
      return kernels.margin(map, request);
    case "hollow":
      return kernels.hollow(map, request);
    default:
      return kernels.smooth(map, { method: request.kind, spacingMm: request.spacingMm, mm: request.mm });
  }
}
