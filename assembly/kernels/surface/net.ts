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

export function unit(axis: i32): v128 {
  return axis == 0 ? f32x4(1, 0, 0, 0) : axis == 1 ? f32x4(0, 1, 0, 0) : f32x4(0, 0, 1, 0);
}
