import { type ProgressOptions, VoxelwrightError } from "#base";
import { withSpacing } from "#volume";
import { endsListing } from "../source-errors.ts";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing, SourceReader } from "../source.ts";
import { drawThumbnail } from "../thumbnail.ts";
import { describeVolume } from "./describe.ts";
import { inlineDecoding, platformDecoding } from "./frame-pool.ts";
import { groupPlanes, type SeriesGroups } from "./grouping.ts";
import type { ReadInstance } from "./instance.ts";
import { aboutFile, FRESH_COPY, findHeaderless, hasPrefix, parseHeader } from "./parse-header.ts";
import { readInstance } from "./read-instance.ts";
import { DicomSliceSource, type FrameDecoding, PlaneReader, toVolumeVoxels } from "./slice-source.ts";
import { DICOMDIR_CLASS } from "./sop-classes.ts";
import { type StackedVolume, stackVolumes } from "./volumes.ts";

/** Headers read at the same time. */
const READ_AHEAD = 8;
/** Planes from which on workers are worth their start. */
const WORTH_WORKERS = 8;

/** A reader of DICOM files: series sorted into volumes by what their headers say, never by file names. */
export function createDicomReader(decoding: FrameDecoding): SourceReader {
  return {
    name: "DICOM",

    recognises(head: Uint8Array, name: string): boolean {
      if (hasPrefix(head) || findHeaderless(head) !== undefined) return true;
      const cutPreamble = head.length > 0 && head.length < 132 && head.every((byte) => byte === 0);
      return cutPreamble && /\.(dcm|dicom|ima)$/i.test(name);
    },

    async open(
      files: readonly SourceFile[],
      _all: readonly SourceFile[],
      options: ProgressOptions = {},
    ): Promise<SourceListing> {
      const { read, refused } = await readHeaders(files, options);
      const series: SeriesChoice[] = [];
      for (const [n, entry] of groupPlanes(read).entries()) {
        series.push(...choicesOf(entry, `${n}`, decoding));
        for (const { instance } of entry.damaged)
          refused.push({ name: instance.file.name, message: `${instance.damage!} ${FRESH_COPY}` });
      }
      return { series: series.toSorted(bySize), refused };
    },
  };
}

/** The reader of this platform: compressed volumes are decoded in workers where there are some. */
export const dicomReader: SourceReader = createDicomReader(platformDecoding());

async function readHeaders(
  files: readonly SourceFile[],
  options: ProgressOptions,
): Promise<{ read: ReadInstance[]; refused: RefusedFile[] }> {
  const results: (ReadInstance | RefusedFile | undefined)[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < files.length; n = next++) {
      options.signal?.throwIfAborted();
      results[n] = await readOne(files[n]!, files.length, options);
      done++;
      options.onProgress?.({ fraction: done / files.length, what: "Reading DICOM headers" });
    }
  };
  await Promise.all(Array.from({ length: Math.min(READ_AHEAD, files.length) }, work));
  const read: ReadInstance[] = [];
  const refused: RefusedFile[] = [];
  for (const result of results) {
    if (result && "instance" in result) read.push(result);
    else if (result) refused.push(result);
  }
  return { read, refused };
}

/** The file read, or why not; undefined for a DICOMDIR among other files, which is only an index of them. */
async function readOne(
  file: SourceFile,
  fileCount: number,
  options: ProgressOptions,
): Promise<ReadInstance | RefusedFile | undefined> {
  try {
    return readInstance(file, await parseHeader(file.blob, options));
  } catch (error) {
    if (endsListing(error)) throw error;
    const named = aboutFile(error, file.name);
    if (!(named instanceof VoxelwrightError)) throw named;
    if (named.fields.sopClass === DICOMDIR_CLASS && fileCount > 1) return undefined;
    return refusal(named, file.name);
  }
}

function refusal(error: VoxelwrightError, name: string): RefusedFile {
  return { name, message: error.advice ? `${error.message} ${error.advice}` : error.message };
}

function choicesOf(series: SeriesGroups, id: string, decoding: FrameDecoding): SeriesChoice[] {
  const volumes = series.groups.flatMap((group) => stackVolumes(group));
  return volumes.map((volume, n) =>
    choice(volume, `${id}.${n}`, [...series.notes, ...partNotes(volumes, n)], decoding),
  );
}

/** What the other volumes of the same series are, so that nothing split off goes unseen. */
function partNotes(volumes: readonly StackedVolume[], own: number): string[] {
  if (volumes.length < 2 || volumes.length > 20)
    return volumes.length < 2 ? [] : [`The series was split into ${volumes.length} volumes.`];
  const others = volumes.flatMap((volume, n) => (n === own ? [] : [describePart(volume)]));
  return [`Other images of the same series do not fit this volume and are offered apart: ${others.join("; ")}.`];
}

function describePart({ phases, geometry }: StackedVolume): string {
  const planes = phases.flat();
  const names = [...new Set(planes.map((plane) => plane.instance.file.name))];
  const files = names.length <= 3 ? names.join(", ") : `${names.length} files`;
  return `${geometry.grid.dims.join("×")} from ${files}`;
}

function choice(volume: StackedVolume, id: string, notes: readonly string[], decoding: FrameDecoding): SeriesChoice {
  const { description, rescalePlanes } = describeVolume(volume, notes);
  const { phases } = volume;
  const instances = new Set(phases.flat().map((plane) => plane.instance));
  const byteLength = [...instances].reduce((sum, instance) => sum + instance.file.blob.size, 0);
  return {
    id,
    description,
    fileCount: instances.size,
    byteLength,
    async thumbnail({ signal, spacingMm } = {}) {
      signal?.throwIfAborted();
      const plane = phases[0]![phases[0]!.length >> 1]!;
      // One frame is not worth a worker.
      const voxels = await new PlaneReader(inlineDecoding).read(plane);
      const shown = toVolumeVoxels(voxels, plane, description, rescalePlanes);
      const { width, height, pixels } = drawThumbnail(shown, withSpacing(description, spacingMm));
      return { width, height, pixels: plane.instance.monochrome1 ? pixels.map((grey) => 255 - grey) : pixels };
    },
    async open(options = {}) {
      options.signal?.throwIfAborted();
      const few = phases.flat().length < WORTH_WORKERS;
      return new DicomSliceSource({ description, phases, rescalePlanes, byteLength }, few ? inlineDecoding : decoding);
    },
  };
}

/** Largest volume first. */
function bySize(a: SeriesChoice, b: SeriesChoice): number {
  const voxels = ({ description: { grid, frames } }: SeriesChoice): number =>
    grid.dims[0] * grid.dims[1] * grid.dims[2] * frames;
  return voxels(b) - voxels(a);
}
