import type { Dims } from "#volume";
import type { KernelImage, Kernels } from "#workers";
import { drawBricks } from "../../dense.ts";
import type { ContourFill } from "../../peers/itk-contours.ts";
import { nearestSliceFill } from "../../peers/nearest-slice.ts";
import { type PeerProcess, pythonPeer } from "../../peers/peer-process.ts";
import type { SuitePort } from "../../suite.ts";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import type { FillCase } from "./fill-plan.ts";
import type { PlaneSampling } from "./plane-sampling.ts";
import type { Sampling } from "./sampling.ts";
import { clocked, type Runner } from "./runner.ts";
import { type SliceStack, walkable, walkerBox, withBackground } from "./random-walk.ts";

/** Programs that stay open for all cases of a scan. */
export class FillPeers {
  readonly #scan: LabelledScan;
  readonly #itk: ContourFill | undefined;
  readonly #shapes: PeerProcess | undefined;
  readonly #nearest: PeerProcess | undefined;
  readonly #walker: PeerProcess | undefined;

  private constructor(
    scan: LabelledScan,
    itk: ContourFill | undefined,
    shapes: PeerProcess | undefined,
    nearest: PeerProcess | undefined,
    walker: PeerProcess | undefined,
  ) {
    this.#scan = scan;
    this.#itk = itk;
    this.#shapes = shapes;
    this.#nearest = nearest;
    this.#walker = walker;
  }

  static async start(scan: LabelledScan, itk: ContourFill | undefined, port: SuitePort): Promise<FillPeers> {
    const grid = [...scan.dims, ...scan.spacingMm];
    const shapes = await pythonPeer("shape_interpolation", grid, port.note);
    const nearest = scan.plan.planes ? await pythonPeer("nearest_drawn", grid, port.note) : undefined;
    const walker = walkable(scan) ? await pythonPeer("random_walk", [scan.dense, ...grid], port.note) : undefined;
    return new FillPeers(scan, itk, shapes, nearest, walker);
  }

  /** The peers that can do what is given, ready to run. */
  async runners(given: FillCase, drawn: Uint16Array): Promise<Runner[]> {
    return given.kind === "slices" ? this.#ofSlices(given, drawn) : this.#ofPlanes(given.sampling, drawn);
  }

  async #ofSlices({ axis, planes, sampling }: Extract<FillCase, { kind: "slices" }>, drawn: Uint16Array) {
    const { dims } = this.#scan;
    const runners = this.#ofItk(axis, drawn);
    if (this.#shapes) {
      await this.#shapes.load(drawn, { axis, planes });
      runners.push(processRunner("fill-sdf", this.#shapes));
    }
    runners.push(
      ...(await this.#ofWalker(drawn, sampling, { axis, planes })),
      clocked(
        "fill-nearest",
        () => Promise.resolve(nearestSliceFill(dims, drawn, axis, planes)),
        (dense) => dense,
      ),
    );
    return runners;
  }

  async #ofPlanes(sampling: PlaneSampling, drawn: Uint16Array): Promise<Runner[]> {
    const { dims, structures } = this.#scan;
    const runners = sampling.planes.every((plane) => "axis" in plane) ? this.#ofItk(-1, drawn) : [];
    runners.push(...(await this.#ofWalker(drawn, sampling)));
    if (this.#nearest) {
      const background = structures.length + 1;
      await this.#nearest.load(withBackground(dims, drawn, sampling, background), { background });
      runners.push(processRunner("fill-nearest-voxel", this.#nearest));
    }
    return runners;
  }

  #ofItk(axis: -1 | 0 | 1 | 2, drawn: Uint16Array): Runner[] {
    const itk = this.#itk;
    if (!itk) return [];
    const { dims, spacingMm } = this.#scan;
    const bytes = Uint8Array.from(drawn);
    return [
      clocked(
        "fill-itk",
        () => itk(dims, spacingMm, bytes, axis),
        (dense) => Uint16Array.from(dense),
      ),
    ];
  }

  async #ofWalker(drawn: Uint16Array, sampling: Sampling, stack?: SliceStack): Promise<Runner[]> {
    const { dims, structures } = this.#scan;
    if (!this.#walker) return [];
    const background = structures.length + 1;
    const box = walkerBox(dims, drawn, stack);
    if (!box) return [];
    await this.#walker.load(withBackground(dims, drawn, sampling, background), { background, ...box });
    return [processRunner("fill-walker", this.#walker)];
  }

  close(): void {
    this.#shapes?.close();
    this.#nearest?.close();
    this.#walker?.close();
  }
}

/** Our fill of what is given; the image is looked at where one is given. */
export function ourFill(
  kernels: Kernels,
  dims: Dims,
  spacingMm: Dims,
  given: FillCase,
  drawn: Uint16Array,
  image?: KernelImage,
): Runner {
  const map = snapshotOf(dims, drawn);
  const from = given.kind === "slices" ? { axis: given.axis, planes: given.planes } : { drawn: given.sampling.planes };
  const how = image ? ({ method: "image", image } as const) : ({ method: "shape" } as const);
  return clocked(
    image ? "fill-ours-image" : "fill-ours",
    () => kernels.fill(map, { ...from, spacingMm, ...how }),
    ({ bricks }) => {
      const filled = drawn.slice();
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
