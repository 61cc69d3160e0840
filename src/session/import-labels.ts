import type { AbortOptions } from "#base";
import type { SegmentEdit, SegmentList } from "#labelmap";
import type { LabelSlab } from "#sources";
import type { ImportInput } from "./import-input.ts";
import type { ChooseOptions } from "./import-service.ts";
import type { Session } from "./session.ts";

/** What a file says of a label value of a layer. */
interface Described {
  readonly value: number;
  readonly layer: number;
  readonly name: string;
  readonly color?: string | undefined;
}

/**
 * Puts a labelmap file onto the open study as one step: values keep their numbers where these are free or mean the same segment,
 * else they get the next free ones. Locked segments are not touched. What was changed or left out is told in the notes.
 */
export async function importLabels(
  session: Session,
  input: ImportInput,
  options: AbortOptions & Pick<ChooseOptions, "only" | "none"> = {},
): Promise<object> {
  const study = session.requireStudy();
  const { imports } = session.port;
  const { labels, image } = study;
  const chosen = await imports.choose(input, { ...options, single: true, title: "Which of them are the labels?" });
  const series = chosen.series[0]!;
  const notes = [...chosen.notes];
  let planned: ReadonlyMap<string, SegmentEdit> = new Map();
  const changed = await labels.queue.run(async () => {
    const slabs: LabelSlab[] = [];
    const transaction = labels.begin({ over: "all" });
    try {
      // Values are known only when all is read, so slabs wait as bricks; they are as sparse as the labels.
      const read = await imports.readLabels(series, image.grid.toData(), {
        ...options,
        onSlab: async (slab) => void slabs.push(slab),
      });
      planned = planSegments(labels.segments, slabs, read.segments ?? []);
      for (const { layer, bricks } of slabs) {
        for (const [index, brick] of bricks) transaction.setLabels(index, renumber(brick, layer, planned));
      }
      notes.push(...read.description.notes);
      const outside = slabs.reduce((sum, slab) => sum + slab.outside, 0);
      if (read.resampled)
        notes.push("The labels lie on another grid: each voxel took the nearest label, which changes outlines.");
      if (outside > 0) notes.push(`${outside} labelled voxels lie outside the scan and were left out.`);
      if (read.description.frames > 1)
        notes.push("The file has several layers: where they overlap, later ones lie over earlier ones.");
    } catch (error) {
      transaction.rollback();
      throw error;
    }
    const added = [...planned.values()].filter((edit) => edit.to && !labels.segments.find(edit.value));
    return labels.record("label.import", { file: series.description.name }, transaction, added);
  });
  const renumbered = [...planned].filter(([key, edit]) => Number(key.split("/")[1]) !== edit.value);
  for (const [key, edit] of renumbered)
    notes.push(`Label ${key.split("/")[1]} became segment ${edit.value}, because that number was taken.`);
  session.studyNotes.value = [...session.studyNotes.value, ...notes];
  session.warnNotes(series.description.name, notes);
  return { changed, notes };
}

/** A segment for every label present, by `layer/value`. */
function planSegments(
  list: SegmentList,
  slabs: readonly LabelSlab[],
  described: readonly Described[],
): Map<string, SegmentEdit> {
  const planned = new Map<string, SegmentEdit>();
  const taken = new Set(list.list().map((segment) => segment.value));
  for (const [layer, value] of present(slabs)) {
    const about = described.find((segment) => segment.layer === layer && segment.value === value);
    const same = list.find(value);
    if (same && (!about || about.name === same.name)) {
      planned.set(`${layer}/${value}`, { value, from: same, to: same });
      continue;
    }
    const free = taken.has(value) ? nextFree(taken) : value;
    taken.add(free);
    const wanted = {
      value: free,
      ...(about ? { name: about.name } : {}),
      ...(about?.color ? { color: about.color } : {}),
    };
    planned.set(`${layer}/${value}`, list.planAdd(wanted));
  }
  return planned;
}

function present(slabs: readonly LabelSlab[]): [number, number][] {
  const seen = new Set<number>();
  for (const { layer, bricks } of slabs) {
    for (const brick of bricks.values()) {
      let last = 0;
      for (const value of brick) {
        if (value === last || value === 0) continue;
        last = value;
        seen.add(layer * 65536 + value);
      }
    }
  }
  return [...seen].sort((a, b) => a - b).map((key) => [Math.floor(key / 65536), key % 65536]);
}

function nextFree(taken: ReadonlySet<number>): number {
  let value = 1;
  while (taken.has(value)) value++;
  return value;
}

function renumber(brick: Uint16Array, layer: number, planned: ReadonlyMap<string, SegmentEdit>): Uint16Array {
  const table = new Map<number, number>();
  for (const [key, edit] of planned) {
    const [itsLayer, value] = key.split("/").map(Number) as [number, number];
    if (itsLayer === layer && value !== edit.value) table.set(value, edit.value);
  }
  return table.size === 0 ? brick : brick.map((value) => table.get(value) ?? value);
}
