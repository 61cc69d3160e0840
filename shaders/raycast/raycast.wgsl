// The volume by rays, front to back: shaded volume rendering or maximum intensity. A ray walks brick by brick: inside a brick it
// steps through one slot of the atlas with the hardware's filter; within a voxel of a brick's border every sample looks across.
// Bricks that the transfer function makes transparent, or that cannot raise the maximum, are passed in one step.
#include "common/brick-lookup.wgsl"
#include "common/label-lookup.wgsl"

struct RayView {
  clipToRay: mat4x4f,   // clip space (depth 0 to 1) to ray space: index at LEVEL, voxel centres at whole numbers;
                        // for an uneven stack the affine index at level 0
  rayToLps: mat3x3f,    // a direction in ray space to LPS mm
  gradientToLps: mat3x3f, // a gradient in index space at `level` to a direction in LPS
  boxMin: vec3f,        // outer faces of the volume in ray space
  boxMax: vec3f,
  stepMm: f32,          // distance of samples along a ray
  sizePx: vec2f,        // size of the target, pixels
}

struct RayLook {
  background: vec4f,
  transferGain: f32,    // place in the transfer function, 0 to 1 = stored · gain + bias
  transferBias: f32,
  windowGain: f32,      // grey of the maximum = stored · gain + bias
  windowBias: f32,
  ambient: f32,         // light that falls everywhere, 0 to 1
  diffuse: f32,         // light by the angle to the surface
  specular: f32,        // highlight
  gradientGain: f32,    // 1 / gradient per voxel, stored values, at which a place is shaded fully
  invert: u32,          // 1 = white for low values (maximum intensity only)
  labelAlpha: f32,      // opacity of a sample in a label, for the step of now
  highlight: u32,       // segment to lift out, 0 = none
}

@group(0) @binding(0) var<uniform> rayView: RayView;
@group(3) @binding(0) var<uniform> rayLook: RayLook;
// Colour and opacity, opacity for the step of now.
@group(3) @binding(1) var transfer: texture_2d<f32>;
// Per brick of LEVEL: the largest stored value, and 1 where the transfer function shows anything of its range.
@group(3) @binding(2) var<storage, read> brickInfo: array<vec2f>;

// 0 = shaded, 1 = maximum intensity. Overrides and not uniforms, because drivers on the CPU run both sides of a branch.
override MODE: u32 = 0u;
// Level to sample.
override LEVEL: u32 = 0u;
// 0 = no labels, 1 = labels, 2 = proposals, 3 = both.
override LABELS: u32 = 3u;

const RAY_OPAQUE = 0.98;
const RAY_LOWEST = -3.0e38;

@vertex fn raycast_vertex(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// Index at the level of a place in ray space.
fn raycast_index(p: vec3f) -> vec3f {
  if (UNEVEN) {
    return brick_toLevel(LEVEL, grid_index(p));
  }
  return p;
}

// Stored value per voxel of the level, by central differences within one slot. At the slot's faces the taps stay inside and the
// shorter distance is taken into account, so that a straight ramp has one gradient throughout.
fn raycast_gradient(entry: u32, local: vec3f, ratio: vec3f) -> vec3f {
  var sum = vec3f(0.0);
  for (var axis = 0u; axis < 3u; axis++) {
    var step = vec3f(0.0);
    step[axis] = ratio[axis];
    let ahead = clamp(local + step, vec3f(0.0), vec3f(63.0));
    let behind = clamp(local - step, vec3f(0.0), vec3f(63.0));
    let rise = brick_within(entry, ahead) - brick_within(entry, behind);
    sum[axis] = rise / max(ahead[axis] - behind[axis], 1e-3) * ratio[axis];
  }
  return sum;
}

// Light on a place whose gradient is known; the light sits at the eye.
fn raycast_lit(color: vec3f, gradient: vec3f, strength: f32, toEye: vec3f) -> vec3f {
  let normal = rayView.gradientToLps * gradient;
  let size = length(normal);
  if (size <= 0.0) {
    return color * (rayLook.ambient + rayLook.diffuse * 0.7);
  }
  let facing = abs(dot(normal, toEye)) / size;
  let shine = rayLook.specular * pow(facing, 24.0);
  let lit = color * (rayLook.ambient + rayLook.diffuse * facing) + vec3f(shine);
  return mix(color * (rayLook.ambient + rayLook.diffuse * 0.7), lit, strength);
}

// Where a label ends around a voxel: points out of the label.
fn raycast_labelGradient(table: u32, index: vec3f, label: u32) -> vec3f {
  var sum = vec3f(0.0);
  for (var n = 0u; n < 18u; n++) {
    // Three distances along each axis, so that steps of voxels do not show as stripes.
    var axis = vec3f(0.0);
    axis[(n >> 1u) % 3u] = select(-1.0, 1.0, (n & 1u) == 1u) * f32(n / 6u + 1u);
    let at = clamp(floor(index + axis + 0.5), vec3f(0.0), brickVolume.levels[LEVEL].dims - 1.0);
    let voxel = vec3u(at);
    let place = label_entryAt(LEVEL, voxel);
    var other: u32;
    if (table == 0u) {
      other = label_texel(labelTable[place], voxel);
    } else {
      other = label_texel(proposalTable[place], voxel);
    }
    if (other != label) {
      sum += axis;
    }
  }
  return sum;
}

// One ray.
@fragment fn raycast_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let clip = vec2f(position.x / rayView.sizePx.x * 2.0 - 1.0, 1.0 - position.y / rayView.sizePx.y * 2.0);
  let near4 = rayView.clipToRay * vec4f(clip, 0.0, 1.0);
  let far4 = rayView.clipToRay * vec4f(clip, 1.0, 1.0);
  let near = near4.xyz / near4.w;
  let span = far4.xyz / far4.w - near;
  let alongMm = rayView.rayToLps * span;
  let lengthMm = length(alongMm);
  let toEye = -alongMm / lengthMm;
  // Ray space per millimetre; a zero would divide below.
  var dir = span / lengthMm;
  dir = select(dir, vec3f(1e-9), abs(dir) < vec3f(1e-9));
  let a = (rayView.boxMin - near) / dir;
  let b = (rayView.boxMax - near) / dir;
  let lo = min(a, b);
  let hi = max(a, b);
  let tEnter = max(max(lo.x, max(lo.y, lo.z)), 0.0);
  let tLeave = min(min(hi.x, min(hi.y, hi.z)), lengthMm);
  if (tEnter >= tLeave) {
    return rayLook.background;
  }
  let dt = rayView.stepMm;
  // Samples lie on one lattice whatever is skipped, so skipping changes no pixel.
  var t = ceil(tEnter / dt) * dt;
  let dims = brickVolume.levels[LEVEL].dims;
  let bricks = brickVolume.levels[LEVEL].bricks;
  var color = vec3f(0.0);
  var alpha = 0.0;
  var best = RAY_LOWEST;
  var stain = vec4f(0.0);

  while (t <= tLeave && alpha < RAY_OPAQUE) {
    let p = near + dir * t;
    let index = raycast_index(p);
    let voxel = clamp(floor(index + 0.5), vec3f(0.0), dims - 1.0);
    let brick = vec3u(voxel) / 64u;
    let inLevel = (brick.z * bricks.y + brick.y) * bricks.x + brick.x;
    let entry = pageTable[brickVolume.levels[LEVEL].pageOffset + inLevel];
    var labelEntry = 0u;
    var proposalEntry = 0u;
    if ((LABELS & 1u) != 0u) {
      labelEntry = labelTable[brickVolume.levels[LEVEL].pageOffset + inLevel];
    }
    if ((LABELS & 2u) != 0u) {
      proposalEntry = proposalTable[brickVolume.levels[LEVEL].pageOffset + inLevel];
    }
    let first = vec3f(brick * 64u);
    let inMin = select(first, vec3f(-1.0), brick == vec3u(0u));
    let inMax = select(first + 63.0, dims, brick + 1u == bricks);
    let inside = !UNEVEN && all(index >= inMin) && all(index <= inMax);

    var count = 1.0;
    var skip = entry == 0u;
    if (inside) {
      let exits = (select(inMax, inMin, dir < vec3f(0.0)) - p) / dir;
      let exit = min(min(exits.x, min(exits.y, exits.z)), tLeave - t);
      count = max(floor(exit / dt) + 1.0, 1.0);
      let info = brickInfo[inLevel];
      let plain = labelEntry == 0u && proposalEntry == 0u;
      skip = skip || (plain && select(info.y <= 0.0, info.x <= best, MODE == 1u));
    }
    if (skip) {
      t += count * dt;
      continue;
    }

    var ratio = vec3f(1.0);
    var home = first;
    if (!RESIDENT) {
      ratio = brickVolume.levels[brick_entryLevel(entry)].scale / brickVolume.levels[LEVEL].scale;
      home = floor((voxel + 0.5) * ratio / 64.0) * 64.0;
    }
    // Place in the slot, voxel centres at whole numbers.
    let local = (index + 0.5) * ratio - 0.5 - home;
    let localStep = dir * dt * ratio;
    // Between bricks there is one sample at a time.
    var between = 0.0;
    if (!inside) {
      between = brick_linear(LEVEL, index).x;
    }

    var n = 0.0;
    while (n < count && alpha < RAY_OPAQUE) {
      // On to the next sample that shows, so that light is worked out for no other.
      var value = 0.0;
      var shade = vec4f(0.0);
      var tint = vec4f(0.0);
      var label = 0u;
      var proposed = 0u;
      loop {
        value = select(between, brick_within(entry, local + localStep * n), inside);
        if (LABELS != 0u) {
          let place = vec3u(clamp(floor(index + dir * (n * dt) + 0.5), vec3f(0.0), dims - 1.0));
          label = label_texel(labelEntry, place);
          proposed = label_texel(proposalEntry, place);
          tint = label_color(label);
          if (proposed != 0u) {
            tint = mix(label_color(proposed), vec4f(1.0), vec4f(0.25, 0.25, 0.25, 1.0));
          }
        }
        n += 1.0;
        if (MODE == 1u) {
          best = max(best, value);
        } else {
          let place = clamp(value * rayLook.transferGain + rayLook.transferBias, 0.0, 1.0);
          shade = textureLoad(transfer, vec2u(u32(place * 1023.0 + 0.5), 0u), 0);
        }
        if (shade.a > 0.0 || tint.a > 0.0 || n >= count) {
          break;
        }
      }

      if (MODE == 1u) {
        let more = select(0.0, (1.0 - stain.a) * rayLook.labelAlpha * 0.5, tint.a > 0.0);
        stain = vec4f(stain.rgb + tint.rgb * more, stain.a + more);
      } else if (LABELS != 0u && tint.a > 0.0) {
        let bright = select(1.0, 1.2, label == rayLook.highlight && label != 0u);
        let at = index + dir * ((n - 1.0) * dt);
        let edge = raycast_labelGradient(select(0u, 1u, proposed != 0u), at, select(label, proposed, proposed != 0u));
        let more = (1.0 - alpha) * max(shade.a, rayLook.labelAlpha);
        color += raycast_lit(tint.rgb * bright, edge, 1.0, toEye) * more;
        alpha += more;
      } else {
        let gradient = raycast_gradient(entry, local + localStep * (n - 1.0), ratio);
        let more = (1.0 - alpha) * shade.a;
        color += raycast_lit(shade.rgb, gradient, clamp(length(gradient) * rayLook.gradientGain, 0.0, 1.0), toEye) * more;
        alpha += more;
      }
    }
    t += count * dt;
  }

  if (MODE == 1u) {
    if (best == RAY_LOWEST) {
      return rayLook.background;
    }
    var grey = clamp(best * rayLook.windowGain + rayLook.windowBias, 0.0, 1.0);
    if (rayLook.invert == 1u) {
      grey = 1.0 - grey;
    }
    return vec4f(vec3f(grey) * (1.0 - stain.a) + stain.rgb, 1.0);
  }
  return vec4f(color + rayLook.background.rgb * (1.0 - alpha), 1.0);
}
