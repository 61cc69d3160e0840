import { type ProgressOptions, VoxelwrightError } from "#base";
import { BRICK_VOXELS } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import type { Pacer } from "../pacer.ts";
import { transfer } from "../wire.ts";
import { findAxis } from "./axis.ts";
import { type Component, findComponents } from "./components.ts";
import { FieldStore } from "./fields.ts";
import type { FillRequest } from "./fill.api.ts";
import { SliceFrame, type Tile } from "./frame.ts";
import { GapShapes } from "./gap-shapes.ts";
import { linkComponents, type Links } from "./links.ts";
import { findOccupancy } from "./occupancy.ts";
import { findGaps, type Gap } from "./planes.ts";
import { type PixelBox, SliceContest } from "./slice-contest.ts";

/**
 * Fills between annotated slices by shape: components of neighbouring annotated slices are linked, their signed distance
 * fields are moved along a curve through their centroids and blended by a cubic over four slices (a line at ends and splits);
 * on each slice the segment with the largest positive value wins, the lower number at a tie. Extends Raya and Udupa
 * (Shape-based interpolation of multidimensional objects, 1990). Only background voxels strictly between annotated slices of a
 * segment are proposed. Works slice by slice in the box of the labels; holds the fields of at most four slices a segment.
 * Rejects with `argument` (nothing to fill, axis not clear), `limit`, or AbortError.
 */
export async function fillByShape(context: TaskContext, request: FillRequest): Promise<LabelProposal> {
  const labels = context.maps![0]!;
  if (!request.spacingMm.every((size) => size > 0 && Number.isFinite(size))) {
    throw new VoxelwrightError("argument", `Voxel sizes must be above 0, not ${request.spacingMm.join("×")} mm.`);
  }
  const segments = findOccupancy(labels, request.segments);
  if (segments.size === 0)
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn.");
  const axis = request.axis ?? findAxis(segments);
  const gaps = findGaps(segments, axis, request.planes);
  if (gaps.length === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no empty slice lies between annotated ones.");
  }
  const frame = new SliceFrame(labels.dims, axis, request.spacingMm, segments);
  const proposal = await new ShapeFill(context, labels, frame, gaps).run();
  return transfer(
    proposal,
    Array.from(proposal.bricks, ([, values]) => values.buffer as ArrayBuffer),
  );
}

class ShapeFill {
  readonly #labels: KernelLabels;
  readonly #frame: SliceFrame;
  readonly #gaps: readonly Gap[];
  readonly #gapsOf: ReadonlyMap<number, readonly Gap[]>;
  readonly #pacer: Pacer;
  readonly #onProgress: ProgressOptions["onProgress"];
  readonly #fields: FieldStore;
  readonly #contest: SliceContest;
  /** Components by slice and segment, links by slice below and segment; let go when the sweep has passed. */
  readonly #components = new Map<number, Map<number, Component[]>>();
  readonly #links = new Map<Gap, Links>();
  readonly #out = new Map<number, Uint16Array>();
  #voxels = 0;

  constructor(
    { core, arena, pacer, onProgress }: TaskContext,
    labels: KernelLabels,
    frame: SliceFrame,
    gaps: readonly Gap[],
  ) {
    this.#labels = labels;
    this.#frame = frame;
    this.#gaps = gaps;
    this.#pacer = pacer;
    this.#onProgress = onProgress;
    this.#gapsOf = gapsBySegment(gaps);
    this.#fields = new FieldStore(core, arena, frame);
    this.#contest = new SliceContest(core, arena, frame);
  }

  /** Sweeps over the slices; on each, every gap around it gives its segment's shapes. */
  async run(): Promise<LabelProposal> {
    const first = Math.min(...this.#gaps.map((gap) => gap.from)) + 1;
    const last = Math.max(...this.#gaps.map((gap) => gap.to));
    let next = 0;
    let active: GapShapes[] = [];
    for (let z = first; z < last; z++) {
      await this.#pacer.pause((z - first) / (last - first), `Filling slice ${z}`);
      for (; next < this.#gaps.length && this.#gaps[next]!.from < z; next++) active.push(this.#open(this.#gaps[next]!));
      for (const done of active.filter(({ gap }) => gap.to <= z)) this.#close(done.gap);
      active = active.filter(({ gap }) => gap.to > z).sort((a, b) => a.gap.segment - b.gap.segment);
      if (active.length === 0) continue;
      for (const shapes of active) shapes.enter(z, this.#contest);
      this.#writeSlice(z);
    }
    this.#onProgress?.({ fraction: 1, what: `Filled ${this.#voxels} voxels` });
    return { kind: "labels", bricks: this.#out, voxels: this.#voxels };
  }

  #open(gap: Gap): GapShapes {
    const { segment } = gap;
    const links = this.#linksOf(gap);
    const before = gap.before === undefined ? undefined : this.#gapAt(segment, (other) => other.to === gap.from);
    const after = gap.after === undefined ? undefined : this.#gapAt(segment, (other) => other.from === gap.to);
    return new GapShapes(gap, links, before && this.#linksOf(before), after && this.#linksOf(after), this.#fields);
  }

  #gapAt(segment: number, test: (gap: Gap) => boolean): Gap | undefined {
    return this.#gapsOf.get(segment)!.find(test);
  }

  #linksOf(gap: Gap): Links {
    let links = this.#links.get(gap);
    if (!links) {
      const from = gap.drawnFrom ? this.#componentsOf(gap.from, gap.segment) : [];
      const to = gap.drawnTo ? this.#componentsOf(gap.to, gap.segment) : [];
      links = linkComponents(from, to, this.#frame, (gap.to - gap.from) * this.#frame.sz, this.#fields);
      this.#links.set(gap, links);
    }
    return links;
  }

  #componentsOf(z: number, segment: number): readonly Component[] {
    let components = this.#components.get(z);
    if (!components) {
      components = findComponents(this.#frame.readSlice(this.#labels, z), this.#frame.nu, this.#frame.nv, this.#gapsOf);
      this.#components.set(z, components);
    }
    return components.get(segment) ?? [];
  }

  /** Lets go of what no later gap of the segment asks for: everything below the gap's lower slice. */
  #close(gap: Gap): void {
    for (const [z, components] of this.#components) {
      if (z >= gap.from) continue;
      for (const component of components.get(gap.segment) ?? []) this.#fields.release(component);
      components.delete(gap.segment);
      if (components.size === 0) this.#components.delete(z);
    }
    for (const [other, links] of this.#links) {
      if (other.segment !== gap.segment || other.from >= gap.from) continue;
      for (const { from, to, fromPart, toPart } of links.links) {
        if (fromPart !== from) this.#fields.release(fromPart);
        if (toPart !== to) this.#fields.release(toPart);
      }
      this.#links.delete(other);
    }
  }

  #writeSlice(z: number): void {
    this.#contest.finish((labels, box) => {
      this.#frame.forEachTile(z, (tile) => {
        this.#voxels += writeTile(labels, this.#frame.nu, box, tile, this.#labels.readBrick(tile.index), () => {
          let brick = this.#out.get(tile.index);
          if (!brick) this.#out.set(tile.index, (brick = new Uint16Array(BRICK_VOXELS)));
          return brick;
        });
      });
    });
  }
}

function gapsBySegment(gaps: readonly Gap[]): Map<number, Gap[]> {
  const bySegment = new Map<number, Gap[]>();
  for (const gap of gaps) {
    const own = bySegment.get(gap.segment);
    if (own) own.push(gap);
    else bySegment.set(gap.segment, [gap]);
  }
  return bySegment;
}

/** Writes the labels of a tile where the brick has none; returns how many. The brick is made when it is needed. */
function writeTile(
  labels: Uint16Array,
  nu: number,
  box: PixelBox,
  tile: Tile,
  existing: Uint16Array | undefined,
  makeBrick: () => Uint16Array,
): number {
  const { strideU, strideV } = tile;
  const v1 = Math.min(tile.v + tile.countV, box.v1);
  const u0 = Math.max(tile.u, box.u0);
  const u1 = Math.min(tile.u + tile.countU, box.u1);
  let out: Uint16Array | undefined;
  let count = 0;
  for (let v = Math.max(tile.v, box.v0); v < v1; v++) {
    const row = v * nu;
    let at = tile.first + (v - tile.v) * strideV + (u0 - tile.u) * strideU;
    for (let u = u0; u < u1; u++, at += strideU) {
      const label = labels[row + u]!;
      if (label === 0 || (existing !== undefined && existing[at] !== 0)) continue;
      out ??= makeBrick();
      out[at] = label;
      count++;
    }
  }
  return count;
}
