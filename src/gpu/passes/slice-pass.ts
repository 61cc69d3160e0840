import { type Disposable, DisposableStack, scale } from "#base";
import { brickPolygons, type PolygonGroup } from "../brick-polygons.ts";
import { ofDevice } from "../device-objects.ts";
import type { GpuContext } from "../gpu-context.ts";
import type { PictureStrip } from "../curved-picture.ts";
import type { SlabMode } from "../slab.ts";
import { type SlabRun, slabRuns } from "../slab-runs.ts";
import type { SlicePlane } from "../slice-plane.ts";
import { cannotMean, slabFormat, SlabTarget } from "./slab-target.ts";
import { SliceLooks } from "./slice-looks.ts";
import { LABELLED, type Picture, PLAIN, plainPicture, REACH, SlicePipelines } from "./slice-pipelines.ts";
import { type CutPlane, SlicePlanes, type WrittenPlane } from "./slice-planes.ts";
import { type FusedVolume, MOST_FUSED, type PassTarget, type SliceScene } from "./slice-scene.ts";

/** When what labels take is begun after the first picture: on two cores it would keep the next ones waiting. */
const LABELLED_AFTER_MS = 400;

/** A volume of a picture: the scene's own, or one that is fused over it. */
type Layer = Pick<SliceScene, "bricks" | "level" | "needed"> & {
  readonly look: Pick<SliceScene["look"], "interpolation">;
};

/** A target whose texture is asked for only where something is drawn to it: a canvas that was asked shows it, empty or not. */
export interface LaterTarget {
  readonly format: GPUTextureFormat;
  view(): GPUTextureView;
}

/** Polygons drawn at once. */
interface Step {
  readonly plane: WrittenPlane;
  readonly pipeline: GPURenderPipeline;
  readonly first: number;
  readonly count: number;
}

/** Planes of one volume that are drawn onto one another. */
interface Gather {
  readonly layer: Layer;
  /** 0 for the scene's own, then the fused ones. */
  readonly n: number;
  /** Whether its pixels are counted. */
  readonly counts: boolean;
  readonly steps: readonly Step[];
}

/** The groups that `pipelineOf` has a pipeline for. */
function stepsOf(
  planes: readonly WrittenPlane[],
  pipelineOf: (group: PolygonGroup) => GPURenderPipeline | undefined,
): Step[] {
  const steps: Step[] = [];
  for (const plane of planes) {
    for (const [group, first, count] of plane.groups) {
      const pipeline = pipelineOf(group);
      if (pipeline) steps.push({ plane, pipeline, first, count });
    }
  }
  return steps;
}

function take(pass: GPURenderPassEncoder, { planes }: PassState, steps: readonly Step[]): void {
  let at: WrittenPlane | undefined;
  for (const { plane, pipeline, first, count } of steps) {
    if (plane !== at) pass.setBindGroup(0, planes.group, [plane.offset]);
    at = plane;
    pass.setPipeline(pipeline);
    pass.draw(count, 1, first);
  }
}

/** Draws planes. One for all views of a device. */
export class SlicePass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  #state: PassState | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Submits one picture; the target is `plane.width` × `plane.height` pixels. Throws `gpu` for a mean that the device cannot add up. */
  draw({ format, view }: PassTarget, scene: SliceScene): void {
    const state = this.#ready();
    this.#draw({ format, view: () => view }, scene, (layer, picture) => state.pipelines.get(layer, scene, picture));
  }

  /** The same, unless something has to be compiled for it: then nothing is submitted, and what resolves when it is there is returned. */
  drawCompiled(target: LaterTarget, scene: SliceScene): Promise<unknown> | undefined {
    const first = this.#state === undefined;
    const state = this.#ready();
    const prepare = (groups: readonly PolygonGroup[]): void => {
      for (const group of groups) void state.pipelines.find(scene, scene, plainPicture(target.format, group));
    };
    // What every plane takes is compiled while its bricks are read.
    if (first) prepare(PLAIN);
    const begun: Promise<void>[] = [];
    const find = (layer: Layer, picture: Picture): GPURenderPipeline | undefined => {
      const found = state.pipelines.find(layer, scene, picture);
      if (!(found instanceof Promise)) return found;
      begun.push(found);
      return undefined;
    };
    if (!this.#draw(target, scene, find)) return Promise.all(begun);
    // And what labels take when the first pictures stand, so that the first stroke is seen at once.
    const greys = !scene.look.lut;
    if (state.labelled !== greys) setTimeout(() => this.#state === state && prepare(LABELLED), LABELLED_AFTER_MS);
    state.labelled = greys;
    return undefined;
  }

  /** Submits a picture if all its pipelines are found; whether it did. */
  #draw(
    target: LaterTarget,
    scene: SliceScene,
    find: (layer: Layer, picture: Picture) => GPURenderPipeline | undefined,
  ): boolean {
    const { device } = this.#context;
    const { plane } = scene;
    const fused = scene.fused?.slice(0, MOST_FUSED) ?? [];
    const thick = scene.slab && scene.slab.planes.length > 1 ? scene.slab : undefined;
    const mode = scene.slab?.mode ?? "mip";
    const adds = thick !== undefined || fused.some(({ planes }) => planes.length > 1);
    if (mode === "mean" && adds && !this.#context.float32Blendable) throw cannotMean();
    const state = this.#ready();
    state.looks.write(scene.look, fused);
    const own = scene.strips?.map((strip) => cutStrip(scene, strip)) ?? [
      cutPlane(scene, plane, 0, { labelled: scene }),
    ];
    const slab = cutPlanes(scene, thick?.planes ?? []);
    const over = fused.map((volume) => cutPlanes(volume, volume.planes));
    const written = state.planes.write([...own, ...slab, ...over.flat()]);
    const shown = written.splice(0, own.length);

    let all = true;
    const found = (layer: Layer, picture: Picture): GPURenderPipeline | undefined => {
      const pipeline = find(layer, picture);
      all &&= pipeline !== undefined;
      return pipeline;
    };
    const gather = (layer: Layer, n: number, cuts: readonly CutPlane[]): Gather => {
      const planes = written.splice(0, cuts.length);
      const alone = planes.length === 1;
      const picture = { kind: "gather", format: slabFormat(mode), slab: mode, alone, across: cuts[0]?.across } as const;
      const steps = stepsOf(planes, (group) => found(layer, { ...picture, group }));
      return { layer, n, counts: mode === "mean" && !alone, steps };
    };
    const gathers = [
      ...(thick ? [gather(scene, 0, slab)] : []),
      ...fused.map((layer, n) => gather(layer, n + 1, over[n]!)),
    ];
    const { format } = target;
    const blended = { count: fused.length, mode };
    const under =
      thick || fused.length > 0 ? found(scene, { kind: "whole", format, slab: thick?.mode, over: blended }) : undefined;
    const steps = stepsOf(shown, (group) => {
      // What a slab shows without labels is there already.
      if (thick && !group.endsWith("Labelled")) return undefined;
      return found(scene, { kind: "show", format, group, slab: thick?.mode, over: blended });
    });
    if (!all) return false;

    const encoder = device.createCommandEncoder({ label: "SlicePass.encoder" });
    for (const one of gathers) this.#gather(encoder, state, scene, mode, one);
    const pass = encoder.beginRenderPass({
      label: "SlicePass.pass",
      colorAttachments: [
        { view: target.view(), loadOp: "clear", storeOp: "store", clearValue: [...scene.look.background, 1] },
      ],
    });
    this.#bind(pass, state, scene, scene, state.looks.showing(state.targets), 0);
    pass.setBindGroup(0, state.planes.group, [shown[0]!.offset]);
    if (under) {
      pass.setPipeline(under);
      pass.draw(3);
    }
    take(pass, state, steps);
    pass.end();
    device.queue.submit([encoder.finish()]);
    return true;
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  /** Draws the planes of one volume onto one another: the greatest value of a pixel wins, or all are added up. */
  #gather(
    encoder: GPUCommandEncoder,
    state: PassState,
    scene: SliceScene,
    mode: SlabMode,
    { layer, n, counts, steps }: Gather,
  ): void {
    const target = this.#target(state, n, scene.plane, mode);
    const depthStencilAttachment: GPURenderPassDepthStencilAttachment = {
      view: target.depthView,
      depthLoadOp: "clear",
      depthStoreOp: "discard",
      depthClearValue: 0,
    };
    const pass = encoder.beginRenderPass({
      label: "SlicePass.gather",
      colorAttachments: [{ view: target.view, loadOp: "clear", storeOp: "store", clearValue: [0, 0, 0, 0] }],
      ...(counts ? { depthStencilAttachment } : {}),
    });
    pass.setViewport(0, 0, scene.plane.width, scene.plane.height, 0, 1);
    this.#bind(pass, state, scene, layer, state.looks.gathering, n);
    take(pass, state, steps);
    pass.end();
  }

  /** Binds all but the plane. */
  #bind(
    pass: GPURenderPassEncoder,
    { planes, looks }: PassState,
    { labels }: SliceScene,
    { bricks }: Layer,
    own: GPUBindGroup,
    n: number,
  ): void {
    pass.setBindGroup(1, bricks.group());
    pass.setBindGroup(2, labels.group());
    pass.setBindGroup(3, own, [looks.offset(n)]);
    pass.setVertexBuffer(0, planes.corners);
  }

  #ready(): PassState {
    return (this.#state ??= this.#create());
  }

  /** Where a volume is gathered; it grows to the largest picture, and is made anew for another format. */
  #target({ targets }: PassState, n: number, { width, height }: SlicePlane, mode: SlabMode): SlabTarget {
    const format = slabFormat(mode);
    const known = targets[n];
    if (known?.fits(width, height, format)) return known;
    known?.dispose();
    const most = (one: number, other = 0): number => Math.max(one, other);
    return (targets[n] = new SlabTarget(this.#context, most(width, known?.width), most(height, known?.height), format));
  }

  #create(): PassState {
    const pipelines = ofDevice(this.#context, SlicePipelines);
    return {
      pipelines,
      labelled: undefined,
      planes: new SlicePlanes(this.#context, pipelines.viewLayout),
      looks: new SliceLooks(this.#context, pipelines.ownLayout),
      targets: Array.from({ length: 1 + MOST_FUSED }, () => undefined),
    };
  }

  #release(): void {
    const state = this.#state;
    for (const one of [state?.planes, state?.looks, ...(state?.targets ?? [])]) one?.dispose();
    this.#state = undefined;
  }
}

/** The planes of a slab or of a fused volume, without labels, by runs, each nearer than the one before. */
function cutPlanes(layer: Layer | FusedVolume, planes: readonly SlicePlane[]): CutPlane[] {
  const { bricks } = layer.bricks;
  const runs = slabRuns(bricks.grid, bricks.levels[layer.level]!, planes, REACH[layer.look.interpolation]);
  return runs.map((run, n) => cutPlane(layer, run.plane, (n + 1) / (runs.length + 1), { run }));
}

function cutStrip(scene: SliceScene, { plane, needed, fromPx, toPx }: PictureStrip): CutPlane {
  return cutPlane({ ...scene, needed }, plane, 0, { labelled: scene, columns: [fromPx, toPx] });
}

/** The polygons of one plane, with the labels of a scene where there is one, or of a run of planes. */
function cutPlane(
  layer: Layer,
  plane: SlicePlane,
  depth: number,
  { labelled, columns, run }: { labelled?: SliceScene; columns?: readonly [number, number]; run?: SlabRun },
): CutPlane {
  const { count, step, across } = run ?? { count: 1, step: [0, 0, 0] as const };
  const { bricks } = layer.bricks;
  const level = bricks.levels[layer.level]!;
  const polygons = brickPolygons({
    grid: bricks.grid,
    level,
    levels: bricks.levels,
    plane,
    bricks: layer.needed,
    table: bricks.table,
    labels: labelled?.look.showLabels ? labelled.labels.labels.table : undefined,
    proposals: labelled?.look.showProposals ? labelled.labels.proposals.table : undefined,
    reach: REACH[layer.look.interpolation],
    ...(columns ? { columns } : {}),
    ...(count > 1 ? { sweep: scale(step, count - 1) } : {}),
  });
  return { grid: bricks.grid, level, plane, polygons, depth, count, step, across };
}

interface PassState {
  /** Whether what labels take was begun for greys, or for a table of colours; undefined where neither was. */
  labelled: boolean | undefined;
  readonly pipelines: SlicePipelines;
  readonly planes: SlicePlanes;
  readonly looks: SliceLooks;
  /** Of the volume itself, then of the fused ones. */
  readonly targets: (SlabTarget | undefined)[];
}
