import { describe, expect, it } from "vitest";
import { type Affine, cross, dot, normalize, scale, subtract, type Vec3 } from "#base";
import { planeBricks, pixelToLps, slabBricks, slabPlanes, type SlicePlane } from "#gpu";
import { BRICK_EDGE, ImageGrid, type PyramidLevel, pyramidLevels } from "#volume";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";

const GRIDS: Readonly<Record<string, Affine>> = {
  "an axial grid": [0.7, 0, 0, -90, 0, 0.7, 0, -120, 0, 0, 2.5, 40],
  "a permuted and flipped grid": [0, 0, -1.5, 200, -0.8, 0, 0, 60, 0, 0.8, 0, -100],
  "a sheared grid": [0.9, 0, 0, 0, 0, 0.9, 0.4, -50, 0, 0.2, 1.1, 10],
};

function unevenOffsets(count: number, random: () => number): number[] {
  const offsets = [0];
  while (offsets.length < count) offsets.push(offsets.at(-1)! + 0.5 + 3 * random());
  return offsets;
}

function randomPlane(grid: ImageGrid, random: () => number, straight: boolean): SlicePlane {
  const direction = (): Vec3 => [random() - 0.5, random() - 0.5, random() - 0.5];
  const right = straight ? normalize(grid.axis(integerFrom(random, 0, 1))) : normalize(direction());
  const other = straight ? normalize(grid.axis(2)) : direction();
  const down = normalize(subtract(other, scale(right, dot(other, right))));
  const [width, height] = [integerFrom(random, 20, 300), integerFrom(random, 20, 300)];
  const mmPerPixel = 0.3 + 2 * random();
  const middle = grid.toLps(grid.dims.map((n) => n * random()) as unknown as Vec3);
  const origin = subtract(
    middle,
    [0, 1, 2].map((n) => ((right[n]! * width + down[n]! * height) / 2) * mmPerPixel) as unknown as Vec3,
  );
  return { origin, right, down, mmPerPixel, width, height };
}

/** Bricks that a filter asks for at random pixels of the planes. */
function touched(grid: ImageGrid, level: PyramidLevel, planes: readonly SlicePlane[], random: () => number): string[] {
  const found = new Set<string>();
  for (let n = 0; n < 400; n++) {
    const plane = planes[integerFrom(random, 0, planes.length - 1)]!;
    const lps = pixelToLps(plane, integerFrom(random, 0, plane.width - 1), integerFrom(random, 0, plane.height - 1));
    const ijk = grid.toIndex(lps);
    if (!grid.contains(ijk)) continue;
    const at = ijk.map((value, axis) => (value + 0.5) / level.factor[axis]! - 0.5);
    for (let corner = 0; corner < 8; corner++) {
      const voxel = at.map((value, axis) => {
        const tap = Math.floor(value) + ((corner >> axis) & 1);
        return Math.min(Math.max(tap, 0), level.dims[axis]! - 1);
      });
      found.add(voxel.map((value) => Math.floor(value / BRICK_EDGE)).join());
    }
  }
  return [...found];
}

/** Whether a brick with a voxel of margin, by its eight corners, reaches a plane and lies over the picture. */
function reaches(
  grid: ImageGrid,
  level: PyramidLevel,
  planes: readonly SlicePlane[],
  brick: readonly number[],
): boolean {
  const corners = Array.from({ length: 8 }, (_, corner) =>
    grid.toLps(
      brick.map((b, axis) => {
        const low = b * BRICK_EDGE - 1;
        const high = Math.min((b + 1) * BRICK_EDGE + 1, level.dims[axis]! + 1);
        return ((corner >> axis) & 1 ? high : low) * level.factor[axis]! - 0.5;
      }) as unknown as Vec3,
    ),
  );
  return planes.some((plane) => {
    const along = (direction: Vec3): [number, number] => {
      const values = corners.map((corner) => dot(subtract(corner, plane.origin), direction));
      return [Math.min(...values) - 1e-6, Math.max(...values) + 1e-6];
    };
    const [x0, x1] = along(plane.right);
    const [y0, y1] = along(plane.down);
    const [z0, z1] = along(cross(plane.right, plane.down));
    const { width, height, mmPerPixel } = plane;
    const over = (from: number, to: number, count: number): boolean =>
      to >= -0.5 * mmPerPixel && from <= (count - 0.5) * mmPerPixel;
    return z0 <= 0 && z1 >= 0 && over(x0, x1, width) && over(y0, y1, height);
  });
}

describe("the bricks of a plane", () => {
  for (const [name, indexToLps] of Object.entries(GRIDS)) {
    for (const uneven of [false, true]) {
      it(`and of a slab are those that a filter asks for, and all reach it, in ${name}${uneven ? ", uneven" : ""} (seeds 1 to 40)`, () => {
        for (let seed = 1; seed <= 40; seed++) {
          const random = randomFrom(seed);
          const dims = [integerFrom(random, 1, 300), integerFrom(random, 1, 300), integerFrom(random, 1, 300)] as const;
          const sliceOffsetsMm = uneven ? { sliceOffsetsMm: unevenOffsets(dims[2], random) } : {};
          const grid = new ImageGrid({ dims, indexToLps, ...sliceOffsetsMm });
          const levels = pyramidLevels(dims);
          const level = levels[integerFrom(random, 0, levels.length - 1)]!;
          const plane = randomPlane(grid, random, seed % 2 === 0);
          const planes = seed % 3 === 0 ? slabPlanes(grid, level, plane, 40 * random()) : [plane];
          const found = slabBricks(grid, level, planes);
          const named = new Set(found.map(({ brick }) => brick.join()));
          expect(named.size).toBe(found.length);
          for (const one of touched(grid, level, planes, random)) expect(named, `seed ${seed}`).toContain(one);
          for (const { brick } of found)
            expect(reaches(grid, level, planes, brick), `seed ${seed} ${brick.join()}`).toBe(true);
        }
      });
    }
  }

  it("come nearest to the focus first", () => {
    const grid = new ImageGrid({ dims: [300, 300, 10], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
    const plane: SlicePlane = {
      origin: [0, 0, 4],
      right: [1, 0, 0],
      down: [0, 1, 0],
      mmPerPixel: 1,
      width: 300,
      height: 300,
    };
    const found = planeBricks(grid, pyramidLevels([300, 300, 10])[0]!, plane, [290, 10]);
    expect(found[0]!.brick).toEqual([4, 0, 0]);
    expect(found).toHaveLength(25);
    const distances = found.map(({ distance }) => distance);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });
});
