import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import { adviseOnLimit, phase } from "../crew/phases.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { joinChanges } from "../packed-changes.ts";
import type { Consensus, ConsensusMethod, ConsensusRequest } from "./consensus.api.ts";
import { labelsOf } from "./performance.ts";
import { PatternSet, withBackground } from "./patterns.ts";
import { OR_RAISE_BUDGET } from "../raise-budget.ts";

const METHODS: readonly ConsensusMethod[] = ["majority", "staple", "staple-binary"];

/** One label map from several: patterns are counted by bricks, decided in one place, and written by bricks. */
export function consensus(
  crew: Crew,
  maps: readonly KernelLabels[],
  request: ConsensusRequest,
  options: ProgressOptions,
): Promise<Consensus> {
  const advice = `The maps have little in common: take fewer of them${OR_RAISE_BUDGET}.`;
  return adviseOnLimit(advice, findConsensus(crew, maps, request, options));
}

async function findConsensus(
  crew: Crew,
  maps: readonly KernelLabels[],
  request: ConsensusRequest,
  options: ProgressOptions,
): Promise<Consensus> {
  check(maps, request);
  const indices = [...new Set(maps.flatMap((map) => [...map.brickIndices()]))].sort((a, b) => a - b);
  const pieces = shareOut(indices, crew.count);
  const counted = await crew.share(
    "consensusCount",
    { maps },
    pieces.map((own) => ({ request: { indices: own }, labelBricks: own })),
    phase(options, 0, 0.3),
  );
  const found = new PatternSet(maps.length);
  for (const part of counted) found.add(part);
  const [ni, nj, nk] = maps[0]!.dims;
  const patterns = withBackground(found.finish(), ni * nj * nk);
  const { method, threshold, maxIterations = Infinity } = request;
  const limits = { maxIterations, ...(threshold === undefined ? {} : { threshold }) };
  const decision = await crew.run("consensusEstimate", {}, { patterns, method, ...limits }, phase(options, 0.3, 0.7));
  const labels = Uint16Array.from(decision.labels, (label) => label ?? 0);
  const parts = await crew.share(
    "consensusWrite",
    { maps },
    pieces.map((own) => ({ request: { indices: own, patterns: patterns.labels, labels }, labelBricks: own })),
    phase(options, 0.7, 1),
  );
  return {
    proposal: joinChanges(parts),
    labels: labelsOf(patterns),
    raters: decision.raters,
    iterations: decision.iterations,
    undecided: patterns.voxels.reduce((sum, count, n) => (decision.labels[n] === undefined ? sum + count : sum), 0),
  };
}

function check(maps: readonly KernelLabels[], { method, threshold, maxIterations }: ConsensusRequest): void {
  const [first, ...others] = maps;
  if (!first || others.length === 0) {
    throw new VoxelwrightError("argument", "A consensus needs two label maps or more.");
  }
  for (const [n, { dims }] of others.entries()) {
    if (dims.every((size, axis) => size === first.dims[axis])) continue;
    const sizes = `${dims.join("×")}, not ${first.dims.join("×")} as the first`;
    throw new VoxelwrightError("argument", `Label map ${n + 2} has ${sizes}.`, {
      advice: "Resample it onto the grid of the first.",
    });
  }
  if (!METHODS.includes(method)) {
    throw new VoxelwrightError("argument", `There is no method ${method}.`, {
      advice: `Methods: ${METHODS.join(", ")}.`,
    });
  }
  if (threshold !== undefined && !(threshold >= 0)) {
    throw new VoxelwrightError("argument", `A threshold is 0 or more, not ${threshold}.`);
  }
  if (maxIterations !== undefined && !(maxIterations >= 1)) {
    throw new VoxelwrightError("argument", `At least one iteration is needed, not ${maxIterations}.`);
  }
}
