import { type Dims, type PyramidLevel, pyramidLevels } from "#volume";
import type { Multiscales } from "./multiscales.ts";
import type { ChunkedArray } from "./chunked-array.ts";
import type { AxisRoles } from "./zarr-geometry.ts";

/** Where the voxels of a level come from. */
export type LevelOrigin =
  /** Means of `block` voxels of a stored resolution; 1, 1, 1 is the resolution itself. */
  | { readonly kind: "stored"; readonly array: ChunkedArray; readonly dims: Dims; readonly block: Dims }
  /** Means of the voxels of the level before. */
  | { readonly kind: "halved"; readonly block: Dims };

export interface ZarrLevel extends PyramidLevel {
  readonly origin: LevelOrigin;
}

/** A stored resolution that lies on the grid of the finest one: `ratio` of its voxels along each axis. */
interface Fitting {
  readonly array: ChunkedArray;
  readonly dims: Dims;
  readonly ratio: Dims;
}

/**
 * Levels of the program and where each is read from. A stored resolution is used where each of its axes is coarser by a power of two
 * and its voxels lie where the means of finer ones would, by half a voxel of its own at most; it may end one voxel early, as writers
 * round down. `notes` say what is not used and what has to be computed.
 */
export function zarrLevels(
  image: Multiscales,
  arrays: readonly ChunkedArray[],
  roles: AxisRoles,
): { readonly levels: readonly ZarrLevel[]; readonly notes: readonly string[] } {
  const [finest] = arrays;
  const fitting = arrays.flatMap((array, n) => {
    const fit = fits(image, n, array, finest!, roles);
    return fit ? [fit] : [];
  });
  const levels: ZarrLevel[] = [];
  let before: Fitting | undefined;
  for (const level of pyramidLevels(finest!.dims(roles))) {
    const best = bestFor(level.factor, fitting);
    const coarser = levels.at(-1);
    const origin: LevelOrigin =
      coarser && best === before
        ? { kind: "halved", block: divided(level.factor, coarser.factor) }
        : { kind: "stored", array: best.array, dims: best.dims, block: divided(level.factor, best.ratio) };
    levels.push({ ...level, origin });
    before = best;
  }
  return { levels, notes: notesOf(levels, fitting.length, arrays.length) };
}

/** Bricks of stored voxels that reading the coarsest brick goes through. */
export function coarsestReads(levels: readonly ZarrLevel[]): number {
  let bricks = 1;
  for (const { origin } of levels.toReversed()) {
    bricks *= origin.block[0] * origin.block[1] * origin.block[2];
    if (origin.kind === "stored") break;
  }
  return bricks;
}

function fits(
  image: Multiscales,
  n: number,
  array: ChunkedArray,
  finest: ChunkedArray,
  roles: AxisRoles,
): Fitting | undefined {
  const dims = array.dims(roles);
  if (n === 0) return { array, dims, ratio: [1, 1, 1] };
  const whole = finest.dims(roles);
  const [base, own] = [image.datasets[0]!, image.datasets[n]!];
  const ratio: number[] = [];
  for (const [at, axis] of roles.space.entries()) {
    const factor = axis < 0 ? 1 : own.scale[axis]! / base.scale[axis]!;
    const power = 2 ** Math.round(Math.log2(factor));
    const full = Math.ceil(whole[at]! / power);
    // Some writers state the ratio of the sizes, which differs by what was rounded away.
    const close = power >= 1 && Math.abs(factor / power - 1) <= Math.max(0.001, 1.01 / full);
    if (!close || dims[at]! > full || dims[at]! < Math.max(1, full - 1)) return undefined;
    if (axis >= 0) {
      const expected = base.translation[axis]! + ((power - 1) / 2) * base.scale[axis]!;
      if (Math.abs(own.translation[axis]! - expected) > 0.501 * own.scale[axis]!) return undefined;
    }
    ratio.push(power);
  }
  const sameFrames = roles.frames.every((axis) => array.shape[axis] === finest.shape[axis]);
  if (!sameFrames || array.sourceType !== finest.sourceType || array.shape.length !== finest.shape.length)
    return undefined;
  return { array, dims, ratio: ratio as unknown as Dims };
}

/** The coarsest resolution that a level can be made of. */
function bestFor(factor: Dims, fitting: readonly Fitting[]): Fitting {
  const usable = fitting.filter(({ ratio }) => ratio.every((n, axis) => n <= factor[axis]!));
  const size = ({ ratio }: Fitting): number => ratio[0] * ratio[1] * ratio[2];
  return usable.reduce((best, fit) => (size(fit) > size(best) ? fit : best));
}

function divided(a: Dims, b: Dims): Dims {
  return [a[0] / b[0], a[1] / b[1], a[2] / b[2]];
}

function notesOf(levels: readonly ZarrLevel[], fitting: number, stored: number): string[] {
  const notes: string[] = [];
  const coarser = levels.slice(1);
  const made = coarser.filter(({ origin }) => origin.block.some((n) => n > 1));
  if (fitting < stored)
    notes.push(
      `${stored - fitting} of the ${stored} resolutions of the image ${stored - fitting === 1 ? "is" : "are"} not used: they do not halve the axes as the overviews here do.`,
    );
  if (made.length > 0) {
    const which =
      made.length === coarser.length
        ? "No stored resolution serves as an overview: overviews are"
        : `${made.length} of ${coarser.length} overviews ${made.length === 1 ? "is" : "are"} not stored in the image: they are`;
    const cost = coarsestReads(levels) > 64 ? ", and all of the image is read once for that" : "";
    notes.push(`${which} computed from finer voxels as they are needed${cost}.`);
  }
  return notes;
}
