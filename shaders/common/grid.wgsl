// From the affine index of a grid to its index. The affine itself is composed on the CPU in double precision (ImageGrid), so that
// points metres away from the origin keep their precision; what is left for the GPU is the uneven stack.
// Contract: the caller declares `brickVolume` and `sliceOffsets` (brick-lookup.wgsl does).

// True for a grid whose slices are unevenly spaced: the third coordinate then is millimetres along the stack.
override UNEVEN: bool = false;

// Continuous index at level 0 of an affine index; voxel centres at whole numbers.
fn grid_index(affineIndex: vec3f) -> vec3f {
  if (!UNEVEN) {
    return affineIndex;
  }
  return vec3f(affineIndex.xy, grid_sliceAt(affineIndex.z));
}

// Continuous slice number at a distance along an uneven stack; straight on past both ends.
fn grid_sliceAt(offsetMm: f32) -> f32 {
  let count = brickVolume.sliceCount;
  if (count < 2u) {
    return offsetMm - sliceOffsets[0];
  }
  var low = 0u;
  var high = count - 2u;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    if (sliceOffsets[middle] <= offsetMm) {
      low = middle;
    } else {
      high = middle - 1u;
    }
  }
  let below = sliceOffsets[low];
  return f32(low) + (offsetMm - below) / (sliceOffsets[low + 1u] - below);
}
