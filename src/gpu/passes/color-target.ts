const SHARED: GPUBlendComponent = { srcFactor: "constant", dstFactor: "one-minus-constant", operation: "add" };

/** A target that is painted over, or, blended, keeps what the blend constant leaves of it. */
export function colorTarget(format: GPUTextureFormat, blended: boolean): GPUColorTargetState {
  return blended ? { format, blend: { color: SHARED, alpha: SHARED } } : { format };
}
