import { VoxelwrightError } from "#base";
import { BRICK_EDGE, brickDims, brickIndex, type Dims } from "#volume";
import type { FoundComponents } from "../components/find-components.ts";
import { voxelAt } from "../components/piece-columns.ts";
import { type RankedComponent, rankComponents } from "../components/rank.ts";
import type { IslandsRequest, SplitIsland } from "./islands.api.ts";
import { KEEP } from "./write-islands.ts";

/** What becomes of the components found. */
export interface IslandsPlan {
  /** Label of a component that goes over several bricks, by its root. */
  readonly labelOfRoot: (root: number) => number;
  /** Components within one brick of fewer voxels become background… */
  readonly eraseBelow: number;
  /** …unless they are here: brick → label by first voxel, ascending. */
  readonly closed: ReadonlyMap<number, readonly (readonly [first: number, label: number])[]>;
  readonly split: readonly SplitIsland[];
}

/** Labels with something said of some components, by root and by brick. */
class Labels {
  readonly roots = new Map<number, number>();
  readonly #closed = new Map<number, Map<number, number>>();

  setClosed(brick: number, first: number, label: number): void {
    const own = this.#closed.get(brick);
    if (own) own.set(first, label);
    else this.#closed.set(brick, new Map([[first, label]]));
  }

  set({ columns, n, closed }: RankedComponent, label: number): void {
    if (!closed) {
      this.roots.set(n, label);
      return;
    }
    const { dims } = columns;
    const [i, j, k] = voxelAt(dims, columns.first(n));
    const brick = brickIndex(brickDims(dims), Math.floor(i / BRICK_EDGE), Math.floor(j / BRICK_EDGE), k >> 6);
    this.setClosed(brick, ((k & 63) * BRICK_EDGE + (j & 63)) * BRICK_EDGE + (i & 63), label);
  }

  closed(): Map<number, [first: number, label: number][]> {
    return new Map([...this.#closed].map(([brick, own]) => [brick, [...own].sort((a, b) => a[0] - b[0])]));
  }
}

/** Decides over every component. Throws `limit` when a split needs more values than there are, `argument` for voxels in none. */
export function planIslands(found: FoundComponents, request: IslandsRequest, dims: Dims): IslandsPlan {
  const { forest } = found;
  const labels = new Labels();
  const plan = (others: number, eraseBelow: number, split: readonly SplitIsland[] = []): IslandsPlan => ({
    labelOfRoot: (root) => labels.roots.get(root) ?? others,
    eraseBelow,
    closed: labels.closed(),
    split,
  });
  switch (request.operation) {
    case "removeSmaller": {
      const { leastVoxels } = request;
      return {
        ...plan(KEEP, leastVoxels),
        labelOfRoot: (root) => (forest.columns.voxels(root) < leastVoxels ? 0 : KEEP),
      };
    }
    case "largest":
      for (const component of rankComponents(found, { most: request.count })) labels.set(component, KEEP);
      return plan(0, Number.POSITIVE_INFINITY);
    case "split":
      return plan(KEEP, 0, splitUp(found, request, labels));
    case "keep":
    case "remove": {
      const label = request.operation === "keep" ? KEEP : 0;
      for (const [n, holder] of found.holders.entries()) {
        if (!holder) throw inNone(request.voxels[n]!, dims);
        if ("open" in holder) labels.roots.set(forest.root(holder.open), label);
        else labels.setClosed(holder.brick, holder.first, label);
      }
      return request.operation === "keep" ? plan(0, Number.POSITIVE_INFINITY) : plan(KEEP, 0);
    }
  }
}

function splitUp(
  found: FoundComponents,
  { count, values }: Extract<IslandsRequest, { operation: "split" }>,
  labels: Labels,
): SplitIsland[] {
  // One more than may be split off tells a segment of one island from others.
  const ranked = rankComponents(found, { most: Math.max(2, count) });
  const several = new Set(ranked.filter(({ number }) => number > 1).map(({ columns, n }) => columns.segment(n)));
  const split: SplitIsland[] = [];
  for (const component of ranked) {
    const { columns, n, number } = component;
    const segment = columns.segment(n);
    if (number > count || !several.has(segment)) continue;
    const value = values[split.length];
    if (value === undefined) {
      throw new VoxelwrightError("limit", `There are more islands than the ${values.length} new segments allowed.`, {
        advice: "Split off the largest only, or remove small islands first.",
        fields: { segments: values.length },
      });
    }
    labels.set(component, value);
    split.push({ value, segment, number, voxels: columns.voxels(n) });
  }
  return split;
}

function inNone(ijk: readonly number[], dims: Dims): VoxelwrightError {
  return new VoxelwrightError("argument", `Voxel ${ijk.join(", ")} is in none of the segments.`, {
    advice: "Choose voxels of the islands that are meant.",
    fields: { ni: dims[0], nj: dims[1], nk: dims[2] },
  });
}
