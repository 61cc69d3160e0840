import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImageNode } from "@itk-wasm/image-io";
import type { Affine } from "#base";
import { collectBytes, type ExportFile } from "#export";

/** What ITK, a reader that is not ours, makes of a file. */
export interface ItkImage {
  readonly size: readonly number[];
  readonly componentType: string;
  readonly components: number;
  readonly data: ArrayLike<number>;
  /** ITK's world is LPS. */
  readonly indexToLps: Affine;
  readonly metadata: ReadonlyMap<string, string>;
}

export async function readByItk(file: ExportFile): Promise<ItkImage> {
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-export-"));
  try {
    const path = join(folder, `image${file.extension}`);
    await writeFile(path, await collectBytes(file));
    const image = await readImageNode(path);
    const { direction, spacing, origin, size } = image;
    const order = size.length;
    const cell = (row: number, axis: number): number =>
      (direction as Float64Array)[row * order + axis]! * spacing[axis]!;
    const rows = [0, 1, 2].flatMap((row) => [cell(row, 0), cell(row, 1), cell(row, 2), origin[row]!]);
    return {
      size,
      componentType: image.imageType.componentType,
      components: image.imageType.components,
      data: image.data as unknown as ArrayLike<number>,
      indexToLps: rows as unknown as Affine,
      metadata: image.metadata as unknown as ReadonlyMap<string, string>,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
