import { surfaceReach } from "#workers";
import { describe, expect, it } from "vitest";
import { StudySurfaces } from "../../../src/session/study-surfaces.ts";
import { Jobs } from "../../../src/session/jobs.ts";
import { voxelOfLabel } from "../../../src/views/voxel-of-label.ts";
import { sampleFile } from "../../fixtures/shared-data.ts";
import { fileAt, startProgram } from "./program.ts";

const ROUNDS = 4;

/** The sample CT (115 × 157 × 129) with a ball of segment 1 in one brick and one of segment 2 across a corner of bricks. */
async function openDrawn() {
  const { session } = await startProgram();
  await session.commands.run("study.open", { files: [await fileAt(sampleFile("chest-ct.mha"))] });
  const run = <Result = unknown>(id: string, args: object = {}) => session.commands.run(id, args) as Promise<Result>;
  const ball = { radiusMm: 12, shape: "sphere" };
  for (const name of ["Inside", "Across"]) await run("segment.add", { name });
  await run("label.paint", { segment: 1, ijk: [[30, 30, 30]], ...ball });
  await run("label.paint", { segment: 2, ijk: [[63, 64, 64]], ...ball });
  const study = session.requireStudy();
  const { surfaces } = study;
  const made: number[][] = [];
  surfaces.changed.on((bricks) => made.push([...bricks].sort((a, b) => a - b)));
  /** Waits for the work that a change brings, and gives the bricks that were made for it. */
  async function settled(): Promise<number[]> {
    await new Promise((resolve) => setTimeout(resolve, 120));
    while (surfaces.pending.value > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return made.splice(0).flat();
  }
  return { session, study, surfaces, run, settled, made };
}

describe("surfaces of the open study", () => {
  it("are made when they are wanted, and again only where labels changed, by undo and redo too", async () => {
    const { surfaces, run, settled } = await openDrawn();
    expect(surfaces.meshes.size).toBe(0);
    surfaces.show(ROUNDS);
    expect(surfaces.pending.value).toBe(8);
    await settled();
    expect([...surfaces.meshes.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 6, 7, 8, 9]);
    const before = new Map(surfaces.meshes);

    // Well within the first brick.
    await run("label.paint", { segment: 1, ijk: [[30, 40, 30]], radiusMm: 6, shape: "sphere" });
    expect(await settled()).toEqual([0]);
    expect(surfaces.meshes.get(0)).not.toEqual(before.get(0));
    await run("history.undo");
    expect(await settled()).toEqual([0]);
    expect(surfaces.meshes.get(0)).toEqual(before.get(0));
    await run("history.redo");
    expect(await settled()).toEqual([0]);

    // Within what a neighbour's smoothing reads.
    await run("label.paint", { segment: 1, ijk: [[63 - surfaceReach(ROUNDS), 30, 30]], radiusMm: 0, shape: "sphere" });
    expect(await settled()).toEqual([0]);
    await run("label.paint", { segment: 1, ijk: [[64 - surfaceReach(ROUNDS), 30, 30]], radiusMm: 0, shape: "sphere" });
    expect(await settled()).toEqual([0, 1]);

    // What is seen alone makes nothing.
    await run("segment.update", { value: 1, color: "#123456", opacity3d: 0.5 });
    await run("segment.update", { value: 2, visible: false });
    expect(await settled()).toEqual([]);

    await run("segment.remove", { value: 2 });
    await settled();
    expect([...surfaces.meshes.keys()]).toEqual([0]);

    surfaces.show(undefined);
    expect(surfaces.meshes.size).toBe(0);
    await run("label.paint", { segment: 1, ijk: [[30, 50, 30]], radiusMm: 6, shape: "sphere" });
    expect(await settled()).toEqual([0]);
    expect(surfaces.meshes.size).toBe(0);
  });

  it("another smoothing makes all of them anew, and wins over the one before it", async () => {
    const { surfaces, settled } = await openDrawn();
    surfaces.show(12);
    await new Promise((resolve) => setTimeout(resolve, 5));
    surfaces.show(0);
    await settled();
    const blocks = new Map(surfaces.meshes);
    surfaces.show(12);
    await settled();
    surfaces.show(0);
    await settled();
    expect(new Map(surfaces.meshes)).toEqual(blocks);
  });

  it("a preview is seen as it is open, and gone when it is cancelled", async () => {
    const { surfaces, run, settled } = await openDrawn();
    surfaces.show(ROUNDS);
    await settled();
    const before = surfaces.meshes.get(0)!;
    await run("preview.show", { command: "label.margin", args: { mm: 4, segments: [1] } });
    await settled();
    expect(surfaces.meshes.get(0)!.vertices).not.toEqual(before.vertices);
    await run("preview.cancel");
    await settled();
    expect(surfaces.meshes.get(0)).toEqual(before);
  });

  it("say so once when memory is spent", async () => {
    const { session, study } = await openDrawn();
    const failures: unknown[] = [];
    const small = new StudySurfaces({
      labels: study.labels,
      kernels: session.port.kernels,
      jobs: new Jobs(),
      fail: (error) => failures.push(error),
      budgetBytes: 1000,
    });
    small.show(ROUNDS);
    while (!small.incomplete.value) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failures).toMatchObject([{ kind: "limit" }]);
    expect(small.pending.value).toBe(0);
    small.dispose();
    expect(small.meshes.size).toBe(0);
  });

  it("are of a coarser level where those of the finest would take too much memory, and of the finest once they fit", async () => {
    const { session, study, surfaces, run, settled } = await openDrawn();
    surfaces.show(ROUNDS);
    await settled();
    const bytes = [...surfaces.meshes.values()].reduce(
      (sum, { vertices, triangles }) => sum + vertices.byteLength + triangles.byteLength,
      0,
    );
    surfaces.show(undefined);
    const failures: unknown[] = [];
    const small = new StudySurfaces({
      labels: study.labels,
      kernels: session.port.kernels,
      jobs: new Jobs(),
      fail: (error) => failures.push(error),
      budgetBytes: bytes * 0.8,
    });
    const drawn = async () => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      while (small.pending.value > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      return { level: small.level, bricks: [...small.meshes.keys()].sort((a, b) => a - b) };
    };
    small.show(ROUNDS);
    expect(await drawn()).toEqual({ level: 1, bricks: [0] });
    const before = small.meshes.get(0)!;
    await run("label.paint", { segment: 1, ijk: [[30, 40, 30]], radiusMm: 6, shape: "sphere" });
    await drawn();
    expect(small.meshes.get(0)!.vertices).not.toEqual(before.vertices);
    await run("history.undo");
    await drawn();
    expect(small.meshes.get(0)).toEqual(before);
    await run("segment.remove", { value: 2 });
    await run("segment.remove", { value: 1 });
    const { segment } = await run<{ segment: { value: number } }>("segment.add", { name: "Small" });
    await run("label.paint", { segment: segment.value, ijk: [[100, 30, 30]], radiusMm: 3, shape: "sphere" });
    expect(await drawn()).toEqual({ level: 0, bricks: [1] });
    expect(failures).toEqual([]);
    small.dispose();
  });

  it("the opacity in 3D is a change of the journal that undo takes back", async () => {
    const { study, run } = await openDrawn();
    const opacity = () => study.labels.segments.get(1).opacity3d;
    await run("segment.update", { value: 1, opacity3d: 0.25 });
    expect(opacity()).toBe(0.25);
    await run("history.undo");
    expect(opacity()).toBeUndefined();
    await run("history.redo");
    await run("segment.update", { value: 1, opacity3d: 1 });
    expect(study.labels.segments.get(1)).not.toHaveProperty("opacity3d");
    expect(await run("journal.verify")).toMatchObject({ ok: true });
    await expect(run("segment.update", { value: 1, opacity3d: 1.5 })).rejects.toMatchObject({ kind: "argument" });
  });
});

it("a picked place on a surface is the nearest voxel of its label", () => {
  const labelAt = ([i, j, k]: readonly [number, number, number]): number => (i >= 10 && j >= 5 && k < 8 ? 3 : 0);
  expect(voxelOfLabel([9.45, 7.2, 4], 3, labelAt)).toEqual([10, 7, 4]);
  expect(voxelOfLabel([12, 4.4, 7.6], 3, labelAt)).toEqual([12, 5, 7]);
  expect(voxelOfLabel([4, 4, 4], 3, labelAt)).toBeUndefined();
  expect(voxelOfLabel([7, 6, 9.2], 3, labelAt)).toBeUndefined();
  expect(voxelOfLabel([7, 6, 9.2], 3, labelAt, 4)).toEqual([10, 6, 7]);
});
