import { type Disposable, DisposableStack, scale } from "#base";
import { brickPolygons } from "../brick-polygons.ts";
import type { GpuContext } from "../gpu-context.ts";
import type { PictureStrip } from "../curved-picture.ts";
import type { SlabMode } from "../slab.ts";
import { type SlabRun, slabRuns } from "../slab-runs.ts";
import type { SlicePlane } from "../slice-plane.ts";
import { cannotMean, slabFormat, SlabTarget } from "./slab-target.ts";
import { SliceLooks } from "./slice-looks.ts";
import { REACH, SlicePipelines } from "./slice-pipelines.ts";
import { type CutPlane, SlicePlanes, type WrittenPlane } from "./slice-planes.ts";
import { type FusedVolume, MOST_FUSED, type PassTarget, type SliceScene } from "./slice-scene.ts";

/** A volume of a picture: the scene's own, or one that is fused over it. */
type Layer = Pick<SliceScene, "bricks" | "level" | "needed"> & {
  readonly look: Pick<SliceScene["look"], "interpolation">;
};

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
  draw(target: PassTarget, scene: SliceScene): void {
    const { device } = this.#context;
    const { plane } = scene;
    const fused = scene.fused?.slice(0, MOST_FUSED) ?? [];
    const thick = scene.slab && scene.slab.planes.length > 1 ? scene.slab : undefined;
    const mode = scene.slab?.mode ?? "mip";
    const adds = thick !== undefined || fused.some(({ planes }) => planes.length > 1);
    if (mode === "mean" && adds && !this.#context.float32Blendable) throw cannotMean();
    const state = (this.#state ??= this.#create());
    state.looks.write(scene.look, fused);
    const own = scene.strips?.map((strip) => cutStrip(scene, strip)) ?? [
      cutPlane(scene, plane, 0, { labelled: scene }),
    ];
    const slab = cutPlanes(scene, thick?.planes ?? []);
    const over = fused.map((volume) => cutPlanes(volume, volume.planes));
    const written = state.planes.write([...own, ...slab, ...over.flat()]);
    const shown = written.splice(0, own.length);
    const encoder = device.createCommandEncoder({ label: "SlicePass.encoder" });
    if (thick)
      this.#gather(encoder, state, scene, { layer: scene, n: 0, mode, planes: written.splice(0, slab.length) });
    for (const [n, layer] of fused.entries())
      this.#gather(encoder, state, scene, { layer, n: n + 1, mode, planes: written.splice(0, over[n]!.length) });
    const pass = encoder.beginRenderPass({
      label: "SlicePass.pass",
      colorAttachments: [
        { view: target.view, loadOp: "clear", storeOp: "store", clearValue: [...scene.look.background, 1] },
      ],
    });
    const { format } = target;
    const blended = { count: fused.length, mode };
    const looks = state.looks.showing(state.targets);
    this.#bind(pass, state, scene, scene, shown[0]!, looks, 0);
    if (thick || fused.length > 0) {
      pass.setPipeline(state.pipelines.get(scene, scene, { kind: "whole", format, slab: thick?.mode, over: blended }));
      pass.draw(3);
    }
    for (const one of shown) {
      if (one !== shown[0]) pass.setBindGroup(0, state.planes.group, [one.offset]);
      for (const [group, first, count] of one.groups) {
        // What a slab shows without labels is there already.
        if (thick && !group.endsWith("Labelled")) continue;
        const picture = { kind: "show", format, group, slab: thick?.mode, over: blended } as const;
        pass.setPipeline(state.pipelines.get(scene, scene, picture));
        pass.draw(count, 1, first);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
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
    what: {
      readonly layer: Layer;
      /** 0 for the scene's own, then the fused ones. */
      readonly n: number;
      readonly mode: SlabMode;
      readonly planes: readonly WrittenPlane[];
    },
  ): void {
    const { layer, n, mode, planes } = what;
    const target = this.#target(state, n, scene.plane, mode);
    const alone = planes.length === 1;
    const counts = mode === "mean" && !alone;
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
    for (const plane of planes) {
      this.#bind(pass, state, scene, layer, plane, state.looks.gathering, n);
      for (const [group, first, count] of plane.groups) {
        const picture = { kind: "gather", format: target.format, group, slab: mode, alone } as const;
        pass.setPipeline(state.pipelines.get(layer, scene, picture));
        pass.draw(count, 1, first);
      }
    }
    pass.end();
  }

  #bind(
    pass: GPURenderPassEncoder,
    { planes, looks }: PassState,
    { labels }: SliceScene,
    { bricks }: Layer,
    { offset }: WrittenPlane,
    own: GPUBindGroup,
    n: number,
  ): void {
    pass.setBindGroup(0, planes.group, [offset]);
    pass.setBindGroup(1, bricks.group());
    pass.setBindGroup(2, labels.group());
    pass.setBindGroup(3, own, [looks.offset(n)]);
    pass.setVertexBuffer(0, planes.corners);
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
    const pipelines = new SlicePipelines(this.#context);
    return {
      pipelines,
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
  const { count, step } = run ?? { count: 1, step: [0, 0, 0] as const };
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
  return { grid: bricks.grid, level, plane, polygons, depth, count, step };
}

interface PassState {
  readonly pipelines: SlicePipelines;
  readonly planes: SlicePlanes;
  readonly looks: SliceLooks;
  /** Of the volume itself, then of the fused ones. */
  readonly targets: (SlabTarget | undefined)[];
}
