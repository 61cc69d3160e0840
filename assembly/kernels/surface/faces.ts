/*
 * The faces of a brick's voxels as triangles. A face belongs to the voxel whose label it bounds, so a brick's mesh has the faces of its
 * own voxels; where two segments touch each has its own, facing away from it.
 */
import { SurfaceJob } from "../../memory/surface";
import { quadAt, stepOf } from "./net";
import { vertexAt } from "./vertices";

/** Faces of the wanted labels of the brick; the room of its triangles is twice that. */
export function surfaceCount(job: usize): i32 {
  const own = changetype<SurfaceJob>(job);
  let count = 0;
  const row = (<usize>own.edge) << 1;
  const plane = row * <usize>own.edge;
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      const line = lineOf(own, j, k);
      for (let i = 0; i < 64; i += 8) {
        const at = line + ((<usize>i) << 1);
        for (let open = openVoxels(at, row, plane); open; open &= open - 1) {
          const voxel = at + ((<usize>ctz<i32>(open)) << 1);
          if (load<u8>(own.members + load<u16>(voxel))) count += popcnt(openSides(voxel, row, plane));
        }
      }
    }
  }
  return count;
}

/** Writes vertices and triangles; the job then has their numbers. */
export function surfaceFaces(job: usize): void {
  const own = changetype<SurfaceJob>(job);
  own.vertexCount = 0;
  own.triangleCount = 0;
  const edge = own.edge;
  const row = (<usize>edge) << 1;
  const plane = row * <usize>edge;
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      const line = lineOf(own, j, k);
      for (let i = 0; i < 64; i += 8) {
        const at = line + ((<usize>i) << 1);
        for (let open = openVoxels(at, row, plane); open; open &= open - 1) {
          const voxel = at + ((<usize>ctz<i32>(open)) << 1);
          if (!load<u8>(own.members + load<u16>(voxel))) continue;
          const place = <i32>((voxel - own.labels) >> 1);
          for (let sides = openSides(voxel, row, plane); sides; sides &= sides - 1) {
            writeFace(own, place, load<u16>(voxel), ctz<i32>(sides));
          }
        }
      }
    }
  }
}

function lineOf(own: SurfaceJob, j: i32, k: i32): usize {
  const edge = own.edge;
  const reach = own.reach;
  return own.labels + ((<usize>(((k + reach) * edge + j + reach) * edge + reach)) << 1);
}

/** Bit n set where the voxel n on has a label and a neighbour across a face that has not. */
function openVoxels(at: usize, row: usize, plane: usize): i32 {
  const here = v128.load(at);
  const i = v128.or(v128.xor(here, v128.load(at - 2)), v128.xor(here, v128.load(at, 2)));
  const j = v128.or(v128.xor(here, v128.load(at - row)), v128.xor(here, v128.load(at + row)));
  const k = v128.or(v128.xor(here, v128.load(at - plane)), v128.xor(here, v128.load(at + plane)));
  const none = i16x8.splat(0);
  return i16x8.bitmask(v128.and(i16x8.ne(v128.or(v128.or(i, j), k), none), i16x8.ne(here, none)));
}

/** Bits of the sides −i +i −j +j −k +k of a voxel beyond which its label ends. */
function openSides(at: usize, row: usize, plane: usize): i32 {
  const label = load<u16>(at);
  return (
    (load<u16>(at - 2) != label ? 1 : 0) |
    (load<u16>(at, 2) != label ? 2 : 0) |
    (load<u16>(at - row) != label ? 4 : 0) |
    (load<u16>(at + row) != label ? 8 : 0) |
    (load<u16>(at - plane) != label ? 16 : 0) |
    (load<u16>(at + plane) != label ? 32 : 0)
  );
}

/** Two triangles, cut along the shorter diagonal, so that both sides of a face are cut alike. */
function writeFace(own: SurfaceJob, place: i32, label: u16, side: i32): void {
  const edge = own.edge;
  const axis = side >> 1;
  const b = axis == 2 ? 0 : axis + 1;
  const c = axis == 0 ? 2 : axis - 1;
  const forward = side & 1;
  const stepA = stepOf(axis, edge);
  const stepB = stepOf(b, edge);
  const stepC = stepOf(c, edge);
  // Cells round the edge from the voxel to its neighbour, counter-clockwise seen from the axis's far end.
  const third = forward ? place : place - stepA;
  const first = third - stepB - stepC;
  const atA = forward ? 0 : 1 << axis;
  const v0 = vertexAt(own, first, atA | (1 << b) | (1 << c), label);
  const v1 = vertexAt(own, third - stepC, atA | (1 << c), label);
  const v2 = vertexAt(own, third, atA, label);
  const v3 = vertexAt(own, third - stepB, atA | (1 << b), label);
  let to = own.triangles + <usize>own.triangleCount * 12;
  own.triangleCount += 2;
  // Seen from the near end of the axis the way round turns.
  const w1 = forward ? v1 : v3;
  const w3 = forward ? v3 : v1;
  if (f32x4.extract_lane(quadAt(own, third, axis), 3) == 1) {
    to = writeTriangle(to, v0, w1, v2);
    writeTriangle(to, v0, v2, w3);
  } else {
    to = writeTriangle(to, w1, v2, w3);
    writeTriangle(to, w1, w3, v0);
  }
}

function writeTriangle(to: usize, a: i32, b: i32, c: i32): usize {
  store<i32>(to, a);
  store<i32>(to, b, 4);
  store<i32>(to, c, 8);
  return to + 12;
}
