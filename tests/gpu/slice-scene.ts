import { Emitter } from "#base";
import type { LabelChange } from "#labelmap";
import {
  BrickAtlas,
  BrickBindings,
  brickFormat,
  bricksOfStrips,
  type CurvedPicture,
  curvedStrips,
  type FusedLook,
  type FusedVolume,
  type GpuContext,
  LabelBindings,
  LabelBricks,
  LabelColors,
  type LabelSource,
  type PlaneBrick,
  slabBricks,
  type SlabMode,
  slabPlanes,
  type SliceLook,
  SlicePass,
  type SlicePlane,
  VolumeBricks,
  wantsFor,
} from "#gpu";
import { pictureTexture, readPixels } from "./context.ts";
import type { MemoryVolume } from "./volumes.ts";

export const PLAIN_LOOK: SliceLook = {
  gain: 1,
  bias: 0,
  invert: false,
  interpolation: "linear",
  background: [0, 0, 0],
  showLabels: false,
  showProposals: false,
  labelFill: 0.5,
  labelOutline: 0,
  activeSegment: 0,
  hoveredSegment: 0,
};

export const NO_LABELS: LabelSource = { readBrick: () => undefined, changed: new Emitter<LabelChange>() };

/** Everything a plane needs, over a volume in memory. */
export function sliceScene(
  context: GpuContext,
  volume: MemoryVolume,
  options: {
    readonly atlasBytes?: number;
    readonly maxTextureBytes?: number;
    readonly labels?: LabelSource;
    readonly proposals?: LabelSource;
  } = {},
) {
  const format = brickFormat(volume.voxelType);
  const atlas = new BrickAtlas(context, {
    format: format.texture,
    budgetBytes: options.atlasBytes ?? 64 * 2 ** 20,
    ...(options.maxTextureBytes === undefined ? {} : { maxTextureBytes: options.maxTextureBytes }),
  });
  const bricks = new VolumeBricks({ context, atlas, source: volume, grid: volume.grid, voxelType: volume.voxelType });
  const labelAtlas = new BrickAtlas(context, { format: "r16uint", budgetBytes: 32 * 2 ** 20 });
  const labels = new LabelBricks(context, labelAtlas, options.labels ?? NO_LABELS, bricks.levels);
  const proposals = new LabelBricks(context, labelAtlas, options.proposals ?? NO_LABELS, bricks.levels);
  const colors = new LabelColors();
  const bindings = new BrickBindings(context, bricks);
  const labelBindings = new LabelBindings(context, labels, proposals, colors);
  const pass = new SlicePass(context);

  /** Wants what the plane, or the slab around it, needs and waits until every brick has come. */
  function load(plane: SlicePlane, level: number, thicknessMm = 0): Promise<void> {
    return bring(level, slabBricks(volume.grid, bricks.levels[level]!, planesOf(plane, level, thicknessMm)));
  }

  async function bring(level: number, needed: readonly PlaneBrick[]): Promise<void> {
    bricks.want("test", wantsFor(bricks.levels, 0, level, needed));
    for (let turn = 0; turn < 500; turn++) await Promise.resolve();
    labels.need(
      level,
      needed.map(({ brick }) => brick),
    );
    proposals.need(
      level,
      needed.map(({ brick }) => brick),
    );
  }

  /** The picture, four bytes a pixel. */
  async function draw(
    plane: SlicePlane,
    level: number,
    look: Partial<SliceLook>,
    slab?: { readonly mode: SlabMode; readonly thicknessMm: number },
    fused: readonly FusedVolume[] = [],
  ): Promise<Uint8Array> {
    const texture = pictureTexture(context, plane.width, plane.height);
    const target = { view: texture.createView(), format: "rgba8unorm" } as const;
    const planes = planesOf(plane, level, slab?.thicknessMm ?? 0);
    const needed = slabBricks(volume.grid, bricks.levels[level]!, planes);
    pass.draw(target, {
      plane,
      ...(slab ? { slab: { mode: slab.mode, planes } } : {}),
      level,
      needed,
      bricks: bindings,
      labels: labelBindings,
      look: { ...PLAIN_LOOK, ...look },
      fused,
    });
    const pixels = await readPixels(context, texture);
    texture.destroy();
    return pixels;
  }

  /** The same along a curve; wants what it needs first. */
  async function drawCurved(curved: CurvedPicture, level: number, look: Partial<SliceLook>): Promise<Uint8Array> {
    const strips = curvedStrips(volume.grid, bricks.levels[level]!, curved);
    const needed = bricksOfStrips(strips);
    await bring(level, needed);
    const { plane } = strips[0]!;
    const texture = pictureTexture(context, plane.width, plane.height);
    const target = { view: texture.createView(), format: "rgba8unorm" } as const;
    const scene = { plane, strips, level, needed, bricks: bindings, labels: labelBindings };
    pass.draw(target, { ...scene, look: { ...PLAIN_LOOK, ...look } });
    const pixels = await readPixels(context, texture);
    texture.destroy();
    return pixels;
  }

  function planesOf(plane: SlicePlane, level: number, thicknessMm: number): readonly SlicePlane[] {
    return slabPlanes(volume.grid, bricks.levels[level]!, plane, thicknessMm);
  }

  function dispose(): void {
    for (const item of [pass, labelBindings, bindings, labels, proposals, bricks, atlas, labelAtlas]) item.dispose();
  }
  return { atlas, bricks, bindings, labelBindings, labels, proposals, colors, load, draw, drawCurved, dispose };
}

/** A volume to be fused over another one. */
export function fusedVolume(context: GpuContext, volume: MemoryVolume) {
  const { texture } = brickFormat(volume.voxelType);
  const atlas = new BrickAtlas(context, { format: texture, budgetBytes: 64 * 2 ** 20 });
  const { grid, voxelType } = volume;
  const bricks = new VolumeBricks({ context, atlas, source: volume, grid, voxelType, ranged: false });
  const bindings = new BrickBindings(context, bricks);
  const planesOf = (plane: SlicePlane, level: number, thicknessMm: number) =>
    slabPlanes(grid, bricks.levels[level]!, plane, thicknessMm);
  const neededBy = (plane: SlicePlane, level: number, thicknessMm: number) =>
    slabBricks(grid, bricks.levels[level]!, planesOf(plane, level, thicknessMm));
  return {
    bricks,
    async load(plane: SlicePlane, level: number, thicknessMm = 0): Promise<void> {
      bricks.want("test", wantsFor(bricks.levels, 0, level, neededBy(plane, level, thicknessMm)));
      for (let turn = 0; turn < 500; turn++) await Promise.resolve();
    },
    at(plane: SlicePlane, level: number, look: FusedLook, thicknessMm = 0): FusedVolume {
      const planes = planesOf(plane, level, thicknessMm);
      return { level, needed: neededBy(plane, level, thicknessMm), planes, bricks: bindings, look };
    },
    dispose(): void {
      for (const item of [bindings, bricks, atlas]) item.dispose();
    },
  };
}
