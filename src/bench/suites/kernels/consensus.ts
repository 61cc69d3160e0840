import { createInlineKernels, loadKernelModule, measureBandwidth } from "#workers";
import type { Dims } from "#volume";
import { drawBricks } from "../../dense.ts";
import { nativePeer } from "../../peers/peer-process.ts";
import { type BenchRow, benchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type LabelInput, labelInputs, restingBytes, shifted, snapshotOf } from "./label-inputs.ts";

const RATERS: readonly Dims[] = [
  [0, 0, 0],
  [1, 0, 0],
  [0, -1, 1],
  [2, 1, 0],
  [-1, 0, -1],
];

/** Labels beyond which ITK's multi-label STAPLE takes minutes a run. */
const FEW = 3;

/** STAPLE of five raters against ITK, one thread each; where there are many labels, binary STAPLE of all against ITK's of one. */
export async function consensusRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const wasm = await loadKernelModule();
  const bandwidth = measureBandwidth(wasm);
  const kernels = createInlineKernels({ wasm });
  try {
    for (const input of await labelInputs()) {
      port.signal?.throwIfAborted();
      port.note(`consensus of ${input.what}`);
      const dense = RATERS.map((step) => shifted(input, step));
      const maps = dense.map((labels) => snapshotOf(input.dims, labels));
      const few = new Set(input.labels).size <= FEW;
      const method = few ? "staple" : "staple-binary";
      const peer = await nativePeer("staple", [few ? "multi" : 1, ...input.dims, ...dense], port.note);
      if (!peer) continue;
      try {
        const found = await kernels.consensus(maps, { method });
        const times = await timeInterleaved(
          { ours: async () => void (await kernels.consensus(maps, { method })), peer: () => peer.run() },
          { rounds: 3, signal: port.signal },
        );
        if (few) requireEqual(input, found.proposal.bricks, await peer.result());
        // Every map is read, and a map like them written.
        const floor = maps.reduce((sum, map) => sum + restingBytes(map), restingBytes(maps[0]!));
        rows.push(
          benchRow({
            name: few ? "consensus: multi-label STAPLE" : "consensus: binary STAPLE of every label (the peer of one)",
            input: `five raters of ${input.what}, ${input.dims.join("×")}; ${found.iterations} iterations, ${((times.ours * 1e6) / input.labelled).toFixed(1)} ns a labelled voxel; floor: ${(floor / 1e6).toFixed(2)} MB`,
            floorMs: floor / bandwidth.read,
            ourMs: times.ours,
            peer: "ITK STAPLE (C++)",
            peerMs: times.peer,
          }),
        );
      } finally {
        peer.close();
      }
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

/** Throws unless the peer has the same labels; undecided ones are one past the last in ITK. */
function requireEqual(
  { dims, labels }: LabelInput,
  bricks: Iterable<readonly [number, Uint16Array]>,
  bytes: Uint8Array,
): void {
  const most = labels.reduce((a, b) => Math.max(a, b), 0);
  const ours = new Uint16Array(labels.length);
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, ours);
  const theirs = new Uint16Array(Uint8Array.from(bytes).buffer);
  const differ = ours.findIndex((label, n) => label !== (theirs[n]! > most ? 0 : theirs[n]));
  if (differ >= 0) throw new Error(`voxel ${differ}: ours is ${ours[differ]}, the peer's ${theirs[differ]}`);
}
