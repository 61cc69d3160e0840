import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { VoxelwrightError } from "#base";
import type { PartOfJob } from "#export";
import { type ImageGridData, VOXEL_RANGE, type VolumeDescription, type VoxelType } from "#volume";
import type { SegmentSums } from "#workers";
import { readingOf } from "./input-files.ts";
import { partSchema } from "./parts.ts";

/** Statistics of a part of a volume, as sums that add up. */
export interface StatisticsPart {
  readonly part: PartOfJob;
  readonly grid: Pick<ImageGridData, "dims" | "indexToLps">;
  /** The scan that was measured; absent for labels alone. */
  readonly image?: Pick<VolumeDescription, "voxelType" | "rescale" | "unit"> | undefined;
  /** Names that the labelmap gives. */
  readonly segments: readonly { readonly value: number; readonly name: string }[];
  readonly sums: readonly SegmentSums[];
}

const KIND = "statistics part";
const VERSION = 1;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const triple = v.tuple([count, count, count]);
/** A sum of 64 bits and more, which JSON's numbers would round. */
const sum = v.pipe(
  v.string(),
  v.regex(/^\d+$/),
  v.transform((digits) => BigInt(digits)),
);
/** A value that may be no finite number. */
const value = v.pipe(
  v.string(),
  v.regex(/^(NaN|-?Infinity|-?\d.*)$/),
  v.transform((text) => Number(text)),
);

const schema = v.object({
  voxelwright: v.literal(KIND),
  version: v.literal(VERSION),
  part: partSchema,
  grid: v.object({ dims: triple, indexToLps: v.pipe(v.array(v.number()), v.length(12)) }),
  image: v.optional(
    v.object({
      voxelType: v.picklist(Object.keys(VOXEL_RANGE) as VoxelType[]),
      rescale: v.object({ slope: v.number(), intercept: v.number() }),
      unit: v.string(),
    }),
  ),
  segments: v.array(v.object({ value: count, name: v.string() })),
  sums: v.array(
    v.object({
      segment: count,
      sums: v.tuple([sum, sum, sum, sum]),
      box: v.object({ min: triple, max: triple }),
      min: value,
      max: value,
      histogram: v.optional(v.array(v.tuple([v.number(), count]))),
    }),
  ),
});

/** The file of a part. */
export function statisticsPartText({ sums, ...rest }: StatisticsPart): string {
  const rows = sums.map((row) => ({ ...row, sums: row.sums.map(String), min: String(row.min), max: String(row.max) }));
  return `${JSON.stringify({ voxelwright: KIND, version: VERSION, ...rest, sums: rows })}\n`;
}

/** Reads the file of a part; rejects with `argument` for any other file. */
export async function readStatisticsPart(path: string): Promise<StatisticsPart> {
  const text = await readingOf(path, readFile(path, "utf8"));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) {
    const { output } = parsed;
    return { ...output, grid: output.grid as unknown as StatisticsPart["grid"] };
  }
  throw new VoxelwrightError("argument", "It is no part of statistics.", {
    subject: path,
    advice: "Parts are what statistics --region writes with --json.",
  });
}
