import type { AbortOptions } from "#base";
import { encodeLabelBrick, LabelSnapshot } from "#labelmap";
import type { SourceSegment } from "#sources";
import type { ImportInput } from "./import-input.ts";
import type { Session } from "./session.ts";

/** A labelmap file on the grid of the open study. */
export interface FileLabels {
  readonly name: string;
  readonly labels: LabelSnapshot;
  /** Segments that the file describes; none for files that only hold values. */
  readonly segments: readonly SourceSegment[];
  /** What was changed or left out. */
  readonly notes: readonly string[];
}

/**
 * Reads a labelmap file, or the address of one, beside the open study: nothing of the study changes. Labels on another grid take the
 * nearest voxel; layers that overlap lie over one another, later ones on top; both is told in the notes.
 */
export async function readLabelmap(session: Session, input: ImportInput, options: AbortOptions): Promise<FileLabels> {
  const { imports } = session.port;
  const { grid } = session.requireStudy().image;
  const abort = options.signal ? { signal: options.signal } : {};
  const chosen = await imports.choose(input, { ...abort, single: true, title: "Which of them are the labels?" });
  const series = chosen.series[0]!;
  const name = nameOf(input) ?? series.description.name;
  const bricks = new Map<number, Uint16Array>();
  let outside = 0;
  const read = await imports.readLabels(series, grid.toData(), {
    ...abort,
    onSlab: async (slab) => {
      outside += slab.outside;
      for (const [index, brick] of slab.bricks) layOver(bricks, index, brick);
    },
  });
  const notes = [...chosen.notes, ...read.description.notes];
  if (read.resampled)
    notes.push("The labels lie on another grid: each voxel took the nearest label, which changes outlines.");
  if (outside > 0) notes.push(`${outside} labelled voxels lie outside the scan and were left out.`);
  if (read.description.frames > 1)
    notes.push("The file has several layers: where they overlap, later ones lie over earlier ones.");
  const encoded = [...bricks].flatMap(([index, brick]) => {
    const bytes = encodeLabelBrick(brick);
    return bytes ? [[index, bytes] as const] : [];
  });
  return {
    name,
    labels: new LabelSnapshot(grid.dims, new Map(encoded)),
    segments: read.segments ?? [],
    notes: notes.map((note) => `${name}: ${note}`),
  };
}

/** The file as the user knows it; undefined for several files, which are one series. */
function nameOf(input: ImportInput): string | undefined {
  if ("url" in input) return input.url;
  const files = "files" in input ? input.files : input.handles;
  return files.length === 1 ? files[0]!.name : undefined;
}

function layOver(bricks: Map<number, Uint16Array>, index: number, brick: Uint16Array): void {
  const below = bricks.get(index);
  if (!below) bricks.set(index, brick);
  else for (let n = 0; n < brick.length; n++) if (brick[n] !== 0) below[n] = brick[n]!;
}
