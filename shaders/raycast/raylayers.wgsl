// Surfaces of segments along a ray, from the pictures that surface/surface.wgsl drew for the same pixels.
// Contract: included by raycast/raycast.wgsl, whose uniforms it reads.

@group(3) @binding(4) var layerWallColor: texture_2d<f32>;
@group(3) @binding(5) var layerWallDepth: texture_depth_2d;
@group(3) @binding(6) var layerFrontColor: texture_2d<f32>;
@group(3) @binding(7) var layerFrontDepth: texture_depth_2d;
@group(3) @binding(8) var layerRestColor: texture_2d<f32>;
@group(3) @binding(9) var layerRestShare: texture_2d<f32>;

// 0 = no surfaces, 1 = opaque ones only, 2 = translucent ones too.
override SURFACES: u32 = 0u;

const LAYER_FAR = 3.0e38;

// A surface on a ray. For a pick red is a label value.
struct RayLayer {
  color: vec4f,   // straight colour and opacity; opacity 0 where there is none
  at: f32,        // mm along the ray; far away where there is none
}

// Millimetres from the near plane to a depth of the pixel's ray.
fn raylayer_at(clip: vec2f, near: vec3f, depth: f32) -> f32 {
  let p = rayView.clipToRay * vec4f(clip, depth, 1.0);
  return select(LAYER_FAR, length(rayView.rayToLps * (p.xyz / p.w - near)), depth < 1.0);
}

// The opaque surface.
fn raylayer_wall(texel: vec2u, clip: vec2f, near: vec3f) -> RayLayer {
  let at = raylayer_at(clip, near, textureLoad(layerWallDepth, texel, 0));
  return RayLayer(textureLoad(layerWallColor, texel, 0), at);
}

// The nearest translucent surface.
fn raylayer_front(texel: vec2u, clip: vec2f, near: vec3f) -> RayLayer {
  let at = raylayer_at(clip, near, textureLoad(layerFrontDepth, texel, 0));
  return RayLayer(textureLoad(layerFrontColor, texel, 0), at);
}

// All other translucent surfaces, as one where the first of them is.
fn raylayer_rest(texel: vec2u, lengthMm: f32) -> RayLayer {
  let sum = textureLoad(layerRestColor, texel, 0);
  let share = textureLoad(layerRestShare, texel, 0);
  if (sum.a <= 0.0) {
    return RayLayer(vec4f(0.0), LAYER_FAR);
  }
  return RayLayer(vec4f(sum.rgb / sum.a, 1.0 - share.a), share.r * lengthMm);
}

// Translucent surfaces over a picture that has no depth.
fn raylayer_over(layers: array<RayLayer, 2>, under: vec3f) -> vec3f {
  let far = mix(under, layers[1].color.rgb, layers[1].color.a);
  return mix(far, layers[0].color.rgb, layers[0].color.a);
}
