// What a picture by rays is of: camera, look, facts of bricks, and what differs between pipelines.
// Contract: included by raycast/raycast.wgsl after common/brick-lookup.wgsl.

struct RayView {
  clipToRay: mat4x4f,   // clip space (depth 0 to 1) to ray space: index at LEVEL, voxel centres at whole numbers;
                        // for an uneven stack the affine index at level 0
  rayToLps: mat3x3f,    // a direction in ray space to LPS mm
  gradientToLps: mat3x3f, // a gradient in index space at `level` to a direction in LPS
  boxMin: vec3f,        // faces of the part that is drawn, in ray space: the volume, or the clip box
  boxMax: vec3f,
  volumeMin: vec3f,     // outer faces of the volume in ray space, where the planes end
  volumeMax: vec3f,
  clipPlane: vec4f,     // in ray space; kept is where dot(xyz, p) + w <= 0
  planes: array<vec4f, 3>, // the three planes in ray space: dot(xyz, p) + w = 0
  stepMm: f32,          // distance of samples along a ray
  sizePx: vec2f,        // size of the whole picture, pixels
  originPx: vec2f,      // its pixel at the target's first
  jitter: f32,          // 1 = samples of each pixel begin at another share of a step, 0 = all lie on one lattice
  turn: f32,            // number of the picture among those that are averaged
  part: vec3u,          // columns of the target, first row to draw, and the row after the last
}

struct RayLook {
  background: vec4f,
  transferGain: f32,    // place in the transfer function, 0 to 1 = stored · gain + bias
  transferBias: f32,
  windowGain: f32,      // grey of a projection = stored · gain + bias
  windowBias: f32,
  planeGain: f32,       // grey of the planes = stored · gain + bias
  planeBias: f32,
  isoLevel: f32,        // stored value of the isosurface
  isoSense: f32,        // 1 where larger stored values lie within the surface, -1 where smaller ones do
  isoColor: vec4f,      // colour and opacity of the surface
  ambient: f32,         // light that falls everywhere, 0 to 1
  diffuse: f32,         // light by the angle to the surface
  specular: f32,        // highlight
  gradientGain: f32,    // 1 / gradient per voxel, stored values, at which a place is shaded fully
  edgeGain: f32,        // share of opacity by gradient = stored value per mm · gain + bias, kept in 0 to 1
  edgeBias: f32,
  invert: u32,          // 1 = white for low values (projections only)
  labelAlpha: f32,      // opacity of a sample in a label, for the step of now
  highlight: u32,       // segment to lift out, 0 = none
}

@group(0) @binding(0) var<uniform> rayView: RayView;
@group(3) @binding(0) var<uniform> rayLook: RayLook;
// Colour and opacity, opacity for the step of now.
// In the second row: how many places with opacity come before this one, and before the next.
@group(3) @binding(1) var transfer: texture_2d<f32>;
// Per brick of LEVEL: the bound that a projection is held against (largest value; for the smallest, the smallest; for the mean the
// value of a brick that has only one), and 1 where the brick can add anything at all.
@group(3) @binding(2) var<storage, read> brickInfo: array<vec2f>;

// Per slot of the atlas the ranges of 8³ cells of 8³ voxels, texel values: least and greatest of what a sample in a cell can be.
@group(3) @binding(3) var<storage, read> brickCells: array<vec2f>;

const MODE_MAXIMUM = 1u;
const MODE_MINIMUM = 2u;
const MODE_MEAN = 3u;
const MODE_ISO = 4u;
// Overrides and not uniforms, because drivers on the CPU run both sides of a branch.
override MODE: u32 = 0u;
// Level to sample.
override LEVEL: u32 = 0u;
// 0 = no labels, 1 = labels, 2 = proposals, 3 = both.
override LABELS: u32 = 3u;
// 0 = bare colours, 1 = light by the gradient, 2 = and shade from around.
override LIGHT: u32 = 1u;
// Whether the gradient weighs opacity.
override EDGES: bool = false;
// Whether the three planes are drawn.
override PLANES: bool = false;
// Whether empty cells within bricks are passed.
override CELLS: bool = true;
// 0 = colour; 1 = index at LEVEL of the place that a pixel shows most of, and its weight, or 1 and the label of a surface; 2 = samples,
// bricks walked, bricks passed; 3 = light let through to the ray's end.
override OUTPUT: u32 = 0u;
