/*
 * Memory of the surfaces of one brick. Its owner (src/workers/surface) lays it out and passes pointers.
 *
 *   job       64 B               below
 *   labels    edge³ u16, 64 B    the brick and the voxels around it, i fastest; 0 outside the volume
 *   cells     edge³ i32, 64 B    number of the mixed cell whose first voxel this is, from 1; 0 where a cell holds one label
 *   places    4 B a cell         its first voxel, counted in the box; record 0 of these stands for no cell
 *   links     28 B a cell        numbers of the mixed cells beyond its faces −i +i −j +j −k +k, 0 where all four voxels of a face agree;
 *                                then a bit for each that is not 0
 *   steps     1 KiB              for each set of such bits the sum of the steps there and 1 / their number (f32)
 *   offsets   16 B a cell, twice where its vertex lies from its middle, voxels (f32 i, j, k, 0); rounds go from one to the other
 *   corners   32 B a cell        i32 a corner (di + 2 dj + 4 dk): number of the vertex of the label there, from 1
 *   quads     48 B a cell        for the edge along each axis, of which this is the last of four cells: area vector and the
 *                                shorter diagonal (f32 × 4), 0 where it was not worked out yet
 *   members   65,536 B           1 for a label whose surface is wanted
 *   vertices  12 B each          u16 i, j, k: 512 (place + 1), counted from the brick's first voxel │ u16 label
 *                                │ i16 x, y: its outward normal in index space on an octahedron, 32767 for one
 *   triangles 12 B each          u32 numbers of vertices, counter-clockwise from outside where index axes are right-handed
 */

/** The fields, as `changetype` reads them; never constructed. */
export class SurfaceJob {
  labels: usize = 0;
  cells: usize = 0;
  places: usize = 0;
  links: usize = 0;
  offsets: usize = 0;
  corners: usize = 0;
  quads: usize = 0;
  members: usize = 0;
  vertices: usize = 0;
  triangles: usize = 0;
  /** Voxels along an edge of the box. */
  edge: i32 = 0;
  /** Voxels of the box before the brick's first, along each axis. */
  reach: i32 = 0;
  vertexCount: i32 = 0;
  triangleCount: i32 = 0;
}
