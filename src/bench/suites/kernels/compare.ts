import { createInlineKernels, loadKernelModule, measureBandwidth } from "#workers";
import { pythonPeer } from "../../peers/peer-process.ts";
import type { BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { labelInputs, restingBytes, shifted, snapshotOf } from "./label-inputs.ts";
import { peerRow, requireSame } from "./peer-rows.ts";

/** How far the second map is moved: a little, as raters differ, and far, where every search is long. */
const SHIFTS = [
  ["near", [2, 1, 1]],
  ["far", [20, 10, 5]],
] as const;

/** Surface distances and overlap of every label against scipy's erosion and distance transforms, one thread each. */
export async function compareRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const wasm = await loadKernelModule();
  const bandwidth = measureBandwidth(wasm);
  const kernels = createInlineKernels({ wasm });
  try {
    for (const input of await labelInputs()) {
      for (const [how, step] of SHIFTS) {
        port.signal?.throwIfAborted();
        port.note(`compare of ${input.what}, ${how}`);
        const other = shifted(input, step);
        const map = snapshotOf(input.dims, other);
        const args = [input.labels, other, ...input.dims, ...input.spacingMm];
        const peer = await pythonPeer("surface_agreement", args, port.note);
        if (!peer) continue;
        const ours = () => kernels.compare(input.map, map, input.spacingMm);
        const found = await ours();
        const both = found.filter(({ hausdorff95Mm }) => hausdorff95Mm !== undefined);
        const surface = found.reduce((sum, row) => sum + row.surfaceVoxelsA + row.surfaceVoxelsB, 0);
        rows.push(
          await peerRow(
            port,
            {
              name: `compare: ${how}`,
              input: `${input.what}, ${input.dims.join("×")}, moved by ${step.join(", ")} voxels, ${surface} surface voxels`,
              visited: { what: "surface voxel", count: surface },
              floorBytes: restingBytes(input.map) + restingBytes(map),
              peerName: "scipy erosion and EDT in each label's box",
              peer,
              rounds: surface < 200_000 ? 15 : 5,
              ours,
              check: (theirs) =>
                both.forEach((row, n) => {
                  const [label, dice, hausdorff95, mean] = theirs.subarray(n * 4, n * 4 + 4);
                  requireSame("label", row.segment, label!, 0);
                  requireSame(`Dice of label ${label}`, row.dice, dice!, 1e-12);
                  requireSame(`Hausdorff 95 of label ${label}`, row.hausdorff95Mm, hausdorff95!, 1e-9);
                  requireSame(`mean distance of label ${label}`, row.meanSurfaceDistanceMm, mean!, 1e-9);
                }),
            },
            bandwidth,
          ),
        );
      }
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}
