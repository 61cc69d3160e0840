import { DisposableStack, Emitter } from "#base";
import { ImageGrid } from "#volume";
import { BrickAtlas } from "../brick-atlas.ts";
import { BrickBindings } from "../brick-bindings.ts";
import { ofDevice } from "../device-objects.ts";
import type { GpuContext } from "../gpu-context.ts";
import { LabelBindings } from "../label-bindings.ts";
import { LabelBricks } from "../label-bricks.ts";
import { LabelColors } from "../label-colors.ts";
import type { LabelSource } from "../label-source.ts";
import { VolumeBricks } from "../volume-bricks.ts";
import { PLAIN, plainPicture, SlicePipelines } from "./slice-pipelines.ts";

/**
 * Begins what planes of most volumes take (16 bits a voxel, slices evenly spaced, linear) while nothing is shown, so that the first
 * picture waits for none of it; resolves when it is there. `format` is that of canvases. Takes no GPU memory.
 */
export async function preparePlanes(context: GpuContext, format: GPUTextureFormat): Promise<void> {
  const stack = new DisposableStack();
  try {
    const grid = new ImageGrid({ dims: [1, 1, 1], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
    const atlas = stack.add(new BrickAtlas(context, { format: "rg8unorm", budgetBytes: 0 }));
    const labelAtlas = stack.add(new BrickAtlas(context, { format: "r16uint", budgetBytes: 0 }));
    const source = { readBrick: () => Promise.resolve(undefined) };
    const volume = stack.add(new VolumeBricks({ context, atlas, source, grid, voxelType: "int16" }));
    const none: LabelSource = { readBrick: () => undefined, changed: new Emitter() };
    const [own, proposed] = [0, 1].map(() => stack.add(new LabelBricks(context, labelAtlas, none, volume.levels)));
    const bricks = stack.add(new BrickBindings(context, volume));
    const labels = stack.add(new LabelBindings(context, own!, proposed!, new LabelColors()));
    const pipelines = ofDevice(context, SlicePipelines);
    const scene = { bricks, labels, look: { interpolation: "linear", showLabels: true, showProposals: true } } as const;
    const found = PLAIN.map((group) => pipelines.find(scene, scene, plainPicture(format, group)));
    await Promise.all(found.filter((one) => one instanceof Promise));
  } finally {
    stack.dispose();
  }
}
