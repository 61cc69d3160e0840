import * as v from "valibot";
import { VoxelwrightError } from "#base";
import type { LabelBricks } from "#export";
import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims, type IndexIjk } from "#volume";
import { leadsBack, neighbourSteps, touchingLabels } from "./face-touches.ts";
import { grownSegment } from "./grow.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { openParts } from "./open-parts.ts";
import type { PartLabels } from "./part-labels.ts";
import { coverage, requirePartOutput } from "./parts.ts";
import { requireText } from "./read-arguments.ts";
import type { Arguments, CliPort } from "./verb.ts";

const index = v.tuple([v.number(), v.number(), v.number()]);
const jobSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    grow: v.object({ seeds: v.array(index), connectivity: v.picklist([6, 18, 26]), label: v.number() }),
  }),
);

/** Joins the components of all regions over their faces and writes those that the seeds reach: the voxels of one growth. */
export async function mergeGrowth(paths: readonly string[], args: Arguments, port: CliPort): Promise<void> {
  const output = requireText(args, "output", "merge");
  const format = await labelOutput(output, paths);
  requirePartOutput(output, format);
  const { grid, labels, joined, name } = await openParts(paths, args, port);
  const job = v.safeParse(jobSchema, joined.job);
  if (!job.success) {
    throw new VoxelwrightError("argument", "It is no part of a growth.", {
      subject: paths[0]!,
      advice: "Parts of a growth are what grow --region writes; other labels merge by merge labels.",
    });
  }
  const covered = coverage(joined.regions, grid.dims);
  if (covered < 1) {
    throw new VoxelwrightError("argument", `The parts cover ${(covered * 100).toFixed(3)} % of the volume.`, {
      advice: "Give all parts: what a growth reaches shows when the last is there.",
    });
  }
  const { seeds, connectivity, label } = job.output.grow;
  const components = new PartComponents(labels, grid.dims, connectivity);
  for (const seed of seeds) components.reach(seed);
  await writeLabels(
    output,
    format,
    { name, grid, labels: components.reached(label), segments: [grownSegment(label)] },
    port,
  );
  port.print(`${JSON.stringify({ parts: paths.length, joined: components.joined })}\n`);
}

/** Components of the parts, joined where they touch (union-find). */
class PartComponents {
  readonly #labels: PartLabels;
  readonly #bricks: Dims;
  /** Component above one; roots have none. */
  readonly #above = new Map<number, number>();
  readonly #reached = new Set<number>();

  constructor(labels: PartLabels, dims: Dims, connectivity: 6 | 18 | 26) {
    this.#labels = labels;
    this.#bricks = brickDims(dims);
    const steps = neighbourSteps(connectivity);
    for (const brick of labels.brickIndices()) this.#joinBrick(brick, steps);
  }

  /** Times that two components were found to be one. */
  get joined(): number {
    return this.#above.size;
  }

  /** Marks the component of a seed, if it lies in one. */
  reach(seed: IndexIjk): void {
    const [bi, bj, bk] = seed.map((n) => Math.floor(n / BRICK_EDGE)) as unknown as Dims;
    const brick = brickIndex(this.#bricks, bi, bj, bk);
    const [i, j, k] = seed.map((n) => n % BRICK_EDGE) as unknown as Dims;
    const number = this.#labels.readBrick(brick)?.[(k * BRICK_EDGE + j) * BRICK_EDGE + i] ?? 0;
    if (number !== 0) this.#reached.add(this.#root(this.#component(brick, number)));
  }

  /** The voxels of components that seeds reach, as `label`. */
  reached(label: number): LabelBricks {
    return {
      brickIndices: () => this.#labels.brickIndices(),
      readBrick: (brick) => {
        const labels = this.#labels.readBrick(brick);
        if (!labels) return undefined;
        // Runs of one number are the rule.
        let [last, value] = [0, 0];
        for (let n = 0; n < labels.length; n++) {
          const number = labels[n]!;
          if (number === 0) continue;
          if (number !== last) {
            last = number;
            value = this.#reached.has(this.#root(this.#component(brick, number))) ? label : 0;
          }
          labels[n] = value;
        }
        return labels;
      },
    };
  }

  /** Joins what touches between a brick and those before it that lie in other parts; within a part components are whole. */
  #joinBrick(brick: number, steps: readonly Dims[]): void {
    const at = brickCoordinates(this.#bricks, brick);
    let own: Uint16Array | undefined;
    // Neighbouring bricks lie where neighbouring voxels do.
    for (const side of steps.filter(leadsBack)) {
      const beside: Dims = [at[0] + side[0], at[1] + side[1], at[2] + side[2]];
      if (beside.some((n, axis) => n < 0 || n >= this.#bricks[axis]!)) continue;
      const other = brickIndex(this.#bricks, ...beside);
      const part = this.#labels.partOf(other);
      if (part === undefined || part === this.#labels.partOf(brick)) continue;
      own ??= this.#labels.readBrick(brick)!;
      let last = -1;
      touchingLabels(own, this.#labels.readBrick(other)!, side, steps, (a, b) => {
        if (last === a * 65_536 + b) return;
        last = a * 65_536 + b;
        this.#unite(this.#component(brick, a), this.#component(other, b));
      });
    }
  }

  /** A number for a component of all parts. */
  #component(brick: number, number: number): number {
    return this.#labels.partOf(brick)! * 65_536 + number;
  }

  #root(component: number): number {
    let at = component;
    for (let up = this.#above.get(at); up !== undefined; up = this.#above.get(at)) {
      const next = this.#above.get(up);
      if (next !== undefined) this.#above.set(at, next);
      at = up;
    }
    return at;
  }

  #unite(a: number, b: number): void {
    const [rootA, rootB] = [this.#root(a), this.#root(b)];
    if (rootA !== rootB) this.#above.set(Math.max(rootA, rootB), Math.min(rootA, rootB));
  }
}
