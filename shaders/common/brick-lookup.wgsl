// The one way to a voxel of the image: level, page table, atlas. Bind group 1 of every pass.
// A page entry (src/gpu/page-table.ts): bit 31 present; bits 0-5, 6-11, 12-17 slot along x, y, z in 64 texels; bits 18-19
// texture; bits 20-24 the level of the brick it points to, which is coarser than asked for where the brick itself is missing.
#include "common/grid.wgsl"

struct BrickLevel {
  dims: vec3f,        // voxels
  pageOffset: u32,    // first entry of the level in pageTable
  bricks: vec3u,      // bricks along each axis
  scale: vec3f,       // voxels of this level per voxel of level 0: 1, 1/2, 1/4, …
}

struct BrickVolume {
  levels: array<BrickLevel, 16>,
  atlasTexel: array<vec4f, 4>, // 1 / size of each atlas texture, texels
  atlasSlots: array<vec4u, 4>, // slots along x, y, z of each atlas texture, and the number of its first slot
  valueScale: f32,    // stored value = texel · valueScale + valueOffset
  valueOffset: f32,
  levelCount: u32,
  sliceCount: u32,    // entries of sliceOffsets
}

@group(1) @binding(0) var<uniform> brickVolume: BrickVolume;
@group(1) @binding(1) var<storage, read> pageTable: array<u32>;
@group(1) @binding(2) var<storage, read> sliceOffsets: array<f32>;
@group(1) @binding(3) var brickSampler: sampler;
@group(1) @binding(4) var brickAtlas0: texture_3d<f32>;
@group(1) @binding(5) var brickAtlas1: texture_3d<f32>;
@group(1) @binding(6) var brickAtlas2: texture_3d<f32>;
@group(1) @binding(7) var brickAtlas3: texture_3d<f32>;

// Textures that hold bricks, 1 to 4.
override ATLAS_TEXTURES: u32 = 1u;
// Whether the hardware's filter is used inside a brick: the format must be filterable and the pass content with its precision,
// which real GPUs limit to 1/256 of the step between two voxels. Otherwise eight loads, exact.
override ATLAS_FILTERS: bool = true;

// Whether a texel is a pair of bytes, the low one and the high one.
override ATLAS_PAIRS: bool = false;

// Whether voxels may have no value, as NaN among floats: NO_VALUE of src/gpu/brick-format.ts stands for it.
override ATLAS_MISSING: bool = false;

// Whether every brick that a pass may touch is resident at the level it asks for, so that nothing has to be stood in for.
override RESIDENT: bool = false;

// Whether a sample is, or is mixed with, a voxel without a value: however small its share, the rest is lost.
fn brick_lacks(value: f32) -> bool {
  return ATLAS_MISSING && value < -1e30;
}

// Continuous index at a level of a continuous index at level 0: voxel centres lie in the middle of what they cover.
fn brick_toLevel(level: u32, index0: vec3f) -> vec3f {
  return (index0 + 0.5) * brickVolume.levels[level].scale - 0.5;
}

// Entry of a brick; 0 when neither it nor anything coarser is resident.
fn brick_entry(level: u32, brick: vec3u) -> u32 {
  let bricks = brickVolume.levels[level].bricks;
  return pageTable[brickVolume.levels[level].pageOffset + (brick.z * bricks.y + brick.y) * bricks.x + brick.x];
}

fn brick_entryLevel(entry: u32) -> u32 {
  return (entry >> 20u) & 31u;
}

// First texel of an entry's slot.
fn brick_slotOrigin(entry: u32) -> vec3u {
  return vec3u(entry & 63u, (entry >> 6u) & 63u, (entry >> 12u) & 63u) * 64u;
}

// Number of an entry's slot among all of the atlas.
fn brick_slotNumber(entry: u32) -> u32 {
  let slots = brickVolume.atlasSlots[(entry >> 18u) & 3u];
  let at = vec3u(entry & 63u, (entry >> 6u) & 63u, (entry >> 12u) & 63u);
  return slots.w + (at.z * slots.y + at.y) * slots.x + at.x;
}

// One number of a texel.
fn brick_raw(texel: vec4f) -> f32 {
  if (ATLAS_PAIRS) {
    return texel.y * 256.0 + texel.x;
  }
  return texel.x;
}

// Stored value of one texel of an entry's texture.
fn brick_texel(entry: u32, texel: vec3u) -> f32 {
  let texture = (entry >> 18u) & 3u;
  var raw: f32;
  if (ATLAS_TEXTURES > 1u && texture == 1u) {
    raw = brick_raw(textureLoad(brickAtlas1, texel, 0));
  } else if (ATLAS_TEXTURES > 2u && texture == 2u) {
    raw = brick_raw(textureLoad(brickAtlas2, texel, 0));
  } else if (ATLAS_TEXTURES > 3u && texture == 3u) {
    raw = brick_raw(textureLoad(brickAtlas3, texel, 0));
  } else {
    raw = brick_raw(textureLoad(brickAtlas0, texel, 0));
  }
  return raw * brickVolume.valueScale + brickVolume.valueOffset;
}

// 1 / size of an entry's texture. Drivers on the CPU look up an index of each pixel one by one, so one texture takes none.
fn brick_atlasTexel(entry: u32) -> vec3f {
  if (ATLAS_TEXTURES == 1u) {
    return brickVolume.atlasTexel[0].xyz;
  }
  return brickVolume.atlasTexel[(entry >> 18u) & 3u].xyz;
}

// Filtered value at a texel position (texel centres at halves) of an entry's texture.
fn brick_filtered(entry: u32, position: vec3f) -> f32 {
  let raw = brick_filteredTexel(entry, position * brick_atlasTexel(entry));
  return raw * brickVolume.valueScale + brickVolume.valueOffset;
}

// Filtered texel value at a place of an entry's texture, 0 to 1 from face to face.
fn brick_filteredTexel(entry: u32, place: vec3f) -> f32 {
  let texture = (entry >> 18u) & 3u;
  if (ATLAS_TEXTURES > 1u && texture == 1u) {
    return brick_raw(textureSampleLevel(brickAtlas1, brickSampler, place, 0.0));
  }
  if (ATLAS_TEXTURES > 2u && texture == 2u) {
    return brick_raw(textureSampleLevel(brickAtlas2, brickSampler, place, 0.0));
  }
  if (ATLAS_TEXTURES > 3u && texture == 3u) {
    return brick_raw(textureSampleLevel(brickAtlas3, brickSampler, place, 0.0));
  }
  return brick_raw(textureSampleLevel(brickAtlas0, brickSampler, place, 0.0));
}

// A value, and 1 where one was found, 0 where nothing is resident.
fn brick_voxel(level: u32, voxel: vec3f) -> vec2f {
  let at = clamp(voxel, vec3f(0.0), brickVolume.levels[level].dims - 1.0);
  let brick = vec3u(at) / 64u;
  let entry = brick_entry(level, brick);
  if (entry == 0u) {
    return vec2f(0.0);
  }
  let shown = brick_entryLevel(entry);
  // The voxel of the level shown that covers this one; exact, factors being powers of two.
  let covering = vec3u(floor((at + 0.5) * (brickVolume.levels[shown].scale / brickVolume.levels[level].scale)));
  return vec2f(brick_texel(entry, brick_slotOrigin(entry) + (covering & vec3u(63u))), 1.0);
}

// Value of the nearest voxel at a continuous index of a level.
fn brick_nearest(level: u32, index: vec3f) -> vec2f {
  return brick_voxel(level, floor(index + 0.5));
}

// Trilinear value by eight loads from one slot; `local` lies in 0 to 63.
fn brick_linearWithin(entry: u32, local: vec3f) -> f32 {
  let base = min(vec3u(local), vec3u(62u));
  let f = local - vec3f(base);
  let at = brick_slotOrigin(entry) + base;
  let x00 = mix(brick_texel(entry, at), brick_texel(entry, at + vec3u(1u, 0u, 0u)), f.x);
  let x10 = mix(brick_texel(entry, at + vec3u(0u, 1u, 0u)), brick_texel(entry, at + vec3u(1u, 1u, 0u)), f.x);
  let x01 = mix(brick_texel(entry, at + vec3u(0u, 0u, 1u)), brick_texel(entry, at + vec3u(1u, 0u, 1u)), f.x);
  let x11 = mix(brick_texel(entry, at + vec3u(0u, 1u, 1u)), brick_texel(entry, at + vec3u(1u, 1u, 1u)), f.x);
  return mix(mix(x00, x10, f.y), mix(x01, x11, f.y), f.z);
}

// Trilinear value in one slot; `local` is clamped to 0 … 63 there.
fn brick_within(entry: u32, local: vec3f) -> f32 {
  let kept = clamp(local, vec3f(0.0), vec3f(63.0));
  if (ATLAS_FILTERS) {
    return brick_filtered(entry, vec3f(brick_slotOrigin(entry)) + kept + 0.5);
  }
  return brick_linearWithin(entry, kept);
}

// Trilinear value at a continuous index of a level, whatever bricks its taps lie in; past the outer voxel centres the edge value.
// Where the taps of an axis lie in two bricks, the value is mixed from each brick's value on its face, which the slot's own filter
// gives: one look-up inside a brick, two across a face, four across an edge, eight across a corner, and exact in every case.
fn brick_linear(level: u32, index: vec3f) -> vec2f {
  let inLevel = clamp(index, vec3f(0.0), brickVolume.levels[level].dims - 1.0);
  let home = brick_entry(level, vec3u(inLevel + 0.5) / 64u);
  var shown = level;
  var at = inLevel;
  if (!RESIDENT) {
    shown = select(brick_entryLevel(home), level, home == 0u);
    let ratio = brickVolume.levels[shown].scale / brickVolume.levels[level].scale;
    at = clamp((inLevel + 0.5) * ratio - 0.5, vec3f(0.0), brickVolume.levels[shown].dims - 1.0);
  }
  let base = floor(at);
  let f = at - base;
  let first = vec3u(base) / 64u;
  let split = vec3u((vec3u(base) & vec3u(63u)) == vec3u(63u)) * vec3u(f > vec3f(0.0));
  let mask = split.x | (split.y << 1u) | (split.z << 2u);
  var sum = 0.0;
  var weights = 0.0;
  var n = 0u;
  loop {
    let corner = vec3u(n & 1u, (n >> 1u) & 1u, n >> 2u);
    let w = select(vec3f(1.0), select(1.0 - f, f, corner == vec3u(1u)), split == vec3u(1u));
    let place = select(at, base + vec3f(corner), split == vec3u(1u));
    let brick = first + corner;
    let entry = brick_entry(shown, brick);
    var local = place - vec3f(brick * 64u);
    if (!RESIDENT) {
      let coarser = brickVolume.levels[brick_entryLevel(entry)].scale / brickVolume.levels[shown].scale;
      local = (place + 0.5) * coarser - 0.5 - floor(vec3f(brick) * coarser) * 64.0;
    }
    let weight = select(0.0, w.x * w.y * w.z, entry != 0u);
    sum += weight * brick_within(entry, local);
    weights += weight;
    // The next corner among the axes that are split.
    n = ((n | ~mask) + 1u) & mask;
    if (n == 0u) {
      break;
    }
  }
  return vec2f(sum / max(weights, 1e-6), select(0.0, 1.0, weights > 0.0));
}

// Weights of the four voxels around a fraction: Keys' cubic convolution with a = -1/2.
fn brick_cubicWeights(f: f32) -> vec4f {
  let g = 1.0 - f;
  return vec4f(-0.5 * f * g * g, 1.0 + f * f * (1.5 * f - 2.5), 1.0 + g * g * (1.5 * g - 2.5), -0.5 * g * f * f);
}

// Cubic value by 64 loads from one slot; `local` lies in 0 to 63, and what lies beyond repeats the edge.
fn brick_cubicWithin(entry: u32, local: vec3f) -> f32 {
  let base = floor(local);
  let wx = brick_cubicWeights(local.x - base.x);
  let wy = brick_cubicWeights(local.y - base.y);
  let wz = brick_cubicWeights(local.z - base.z);
  let first = vec3i(base) - 1;
  let slot = vec3i(brick_slotOrigin(entry));
  var sum = 0.0;
  for (var n = 0; n < 64; n++) {
    let tap = vec3i(n & 3, (n >> 2u) & 3, n >> 4u);
    let at = slot + clamp(first + tap, vec3i(0), vec3i(63));
    sum += wx[tap.x] * wy[tap.y] * wz[tap.z] * brick_texel(entry, vec3u(at));
  }
  return sum;
}

// Cubic value at a continuous index of a level, whatever bricks its 64 taps lie in; edge voxels are repeated outside. Taps that are
// not resident count for nothing.
fn brick_cubic(level: u32, index: vec3f) -> vec2f {
  let inLevel = clamp(index, vec3f(0.0), brickVolume.levels[level].dims - 1.0);
  let base = floor(inLevel);
  let wx = brick_cubicWeights(inLevel.x - base.x);
  let wy = brick_cubicWeights(inLevel.y - base.y);
  let wz = brick_cubicWeights(inLevel.z - base.z);
  var sum = 0.0;
  var weights = 0.0;
  for (var n = 0; n < 64; n++) {
    let tap = vec3i(n & 3, (n >> 2u) & 3, n >> 4u);
    let both = brick_voxel(level, base + vec3f(tap - 1));
    let weight = wx[tap.x] * wy[tap.y] * wz[tap.z] * both.y;
    sum += weight * both.x;
    weights += weight;
  }
  return vec2f(sum / select(weights, 1.0, abs(weights) < 1e-3), select(0.0, 1.0, weights > 1e-3));
}
