import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as v from "valibot";
import { VoxelwrightError } from "#base";
import type { LabelBricks } from "#export";
import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import { type NamedPart, partSchema } from "./parts.ts";

const CHUNKS = "0/c";
const groupSchema = v.object({
  attributes: v.object({
    ome: v.object({ multiscales: v.tuple([v.object({ name: v.string() })]) }),
    voxelwright: v.object({ part: partSchema }),
  }),
});
/** The arrays that labels are written as (`src/export/zarr`). */
const arraySchema = v.object({ data_type: v.picklist(["uint8", "uint16"]) });

/** A label image of a part of a volume, as `--region` and `merge` write it. Its bricks are read when they are asked for. */
export interface LabelPart extends NamedPart {
  /** Name of the image that the labels are of. */
  readonly name: string;
  readonly wide: boolean;
}

/** Throws `argument` for a folder that holds no part. */
export function openLabelPart(path: string): LabelPart {
  const group = v.safeParse(groupSchema, readJsonFile(join(path, "zarr.json")));
  const array = v.safeParse(arraySchema, readJsonFile(join(path, "0/zarr.json")));
  if (!group.success || !array.success) {
    throw new VoxelwrightError("argument", "It is no part of a job.", {
      subject: path,
      advice: "Parts are the folders that --region and merge write.",
    });
  }
  const { ome, voxelwright } = group.output.attributes;
  const [{ name }] = ome.multiscales;
  return { path, part: voxelwright.part, name, wide: array.output.data_type === "uint16" };
}

/** Labels of several parts that share no brick; nothing but where bricks lie is kept in memory. */
export class PartLabels implements LabelBricks {
  readonly #bricks: Dims;
  readonly #parts: readonly LabelPart[];
  /** Number of the part that holds a brick. */
  readonly #partOf = new Map<number, number>();

  constructor(parts: readonly LabelPart[], dims: Dims) {
    this.#bricks = brickDims(dims);
    this.#parts = parts;
    for (const [n, { path, part }] of parts.entries()) {
      for (const bk of numbersIn(join(path, CHUNKS)))
        for (const bj of numbersIn(join(path, CHUNKS, String(bk))))
          for (const bi of numbersIn(join(path, CHUNKS, String(bk), String(bj)))) {
            const at: Dims = [bi, bj, bk];
            if (part.regions.some((region) => holds(region, at))) {
              this.#partOf.set(brickIndex(this.#bricks, ...at), n);
              continue;
            }
            throw new VoxelwrightError("argument", `Brick ${at.join(", ")} lies outside the part's own regions.`, {
              subject: path,
              advice: "Make the part again.",
            });
          }
    }
  }

  brickIndices(): Iterable<number> {
    return this.#partOf.keys();
  }

  /** Number of the part that holds a brick; undefined where all is background. */
  partOf(index: number): number | undefined {
    return this.#partOf.get(index);
  }

  /** The brick's labels, the caller's own. */
  readBrick(index: number): Uint16Array | undefined {
    const part = this.#parts[this.#partOf.get(index) ?? -1];
    if (!part) return undefined;
    const [bi, bj, bk] = brickCoordinates(this.#bricks, index);
    const file = join(part.path, CHUNKS, `${bk}/${bj}/${bi}`);
    const bytes = unpacked(file, BRICK_VOXELS * (part.wide ? 2 : 1));
    // A buffer of zlib may begin anywhere; 16-bit labels must not.
    return part.wide ? new Uint16Array(bytes.slice().buffer) : Uint16Array.from(bytes);
  }
}

function unpacked(file: string, length: number): Uint8Array {
  try {
    const bytes = new Uint8Array(gunzipSync(readFileSync(file), { maxOutputLength: length }));
    if (bytes.length === length) return bytes;
  } catch (cause) {
    throw damaged(file, cause);
  }
  throw damaged(file);
}

function damaged(subject: string, cause?: unknown): VoxelwrightError {
  return new VoxelwrightError("source", "The chunk is damaged.", { subject, cause, advice: "Make the part again." });
}

function holds({ min, max }: IndexBox, at: Dims): boolean {
  return at.every((b, axis) => b * BRICK_EDGE >= min[axis]! && b * BRICK_EDGE < max[axis]!);
}

/** Folders and files that have numbers for names; none where there is no such folder. */
function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
