import { ATLAS_TEXTURES } from "./brick-atlas.ts";

/** Whether a texture format is filtered by the hardware of a device. */
export function filters(device: GPUDevice, format: GPUTextureFormat): boolean {
  return format !== "r32float" || device.features.has("float32-filterable");
}

const VERTEX = 1;
const FRAGMENT = 2;
const COMPUTE = 4;
/** Where voxels and labels are looked up. */
export const LOOKS_UP = FRAGMENT | COMPUTE;

/** Group 1 of every pass: shaders/common/brick-lookup.wgsl. */
export function brickLayout(device: GPUDevice, filterable: boolean): GPUBindGroupLayout {
  const texture = { sampleType: filterable ? "float" : "unfilterable-float", viewDimension: "3d" } as const;
  return device.createBindGroupLayout({
    label: "BrickBindings.layout",
    entries: [
      { binding: 0, visibility: LOOKS_UP, buffer: { type: "uniform" } },
      { binding: 1, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      { binding: 2, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      { binding: 3, visibility: LOOKS_UP, sampler: { type: filterable ? "filtering" : "non-filtering" } },
      ...Array.from({ length: ATLAS_TEXTURES }, (_, n) => ({ binding: 4 + n, visibility: LOOKS_UP, texture })),
    ],
  });
}

/** Group 2 of every pass: shaders/common/label-lookup.wgsl. */
export function labelLayout(device: GPUDevice): GPUBindGroupLayout {
  const texture = { sampleType: "uint", viewDimension: "3d" } as const;
  return device.createBindGroupLayout({
    label: "LabelBindings.layout",
    entries: [
      { binding: 0, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      { binding: 1, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      { binding: 2, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      ...Array.from({ length: ATLAS_TEXTURES }, (_, n) => ({ binding: 3 + n, visibility: LOOKS_UP, texture })),
    ],
  });
}

/** A group of uniform buffers at bindings 0, 1, …: groups 0 and 3. */
export function uniformLayout(
  device: GPUDevice,
  label: string,
  extra: readonly GPUBindGroupLayoutEntry[] = [],
  hasDynamicOffset = false,
): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label,
    entries: [{ binding: 0, visibility: LOOKS_UP | VERTEX, buffer: { type: "uniform", hasDynamicOffset } }, ...extra],
  });
}
