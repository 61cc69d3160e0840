// A plane through the volume: window and level, labels filled and outlined, proposals striped.
#include "common/brick-lookup.wgsl"
#include "common/label-lookup.wgsl"

struct SliceView {
  indexOrigin: vec3f, // affine index of the centre of pixel (0, 0)
  level: u32,         // level to sample
  indexRight: vec3f,  // affine index step per pixel to the right
  indexDown: vec3f,   // affine index step per pixel down
}

struct SliceLook {
  background: vec4f,  // outside the volume, and where nothing is resident
  gain: f32,          // grey = stored · gain + bias, 0 black to 1 white
  bias: f32,
  invert: u32,        // 1 = white for low values
  fill: f32,          // opacity of label areas, 0 to 1
  outline: f32,       // width of label outlines, pixels; 0 = none
  highlight: u32,      // highlighted segment, 0 = none
}

// Trilinear, or the nearest voxel.
override LINEAR: bool = true;
// 0 = no labels, 1 = labels, 2 = proposals, 3 = both. A constant, as is LINEAR: drivers on the CPU run both sides of a branch.
override LABELS: u32 = 3u;

@group(0) @binding(0) var<uniform> sliceView: SliceView;
@group(3) @binding(0) var<uniform> sliceLook: SliceLook;

// One triangle that covers the picture.
@vertex fn slice_vertex(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

fn slice_index(pixel: vec2f) -> vec3f {
  return grid_index(sliceView.indexOrigin + sliceView.indexRight * pixel.x + sliceView.indexDown * pixel.y);
}

fn slice_inside(index0: vec3f) -> bool {
  return all(index0 >= vec3f(-0.5)) && all(index0 < brickVolume.levels[0].dims - 0.5);
}

// Label and proposal under a pixel; nothing outside the volume.
fn slice_labels(pixel: vec2f) -> vec2u {
  let index0 = slice_index(pixel);
  if (!slice_inside(index0)) {
    return vec2u(0u);
  }
  return label_pair(sliceView.level, index0);
}

// True where another label lies within `width` pixels, straight or diagonal.
fn slice_edges(pixel: vec2f, here: vec2u, width: f32) -> vec2<bool> {
  let d = width * 0.7071;
  var edge = vec2<bool>(false);
  edge = edge | (slice_labels(pixel + vec2f(width, 0.0)) != here);
  edge = edge | (slice_labels(pixel - vec2f(width, 0.0)) != here);
  edge = edge | (slice_labels(pixel + vec2f(0.0, width)) != here);
  edge = edge | (slice_labels(pixel - vec2f(0.0, width)) != here);
  edge = edge | (slice_labels(pixel + vec2f(d, d)) != here);
  edge = edge | (slice_labels(pixel + vec2f(-d, d)) != here);
  edge = edge | (slice_labels(pixel + vec2f(d, -d)) != here);
  edge = edge | (slice_labels(pixel + vec2f(-d, -d)) != here);
  return edge;
}

// One pixel.
@fragment fn slice_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let pixel = position.xy - 0.5;
  let index0 = slice_index(pixel);
  if (!slice_inside(index0)) {
    return sliceLook.background;
  }
  let index = brick_toLevel(sliceView.level, index0);
  var found: vec2f;
  if (LINEAR) {
    found = brick_linear(sliceView.level, index);
  } else {
    found = brick_nearest(sliceView.level, index);
  }
  var color = sliceLook.background.rgb;
  if (found.y > 0.0) {
    var grey = clamp(found.x * sliceLook.gain + sliceLook.bias, 0.0, 1.0);
    if (sliceLook.invert == 1u) {
      grey = 1.0 - grey;
    }
    color = vec3f(grey);
  }
  if (LABELS == 0u) {
    return vec4f(color, 1.0);
  }
  let here = label_pair(sliceView.level, index0);
  if (all(here == vec2u(0u))) {
    return vec4f(color, 1.0);
  }
  let lit = sliceLook.highlight != 0u && here.x == sliceLook.highlight;
  let width = sliceLook.outline * select(1.0, 1.6, lit);
  var edge = vec2<bool>(false);
  if (width > 0.0) {
    edge = slice_edges(pixel, here, width);
  }
  if ((LABELS & 1u) != 0u && here.x != 0u) {
    let tint = label_color(here.x);
    if (tint.a > 0.0) {
      var cover = min(sliceLook.fill * select(1.0, 1.25, lit), 1.0);
      if (edge.x) {
        cover = select(0.9, 1.0, lit);
      }
      color = mix(color, tint.rgb, cover);
    }
  }
  if ((LABELS & 2u) != 0u && here.y != 0u) {
    let tint = label_color(here.y);
    // A proposal may be of a hidden segment: it is shown all the same.
    let stripe = fract((position.x + position.y) / 8.0) < 0.5;
    color = mix(color, tint.rgb, select(0.2, 0.6, stripe));
    if (edge.y) {
      color = select(tint.rgb, vec3f(1.0), fract((position.x - position.y) / 8.0) < 0.5);
    }
  }
  return vec4f(color, 1.0);
}
