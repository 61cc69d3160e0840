// Label values and proposals by nearest voxel. Bind group 2 of every pass. Labels lie on the grid of the image, so levels are
// those of brickVolume. An entry of 0 is a brick of background: there is no coarser stand-in.
// Contract: the caller includes common/brick-lookup.wgsl.

@group(2) @binding(0) var<storage, read> labelTable: array<u32>;
@group(2) @binding(1) var<storage, read> proposalTable: array<u32>;
// rgba8 per label value, red in the lowest byte; alpha 0 hides the label, else it is its opacity in 3D.
@group(2) @binding(2) var<storage, read> labelColors: array<u32>;
@group(2) @binding(3) var labelAtlas0: texture_3d<u32>;
@group(2) @binding(4) var labelAtlas1: texture_3d<u32>;
@group(2) @binding(5) var labelAtlas2: texture_3d<u32>;
@group(2) @binding(6) var labelAtlas3: texture_3d<u32>;

// What is less opaque is not there in 3D: 1 of 255 stands for nothing, because 0 would hide the label on planes too.
const LEAST_OPACITY = 0.005;

// Textures that hold label bricks, 1 to 4.
override LABEL_TEXTURES: u32 = 1u;

// Position of the entry of a voxel's brick, the same in both tables.
fn label_entryAt(level: u32, voxel: vec3u) -> u32 {
  let bricks = brickVolume.levels[level].bricks;
  let brick = voxel / 64u;
  return brickVolume.levels[level].pageOffset + (brick.z * bricks.y + brick.y) * bricks.x + brick.x;
}

// The voxel of a level at a continuous index of that level, kept inside the volume.
fn label_voxelAt(level: u32, index: vec3f) -> vec3u {
  return vec3u(clamp(floor(index + 0.5), vec3f(0.0), brickVolume.levels[level].dims - 1.0));
}

// Label value of a voxel in the brick of an entry.
fn label_texel(entry: u32, voxel: vec3u) -> u32 {
  if (entry == 0u) {
    return 0u;
  }
  let texture = (entry >> 18u) & 3u;
  let texel = brick_slotOrigin(entry) + (voxel & vec3u(63u));
  if (LABEL_TEXTURES > 1u && texture == 1u) {
    return textureLoad(labelAtlas1, texel, 0).x;
  }
  if (LABEL_TEXTURES > 2u && texture == 2u) {
    return textureLoad(labelAtlas2, texel, 0).x;
  }
  if (LABEL_TEXTURES > 3u && texture == 3u) {
    return textureLoad(labelAtlas3, texel, 0).x;
  }
  return textureLoad(labelAtlas0, texel, 0).x;
}

// Colour of a label value, its opacity in 3D as alpha; alpha 0 for background and hidden labels.
fn label_color(value: u32) -> vec4f {
  return unpack4x8unorm(labelColors[value]);
}
