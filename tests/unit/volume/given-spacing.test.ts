import { ImageGrid, spacingFault, type VolumeDescription, withSpacing } from "#volume";
import { describe, expect, it } from "vitest";

/** A volume of 1 mm voxels of which the source gives no size along `axes`. */
function described(
  axes: readonly ("i" | "j" | "k")[],
  more: Partial<VolumeDescription> = {},
  fixedIjk: readonly [number, number, number] = [0, 0, 0],
): VolumeDescription {
  return {
    name: "scan",
    grid: { dims: [5, 7, 9], indexToLps: [1, 0, 0, 10, 0, 1, 0, 20, 0, 0, 1, 30] },
    voxelType: "uint8",
    rescale: { slope: 1, intercept: 0 },
    unit: "",
    modality: "",
    frames: 1,
    notes: ["First.", "1 mm is assumed.", "Last."],
    metadata: {},
    format: "test",
    ...(axes.length > 0 ? { missingSpacing: { axes, notes: ["1 mm is assumed."], fixedIjk } } : {}),
    ...more,
  };
}

describe("a voxel size that is given by hand", () => {
  it("takes the place of what was assumed, in the grid and among the notes", () => {
    const given = withSpacing(described(["i", "j", "k"]), [0.5, 0.25, 3]);
    expect(given.grid.indexToLps).toEqual([0.5, 0, 0, 10, 0, 0.25, 0, 20, 0, 0, 3, 30]);
    expect(given.missingSpacing).toBeUndefined();
    expect(given.notes).toEqual([
      "First.",
      "Voxel size 0.5 × 0.25 × 3 mm was given by hand; the file has none.",
      "Last.",
    ]);
  });

  it("leaves the middle where it is if the reader centred the volume", () => {
    const before = new ImageGrid(described(["i", "j", "k"]).grid);
    const after = new ImageGrid(withSpacing(described(["i", "j", "k"], {}, [2, 3, 4]), [0.5, 2, 4]).grid);
    expect(after.spacingMm).toEqual([0.5, 2, 4]);
    expect(after.toLps([2, 3, 4])).toEqual(before.toLps([2, 3, 4]));
    expect(after.originMm).toEqual([11, 17, 18]);
  });

  it("keeps directions, shear among them", () => {
    const indexToLps = [0, -1, 0.6, 0, 1, 0, 0, 0, 0, 0, 0.8, 0] as const;
    const grid = { dims: [5, 7, 9] as const, indexToLps };
    const given = new ImageGrid(withSpacing(described(["k"], { grid }), [9, 9, 5]).grid);
    const { direction } = new ImageGrid(grid);
    for (const [n, value] of given.direction.entries()) expect(value).toBeCloseTo(direction[n]!, 12);
    expect(given.spacingMm).toEqual([1, 1, 5]);
  });

  it("is used only along the axes that lack one, and says so where the file has another", () => {
    const grid = { dims: [5, 7, 9] as const, indexToLps: [0.4, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0.4, 0] as const };
    const given = withSpacing(described(["k"], { grid }), [0.4, 0.5, 2]);
    expect(given.grid.indexToLps).toEqual([0.4, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 2, 0]);
    expect(given.notes).toEqual([
      "First.",
      "Voxel size along k, 2 mm, was given by hand; the file has none there.",
      "The file gives the voxel size along j, 0.4 mm: it stands, and the one that was given by hand is not used.",
      "Last.",
    ]);
  });

  it("changes nothing of a file that has its own, but for a note where it is another one", () => {
    const own = described([]);
    expect(withSpacing(own, [1, 1, 1])).toEqual(own);
    const given = withSpacing(own, [2, 2, 2]);
    expect(given.grid).toEqual(own.grid);
    expect(given.notes.at(-1)).toMatch(/^The file gives the voxel size, 1 × 1 × 1 mm: it stands/);
  });

  it.each([
    [0.5, undefined],
    [4e-6, undefined],
    [1000, undefined],
    [Number.NaN, /a number of millimetres/],
    [Number.POSITIVE_INFINITY, /a number of millimetres/],
    [0, /above 0 mm/],
    [-1, /above 0 mm/],
    [1e-7, /at least 0.000001 mm/],
    [1001, /at most 1000 mm/],
  ])("of %d mm is taken, or what to give instead is said", (mm, words) => {
    const fault = spacingFault(mm);
    if (words) expect(fault).toMatch(words);
    else expect(fault).toBeUndefined();
  });
});
