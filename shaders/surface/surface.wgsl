// Surfaces of segments. Drawn three times: opaque ones; the nearest translucent one before these; all other translucent ones,
// weighed by opacity and nearness without an order (McGuire and Bavoil, Weighted Blended Order-Independent Transparency, 2013).
// Ray space is that of the ray pass at level 0: the index; for an uneven stack millimetres along the third axis.

struct SurfaceView {
  rayToClip: mat4x4f,    // ray space to the target's clip space
  clipToRay: mat4x4f,    // the whole picture's clip space to ray space
  rayToLps: mat3x3f,     // a direction in ray space to LPS mm
  normalToLps: mat3x3f,  // a normal in index space to a direction in LPS
  boxMin: vec3f,         // faces of the part that is drawn, in ray space
  boxMax: vec3f,
  clipPlane: vec4f,      // in ray space; kept is where dot(xyz, p) + w <= 0
  bricks: vec2u,         // bricks along i and j
  sizePx: vec2f,         // size of the whole picture, pixels
  originPx: vec2f,       // its pixel at the target's first
  sliceCount: u32,       // of an uneven stack, else 0
  gapMm: f32,            // the gap that normalToLps counts with, for an uneven stack
  factor: vec3f,         // voxels of level 0 that a voxel of the meshes covers along each axis
  sizeVoxels: vec3f,     // of the volume at level 0
  ambient: f32,          // light that falls everywhere, 0 to 1
  diffuse: f32,          // light by the angle to the surface
  specular: f32,         // highlight
  highlight: u32,        // segment to lift out, 0 = none
}

@group(0) @binding(0) var<uniform> surfaceView: SurfaceView;
// rgba8 per label value, red in the lowest byte, its opacity as alpha.
@group(0) @binding(1) var<storage, read> surfaceColors: array<u32>;
// Positions of the slices of an uneven stack, mm.
@group(0) @binding(2) var<storage, read> surfaceSlices: array<f32>;
@group(0) @binding(3) var surfaceWall: texture_depth_2d;
@group(0) @binding(4) var surfaceFront: texture_depth_2d;

// 0 = opaque surfaces, 1 = the nearest translucent one, 2 = the other translucent ones.
override LAYER: u32 = 0u;
// Whether label values are written in place of colours.
override LABEL: bool = false;
// Whether faces are seen from inside: as where the segment is cut open, flat.
override INNER: bool = false;

// Opacities, of 255 steps, above which a surface hides what is behind it, and below which it is not there.
const OPAQUE = 0.998;
const LEAST = 0.005;
// A face that two segments share lies at one depth, up to rounding.
const SAME_DEPTH = 0.999999;

struct SurfacePoint {
  @invariant @builtin(position) position: vec4f,
  @location(0) place: vec3f,                          // ray space
  @location(1) normal: vec3f,                         // LPS, outward, not of unit length
  @location(2) @interpolate(flat, either) color: vec4f,
  @location(3) @interpolate(flat, either) label: u32,
}

// Millimetres along an uneven stack of a continuous slice number, and the gap there.
fn surface_offset(k: f32) -> vec2f {
  if (surfaceView.sliceCount < 2u) {
    return vec2f(surfaceSlices[0] + k, 1.0);
  }
  let base = u32(clamp(floor(k), 0.0, f32(surfaceView.sliceCount - 2u)));
  let gap = surfaceSlices[base + 1u] - surfaceSlices[base];
  return vec2f(surfaceSlices[base] + (k - f32(base)) * gap, gap);
}

// A direction from a square unfolded from an octahedron; not of unit length.
fn surface_direction(at: vec2f) -> vec3f {
  let z = 1.0 - abs(at.x) - abs(at.y);
  let folded = (vec2f(1.0) - abs(at.yx)) * select(vec2f(1.0), vec2f(-1.0), at < vec2f(0.0));
  return vec3f(select(folded, at, z >= 0.0), z);
}

// One vertex of a brick, whose number is the instance.
@vertex fn surface_vertex(
  @location(0) vertex: vec4u,
  @location(1) direction: vec2f,
  @builtin(instance_index) brick: u32,
) -> SurfacePoint {
  var point: SurfacePoint;
  point.label = vertex.w;
  point.color = unpack4x8unorm(surfaceColors[vertex.w]);
  let shown = select(point.color.a < OPAQUE && point.color.a > LEAST, point.color.a >= OPAQUE, LAYER == 0u);
  if (!shown) {
    // All corners of a triangle have one label, so that it has no area.
    point.position = vec4f(0.0, 0.0, -1.0, 1.0);
    return point;
  }
  let along = surfaceView.bricks;
  let home = vec3f(vec3u(brick % along.x, (brick / along.x) % along.y, brick / (along.x * along.y)) * 64u);
  let ofLevel = home - 1.0 + vec3f(vertex.xyz) / 512.0;
  // The last voxel of a coarser level can reach past the volume, where the picture would be cut open.
  let index = min((ofLevel + 0.5) * surfaceView.factor, surfaceView.sizeVoxels) - 0.5;
  var normal = surface_direction(direction) / surfaceView.factor;
  point.place = index;
  if (surfaceView.sliceCount > 0u) {
    let offset = surface_offset(index.z);
    point.place.z = offset.x;
    normal.z *= surfaceView.gapMm / offset.y;
  }
  point.normal = surfaceView.normalToLps * normal;
  point.position = surfaceView.rayToClip * vec4f(point.place, 1.0);
  return point;
}

struct SurfaceSeen {
  color: vec4f,
  share: f32,   // of the ray's length
}

// What a fragment shows; those that are cut away are discarded.
fn surface_seen(point: SurfacePoint) -> SurfaceSeen {
  let cut = dot(surfaceView.clipPlane.xyz, point.place) + surfaceView.clipPlane.w > 0.0;
  // A little slack, so that rounding loses nothing at the volume's faces.
  if (cut || any(point.place < surfaceView.boxMin - 1e-3) || any(point.place > surfaceView.boxMax + 1e-3)) {
    discard;
  }
  let inPicture = point.position.xy + surfaceView.originPx;
  let clip = vec2f(
    inPicture.x / surfaceView.sizePx.x * 2.0 - 1.0, 1.0 - inPicture.y / surfaceView.sizePx.y * 2.0);
  let near = surfaceView.clipToRay * vec4f(clip, 0.0, 1.0);
  let far = surfaceView.clipToRay * vec4f(clip, 1.0, 1.0);
  let begin = near.xyz / near.w;
  let whole = surfaceView.rayToLps * (far.xyz / far.w - begin);
  let reached = surfaceView.rayToLps * (point.place - begin);
  let facing = abs(dot(normalize(point.normal), normalize(whole)));
  let lit = surfaceView.ambient + surfaceView.diffuse * select(facing, 0.7, INNER);
  let shine = select(surfaceView.specular * pow(facing, 24.0), 0.0, INNER);
  let bright = select(1.0, 1.2, point.label == surfaceView.highlight && point.label != 0u);
  let color = clamp(point.color.rgb * bright * lit + shine, vec3f(0.0), vec3f(1.0));
  return SurfaceSeen(vec4f(color, point.color.a), clamp(length(reached) / length(whole), 0.0, 1.0));
}

// Whether an opaque surface hides a fragment.
fn surface_behindWall(position: vec4f) -> bool {
  return position.z >= textureLoad(surfaceWall, vec2u(position.xy), 0) * SAME_DEPTH;
}

// Layer 0: the nearest fragment stays; its opacity is 1.
@fragment fn surface_wall(point: SurfacePoint) -> @location(0) vec4f {
  let seen = surface_seen(point);
  return select(seen.color, vec4f(f32(point.label), 0.0, 0.0, 1.0), LABEL);
}

// Layer 1: the nearest fragment stays.
@fragment fn surface_front(point: SurfacePoint) -> @location(0) vec4f {
  if (surface_behindWall(point.position)) {
    discard;
  }
  let seen = surface_seen(point);
  return select(seen.color, vec4f(f32(point.label), 0.0, 0.0, seen.color.a), LABEL);
}

struct SurfaceRest {
  @location(0) color: vec4f,  // added up
  @location(1) share: vec4f,  // red: the least stays; alpha: multiplied
}

// Layer 2.
@fragment fn surface_rest(point: SurfacePoint) -> SurfaceRest {
  let front = textureLoad(surfaceFront, vec2u(point.position.xy), 0);
  if (surface_behindWall(point.position) || point.position.z <= front) {
    discard;
  }
  let seen = surface_seen(point);
  let nearness = 1.0 - seen.share;
  let weight = seen.color.a * (0.02 + nearness * nearness * nearness);
  return SurfaceRest(vec4f(seen.color.rgb, 1.0) * weight, vec4f(seen.share, 0.0, 0.0, seen.color.a));
}
