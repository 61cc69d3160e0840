/* What faces and vertices read of the net of cells. */
import { SurfaceJob } from "../../memory/surface";

/** Voxels of the box from one to the next along an axis. */
export function stepOf(axis: i32, edge: i32): i32 {
  return axis == 0 ? 1 : axis == 1 ? edge : edge * edge;
}

/** Where the vertex of a cell lies from its middle. */
export function offsetOf(own: SurfaceJob, cell: i32): v128 {
  return v128.load(own.offsets + ((<usize>load<i32>(own.cells + ((<usize>cell) << 2))) << 4));
}

/**
 * The quad round the edge along an axis from the first voxel of what `third` is the last of its four cells: its area vector, twice as long,
 * for a label at the edge's near end, and in the fourth lane 1 where its diagonal from the first cell to the third is not the longer one, else 2.
 * Worked out once an edge.
 */
export function quadAt(own: SurfaceJob, third: i32, axis: i32): v128 {
  const number = load<i32>(own.cells + ((<usize>third) << 2));
  const at = own.quads + <usize>number * 48 + ((<usize>axis) << 4);
  const known = v128.load(at);
  if (f32x4.extract_lane(known, 3) != 0) return known;
  const b = axis == 2 ? 0 : axis + 1;
  const c = axis == 0 ? 2 : axis - 1;
  const stepB = stepOf(b, own.edge);
  const stepC = stepOf(c, own.edge);
  const toB = unit(b);
  const toC = unit(c);
  const one = f32x4.add(f32x4.sub(offsetOf(own, third), offsetOf(own, third - stepB - stepC)), f32x4.add(toB, toC));
  const across = f32x4.sub(offsetOf(own, third - stepB), offsetOf(own, third - stepC));
  const other = f32x4.add(across, f32x4.sub(toC, toB));
  const made = f32x4.replace_lane(cross(one, other), 3, squared(one) <= squared(other) ? 1 : 2);
  v128.store(at, made);
  return made;
}

function unit(axis: i32): v128 {
  return axis == 0 ? f32x4(1, 0, 0, 0) : axis == 1 ? f32x4(0, 1, 0, 0) : f32x4(0, 0, 1, 0);
}

function cross(a: v128, b: v128): v128 {
  const yzx = f32x4.mul(i32x4.shuffle(a, a, 1, 2, 0, 3), i32x4.shuffle(b, b, 2, 0, 1, 3));
  const zxy = f32x4.mul(i32x4.shuffle(a, a, 2, 0, 1, 3), i32x4.shuffle(b, b, 1, 2, 0, 3));
  return f32x4.sub(yzx, zxy);
}

function squared(v: v128): f32 {
  const s = f32x4.mul(v, v);
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2);
}
