import { createInlineKernels, loadKernelModule, measureBandwidth } from "#workers";
import { cpuTimeOf } from "../../cpu-time.ts";
import { drawBricks } from "../../dense.ts";
import { pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { restLabels } from "../../rest-labels.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { maskVolumes, noiseVolume } from "./component-volumes.ts";

/** Filled holes on one thread against scipy, which is slow: one round on large volumes. */
export async function holeRows(port: SuitePort): Promise<BenchRow[]> {
  const module = await loadKernelModule();
  const kernels = createInlineKernels({ wasm: module });
  const bandwidth = measureBandwidth(module);
  const rows: BenchRow[] = [];
  try {
    for await (const { what, dims, dense } of holeVolumes()) {
      port.note(`holes: ${what}`);
      const { labels, bytes } = restLabels(dims, dense);
      const peer = await pythonPeer("fill_holes", [dense, ...dims], port.note);
      const large = dense.length > 1e7;
      const { bricks, voxels } = await kernels.holes(labels, { connectivity: 26 });
      const filled = Uint8Array.from(dense);
      drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, filled);
      const times = await timeInterleaved(
        {
          ours: () => cpuTimeOf(() => kernels.holes(labels, { connectivity: 26 })),
          ...(peer ? { peer: () => peer.runForCpu() } : {}),
        },
        { warmups: large ? 1 : 3, rounds: large ? 1 : 5, signal: port.signal },
      );
      if (peer && Buffer.compare(await peer.result(), filled) !== 0) port.note("OTHER VOXELS than the peer's");
      peer?.close();
      rows.push(
        benchRow({
          name: "holes filled in 3D",
          input:
            `${what}, ${dims.join("×")}, ${voxels} voxels filled, ${((times.ours * 1e6) / dense.length).toFixed(2)} ns a voxel; processor time of one thread; ` +
            `${large ? "one round; " : ""}floor: ${(bytes / 1e6).toFixed(1)} MB of labels at rest read once`,
          ourMs: times.ours,
          floorMs: bytes / bandwidth.read,
          ...(times.peer === undefined ? {} : { peer: "scipy.ndimage.binary_fill_holes", peerMs: times.peer }),
        }),
      );
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

async function* holeVolumes() {
  yield* maskVolumes();
  yield noiseVolume(256, 0.7);
}
