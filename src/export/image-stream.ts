import { VoxelwrightError } from "#base";
import {
  createVoxels,
  ImageGrid,
  type Slice,
  VOXEL_RANGE,
  type VolumeDescription,
  type VoxelArray,
  type VoxelType,
} from "#volume";
import type { VoxelStream } from "./voxel-stream.ts";

/** An image as a writer needs it. */
export interface ImageInput {
  readonly description: VolumeDescription;
  /** Slices frame by frame, k ascending, each exactly once, as `SliceSource.slices`. Called once for each file written. */
  slices(): AsyncIterable<Slice>;
  /**
   * Smallest and largest stored value, when known. Lets formats without a rescale hold shown values in the narrowest whole type
   * instead of float32.
   */
  readonly range?: { readonly min: number; readonly max: number };
}

/** The image with its stored voxels and its rescale, as it is. */
export function storedImageStream(input: ImageInput): VoxelStream {
  const { grid, voxelType, rescale, frames } = input.description;
  const copied = (voxels: VoxelArray): VoxelArray => voxels.slice();
  const voxels = () => checkedVoxels(input.description, input.slices(), copied);
  return { grid: new ImageGrid(grid), frames, voxelType, rescale, voxels };
}

/** A stream and what had to be changed for it. */
export interface ShownImage {
  readonly stream: VoxelStream;
  readonly notes: readonly string[];
}

/**
 * The image with shown values in place of stored ones, for formats that have no rescale. Unchanged when the rescale is the
 * identity. Otherwise whole shown values of a known range stay whole, in the narrowest type that holds them; all others become
 * float32, with a note.
 */
export function shownImageStream(input: ImageInput, format: string): ShownImage {
  const { description, range } = input;
  const { slope, intercept } = description.rescale;
  const stored = storedImageStream(input);
  if (slope === 1 && intercept === 0) return { stream: stored, notes: [] };
  const whole = wholeShownType(description, range);
  const voxelType = whole ?? "float32";
  const rescaled = (voxels: VoxelArray): VoxelArray => {
    const shown = createVoxels(voxelType, voxels.length);
    for (let n = 0; n < voxels.length; n++) shown[n] = slope * voxels[n]! + intercept;
    return shown;
  };
  const formula = `${slope} · stored + ${intercept}`;
  const loses = whole === undefined && !fitsFloat32(description);
  const note =
    `${format} has no rescale: the file holds shown values (${formula}) as ${voxelType}` +
    (loses ? ", rounded to 24 significant bits." : ".");
  const rescale = { slope: 1, intercept: 0 };
  const voxels = () => checkedVoxels(description, input.slices(), rescaled);
  return { stream: { ...stored, voxelType, rescale, voxels }, notes: [note] };
}

/** Whether `shownImageStream` could keep whole numbers if it knew the range of stored values. */
export function wantsRange({ rescale, voxelType }: VolumeDescription): boolean {
  const { slope, intercept } = rescale;
  if (slope === 1 && intercept === 0) return false;
  return voxelType !== "float32" && Number.isInteger(slope) && Number.isInteger(intercept);
}

const WHOLE_TYPES: readonly VoxelType[] = ["uint8", "int8", "int16", "uint16", "int32", "uint32"];

function wholeShownType(description: VolumeDescription, range: ImageInput["range"]): VoxelType | undefined {
  if (!range || !wantsRange(description)) return undefined;
  const { slope, intercept } = description.rescale;
  const ends = [slope * range.min + intercept, slope * range.max + intercept];
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  return WHOLE_TYPES.find((type) => VOXEL_RANGE[type][0] <= low && high <= VOXEL_RANGE[type][1]);
}

function fitsFloat32({ voxelType }: VolumeDescription): boolean {
  return voxelType !== "int32" && voxelType !== "uint32";
}

/** Voxels of slices that are checked to be all there, in order, and of the right size. */
async function* checkedVoxels(
  { grid, frames, name, voxelType }: VolumeDescription,
  slices: AsyncIterable<Slice>,
  convert: (voxels: VoxelArray) => VoxelArray,
): AsyncGenerator<VoxelArray, void, undefined> {
  const [width, height, depth] = grid.dims;
  const expected = createVoxels(voxelType, 0).constructor;
  let next = 0;
  for await (const { frame, k, voxels } of slices) {
    const inOrder = frame * depth + k === next && k < depth && frame < frames;
    if (!inOrder || voxels.length !== width * height || voxels.constructor !== expected) {
      throw new VoxelwrightError("source", `Slice ${k} of frame ${frame} is not the one that was due.`, {
        subject: name,
      });
    }
    next++;
    yield convert(voxels);
  }
  if (next !== depth * frames) {
    throw new VoxelwrightError("source", `Only ${next} of ${depth * frames} slices came.`, { subject: name });
  }
}
