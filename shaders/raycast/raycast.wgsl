// The volume by rays, front to back: shaded, isosurface, or a projection (largest, smallest, mean value). A ray walks brick by
// brick: inside a brick it steps through one slot of the atlas with the hardware's filter; within a voxel of a brick's border every
// sample looks across. Bricks that can add nothing by their least and largest value are passed in one step.
#include "common/brick-lookup.wgsl"
#include "common/label-lookup.wgsl"
#include "raycast/rayscene.wgsl"
#include "raycast/raylight.wgsl"
#include "raycast/raylayers.wgsl"

const RAY_OPAQUE = 0.98;
const CELL_PATIENCE = 4.0;
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

// The planes' picture where the nearest of them is met, and how far that is; far away where none is.
fn raycast_paper(near: vec3f, dir: vec3f, lengthMm: f32) -> vec4f {
  var first = 3.0e38;
  for (var n = 0u; n < 3u; n++) {
    let plane = rayView.planes[n];
    let toward = dot(plane.xyz, dir);
    let meets = -(dot(plane.xyz, near) + plane.w) / select(toward, 1e-12, abs(toward) < 1e-12);
    let p = near + dir * meets;
    // A little slack, so that rounding loses nothing at the volume's faces.
    if (all(p >= rayView.volumeMin - 1e-3) && all(p <= rayView.volumeMax + 1e-3) && meets > 0.0 && meets < lengthMm) {
      first = min(first, meets);
    }
  }
  if (first > lengthMm) {
    return vec4f(rayLook.background.rgb, first);
  }
  let index = raycast_index(near + dir * first);
  let grey = clamp(brick_linear(LEVEL, index).x * rayLook.planeGain + rayLook.planeBias, 0.0, 1.0);
  var color = vec3f(grey);
  if ((LABELS & 1u) != 0u) {
    let voxel = label_voxelAt(LEVEL, index);
    let tint = label_color(label_texel(labelTable[label_entryAt(LEVEL, voxel)], voxel));
    color = mix(color, tint.rgb, select(0.0, 0.45, tint.a > 0.0));
  }
  return vec4f(color, first);
}

// Whether a cell of a slot can add nothing. `best` is what a projection has found.
fn raycast_idleCell(slot: u32, cell: vec3u, best: f32) -> bool {
  let raw = brickCells[slot * 512u + (cell.z * 8u + cell.y) * 8u + cell.x];
  let range = raw * brickVolume.valueScale + brickVolume.valueOffset;
  if (MODE == MODE_MAXIMUM) {
    return range.y <= best;
  }
  if (MODE == MODE_MINIMUM) {
    return range.x >= best;
  }
  if (MODE == MODE_ISO) {
    return !raycast_within(range.x) && !raycast_within(range.y);
  }
  let ends = clamp(range * rayLook.transferGain + rayLook.transferBias, vec2f(0.0), vec2f(1.0)) * 1023.0;
  let first = u32(floor(min(ends.x, ends.y)));
  let last = u32(ceil(max(ends.x, ends.y)));
  return textureLoad(transfer, vec2u(last, 1u), 0).y <= textureLoad(transfer, vec2u(first, 1u), 0).x;
}

// The sample after the last one in the cell of sample `n` of a slot, `last` at most; and 1 where the cell can add nothing.
fn raycast_cellEnd(slot: u32, local: vec3f, step: vec3f, n: f32, last: f32, best: f32) -> vec2f {
  if (!CELLS || MODE == MODE_MEAN) {
    return vec2f(last, 0.0);
  }
  let at = local + step * n;
  let cell = clamp(floor(at / 8.0), vec3f(0.0), vec3f(7.0));
  let exits = ((cell + select(vec3f(1.0), vec3f(0.0), step < vec3f(0.0))) * 8.0 - at) / step;
  let end = min(n + max(floor(min(exits.x, min(exits.y, exits.z))), 0.0) + 1.0, last);
  return vec2f(end, select(0.0, 1.0, raycast_idleCell(slot, vec3u(cell), best)));
}

// Whether a stored value lies within the isosurface.
fn raycast_within(value: f32) -> bool {
  return (value - rayLook.isoLevel) * rayLook.isoSense >= 0.0;
}

// A point of the picture and the depth to which it is looked for, in clip space.
struct RaycastSight {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat, either) clip: vec3f,
}

// Texels of the target that points are answered in, row by row.
const SIGHT_COLUMNS = 256u;
const SIGHT_ROWS = 16u;

@vertex fn raycast_sight_vertex(@builtin(vertex_index) n: u32, @location(0) clip: vec3f) -> RaycastSight {
  let texel = vec2f(f32(n % SIGHT_COLUMNS), f32(n / SIGHT_COLUMNS)) + 0.5;
  let at = texel / vec2f(f32(SIGHT_COLUMNS), f32(SIGHT_ROWS)) * 2.0 - 1.0;
  return RaycastSight(vec4f(at.x, -at.y, 0.0, 1.0), clip);
}

// One point.
@fragment fn raycast_sight_fragment(sight: RaycastSight) -> @location(0) vec4f {
  let pixel = (sight.clip.xy * vec2f(0.5, -0.5) + 0.5) * rayView.sizePx;
  let texel = clamp(pixel - rayView.originPx, vec2f(0.0), rayView.sizePx - 1.0);
  return raycast_ray(pixel, vec2u(texel), sight.clip);
}

// One pixel.
@fragment fn raycast_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let pixel = position.xy + rayView.originPx;
  let clip = vec2f(pixel.x / rayView.sizePx.x * 2.0 - 1.0, 1.0 - pixel.y / rayView.sizePx.y * 2.0);
  return raycast_ray(pixel, vec2u(position.xy), vec3f(clip, 1.0));
}

// The picture of a compute pass, which is laid on the target afterwards.
@group(0) @binding(1) var rayPicture: texture_storage_2d<rgba16float, write>;

// One pixel of it. GPUs made for computing have many times more units for this than for fragments.
@compute @workgroup_size(8, 8) fn raycast_compute(@builtin(global_invocation_id) id: vec3u) {
  let at = vec2u(id.x, id.y + rayView.part.y);
  if (at.x >= rayView.part.x || at.y >= rayView.part.z) {
    return;
  }
  let pixel = vec2f(at) + 0.5 + rayView.originPx;
  let clip = vec2f(pixel.x / rayView.sizePx.x * 2.0 - 1.0, 1.0 - pixel.y / rayView.sizePx.y * 2.0);
  textureStore(rayPicture, at, raycast_ray(pixel, at, vec3f(clip, 1.0)));
}

// One ray, to a place in clip space; `texel` is its pixel in the pictures of surfaces.
fn raycast_ray(pixel: vec2f, texel: vec2u, end: vec3f) -> vec4f {
  let clip = end.xy;
  let near4 = rayView.clipToRay * vec4f(clip, 0.0, 1.0);
  let far4 = rayView.clipToRay * vec4f(clip, 1.0, 1.0);
  let near = near4.xyz / near4.w;
  let span = far4.xyz / far4.w - near;
  let alongMm = rayView.rayToLps * span;
  let lengthMm = length(alongMm);
  let toEye = -alongMm / lengthMm;
  var reach = lengthMm;
  if (OUTPUT == 3u) {
    reach = raylayer_at(clip, near, end.z);
  }
  // Ray space per millimetre; a zero would divide below.
  var dir = span / lengthMm;
  dir = select(dir, vec3f(1e-9), abs(dir) < vec3f(1e-9));
  let a = (rayView.boxMin - near) / dir;
  let b = (rayView.boxMax - near) / dir;
  let lo = min(a, b);
  let hi = max(a, b);
  var tEnter = max(max(lo.x, max(lo.y, lo.z)), 0.0);
  var tLeave = min(min(hi.x, min(hi.y, hi.z)), reach);
  // The clip plane: off + away · t must stay at or below 0.
  let away = dot(rayView.clipPlane.xyz, dir);
  let off = dot(rayView.clipPlane.xyz, near) + rayView.clipPlane.w;
  let cut = -off / select(away, 1e-9, abs(away) < 1e-9);
  tLeave = min(tLeave, select(tLeave, cut, away > 1e-9));
  tEnter = max(tEnter, select(tEnter, cut, away < -1e-9));
  tLeave = select(tLeave, tEnter - 1.0, abs(away) <= 1e-9 && off > 0.0);
  var paper = rayLook.background.rgb;
  // The nearest plane, mm along the ray; -1 where none is met.
  var paperAt = -1.0;
  if (PLANES) {
    let met = raycast_paper(near, dir, reach);
    paper = met.rgb;
    paperAt = select(-1.0, met.w, met.w <= reach);
    tLeave = min(tLeave, met.w);
  }
  let projection = MODE == MODE_MAXIMUM || MODE == MODE_MINIMUM || MODE == MODE_MEAN;
  // Surfaces: the opaque one ends the ray as a plane does, translucent ones lie in its way.
  var layers = array<RayLayer, 2>(RayLayer(vec4f(0.0), LAYER_FAR), RayLayer(vec4f(0.0), LAYER_FAR));
  var paperLabel = 0.0;
  var wall = RayLayer(vec4f(0.0), LAYER_FAR);
  if (SURFACES > 0u) {
    wall = raylayer_wall(texel, clip, near);
    if (OUTPUT == 3u) {
      wall.at = select(LAYER_FAR, wall.at, wall.at < reach);
    }
    if (wall.at < LAYER_FAR && (projection || paperAt < 0.0 || wall.at < paperAt)) {
      paper = wall.color.rgb;
      paperAt = wall.at;
      paperLabel = wall.color.r;
      tLeave = select(min(tLeave, wall.at), tLeave, projection);
    }
    if (SURFACES > 1u) {
      layers[0] = raylayer_front(texel, clip, near);
      layers[1] = raylayer_rest(texel, lengthMm);
      let last = select(select(LAYER_FAR, reach, OUTPUT == 3u), paperAt, paperAt >= 0.0);
      for (var n = 0u; n < 2u; n++) {
        layers[n].color.a = select(0.0, layers[n].color.a, layers[n].at < last);
      }
    }
  }
  if (tEnter >= tLeave && layers[0].color.a + layers[1].color.a <= 0.0) {
    if (OUTPUT == 1u) {
      return vec4f(raycast_index(near + dir * paperAt), select(0.0, 1.0 + paperLabel, paperAt >= 0.0));
    }
    if (OUTPUT == 3u) {
      return vec4f(select(1.0, 0.0, paperAt >= 0.0));
    }
    return select(vec4f(0.0), vec4f(paper, 1.0), OUTPUT == 0u);
  }
  let dt = rayView.stepMm;
  let noise = raylight_noise(pixel);
  // Samples lie on one lattice whatever is skipped, so skipping changes no pixel.
  let shift = noise.x * rayView.jitter;
  var t = (ceil(tEnter / dt - shift) + shift) * dt;
  let dims = brickVolume.levels[LEVEL].dims;
  let bricks = brickVolume.levels[LEVEL].bricks;
  var color = vec3f(0.0);
  var alpha = 0.0;
  // What a projection has found so far, and where.
  var best = select(RAY_LOWEST, -RAY_LOWEST, MODE == MODE_MINIMUM);
  var bestAt = -1.0;
  var sum = 0.0;
  var taken = 0.0;
  // The sample that adds most to the pixel.
  var most = 0.0;
  var mostAt = -1.0;
  var within = false;
  var stain = vec4f(0.0);
  var walked = 0.0;
  var passed = 0.0;
  var samples = 0.0;
  // Samples of a projection that are taken before a cell is asked again whether it can add anything: twice as many after each that could.
  var patience = CELL_PATIENCE;
  var mostLabel = 0.0;

  // To the first translucent surface, to the others, to the end.
  for (var stretch = select(2u, 0u, SURFACES > 1u && !projection); stretch < 3u; stretch++) {
    var tStop = tLeave;
    if (stretch < 2u) {
      tStop = min(layers[stretch].at, tLeave);
    }
    while (t <= tStop && alpha < RAY_OPAQUE) {
      // A projection takes the samples between bricks one after another, with nothing worked out of any brick.
      for (var crossing = RESIDENT && !UNEVEN && LABELS == 0u && projection; crossing;) {
        let index = near + dir * t;
        let brick = floor(index / 64.0);
        let beyond = index - brick * 64.0 > vec3f(63.0);
        crossing = t <= tStop && any(beyond & (brick >= vec3f(0.0)) & (brick < vec3f(bricks) - 1.0));
        for (var met = crossing; met; met = false) {
          let value = brick_linear(LEVEL, index).x;
          let there = !brick_lacks(value);
          if (MODE == MODE_MEAN) {
            sum += select(0.0, value, there);
          } else {
            let better = there && select(value > best, value < best, MODE == MODE_MINIMUM);
            best = select(best, value, better);
            bestAt = select(bestAt, t, better);
          }
          taken += select(0.0, 1.0, there);
          samples += 1.0;
          t += dt;
        }
      }
      if (t > tStop) {
        break;
      }
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
      var ratio = vec3f(1.0);
      var home = first;
      var full = vec3f(0.0);
      if (!RESIDENT) {
        ratio = brickVolume.levels[brick_entryLevel(entry)].scale / brickVolume.levels[LEVEL].scale;
        home = floor((voxel + 0.5) * ratio / 64.0) * 64.0;
        // The outermost voxel centres of a coarser brick lie further in.
        full = (0.5 / ratio - 0.5) * vec3f(ratio < vec3f(1.0));
      }
      let inMin = select(first + full, vec3f(-1.0), brick == vec3u(0u));
      let inMax = select(first + 63.0 - full, dims, brick + 1u == bricks);
      let inside = !UNEVEN && all(index >= inMin) && all(index <= inMax);

      var count = 1.0;
      var skip = entry == 0u;
      var lone = false;
      if (inside) {
        let exits = (select(inMax, inMin, dir < vec3f(0.0)) - p) / dir;
        let exit = min(min(exits.x, min(exits.y, exits.z)), tStop - t);
        count = max(floor(exit / dt) + 1.0, 1.0);
        let info = brickInfo[inLevel];
        var idle = info.y <= 0.0;
        if (MODE == MODE_MAXIMUM) {
          idle = idle || info.x <= best;
        } else if (MODE == MODE_MINIMUM) {
          idle = idle || info.x >= best;
        }
        skip = skip || (labelEntry == 0u && proposalEntry == 0u && idle);
        // A brick of one value counts in a mean without being walked.
        if (MODE == MODE_MEAN && skip && entry != 0u && !brick_lacks(info.x)) {
          sum += info.x * count;
          taken += count;
        }
      }
      if (skip) {
        within = false;
        passed += 1.0;
        t += count * dt;
        continue;
      }
      walked += 1.0;

      // Place in the slot, voxel centres at whole numbers.
      let local = (index + 0.5) * ratio - 0.5 - home;
      let localStep = dir * dt * ratio;
      // Cells of the slot are passed where no label can show and the mode leaves anything out.
      let cellwise = CELLS && MODE != MODE_MEAN && inside && labelEntry == 0u && proposalEntry == 0u;
      let slot = brick_slotNumber(entry);
      // The same in texels of the atlas, worked out once for all samples of the brick.
      let texel = brick_atlasTexel(entry);
      let low = (vec3f(brick_slotOrigin(entry)) + 0.5) * texel;
      let high = low + 63.0 * texel;
      let start = low + local * texel;
      let stride = localStep * texel;
      var cellEnd = select(count, 0.0, cellwise);
      // Between bricks there is one sample at a time.
      var between = 0.0;
      if (!inside) {
        between = brick_linear(LEVEL, index).x;
      }

      var n = 0.0;
      // A projection without labels is samples and nothing else: what is the same for all of a brick is worked out once.
      if (LABELS == 0u && ATLAS_FILTERS && (MODE == MODE_MAXIMUM || MODE == MODE_MINIMUM || MODE == MODE_MEAN)) {
        let whole = select(0.0, count, inside);
        while (n < whole) {
          // To the end of a cell, and from there where the cell can add nothing. Where few can be passed, as in noise, many samples are
          // taken before the next one is asked: to ask costs as much as some samples.
          let cell = raycast_cellEnd(slot, local, localStep, n, whole, best);
          let idle = cell.y > 0.0;
          let first = select(n, cell.x, idle);
          let end = select(min(max(cell.x, n + patience), whole), cell.x, idle);
          patience = select(min(patience * 2.0, 24.0), CELL_PATIENCE, idle);
          // Texels: their values follow from them in the same order.
          var found = select(RAY_LOWEST, -RAY_LOWEST, MODE == MODE_MINIMUM);
          var foundAt = -1.0;
          var all = 0.0;
          var lacking = 0.0;
          for (n = first; n < end; n += 1.0) {
            var raw = brick_filteredTexel(entry, clamp(start + stride * n, low, high));
            if (ATLAS_MISSING) {
              // What has no value is no better than any, and nothing of a sum.
              let lacks = brick_lacks(raw);
              raw = select(raw, select(select(RAY_LOWEST, -RAY_LOWEST, MODE == MODE_MINIMUM), 0.0, MODE == MODE_MEAN), lacks);
              lacking += select(0.0, 1.0, lacks);
            }
            if (MODE == MODE_MEAN) {
              all += raw;
            } else {
              if (OUTPUT == 1u) {
                foundAt = select(foundAt, t + n * dt, select(raw > found, raw < found, MODE == MODE_MINIMUM));
              }
              found = select(max(found, raw), min(found, raw), MODE == MODE_MINIMUM);
            }
          }
          let here = end - first - lacking;
          if (MODE == MODE_MEAN) {
            sum += all * brickVolume.valueScale + brickVolume.valueOffset * here;
          } else {
            let value = found * brickVolume.valueScale + brickVolume.valueOffset;
            let better = here > 0.0 && select(value > best, value < best, MODE == MODE_MINIMUM);
            best = select(best, value, better);
            bestAt = select(bestAt, foundAt, better);
          }
          samples += end - first;
          taken += here;
          n = end;
        }
      }
      while (n < count && alpha < RAY_OPAQUE) {
        // On to the next sample that shows, so that light is worked out for no other.
        var value = 0.0;
        var shade = vec4f(0.0);
        var tint = vec4f(0.0);
        var label = 0u;
        var proposed = 0u;
        loop {
          // On to the next cell that may show; loops, because drivers on the CPU run what an if does not take.
          while (n >= cellEnd && n < count) {
            let at = local + localStep * n;
            let cell = clamp(floor(at / 8.0), vec3f(0.0), vec3f(7.0));
            let exits = ((cell + select(vec3f(1.0), vec3f(0.0), localStep < vec3f(0.0))) * 8.0 - at) / localStep;
            cellEnd = min(n + max(floor(min(exits.x, min(exits.y, exits.z))), 0.0) + 1.0, count);
            let idle = raycast_idleCell(slot, vec3u(cell), best);
            n = select(n, cellEnd, idle);
            within = within && !idle;
          }
          if (n >= count) {
            break;
          }
          if (ATLAS_FILTERS) {
            let raw = brick_filteredTexel(entry, clamp(start + stride * n, low, high));
            value = select(between, raw * brickVolume.valueScale + brickVolume.valueOffset, inside);
          } else {
            value = select(between, brick_within(entry, local + localStep * n), inside);
          }
          samples += 1.0;
          if (LABELS != 0u) {
            let place = vec3u(clamp(floor(index + dir * (n * dt) + 0.5), vec3f(0.0), dims - 1.0));
            label = label_texel(labelEntry, place);
            proposed = label_texel(proposalEntry, place);
            tint = label_color(label);
            tint.a = select(0.0, tint.a, tint.a > LEAST_OPACITY);
            if (proposed != 0u) {
              tint = mix(label_color(proposed), vec4f(1.0), vec4f(0.25, 0.25, 0.25, 1.0));
            }
          }
          if (MODE == MODE_MAXIMUM || MODE == MODE_MINIMUM) {
            let better = !brick_lacks(value) && select(value > best, value < best, MODE == MODE_MINIMUM);
            best = select(best, value, better);
            bestAt = select(bestAt, t + n * dt, better);
          } else if (MODE == MODE_MEAN) {
            sum += select(value, 0.0, brick_lacks(value));
            taken += select(1.0, 0.0, brick_lacks(value));
          } else if (MODE == MODE_ISO) {
            let now = raycast_within(value);
            shade.a = select(0.0, rayLook.isoColor.a, now && !within);
            within = now;
          } else {
            let place = clamp(value * rayLook.transferGain + rayLook.transferBias, 0.0, 1.0);
            shade = textureLoad(transfer, vec2u(u32(place * 1023.0 + 0.5), 0u), 0);
          }
          n += 1.0;
          if (shade.a > 0.0 || tint.a > 0.0 || n >= count) {
            break;
          }
        }
        let back = n - 1.0;
        var more = 0.0;
        var moreAt = t + back * dt;

        if (MODE == MODE_MAXIMUM || MODE == MODE_MINIMUM || MODE == MODE_MEAN) {
          let part = select(0.0, (1.0 - stain.a) * rayLook.labelAlpha * 0.5 * tint.a, tint.a > 0.0);
          stain = vec4f(stain.rgb + tint.rgb * part, stain.a + part);
        } else if (MODE == MODE_ISO) {
          if (LABELS != 0u && tint.a > 0.0) {
            let edge = raylight_labelGradient(
              select(0u, 1u, proposed != 0u), index + dir * (back * dt), select(label, proposed, proposed != 0u));
            more = (1.0 - alpha) * rayLook.labelAlpha * tint.a;
            color += raylight_lit(tint.rgb * select(1.0, 1.2, label == rayLook.highlight && label != 0u), edge, 1.0, toEye, 1.0) * more;
            alpha += more;
          }
          // Once at most, and a loop because drivers on the CPU run what an if does not take.
          for (var hit = shade.a > 0.0; hit; hit = false) {
            // Between the sample before and this one; a ray that begins within shows the cut.
            var outer = max(t + (back - 1.0) * dt, tEnter);
            var inner = t + back * dt;
            let cutOpen = outer == tEnter && raycast_within(brick_linear(LEVEL, raycast_index(near + dir * tEnter)).x);
            for (var halving = select(0u, 10u, cutOpen); halving < 10u; halving++) {
              let middle = (outer + inner) * 0.5;
              let deep = raycast_within(brick_linear(LEVEL, raycast_index(near + dir * middle)).x);
              inner = select(inner, middle, deep);
              outer = select(middle, outer, deep);
            }
            inner = select(inner, tEnter, cutOpen);
            let at = raycast_index(near + dir * inner);
            let gradient = raylight_gradient(0u, vec3f(0.0), vec3f(1.0), at);
            var open = 1.0;
            // A cut face has no gradient of its own, and nothing before it.
            if (LIGHT == 2u && !cutOpen) {
              open = raylight_openness(at, rayView.gradientToLps * gradient * -rayLook.isoSense, noise);
            }
            let part = (1.0 - alpha) * shade.a;
            color += raylight_lit(rayLook.isoColor.rgb, gradient, select(1.0, 0.0, cutOpen), toEye, open) * part;
            alpha += part;
            moreAt = select(moreAt, inner, part > more);
            more = max(more, part);
          }
        } else if (LABELS != 0u && tint.a > 0.0) {
          let bright = select(1.0, 1.2, label == rayLook.highlight && label != 0u);
          let at = index + dir * (back * dt);
          let edge = raylight_labelGradient(select(0u, 1u, proposed != 0u), at, select(label, proposed, proposed != 0u));
          more = (1.0 - alpha) * max(shade.a, rayLook.labelAlpha) * tint.a;
          color += raylight_lit(tint.rgb * bright, edge, 1.0, toEye, 1.0) * more;
          alpha += more;
        } else {
          let at = index + dir * (back * dt);
          var gradient = vec3f(0.0);
          if (LIGHT != 0u || EDGES) {
            gradient = raylight_gradient(select(0u, entry, inside), local + localStep * back, ratio, at);
          }
          if (EDGES) {
            // The share weighs extinction, so that it does not depend on the step.
            let perMm = length(rayView.gradientToLps * gradient);
            shade.a = 1.0 - pow(1.0 - shade.a, clamp(perMm * rayLook.edgeGain + rayLook.edgeBias, 0.0, 1.0));
          }
          more = (1.0 - alpha) * shade.a;
          var open = 1.0;
          if (LIGHT == 2u) {
            for (var seen = more > 0.02; seen; seen = false) {
              open = raylight_openness(at, rayView.gradientToLps * -gradient, fract(noise + back * vec2f(0.381966, 0.245122)));
            }
          }
          color += raylight_lit(shade.rgb, gradient, clamp(length(gradient) * rayLook.gradientGain, 0.0, 1.0), toEye, open) * more;
          alpha += more;
        }
        if (OUTPUT == 1u && more > most) {
          most = more;
          mostAt = moreAt;
          mostLabel = 0.0;
        }
      }
      t += count * dt;
    }
    if (stretch < 2u) {
      let share = (1.0 - alpha) * layers[stretch].color.a;
      color += layers[stretch].color.rgb * share;
      alpha += share;
      if (OUTPUT == 1u && share > most) {
        most = share;
        mostAt = layers[stretch].at;
        mostLabel = layers[stretch].color.r;
      }
    }
  }

  if (OUTPUT == 2u) {
    return vec4f(samples, walked, passed, 1.0);
  }
  if (OUTPUT == 3u) {
    return vec4f(select(1.0 - alpha, 0.0, paperAt >= 0.0));
  }
  if (MODE == MODE_MAXIMUM || MODE == MODE_MINIMUM || MODE == MODE_MEAN) {
    let met = select(best > RAY_LOWEST, best < -RAY_LOWEST, MODE == MODE_MINIMUM);
    let found = select(met, taken > 0.0, MODE == MODE_MEAN);
    if (OUTPUT == 1u) {
      if (paperLabel > 0.0) {
        return vec4f(raycast_index(near + dir * paperAt), 1.0 + paperLabel);
      }
      return vec4f(raycast_index(near + dir * bestAt), select(0.0, 1.0, found && bestAt >= 0.0));
    }
    if (!found) {
      return vec4f(raylayer_over(layers, paper), 1.0);
    }
    let value = select(best, sum / max(taken, 1.0), MODE == MODE_MEAN);
    var grey = clamp(value * rayLook.windowGain + rayLook.windowBias, 0.0, 1.0);
    if (rayLook.invert == 1u) {
      grey = 1.0 - grey;
    }
    let laid = select(vec3f(grey) * (1.0 - stain.a) + stain.rgb, paper, wall.at < LAYER_FAR);
    return vec4f(raylayer_over(layers, laid), 1.0);
  }
  if (OUTPUT == 1u) {
    let onPaper = paperAt >= 0.0 && 1.0 - alpha > most;
    let weight = select(min(alpha, 1.0), 1.0 + mostLabel, mostLabel > 0.0);
    return vec4f(raycast_index(near + dir * select(mostAt, paperAt, onPaper)), select(weight, 1.0 + paperLabel, onPaper));
  }
  return vec4f(color + paper * (1.0 - alpha), 1.0);
}
