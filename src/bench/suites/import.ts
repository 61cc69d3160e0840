import { inflateSync, gunzipSync } from "node:zlib";
import { bytesPerVoxel, PyramidBuilder } from "#volume";
import type { SeriesChoice, SourceFile } from "#sources";
import { loadPyramidWork } from "#workers";
import { filesInMemory, openSeries, samplePath, sharedPath } from "../inputs.ts";
import { itkReader } from "../peers/itk-read.ts";
import { jpegLsFloor } from "../peers/jpeg-ls.ts";
import { benchRow, type BenchRow } from "../report.ts";
import type { SuitePort } from "../suite.ts";
import { timeInterleaved } from "../timing.ts";

interface ImportCase {
  readonly name: string;
  readonly path: string | undefined;
  /** Plain decompression of the same bytes, nothing kept: the least that any reader needs. */
  readonly floor: (files: readonly SourceFile[]) => Promise<() => Promise<void>>;
  readonly floorName: string;
  readonly rounds: number;
  /** Read by ITK too: it has no reader for a folder of DICOM that is safe to compare with. */
  readonly itk: boolean;
}

function cases(): ImportCase[] {
  return [
    {
      name: "head-mr.nii.gz",
      path: samplePath("head-mr.nii.gz"),
      floor: async ([file]) => {
        const bytes = new Uint8Array(await file!.blob.arrayBuffer());
        return () => Promise.resolve(void gunzipSync(bytes));
      },
      floorName: "zlib gunzip",
      rounds: 5,
      itk: true,
    },
    {
      name: "chest-ct.mha",
      path: samplePath("chest-ct.mha"),
      floor: async ([file]) => {
        const bytes = new Uint8Array(await file!.blob.arrayBuffer());
        const body = bytes.subarray(zlibStart(bytes));
        return () => Promise.resolve(void inflateSync(body));
      },
      floorName: "zlib inflate",
      rounds: 5,
      itk: true,
    },
    {
      name: "chest-abdomen-lidc-jpegls (116 DICOM files)",
      path: sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"),
      floor: jpegLsFloor,
      floorName: "CharLS alone, one thread",
      rounds: 3,
      itk: false,
    },
  ];
}

/**
 * Time until the first slice is there and until all bricks of all levels are built, per MB (10⁶ bytes) of voxels, from bytes in
 * memory, on one thread, storage not counted.
 */
export async function importRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const itk = await itkReader();
  for (const { name, path, floor, floorName, rounds, itk: withItk } of cases()) {
    if (path === undefined) {
      port.note(`import of ${name}: left out, the scan is not here.`);
      continue;
    }
    port.note(`import of ${name}`);
    const files = await filesInMemory(path);
    const series = await openSeries(files);
    const megabytes = voxelBytes(series) / 1e6;
    const times = await timeInterleaved(
      {
        first: () => firstSlice(files),
        slices: () => allSlices(files),
        whole: () => wholeImport(files),
        floor: await floor(files),
        ...(itk && withItk ? { itk: () => itk(path) } : {}),
      },
      { rounds, signal: port.signal },
    );
    const input = `${name}, ${megabytes.toFixed(1)} MB of voxels`;
    const peer = times.itk === undefined ? {} : { peer: "ITK (itk-wasm image-io)" };
    rows.push(
      benchRow({ name: "import: first slice", input, ourMs: times.first }),
      benchRow({ name: "import: every slice, no bricks", input, ourMs: times.slices }),
      benchRow({
        name: "import: bricks of every level",
        input: `${input}; floor: ${floorName}`,
        ourMs: times.whole,
        floorMs: times.floor,
        ...peer,
        ...(times.itk === undefined ? {} : { peerMs: times.itk }),
      }),
      benchRow({
        name: "import: bricks of every level, per MB",
        input: `${input}; floor: ${floorName}`,
        ourMs: times.whole / megabytes,
        floorMs: times.floor / megabytes,
      }),
    );
  }
  return rows;
}

function voxelBytes({ description }: SeriesChoice): number {
  const [i, j, k] = description.grid.dims;
  return i * j * k * description.frames * bytesPerVoxel(description.voxelType);
}

async function firstSlice(files: readonly SourceFile[]): Promise<void> {
  const source = await (await openSeries(files)).open();
  for await (const slice of source.slices()) if (slice.k === 0) break;
}

async function allSlices(files: readonly SourceFile[]): Promise<void> {
  const source = await (await openSeries(files)).open();
  let slices = 0;
  for await (const _ of source.slices()) slices++;
  if (slices === 0) throw new Error("no slices");
}

async function wholeImport(files: readonly SourceFile[]): Promise<void> {
  const source = await (await openSeries(files)).open();
  const { grid, voxelType } = source.description;
  const work = await loadPyramidWork();
  let builder: PyramidBuilder | undefined;
  for await (const { frame, k, voxels } of source.slices()) {
    if (k === 0) builder = new PyramidBuilder(grid.dims, voxelType, frame, (brick) => void brick.take(), work);
    builder!.push(k, voxels);
  }
}

/** Where the zlib data of a compressed MetaImage begins: after the line that says it is in the same file. */
function zlibStart(bytes: Uint8Array): number {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  const line = head.indexOf("ElementDataFile");
  return head.indexOf("\n", line) + 1;
}
