import type { Dims } from "#volume";
import type { DrawnPlane, Kernels } from "#workers";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { keep, slicesOf, type Truth } from "./fill-truth.ts";
import { snapshotOf } from "./label-inputs.ts";

/** A fill between planes brought up to date after one plane more, against the same fill from the start. */
export async function renewedPlanesRow(kernels: Kernels, truth: Truth, port: SuitePort): Promise<BenchRow> {
  const { what, dims, spacingMm } = truth;
  port.note(`fill, a plane more: ${what}`);
  const at = (axis: 0 | 1 | 2, part: number): DrawnPlane => {
    const slices = slicesOf(truth, axis, 1);
    return { axis, index: slices[Math.floor(slices.length * part)]! };
  };
  const before = ([0, 1, 2] as const).flatMap((axis) => [0.3, 0.5, 0.7].map((part) => at(axis, part)));
  const [fewer, more] = [before, [...before, at(0, 0.15)]].map((drawn) => {
    const isDrawn = (ijk: Dims): boolean => drawn.some((plane) => "axis" in plane && ijk[plane.axis] === plane.index);
    const request = { drawn, spacingMm, method: "shape" } as const;
    const labels = snapshotOf(dims, keep(truth, isDrawn));
    return () => kernels.fill(labels, request);
  }) as [() => ReturnType<Kernels["fill"]>, () => ReturnType<Kernels["fill"]>];
  const forget = forgetting(kernels);
  await fewer();
  const { renewed } = await more();
  const timed = async (prepare: () => Promise<unknown>): Promise<number> => {
    await prepare();
    const start = performance.now();
    await more();
    return performance.now() - start;
  };
  const times = await timeInterleaved(
    { ours: () => timed(fewer), peer: () => timed(forget) },
    { rounds: 5, signal: port.signal },
  );
  return benchRow({
    name: `fill, a plane more: ${what}`,
    input: `${dims.join("×")}, a tenth slice beside three across each axis: ${renewed!.fields} of ${renewed!.ofFields} fields, ${renewed!.bricks} of ${renewed!.ofBricks} bricks anew`,
    ourMs: times.ours,
    peer: "the fill from the start",
    peerMs: times.peer!,
  });
}

/** A fill of something else, after which nothing of the last is kept. */
function forgetting(kernels: Kernels): () => Promise<unknown> {
  const dims = [16, 16, 16] as const;
  const dense = new Uint16Array(16 ** 3).fill(1, 1911, 2200);
  const drawn: DrawnPlane[] = [0, 1, 2].map((axis) => ({ axis: axis as 0 | 1 | 2, index: 8 }));
  const labels = snapshotOf(dims, dense);
  return () => kernels.fill(labels, { drawn, spacingMm: [1, 1, 1], method: "shape" });
}
