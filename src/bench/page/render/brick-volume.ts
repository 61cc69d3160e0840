import { signal } from "#base";
import type { LabelSource } from "#gpu";
import {
  type BrickKey,
  type BrickPixels,
  type BrickSource,
  type BuiltBrick,
  brickKey,
  type Dims,
  ImageGrid,
  PyramidBuilder,
  type VolumeDescription,
} from "#volume";
import { createViews, ViewState, type Views } from "#views";
import { loadPyramidWork } from "#workers";
import type { GpuContext } from "#gpu";
import { Emitter } from "#base";
import type { SceneLook } from "./renderer.ts";

export const NO_LABELS: LabelSource = { readBrick: () => undefined, changed: new Emitter() };

/** A CT of 1 mm voxels, index = LPS. */
export function describeVolume(dims: Dims, window: SceneLook["window"]): VolumeDescription {
  return {
    name: "bench",
    grid: { dims, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    voxelType: "int16",
    rescale: { slope: 1, intercept: 0 },
    unit: "HU",
    modality: "CT",
    frames: 1,
    window,
    notes: [],
    metadata: {},
    format: "synthetic",
  };
}

/** Voxels cut into bricks of every level by the WASM core, as an import does, held in memory. */
export async function bricksOf(dims: Dims, voxels: Int16Array): Promise<BrickSource> {
  const bricks = new Map<BrickKey, BrickPixels>();
  const work = await loadPyramidWork();
  const keep = (brick: BuiltBrick): void => void bricks.set(brickKey(brick.address), brick.take());
  const builder = new PyramidBuilder(dims, "int16", 0, keep, work);
  const slice = dims[0] * dims[1];
  for (let k = 0; k < dims[2]; k++) builder.push(k, voxels.subarray(k * slice, (k + 1) * slice));
  return { readBrick: (address) => Promise.resolve(bricks.get(brickKey(address))) };
}

/** The program's own views of a volume, the axial plane alone in the host. */
export function openViews(
  gpu: GpuContext,
  host: HTMLElement,
  source: BrickSource,
  description: VolumeDescription,
  labels: LabelSource = NO_LABELS,
): { readonly views: Views; readonly state: ViewState; readonly grid: ImageGrid } {
  const grid = new ImageGrid(description.grid);
  const state = new ViewState(description, grid.centerLps);
  state.layout.value = "axial";
  const views = createViews({
    host,
    state,
    gpu,
    volume: { description, grid, source },
    labels: { source: labels, segments: signal([]), active: signal(0) },
    port: {
      valueAt: () => Promise.resolve(undefined),
      labelAt: () => 0,
      warn: (error) => {
        throw error;
      },
    },
  });
  return { views, state, grid };
}
