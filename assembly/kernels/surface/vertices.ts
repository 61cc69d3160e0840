/* Vertices of surfaces: one a label in a mixed cell, where faces of the brick need it. */
import { SurfaceJob } from "../../memory/surface";
import { offsetOf, quadAt, stepOf } from "./net";

/** Vertex records hold places in parts of a voxel. */
const PARTS: f32 = 512;

/** Number of the vertex of a label in the cell whose first voxel is `cell`; the label is that of `corner`. Makes it where it is new. */
export function vertexAt(own: SurfaceJob, cell: i32, corner: i32, label: u16): i32 {
  const number = load<i32>(own.cells + ((<usize>cell) << 2));
  const corners = own.corners + ((<usize>number) << 5);
  const known = load<i32>(corners + ((<usize>corner) << 2));
  if (known) return known - 1;
  const made = own.vertexCount++;
  const here = cornersOfLabel(own, cell, label);
  for (let bits = here; bits; bits &= bits - 1) store<i32>(corners + ((<usize>ctz<i32>(bits)) << 2), made + 1);
  const at = own.vertices + <usize>made * 12;
  writePlace(own, cell, at);
  store<u16>(at, label, 6);
  writeNormal(own, cell, here, at + 8);
  return made;
}

/** Bits of the corners of a cell that have a label. */
function cornersOfLabel(own: SurfaceJob, cell: i32, label: u16): i32 {
  const at = own.labels + ((<usize>cell) << 1);
  const row = (<usize>own.edge) << 1;
  let eight = v128.load32_zero(at);
  eight = v128.load32_lane(at + row, eight, 1);
  eight = v128.load32_lane(at + row * <usize>own.edge, eight, 2);
  eight = v128.load32_lane(at + row * <usize>(own.edge + 1), eight, 3);
  return i16x8.bitmask(i16x8.eq(eight, i16x8.splat(<i16>label)));
}

function writePlace(own: SurfaceJob, cell: i32, to: usize): void {
  const edge = own.edge;
  const offset = offsetOf(own, cell);
  // From one voxel before the brick, so that no place is below 0.
  const back = 1 - own.reach;
  store<u16>(to, placeOf((cell % edge) + back, f32x4.extract_lane(offset, 0)));
  store<u16>(to, placeOf(((cell / edge) % edge) + back, f32x4.extract_lane(offset, 1)), 2);
  store<u16>(to, placeOf(cell / (edge * edge) + back, f32x4.extract_lane(offset, 2)), 4);
}

function placeOf(cell: i32, offset: f32): u16 {
  return <u16>(cell * <i32>PARTS + (<i32>PARTS >> 1) + <i32>floor<f32>(offset * PARTS + 0.5));
}

/**
 * The sum of the area vectors of the label's quads around the cell, outward: all twelve edges of the cell, whichever brick the faces
 * belong to, so that light has no seam.
 */
function writeNormal(own: SurfaceJob, cell: i32, here: i32, to: usize): void {
  let sum = f32x4.splat(0);
  for (let axis = 0; axis < 3; axis++) {
    const b = axis == 2 ? 0 : axis + 1;
    const c = axis == 0 ? 2 : axis - 1;
    const stepB = stepOf(b, own.edge);
    const stepC = stepOf(c, own.edge);
    for (let way = 0; way < 4; way++) {
      const atB = way & 1;
      const atC = way >> 1;
      const near = (atB << b) | (atC << c);
      const inside = (here >> near) & 1;
      if (inside == ((here >> (near | (1 << axis))) & 1)) continue;
      // The last of the four cells round this edge, as in `writeFace`.
      const third = cell + (atB ? stepB : 0) + (atC ? stepC : 0);
      const area = quadAt(own, third, axis);
      sum = inside ? f32x4.add(sum, area) : f32x4.sub(sum, area);
    }
  }
  writeOctahedral(sum, to);
}

/** A direction on an octahedron unfolded to a square (Meyer et al., On floating-point normal vectors, 2010). */
function writeOctahedral(v: v128, to: usize): void {
  const x = f32x4.extract_lane(v, 0);
  const y = f32x4.extract_lane(v, 1);
  const z = f32x4.extract_lane(v, 2);
  const size = abs<f32>(x) + abs<f32>(y) + abs<f32>(z);
  if (size == 0) {
    store<u32>(to, 0);
    return;
  }
  let a = x / size;
  let b = y / size;
  if (z < 0) {
    const folded: f32 = (<f32>1 - abs<f32>(b)) * (a < 0 ? -1 : 1);
    b = (<f32>1 - abs<f32>(a)) * (b < 0 ? -1 : 1);
    a = folded;
  }
  store<i16>(to, <i16>floor<f32>(a * 32767 + 0.5));
  store<i16>(to, <i16>floor<f32>(b * 32767 + 0.5), 2);
}
