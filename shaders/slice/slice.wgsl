// A plane through the volume: window and level, other volumes fused over it, labels filled and outlined, proposals striped. The CPU cuts the picture into
// polygons (src/gpu/brick-polygons.ts): inside a brick one slot of the atlas answers for every tap, between bricks
// brick-lookup.wgsl does. What differs between draws is an override, because drivers on the CPU run both sides of a branch.
#include "common/brick-lookup.wgsl"
#include "common/label-lookup.wgsl"

struct SliceView {
  indexOrigin: vec3f, // of the centre of pixel (0, 0): index at `level`; for an uneven stack the affine index at level 0
  level: u32,         // level to sample
  indexRight: vec3f,  // step per pixel to the right
  indexDown: vec3f,   // step per pixel down
  lastIndex: vec3f,   // outer faces of the volume in index at `level`, the near ones being -0.5
  sizePx: vec2f,      // size of the picture, pixels
  depth: f32,         // of the plane in a slab, so that no pixel of it counts twice
  step: vec3f,        // from one plane to the next of those that are gathered together, index at `level`
  count: u32,         // how many these are
}

// How a gathered volume lies over the picture.
struct SliceFused {
  @align(16) opacity: f32, // 0 to 1
  hideLow: u32,            // 1 = what shows as the first colour of its table is not drawn
  invert: u32,             // 1 = its table runs from the upper end of its window
}

struct SliceLook {
  background: vec4f,  // where nothing is resident
  gain: f32,          // grey = stored · gain + bias, 0 black to 1 white
  bias: f32,
  invert: u32,        // 1 = white for low values
  fill: f32,          // opacity of label areas, 0 to 1
  outline: f32,       // width of label outlines, pixels; 0 = none
  highlight: u32,     // segment drawn stronger, 0 = none
  hovered: u32,       // segment under the pointer, drawn stronger still, 0 = none
  fused: array<SliceFused, 2>,
}

// Voxels to either side that enter a value: 0 = nearest, 1 = trilinear, 2 = cubic.
override REACH: u32 = 1u;
// Whether all taps lie in the slot that the corner names.
override WITHIN: bool = true;
// Whether they lie in two slots: the second is the corner's label entry, the axis from one to the other its proposal entry.
override BETWEEN: bool = false;
// 0 = no labels, 1 = labels, 2 = proposals, 3 = both.
override LABELS: u32 = 3u;

// What a thick slice shows: 0 = it is thin, 1 = the greatest value, 2 = the least, 3 = the mean.
override SLAB: u32 = 0u;

// Volumes fused over this one, 0 to 2, and how they were gathered, as in SLAB.
override FUSED: u32 = 0u;
override FUSED_SLAB: u32 = 1u;

// Whether values are shown as greys, without a table: looking one up takes a fifth of a plane's time on the software driver.
override GREYS: bool = false;

// Axis along which the planes of a slab follow one another, each lying across it: 1 = i, 2 = j, 3 = k; 0 = none, or of no use.
override LAYERED: u32 = 0u;

@group(0) @binding(0) var<uniform> sliceView: SliceView;
@group(3) @binding(0) var<uniform> sliceLook: SliceLook;
// A slab gathered: greatest grey (of 1 - grey for the least), or sum of greys; then 1, or the number of samples.
@group(3) @binding(1) var sliceSlab: texture_2d<f32>;
// 256 colours from black to white: of this volume, then of each fused one.
@group(3) @binding(2) var sliceLut: texture_2d<f32>;
// Each fused volume on this picture, gathered as a slab is.
@group(3) @binding(3) var sliceFused0: texture_2d<f32>;
@group(3) @binding(4) var sliceFused1: texture_2d<f32>;

struct SliceCorner {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat) ratio: vec3f,   // texel from the slot's corner = index · ratio + offset
  @location(1) @interpolate(flat) offset: vec3f,
  @location(2) @interpolate(flat) entries: vec3u, // page entries: image, label, proposal
}

// One corner of a polygon, in pixels.
@vertex fn slice_vertex(
  @location(0) pixel: vec2f,
  @location(1) ratio: vec3f,
  @location(2) offset: vec3f,
  @location(3) entries: vec3u,
) -> SliceCorner {
  let clip = (pixel + 0.5) / sliceView.sizePx * 2.0 - 1.0;
  return SliceCorner(vec4f(clip.x, -clip.y, sliceView.depth, 1.0), ratio, offset, entries);
}

// Index at the level under a pixel.
fn slice_index(pixel: vec2f) -> vec3f {
  let index = sliceView.indexOrigin + sliceView.indexRight * pixel.x + sliceView.indexDown * pixel.y;
  if (UNEVEN) {
    return brick_toLevel(sliceView.level, grid_index(index));
  }
  return index;
}

fn slice_outside(index: vec3f) -> bool {
  return any(index < vec3f(-0.5)) || any(index >= sliceView.lastIndex);
}

// Label and proposal under a pixel; nothing outside the volume.
fn slice_labels(pixel: vec2f) -> vec2u {
  let index = slice_index(pixel);
  let voxel = label_voxelAt(sliceView.level, index);
  let place = label_entryAt(sliceView.level, voxel);
  var found = vec2u(0u);
  if ((LABELS & 1u) != 0u) {
    found.x = label_texel(labelTable[place], voxel);
  }
  if ((LABELS & 2u) != 0u) {
    found.y = label_texel(proposalTable[place], voxel);
  }
  return select(found, vec2u(0u), slice_outside(index));
}

// Colour with labels over `grey`.
fn slice_labelled(grey: vec3f, position: vec2f, index: vec3f, entries: vec3u) -> vec3f {
  var here = vec2u(0u);
  if (WITHIN) {
    let voxel = label_voxelAt(sliceView.level, index);
    if ((LABELS & 1u) != 0u) {
      here.x = label_texel(entries.y, voxel);
    }
    if ((LABELS & 2u) != 0u) {
      here.y = label_texel(entries.z, voxel);
    }
  } else {
    // A strip reaches into the neighbouring brick.
    here = slice_labels(position - 0.5);
  }
  let lit = sliceLook.highlight != 0u && here.x == sliceLook.highlight;
  let hovered = sliceLook.hovered != 0u && here.x == sliceLook.hovered;
  let width = sliceLook.outline * select(select(1.0, 1.6, lit), 2.2, hovered);
  // Another label within the outline's width, straight or diagonal.
  var edge = vec2<bool>(false);
  var steps = select(0u, 8u, width > 0.0 && any(here != vec2u(0u)));
  for (var n = 0u; n < steps; n++) {
    let straight = select(0.7071, 1.0, n < 4u);
    let turn = f32(n & 3u) * 1.5707964 + select(0.7853982, 0.0, n < 4u);
    let away = round(vec2f(cos(turn), sin(turn)) * 1.4142 * straight) * select(0.7071, 1.0, n < 4u) * width;
    edge = edge | (slice_labels(position - 0.5 + away) != here);
  }
  var color = grey;
  if ((LABELS & 1u) != 0u) {
    let tint = label_color(here.x);
    // Where there are outlines they say it: what is looked at stays as clear as it was.
    let more = select(0.0, 0.2, hovered && sliceLook.outline == 0.0);
    var cover = min(sliceLook.fill * select(1.0, 1.25, lit) + more, 1.0);
    cover = select(cover, select(0.9, 1.0, lit || hovered), edge.x);
    let ink = mix(tint.rgb, vec3f(1.0), select(0.0, 0.4, hovered && edge.x));
    color = mix(color, ink, select(0.0, cover, here.x != 0u && tint.a > 0.0));
  }
  if ((LABELS & 2u) != 0u && here.y != 0u) {
    // A proposal may be of a hidden segment: it is shown all the same.
    let tint = label_color(here.y).rgb;
    let stripe = fract((position.x + position.y) / 8.0) < 0.5;
    color = mix(color, tint, select(0.2, 0.6, stripe));
    let dash = fract((position.x - position.y) / 8.0) < 0.5;
    color = select(color, select(tint, vec3f(1.0), dash), edge.y);
  }
  return color;
}

// Stored value under a pixel, and whether one was found.
fn slice_value(corner: SliceCorner, place: vec3f) -> vec2f {
  // Past the outer voxel centres the edge value is shown; a wide filter would reach back over them.
  let index = select(place, clamp(place, vec3f(0.0), max(sliceView.lastIndex - 0.5, vec3f(0.0))), REACH == 2u);
  var value: f32;
  var found = 1.0;
  if (WITHIN) {
    // Kept off the neighbouring slots; at the volume's faces this repeats the edge voxel.
    let texel = clamp(index * corner.ratio + corner.offset, vec3f(0.5), vec3f(63.5));
    let slot = vec3f(brick_slotOrigin(corner.entries.x));
    if (REACH == 0u) {
      value = brick_texel(corner.entries.x, vec3u(slot + texel));
    } else if (REACH == 2u) {
      value = brick_cubicWithin(corner.entries.x, texel - 0.5);
    } else if (ATLAS_FILTERS) {
      value = brick_filtered(corner.entries.x, slot + texel);
    } else {
      value = brick_linearWithin(corner.entries.x, texel - 0.5);
    }
  } else if (BETWEEN) {
    // Right in both bricks: past the first one's last voxel centre the second one's face is mixed in, then the second alone counts.
    let texel = index * corner.ratio + corner.offset;
    let axis = vec3f(vec3u(0u, 1u, 2u) == vec3u(corner.entries.z));
    let first = clamp(texel, vec3f(0.5), vec3f(63.5));
    let second = clamp(texel - axis * 64.0, vec3f(0.5), vec3f(63.5));
    let share = clamp(dot(texel, axis) - 63.5, 0.0, 1.0);
    if (ATLAS_FILTERS) {
      value = mix(
        brick_filtered(corner.entries.x, vec3f(brick_slotOrigin(corner.entries.x)) + first),
        brick_filtered(corner.entries.y, vec3f(brick_slotOrigin(corner.entries.y)) + second), share);
    } else {
      value = mix(
        brick_linearWithin(corner.entries.x, first - 0.5), brick_linearWithin(corner.entries.y, second - 0.5), share);
    }
  } else {
    var both: vec2f;
    if (REACH == 2u) {
      both = brick_cubic(sliceView.level, index);
    } else if (REACH == 1u) {
      both = brick_linear(sliceView.level, index);
    } else {
      both = brick_nearest(sliceView.level, index);
    }
    value = both.x;
    found = both.y;
  }
  if (ATLAS_MISSING && REACH != 0u) {
    // Nothing can be mixed with a voxel that has no value, or an infinite one: the nearest is shown. Weights of either sign.
    for (var mixed = abs(value) > 1e30; mixed; mixed = false) {
      value = brick_nearest(sliceView.level, index).x;
    }
  }
  return vec2f(value, found);
}

// What a pixel shows without labels.
fn slice_shown(grey: f32, found: bool) -> vec3f {
  let shade = clamp(grey, 0.0, 1.0);
  let place = select(shade, 1.0 - shade, sliceLook.invert == 1u);
  let level = round(place * 255.0);
  var shown = vec3f(level / 255.0);
  if (!GREYS) {
    shown = textureLoad(sliceLut, vec2u(u32(level), 0u), 0).rgb;
  }
  return select(sliceLook.background.rgb, shown, found);
}

// Grey of a gathered pixel: of the greatest value, the least, or the mean.
fn slice_gathered(pixel: vec2f, mode: u32) -> f32 {
  return select(select(pixel.x, 1.0 - pixel.x, mode == 2u), pixel.x / max(pixel.y, 1.0), mode == 3u);
}

// What a pixel of a gathered slab shows without labels.
fn slice_slabShown(pixel: vec2f) -> vec3f {
  let gathered = textureLoad(sliceSlab, vec2u(pixel), 0).xy;
  return slice_shown(slice_gathered(gathered, SLAB), gathered.y > 0.0);
}

// A colour under one fused volume. Greys have become levels of the table when they were gathered, or do so here.
fn slice_under(color: vec3f, gathered: vec2f, n: u32) -> vec3f {
  let look = sliceLook.fused[n];
  let place = u32(round(clamp(slice_gathered(gathered, FUSED_SLAB), 0.0, 1.0) * 255.0));
  let tint = textureLoad(sliceLut, vec2u(select(place, 255u - place, look.invert == 1u), n + 1u), 0).rgb;
  let hidden = gathered.y == 0.0 || (look.hideLow == 1u && place == 0u);
  return mix(color, tint, select(look.opacity, 0.0, hidden));
}

// A colour with the fused volumes over it, the last on top.
fn slice_fused(color: vec3f, pixel: vec2f) -> vec3f {
  var shown = color;
  if (FUSED > 0u) {
    shown = slice_under(shown, textureLoad(sliceFused0, vec2u(pixel), 0).xy, 0u);
  }
  if (FUSED > 1u) {
    shown = slice_under(shown, textureLoad(sliceFused1, vec2u(pixel), 0).xy, 1u);
  }
  return shown;
}

// One pixel of planes of a slab that lie next to one another, or of a plane of a fused volume.
@fragment fn slice_gather(corner: SliceCorner) -> @location(0) vec2f {
  let index = slice_index(corner.position.xy - 0.5);
  // The planes that are inside the volume here; an uneven stack has one at a time.
  let step = select(sliceView.step, vec3f(1e-9), abs(sliceView.step) < vec3f(1e-9));
  let near = (vec3f(-0.5) - index) / step;
  let far = (sliceView.lastIndex - index) / step;
  let enter = min(near, far);
  let leave = max(near, far);
  let first = max(ceil(max(enter.x, max(enter.y, enter.z))), 0.0);
  let end = min(ceil(min(leave.x, min(leave.y, leave.z))), f32(sliceView.count));
  // Greatest grey so far, of 1 - grey for the least; or their sum.
  var grey = select(-3.0e38, 0.0, SLAB == 3u);
  var found = 0.0;
  if (WITHIN && REACH == 1u && ATLAS_FILTERS && !ATLAS_MISSING) {
    // All that is the same for every plane is worked out once, in texels of the atlas.
    let slot = vec3f(brick_slotOrigin(corner.entries.x));
    let start = index * corner.ratio + corner.offset + slot;
    let way = sliceView.step * corner.ratio;
    for (var n = first; n < end; n += 1.0) {
      let texel = clamp(start + way * n, slot + 0.5, slot + 63.5);
      grey = slice_met(grey, brick_filtered(corner.entries.x, texel));
    }
    found = max(end - first, 0.0);
  } else if (WITHIN && REACH == 1u && LAYERED != 0u && !ATLAS_MISSING) {
    // Planes that follow one another share layers of voxels, so a layer is read once: four loads a plane in place of eight.
    let axis = vec3u(vec3u(1u, 2u, 3u) == vec3u(LAYERED));
    let start = clamp(index * corner.ratio + corner.offset, vec3f(0.5), vec3f(63.5)) - 0.5;
    let base = min(vec3u(start), vec3u(62u)) * (1u - axis);
    let f = start - vec3f(base);
    let at = brick_slotOrigin(corner.entries.x) + base;
    let begin = dot(index * corner.ratio + corner.offset, vec3f(axis)) - 0.5;
    let way = dot(sliceView.step * corner.ratio, vec3f(axis));
    var layer = 64u;
    var near = 0.0;
    var far = 0.0;
    for (var n = first; n < end; n += 1.0) {
      let place = clamp(begin + way * n, 0.0, 63.0);
      let below = min(u32(place), 62u);
      if (below == layer + 1u) {
        near = far;
        far = slice_layer(corner.entries.x, at + (below + 1u) * axis, axis, f);
      } else if (below + 1u == layer) {
        far = near;
        near = slice_layer(corner.entries.x, at + below * axis, axis, f);
      } else if (below != layer) {
        near = slice_layer(corner.entries.x, at + below * axis, axis, f);
        far = slice_layer(corner.entries.x, at + (below + 1u) * axis, axis, f);
      }
      layer = below;
      grey = slice_met(grey, mix(near, far, place - f32(below)));
    }
    found = max(end - first, 0.0);
  } else {
    for (var n = first; n < end; n += 1.0) {
      let both = slice_value(corner, index + sliceView.step * n);
      let there = both.y > 0.0 && !brick_lacks(both.x);
      grey = select(grey, slice_met(grey, both.x), there);
      found += select(0.0, both.y, there);
    }
  }
  if (found == 0.0) {
    discard;
  }
  return select(vec2f(clamp(grey, 0.0, 1.0), 1.0), vec2f(grey, found), SLAB == 3u);
}

// Bilinear value of the layer of voxels at `at`, across `axis`.
fn slice_layer(entry: u32, at: vec3u, axis: vec3u, f: vec3f) -> f32 {
  let u = vec3u(1u - axis.x, axis.x, 0u);
  let v = vec3u(0u, axis.z, 1u - axis.z);
  let low = mix(brick_texel(entry, at), brick_texel(entry, at + u), dot(f, vec3f(u)));
  let high = mix(brick_texel(entry, at + v), brick_texel(entry, at + u + v), dot(f, vec3f(u)));
  return mix(low, high, dot(f, vec3f(v)));
}

// How a value joins what other planes of a slab have shown.
fn slice_met(grey: f32, value: f32) -> f32 {
  let shade = value * sliceLook.gain + sliceLook.bias;
  if (SLAB == 3u) {
    return grey + shade;
  }
  return max(grey, select(shade, 1.0 - shade, SLAB == 2u));
}

// The whole picture as one triangle.
@vertex fn slice_wholeVertex(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// One pixel of a gathered slab, or of what is fused where this volume is not; without labels.
@fragment fn slice_wholeFragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  var color = sliceLook.background.rgb;
  if (SLAB != 0u) {
    color = slice_slabShown(position.xy);
  }
  return vec4f(slice_fused(color, position.xy), 1.0);
}

// One pixel of a polygon.
@fragment fn slice_fragment(corner: SliceCorner) -> @location(0) vec4f {
  let pixel = corner.position.xy - 0.5;
  let index = slice_index(pixel);
  let outside = SLAB == 0u && slice_outside(index);
  var color: vec3f;
  if (SLAB != 0u) {
    color = slice_slabShown(corner.position.xy);
  } else {
    let both = slice_value(corner, index);
    color = slice_shown(both.x * sliceLook.gain + sliceLook.bias, both.y > 0.0 && !outside);
  }
  color = slice_fused(color, corner.position.xy);
  if (LABELS != 0u) {
    color = select(slice_labelled(color, corner.position.xy, index, corner.entries), color, outside);
  }
  return vec4f(color, 1.0);
}
