import { findThresholds } from "#volume";
import { createInlineKernels, loadKernelModule, measureBandwidth } from "#workers";
import { cpuTimeOf } from "../../cpu-time.ts";
import { samplePath, sharedPath } from "../../inputs.ts";
import { pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { readScan } from "../../scan.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { countReads } from "./count-reads.ts";

const SCANS: readonly (readonly [what: string, path: () => string | undefined])[] = [
  ["chest-ct.mha", () => samplePath("chest-ct.mha")],
  ["head-mr.nii.gz", () => samplePath("head-mr.nii.gz")],
  ["LIDC chest CT", () => sharedPath("ct-dicom/chest-abdomen-lidc-jpegls")],
  ["spleen CT", () => sharedPath("labels/spleen-ct/ct.nii.gz")],
];

const TYPES: Readonly<Record<string, string>> = {
  uint8: "u1",
  int8: "i1",
  uint16: "u2",
  int16: "i2",
  uint32: "u4",
  int32: "i4",
  float32: "f4",
};

/** Histogram and Otsu's threshold on one thread against scikit-image. */
export async function histogramRows(port: SuitePort): Promise<BenchRow[]> {
  const module = await loadKernelModule();
  const kernels = createInlineKernels({ wasm: module });
  const bandwidth = measureBandwidth(module);
  const rows: BenchRow[] = [];
  try {
    for (const [what, path] of SCANS) {
      const found = path();
      if (found === undefined) continue;
      port.note(`histogram: ${what}`);
      const { dims, dense, image } = await readScan(found);
      const otsu = async (from = image): Promise<number> => {
        return findThresholds(await kernels.histogram(from, { bins: 256 }), "otsu").thresholds[0]!;
      };
      const counted = countReads(image);
      const ours = await otsu(counted.image);
      const bytes = counted.bytes();
      const peer = await pythonPeer("otsu", [dense, TYPES[image.voxelType]!, ...dims], port.note);
      const times = await timeInterleaved(
        { ours: () => cpuTimeOf(otsu), ...(peer ? { peer: () => peer.runForCpu() } : {}) },
        { warmups: 5, rounds: 9, signal: port.signal },
      );
      if (peer) {
        const theirs = new Float64Array(Uint8Array.from(await peer.result()).buffer)[0]!;
        // Bins of float32 have borders in single precision there, so their middles differ in the last digits.
        if (Math.abs(theirs - ours) > 1e-5 * Math.abs(ours))
          port.note(`OTHER THRESHOLD: ${ours}, the peer's ${theirs}`);
      }
      peer?.close();
      rows.push(
        benchRow({
          name: "histogram and Otsu's threshold",
          input:
            `${what}, ${dims.join("×")}, ${image.voxelType}, ${((times.ours * 1e6) / dense.length).toFixed(2)} ns a voxel; processor time of one thread; ` +
            `floor: ${(bytes / 1e6).toFixed(0)} MB of bricks read once`,
          ourMs: times.ours,
          floorMs: bytes / bandwidth.read,
          ...(times.peer === undefined ? {} : { peer: "skimage.filters.threshold_otsu", peerMs: times.peer }),
        }),
      );
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}
