import { EncodedLabels } from "#labelmap";
import type { LabelProposal } from "../kernels.api.ts";
import { costFault } from "./cost-fault.ts";
import type { SeedsMetric } from "./metric.ts";
import { brickCount, indexOfBox, type SeedsPlan, voxelsInBrick } from "./plan.ts";

/** What became of one brick. */
export interface Outcome {
  /** Labels of its reached voxels at rest, empty where none is. */
  readonly bytes: Uint8Array;
  readonly reached: number;
  readonly unreached: number;
  /** Largest key of a reached voxel. */
  readonly largest: number;
}

/** The outcome of every brick of the box that was read, kept so that an update takes anew only those that changed. */
export class Outcomes {
  readonly #plan: SeedsPlan;
  readonly #metric: SeedsMetric;
  readonly #bricks = new Map<number, Outcome>();

  constructor(plan: SeedsPlan, metric: SeedsMetric) {
    this.#plan = plan;
    this.#metric = metric;
  }

  set(brick: number, outcome: Outcome): void {
    this.#bricks.set(brick, outcome);
  }

  /** Voxels reached. */
  get reached(): number {
    let reached = 0;
    for (const outcome of this.#bricks.values()) reached += outcome.reached;
    return reached;
  }

  /** All that is proposed, bricks in ascending order. */
  proposal(): LabelProposal {
    const entries: [number, Uint8Array][] = [];
    let voxels = 0;
    for (const brick of [...this.#bricks.keys()].sort((a, b) => a - b)) {
      const { bytes, reached } = this.#bricks.get(brick)!;
      if (reached === 0) continue;
      voxels += reached;
      entries.push([indexOfBox(this.#plan, brick), bytes]);
    }
    return { kind: "labels", bricks: new EncodedLabels(entries), voxels };
  }

  /**
   * Free voxels that were not reached; in bricks that the growth never came near, all voxels of the region. Throws `limit` when
   * they might be out of reach only because costs cannot be counted so far: none may be left out in silence.
   */
  unreached(largestStep: number): number {
    let unreached = 0;
    let largest = 0;
    for (let brick = 0; brick < brickCount(this.#plan); brick++) {
      const outcome = this.#bricks.get(brick);
      if (outcome) {
        unreached += outcome.unreached;
        largest = Math.max(largest, outcome.largest);
      } else if (this.#plan.inside.includes(0)) unreached += voxelsInBrick(this.#plan, brick);
    }
    const { labelBits, maximumUnits, costStep } = this.#metric;
    const near = Math.floor(largest / 2 ** labelBits) + largestStep > maximumUnits;
    if (unreached > 0 && near && this.#plan.request.maximumCost === undefined) {
      throw costFault({ why: "paths-long", bound: maximumUnits * costStep });
    }
    return unreached;
  }
}
