import type { Plane } from "./instance.ts";
import type { Group } from "./grouping.ts";
import { type Phase, samePlaces, splitPhases } from "./phases.ts";
import { type StackGeometry, stackGeometry } from "./stack-geometry.ts";

/** One volume to offer: planes by frame and k, where they lie, and all that was odd. */
export interface StackedVolume {
  readonly phases: readonly Phase[];
  readonly geometry: StackGeometry;
  readonly notes: readonly string[];
}

/** Volumes of a group: one where all fits, several where planes share positions without being time points, or do not line up. */
export function stackVolumes(group: Group): StackedVolume[] {
  const { phases, by, copies } = splitPhases(group.planes);
  const notes =
    copies.length === 0
      ? []
      : [
          `${names(copies)} ${copies.length === 1 ? "repeats an image of another file and is" : "repeat images of other files and are"} left out.`,
        ];
  for (const { instance } of group.damaged) {
    notes.push(`${instance.file.name} is left out. ${instance.damage}`);
  }
  const sets: Phase[][] = [];
  for (const phase of phases) {
    const same = sets.find((set) => samePlaces(set[0]!, phase));
    if (same) same.push(phase);
    else sets.push([phase]);
  }
  sets.sort((a, b) => b.length * b[0]!.length - a.length * a[0]!.length);
  if (sets.length > 1) {
    notes.push(
      `Several images lie at the same position and are no whole set of time points; they were told apart by ${by} and are offered as ` +
        `${sets.length} volumes of ${sets.map((set) => set[0]!.length).join(", ")} slices.`,
    );
  }
  return sets.flatMap((set) => volumesOf(set, by, notes));
}

function volumesOf(set: readonly Phase[], by: string | undefined, shared: readonly string[]): StackedVolume[] {
  const notes = [...shared];
  if (set.length > 1)
    notes.push(`${set.length} images lie at each position; they are shown as frames in the order of ${by}.`);
  if (contradictsNumbers(set[0]!)) {
    notes.push("Instance numbers do not follow the positions of the slices; the slices are ordered by position.");
  }
  const geometry = stackGeometry(set[0]!);
  if (geometry) return [{ phases: set, geometry, notes }];
  const runs = straightRuns(set[0]!);
  notes.push(`The slices do not lie on one straight line; they are offered as ${runs.length} volumes that do.`);
  return runs.map(([from, to]) => {
    const phases = set.map((phase) => phase.slice(from, to));
    // A run is one slice, or as many as have a grid.
    return { phases, geometry: stackGeometry(phases[0]!)!, notes };
  });
}

/** True when instance numbers neither ascend nor descend along the stack. */
function contradictsNumbers(planes: Phase): boolean {
  if (!planes[0]!.placement || new Set(planes.map((plane) => plane.instance)).size < planes.length) return false;
  const numbers = planes.map((plane) => plane.instance.instanceNumber);
  if (numbers.includes(undefined)) return false;
  const steps = numbers.slice(1).map((number, k) => Math.sign(number! - numbers[k]!));
  return steps.includes(1) && steps.includes(-1);
}

/** The longest runs, from the bottom up, that a grid can describe, as half-open ranges of k. */
function straightRuns(planes: Phase): [number, number][] {
  const runs: [number, number][] = [];
  for (let from = 0; from < planes.length; ) {
    let to = from + 1;
    while (to < planes.length && stackGeometry(planes.slice(from, to + 1))) to++;
    runs.push([from, to]);
    from = to;
  }
  return runs;
}

/** Names of the files of planes, at most three of them. */
function names(planes: readonly Plane[]): string {
  const files = [...new Set(planes.map((plane) => plane.instance.file.name))];
  return files.length <= 3 ? files.join(", ") : `${files.slice(0, 3).join(", ")} and ${files.length - 3} more`;
}
