import type { Dims } from "#volume";
import type { Kernels } from "#workers";
import { drawBricks } from "../../dense.ts";
import type { ContourFill } from "../../peers/itk-contours.ts";
import { nearestSliceFill } from "../../peers/nearest-slice.ts";
import { type PeerProcess, pythonPeer } from "../../peers/peer-process.ts";
import type { SuitePort } from "../../suite.ts";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import type { DrawnSlices } from "./sampling.ts";
import { clocked, type Runner } from "./runner.ts";
import { walkable, walkerSeeds } from "./random-walk.ts";

/** Programs that stay open for all cases of a scan. */
export class FillPeers {
  readonly #scan: LabelledScan;
  readonly #itk: ContourFill | undefined;
  readonly #shapes: PeerProcess | undefined;
  readonly #walker: PeerProcess | undefined;

  private constructor(
    scan: LabelledScan,
    itk: ContourFill | undefined,
    shapes: PeerProcess | undefined,
    walker: PeerProcess | undefined,
  ) {
    this.#scan = scan;
    this.#itk = itk;
    this.#shapes = shapes;
    this.#walker = walker;
  }

  static async start(scan: LabelledScan, itk: ContourFill | undefined, port: SuitePort): Promise<FillPeers> {
    const grid = [...scan.dims, ...scan.spacingMm];
    const shapes = await pythonPeer("shape_interpolation", grid, port.note);
    const walker = walkable(scan) ? await pythonPeer("random_walk", [scan.dense, ...grid], port.note) : undefined;
    return new FillPeers(scan, itk, shapes, walker);
  }

  /** The peers that can do these slices, ready to run. */
  async runners(drawn: DrawnSlices): Promise<Runner[]> {
    const { dims, spacingMm, structures } = this.#scan;
    const { axis, planes, labels } = drawn;
    const runners: Runner[] = [];
    const itk = this.#itk;
    if (itk) {
      const bytes = Uint8Array.from(labels);
      runners.push(
        clocked(
          "fill-itk",
          () => itk(dims, spacingMm, bytes, axis),
          (dense) => Uint16Array.from(dense),
        ),
      );
    }
    if (this.#shapes) {
      await this.#shapes.load(labels, { axis, planes });
      runners.push(processRunner("fill-sdf", this.#shapes));
    }
    const seeds = this.#walker && walkerSeeds(dims, drawn, structures.length + 1);
    if (this.#walker && seeds) {
      await this.#walker.load(seeds.labels, { background: structures.length + 1, low: seeds.low, high: seeds.high });
      runners.push(processRunner("fill-walker", this.#walker));
    }
    runners.push(
      clocked(
        "fill-nearest",
        () => Promise.resolve(nearestSliceFill(dims, labels, axis, planes)),
        (dense) => dense,
      ),
    );
    return runners;
  }

  close(): void {
    this.#shapes?.close();
    this.#walker?.close();
  }
}

/** Our fill of the same slices. */
export function ourFill(kernels: Kernels, dims: Dims, spacingMm: Dims, { axis, planes, labels }: DrawnSlices): Runner {
  const map = snapshotOf(dims, labels);
  return clocked(
    "fill-ours",
    () => kernels.fill(map, { axis, planes, spacingMm, method: "shape" }),
    ({ bricks }) => {
      const filled = labels.slice();
      drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, filled);
      return filled;
    },
  );
}

/** A peer that is another program, by its own clock. The process stays open. */
export function processRunner(method: string, peer: PeerProcess): Runner {
  return {
    method,
    run: () => peer.run(),
    async result() {
      const bytes = Uint8Array.from(await peer.result());
      return new Uint16Array(bytes.buffer);
    },
  };
}
