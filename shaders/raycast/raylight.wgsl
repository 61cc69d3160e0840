// Light on a place along a ray: gradients, shade from around, and the noise that moves samples.
// Contract: included by raycast/raycast.wgsl, whose uniforms and overrides it reads.

// Stored value per voxel of the level, by central differences over one voxel; the volume's own faces shorten the distance, so that
// a straight ramp has one gradient throughout. Taps that leave the slot look across bricks.
fn raylight_gradient(entry: u32, local: vec3f, ratio: vec3f, index: vec3f) -> vec3f {
  let last = brickVolume.levels[LEVEL].dims - 1.0;
  let deep = entry != 0u && all(local >= ratio) && all(local <= 63.0 - ratio) && all(index >= vec3f(1.0)) &&
    all(index <= last - 1.0);
  var sum = vec3f(0.0);
  if (deep) {
    // Axis by axis and not in a loop: drivers on the CPU pick a component by number one pixel at a time.
    let x = vec3f(ratio.x, 0.0, 0.0);
    let y = vec3f(0.0, ratio.y, 0.0);
    let z = vec3f(0.0, 0.0, ratio.z);
    if (ATLAS_FILTERS) {
      // All taps lie in the slot, so none is held back from its faces, and their place is worked out once.
      let texel = brick_atlasTexel(entry);
      let p = (vec3f(brick_slotOrigin(entry)) + local + 0.5) * texel;
      sum = vec3f(
        brick_filteredTexel(entry, p + x * texel) - brick_filteredTexel(entry, p - x * texel),
        brick_filteredTexel(entry, p + y * texel) - brick_filteredTexel(entry, p - y * texel),
        brick_filteredTexel(entry, p + z * texel) - brick_filteredTexel(entry, p - z * texel)) *
        (0.5 * brickVolume.valueScale);
    } else {
      sum = vec3f(
        brick_linearWithin(entry, local + x) - brick_linearWithin(entry, local - x),
        brick_linearWithin(entry, local + y) - brick_linearWithin(entry, local - y),
        brick_linearWithin(entry, local + z) - brick_linearWithin(entry, local - z)) * 0.5;
    }
  }
  // A loop that is left at once, because drivers on the CPU run what an if does not take.
  for (var axis = select(0u, 3u, deep); axis < 3u; axis++) {
    var step = vec3f(0.0);
    step[axis] = 1.0;
    let ahead = clamp(index + step, vec3f(0.0), max(last, vec3f(0.0)));
    let behind = clamp(index - step, vec3f(0.0), max(last, vec3f(0.0)));
    let rise = brick_linear(LEVEL, ahead).x - brick_linear(LEVEL, behind).x;
    sum[axis] = rise / max(ahead[axis] - behind[axis], 1e-3);
  }
  return sum;
}

// Two numbers that differ from pixel to pixel without clumps and from picture to picture by the golden ratio: interleaved gradient
// noise (Jimenez, Next Generation Post Processing in Call of Duty, 2014) and its mirror.
fn raylight_noise(pixel: vec2f) -> vec2f {
  let at = floor(pixel);
  let one = fract(52.9829189 * fract(dot(at, vec2f(0.06711056, 0.00583715))));
  let other = fract(52.9829189 * fract(dot(at.yx + 17.0, vec2f(0.06711056, 0.00583715))));
  return fract(vec2f(one, other) + rayView.turn * vec2f(0.61803399, 0.75487767));
}

// How much of the light from around reaches a place, 0 to 1: a few short rays over the half space that the surface looks into.
fn raylight_openness(index: vec3f, outward: vec3f, noise: vec2f) -> f32 {
  var open = 0.0;
  for (var n = 0u; n < 2u; n++) {
    let u = fract(noise + f32(n) * vec2f(0.75487767, 0.56984029));
    let height = u.x * 2.0 - 1.0;
    let around = u.y * 6.2831853;
    let side = sqrt(max(1.0 - height * height, 0.0));
    var way = vec3f(side * cos(around), side * sin(around), height);
    way *= select(-1.0, 1.0, dot(way, outward) >= 0.0);
    // An LPS direction to index space; gradients go the transposed way.
    let step = (way * rayView.gradientToLps) * rayView.stepMm;
    var passes = 1.0;
    var reach = 2.0;
    for (var tap = 0u; tap < 3u; tap++) {
      let p = index + step * reach;
      let value = brick_linear(LEVEL, p).x;
      var through = 1.0;
      if (MODE == MODE_ISO) {
        through = select(1.0, 0.3, (value - rayLook.isoLevel) * rayLook.isoSense >= 0.0);
      } else {
        let place = clamp(value * rayLook.transferGain + rayLook.transferBias, 0.0, 1.0);
        through = pow(1.0 - textureLoad(transfer, vec2u(u32(place * 1023.0 + 0.5), 0u), 0).a, reach * 0.5);
      }
      // What is not drawn casts no shade. (An uneven stack's ray space is not the index: there only the volume's end counts.)
      var drawn = all(p >= vec3f(-0.5)) && all(p <= brickVolume.levels[LEVEL].dims - 0.5);
      if (!UNEVEN) {
        drawn = drawn && all(p >= rayView.boxMin) && all(p <= rayView.boxMax) &&
          dot(rayView.clipPlane.xyz, p) + rayView.clipPlane.w <= 0.0;
      }
      passes *= select(1.0, through, drawn);
      reach *= 2.2;
    }
    open += passes * 0.5;
  }
  return open;
}

// Light on a place whose gradient is known; the light sits at the eye. `open` is the share of light from around.
fn raylight_lit(color: vec3f, gradient: vec3f, strength: f32, toEye: vec3f, open: f32) -> vec3f {
  let flat = color * (rayLook.ambient + rayLook.diffuse * 0.7);
  let normal = rayView.gradientToLps * gradient;
  let size = length(normal);
  if (LIGHT == 0u || size <= 0.0) {
    return flat;
  }
  let facing = abs(dot(normal, toEye)) / size;
  let shine = rayLook.specular * pow(facing, 24.0);
  let shaded = rayLook.ambient * open + rayLook.diffuse * facing * (0.5 + 0.5 * open);
  return mix(flat * (0.5 + 0.5 * open), color * shaded + vec3f(shine * open), strength);
}

// Where a label ends around a voxel: points out of the label.
fn raylight_labelGradient(table: u32, index: vec3f, label: u32) -> vec3f {
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
