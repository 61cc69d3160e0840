import type { VoxelType } from "#volume";

/** How the numbers of a page are held. */
export interface PageKind {
  readonly width: number;
  readonly height: number;
  readonly voxelType: VoxelType;
  /** Colours become grey. */
  readonly color: boolean;
  /** Type in the file where it is another one. */
  readonly sourceType?: "float64";
}

export function sameKind(a: PageKind, b: PageKind): boolean {
  return a.width === b.width && a.height === b.height && a.voxelType === b.voxelType && a.color === b.color;
}

/** Type of the numbers of a page in its file. */
export function pageSourceType({ voxelType, sourceType }: PageKind): VoxelType | "float64" {
  return sourceType ?? voxelType;
}
