// Lays a picture that a compute pass made on a target, texel by texel.

@group(0) @binding(0) var layPicture: texture_2d<f32>;

@vertex fn lay_vertex(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// One pixel.
@fragment fn lay_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  return textureLoad(layPicture, vec2u(position.xy), 0);
}
