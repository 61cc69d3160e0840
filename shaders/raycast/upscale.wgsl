// Puts a smaller picture on a larger target, filtered.

@group(0) @binding(0) var upscaleSource: texture_2d<f32>;
@group(0) @binding(1) var upscaleSampler: sampler;

// Size of the target, pixels.
@group(0) @binding(2) var<uniform> upscaleSize: vec2f;

@vertex fn upscale_vertex(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

// One pixel.
@fragment fn upscale_fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  return textureSampleLevel(upscaleSource, upscaleSampler, position.xy / upscaleSize, 0.0);
}
