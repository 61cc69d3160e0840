import { length, subtract } from "#base";
import type { BrickWant } from "#gpu";
import type { Dims } from "#volume";
import type { Stage } from "./stage.ts";

/** Every brick of a level. */
export function levelBricks({ bricks }: Stage, level: number): Dims[] {
  const [x, y, z] = bricks.levels[level]!.bricks;
  return Array.from({ length: x * y * z }, (_, n) => [n % x, Math.floor(n / x) % y, Math.floor(n / (x * y))] as const);
}

/** Asks for every brick of a level, nearest to the crosshair first, and for the coarsest brick before all. */
export function wantLevel(stage: Stage, level: number): void {
  const { bricks, volume, state } = stage;
  const frame = state.frame.peek();
  const { factor } = bricks.levels[level]!;
  const middle = state.crosshair.peek();
  const wants: BrickWant[] = levelBricks(stage, level).map(([bi, bj, bk]) => {
    const center = volume.grid.toLps([
      (bi + 0.5) * 64 * factor[0],
      (bj + 0.5) * 64 * factor[1],
      (bk + 0.5) * 64 * factor[2],
    ]);
    // After the planes: theirs are counted in pixels from the middle.
    const priority = 1e6 + length(subtract(center, middle));
    return { address: { frame, level, bi, bj, bk }, priority, ranged: true };
  });
  const last = bricks.levels.length - 1;
  wants.push({ address: { frame, level: last, bi: 0, bj: 0, bk: 0 }, priority: -2e9 });
  bricks.want("volume", wants);
}

/** Has the labels of a level ready, where they are shown in the volume: all of them, or what `withinMs` is enough for. */
export function needLabels(stage: Stage, level: number, withinMs?: number): void {
  const { state, labelBricks, proposalBricks, hasProposals } = stage;
  if (state.labelsInVolume.value !== "volume") return;
  const all = levelBricks(stage, level);
  if (state.labelsVisible.value) labelBricks.need(level, all, withinMs);
  if (hasProposals) proposalBricks.need(level, all, withinMs);
}

/** Bricks of a level that are not resident. */
export function missingBricks(stage: Stage, level: number): number {
  const { table } = stage.bricks;
  return levelBricks(stage, level).filter((brick) => !table.resident(level, brick)).length;
}
