import type { SourceFile } from "#sources";
import { describe, expect, it } from "vitest";
import { niftiFile } from "../sources/nifti-file.ts";
import { startProgram } from "./program.ts";

/* What is at hand when a study is opened anew with voxels of another size. */

/** A NIfTI of 20 × 20 × 10 voxels that does not say how large they are. */
function scan(frames = 1): SourceFile {
  const voxels = Uint8Array.from({ length: 4000 * frames }, (_, n) => (n * 7) % 251);
  const dim = [frames > 1 ? 4 : 3, 20, 20, 10, frames, 1, 1, 1];
  return niftiFile({ dim, bitpix: 8, sformCode: 0, pixdim: [1, 0, 0, 0] }, voxels, "a.nii");
}

async function program(frames = 1) {
  const { session } = await startProgram();
  const run = <Result>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  await run("study.open", { files: [scan(frames)] });
  return { session, run };
}

const sizes = { spacingMm: [0.5, 0.5, 2] };

describe("A study that is opened anew with another voxel size", () => {
  it("is shown as before, but for what is of millimetres on the screen", async () => {
    const { session, run } = await program(4);
    const look = {
      layout: "coronal",
      invert: true,
      interpolation: "cubic",
      lut: "inferno",
      slab: { mode: "mip", thicknessMm: 7 },
      volumeMode: "mip",
      projection: "parallel",
      labelOpacity: 0.2,
      labelOutline: false,
      labelHighlight: false,
      labelsVisible: false,
      labelsInVolume: "surfaces",
      frame: 3,
    } as const;
    const volume = {
      window: { center: 100, width: 50 },
      iso: { level: 90, opacity: 0.5 },
      quality: "high",
      clipBox: { min: [1, 2, 3], max: [9, 8, 7] },
      image: false,
      planes: true,
      surfaceSmoothing: "strong",
    } as const;
    const points = [10, 90].map((value) => ({ value, opacity: 0.5, color: [1, 0, 0] }));
    await run("view.set", { ...look, volume: { ...volume, transfer: { points } } });
    await run("study.setSpacing", sizes);
    const after = session.view.value!;
    expect(after.toJson()).toMatchObject({ ...look, volume: { ...volume, transfer: { points } } });
    expect(after.automaticWindow.value).toBe(true);
    expect(session.study.value!.image.frame.value).toBe(3);
  });

  it("keeps crosshair and cut at their voxels", async () => {
    const { session, run } = await program();
    const { grid } = session.requireStudy().image;
    const [a, b] = [grid.toLps([4, 4, 2]), grid.toLps([4, 8, 6])];
    // The plane holds the line from a to b, and axis i.
    const along = b.map((mm, axis) => mm - a[axis]!);
    const normal = [0, -along[2]!, along[1]!];
    await run("view.set", { crosshair: a, volume: { clipPlane: { point: b, normal } } });
    await run("study.setSpacing", sizes);
    const now = session.requireStudy().image.grid;
    const view = session.view.value!;
    expect(now.toIndex(view.crosshair.value).map((n) => Number(n.toFixed(6)))).toEqual([4, 4, 2]);
    const cut = view.volume.clipPlane.value!;
    const [after, to] = [now.toLps([4, 4, 2]), now.toLps([4, 8, 6])];
    const dot = (of: readonly number[]): number => of.reduce((sum, n, axis) => sum + n * cut.normal[axis]!, 0);
    expect(dot(to.map((mm, axis) => mm - cut.point[axis]!))).toBeCloseTo(0, 9);
    expect(dot(to.map((mm, axis) => mm - after[axis]!))).toBeCloseTo(0, 9);
    expect(Math.hypot(...cut.normal)).toBeCloseTo(1, 12);
  });

  it("goes back to the grid where a picture along a path had all the room", async () => {
    const { session, run } = await program();
    const view = session.view.value!;
    view.curve.value = { path: 1, mode: "straightened", angleDeg: 0, zoom: 1, panMm: [0, 0] };
    view.layout.value = "curve";
    await run("study.setSpacing", sizes);
    expect(session.phase.value).toBe("open");
    expect(session.view.value!.toJson()).toMatchObject({ layout: "grid", curve: null });
  });

  it("has the same segment, measurement and drawn planes at hand", async () => {
    const { session, run } = await program();
    await run("segment.add", {});
    await run("segment.add", {});
    const points = [
      [0, 0, 0],
      [0, 0, 3],
    ]; // prettier-ignore
    await run("measurement.add", { kind: "distance", points });
    await run("measurement.add", { kind: "distance", points });
    const before = session.requireStudy();
    before.activeSegment.value = 2;
    before.measuring.selected.value = 1;
    before.drawnPlanes.add({ axis: 2, slice: 4 }, [1, 1, 4], 1);
    before.drawnPlanes.add({ normal: [0, Math.SQRT1_2, Math.SQRT1_2] }, [3, 5, 5], 2);
    await run("study.setSpacing", sizes);
    const study = session.requireStudy();
    expect(study).not.toBe(before);
    expect([study.activeSegment.value, study.measuring.selected.value]).toEqual([2, 1]);
    const [slice, oblique] = study.drawnPlanes.list(() => true);
    expect(slice).toEqual({ axis: 2, index: 4 });
    if (!oblique || !("normal" in oblique)) throw new Error("The oblique plane was left out.");
    const { point, normal } = oblique;
    // At 1 mm the plane goes as far along j as against k; the same voxels are now half, and twice, as far apart.
    const [, was] = before.drawnPlanes.list(() => true);
    const across = (ijk: readonly number[]): number =>
      ijk.reduce((sum, n, axis) => sum + (n - point[axis]!) * sizes.spacingMm[axis]! * normal[axis]!, 0);
    const sign = (was as typeof oblique).normal[1] * (was as typeof oblique).normal[2] < 0 ? 1 : -1;
    for (const by of [0, 1, 3]) expect(across([3, 5 + by, 5 + sign * by])).toBeCloseTo(0, 4);
    expect(study.drawnPlanes.list((entry) => entry === 2)).toEqual([oblique]);
  });

  it("takes changes that are asked for at once one after the other", async () => {
    const { session, run } = await program();
    const last = { spacingMm: [1, 1, 3] };
    const [, summary] = await Promise.all([run("study.setSpacing", sizes), run("study.setSpacing", last)]);
    expect(summary).toMatchObject(last);
    expect(session.requireStudy().image.grid.spacingMm).toEqual(last.spacingMm);
    expect(session.messages.list.value.filter(({ tone }) => tone === "error")).toEqual([]);
    expect(await run<{ ok: boolean }>("journal.verify")).toMatchObject({ ok: true });
  });
});
