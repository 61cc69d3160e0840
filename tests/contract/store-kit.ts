import type { StudyStore } from "#storage";
import { type BrickPixels, planesOf, type VolumeDescription } from "#volume";

/** What a run of the contract needs of an implementation. */
export interface StoreHarness {
  /** Opens the store. Every store of one harness sees the same data, as tabs of one browser do. */
  open(): Promise<StudyStore>;
  /** The same store with a quota; undefined where it cannot be set. */
  openWithQuota?(quotaBytes: number): Promise<StudyStore>;
  /** Whether bricks are compressed where that saves room. */
  readonly compresses: boolean;
  /** Changes one stored byte of a study's bricks behind the store's back. */
  damageBricks?(volumeId: string): Promise<void>;
}

export interface ContractCase {
  readonly title: string;
  run(harness: StoreHarness): Promise<void>;
}

export const VOXELS = 64 ** 3;

export const description = (name = "scan"): VolumeDescription => ({
  name,
  grid: { dims: [130, 64, 64], indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
  voxelType: "int16",
  rescale: { slope: 1, intercept: -1024 },
  unit: "HU",
  modality: "CT",
  frames: 1,
  notes: ["One slice was missing."],
  metadata: { Patient: "Ünï" },
  format: "NIfTI-1",
});

export function brick(bi: number, seed = bi, level = 0): BrickPixels {
  const voxels = new Int16Array(VOXELS);
  for (let n = 0; n < VOXELS; n++) voxels[n] = ((n * 31 + seed * 977) % 4096) - 1024;
  return { address: { frame: 0, level, bi, bj: 0, bk: 0 }, voxels, min: -1024 + seed, max: 3000 + seed };
}

export const entry = (volumeId: string, sequence: number) => ({
  volumeId,
  sequence,
  line: `{"sequence":${sequence},"text":"ä€😀"}`,
  header: `{"head":${sequence}}`,
});

/** Lists that an append stores: what they say is nothing to the store. */
export const lists = (segments: string) => ({ segments, measurements: `${segments} ` });

/** A file's handle where there are any; in Node what stands for one. */
export async function someHandle(name: string): Promise<FileSystemHandle> {
  const folder = await globalThis.navigator?.storage?.getDirectory();
  return folder?.getFileHandle(name, { create: true }) ?? ({ kind: "file", name } as FileSystemHandle);
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function same(got: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  check(a === b, `${what}: got ${a}, expected ${b}`);
}

export async function rejects(
  call: Promise<unknown>,
  kind: string,
  fields: Record<string, unknown> = {},
): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const found = error as { kind?: string; fields?: Record<string, unknown>; stack?: string } | undefined;
  check(found?.kind === kind, `expected a ${kind} error, got ${found?.stack ?? String(error)}`);
  for (const [name, value] of Object.entries(fields)) same(found.fields?.[name], value, `field ${name}`);
}

export const sameVoxels = (a: BrickPixels | undefined, b: BrickPixels): boolean =>
  a !== undefined &&
  a.voxels.constructor === b.voxels.constructor &&
  a.voxels.every((value, n) => value === b.voxels[n]);

/** The bytes of `bricks` bricks, which are those of their voxels, or far fewer where they are compressed. */
export function checkRoom(bytes: number, bricks: number, { compresses }: StoreHarness): void {
  const voxels = VOXELS * 2 * bricks;
  check(compresses ? bytes > 0 && bytes < voxels / 8 : bytes === voxels, `${bricks} bricks take ${bytes} bytes`);
}

export async function importStudy(store: StudyStore, volumeId: string, bricks = 3): Promise<void> {
  const writer = await store.create(volumeId, description(), 1e6);
  for (let bi = 0; bi < bricks; bi++) await writer.writeBrick(planesOf(brick(bi)));
  await writer.finish({});
}

/** Long enough for locks to be seen by others. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
