import type { Affine } from "#base";
import type { LabelBricks } from "#export";
import type { Segment } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, type Dims, ImageGrid } from "#volume";

/** Dense labels cut into sparse bricks, with junk in the padding that no writer may let through. */
export function bricksOf(dims: Dims, dense: Uint16Array): LabelBricks {
  const bricks = brickDims(dims);
  const held = new Map<number, Uint16Array>();
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const value = dense[(k * dims[1] + j) * dims[0] + i]!;
        if (value === 0) continue;
        const index = brickIndex(
          bricks,
          Math.floor(i / BRICK_EDGE),
          Math.floor(j / BRICK_EDGE),
          Math.floor(k / BRICK_EDGE),
        );
        const brick = held.get(index) ?? paddedBrick(dims, index);
        held.set(index, brick);
        brick[((k % BRICK_EDGE) * BRICK_EDGE + (j % BRICK_EDGE)) * BRICK_EDGE + (i % BRICK_EDGE)] = value;
      }
    }
  }
  return { readBrick: (index) => held.get(index), brickIndices: () => held.keys() };
}

function paddedBrick(dims: Dims, index: number): Uint16Array {
  const bricks = brickDims(dims);
  const at = [
    index % bricks[0],
    Math.floor(index / bricks[0]) % bricks[1],
    Math.floor(index / (bricks[0] * bricks[1])),
  ];
  const inside = at.map((b, axis) => dims[axis]! - b * BRICK_EDGE);
  const brick = new Uint16Array(BRICK_VOXELS).fill(65535);
  for (let k = 0; k < Math.min(inside[2]!, BRICK_EDGE); k++) {
    for (let j = 0; j < Math.min(inside[1]!, BRICK_EDGE); j++) {
      const from = (k * BRICK_EDGE + j) * BRICK_EDGE;
      brick.fill(0, from, from + Math.min(inside[0]!, BRICK_EDGE));
    }
  }
  return brick;
}

/** Labels from `values` strewn by a fixed random sequence; about a third of the voxels are labelled. */
export function strewn(dims: Dims, values: readonly number[], seed = 1): Uint16Array {
  const dense = new Uint16Array(dims[0] * dims[1] * dims[2]);
  let state = seed;
  for (let n = 0; n < dense.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (state % 3 === 0) dense[n] = values[(state >>> 8) % values.length]!;
  }
  return dense;
}

export function segment(value: number, name: string, color: string): Segment {
  return { value, name, color, locked: false, visible: true };
}

const dims: Dims = [70, 65, 5];

function rotated(degrees: number, spacing: readonly number[], origin: readonly number[]): Affine {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  // About z, then about x by a third of the angle.
  const [c2, s2] = [Math.cos((degrees * Math.PI) / 540), Math.sin((degrees * Math.PI) / 540)];
  const rows = [
    [c, -s, 0],
    [c2 * s, c2 * c, -s2],
    [s2 * s, s2 * c, c2],
  ];
  return rows.flatMap((row, r) => [...row.map((v, axis) => v * spacing[axis]!), origin[r]!]) as unknown as Affine;
}

/** Grids that writers get wrong. */
export const GRIDS: readonly { readonly name: string; readonly grid: ImageGrid }[] = [
  {
    name: "plain",
    grid: new ImageGrid({ dims, indexToLps: [0.75, 0, 0, -120.5, 0, 0.75, 0, 33.25, 0, 0, 2.5, -700] }),
  },
  { name: "RAS-like", grid: new ImageGrid({ dims, indexToLps: [-1, 0, 0, 90, 0, -1, 0, 126, 0, 0, 1, -72] }) },
  { name: "left-handed", grid: new ImageGrid({ dims, indexToLps: [1, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, -2, 10] }) },
  { name: "sagittal", grid: new ImageGrid({ dims, indexToLps: [0, 0, 3, -20, 1, 0, 0, -110, 0, -1, 0, 130] }) },
  { name: "oblique", grid: new ImageGrid({ dims, indexToLps: rotated(33, [0.9, 1.1, 3.3], [12.34, -56.78, 901.2]) }) },
  { name: "nearly upside down", grid: new ImageGrid({ dims, indexToLps: rotated(179.99, [1, 1, 1], [0, 0, 0]) }) },
  { name: "sheared", grid: new ImageGrid({ dims, indexToLps: [0.5, 0, 0, -60, 0, 0.5, 1.3, -60, 0, 0, 4, 20] }) },
];
