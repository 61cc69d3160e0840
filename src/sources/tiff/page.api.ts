import type { VoxelArray } from "#volume";
import type { PackedPage } from "./packed-page.ts";

/** A worker that unpacks pages. */
export interface PageWorkerApi {
  /** As `decodePage`; bytes and voxels are moved. */
  decode(bytes: Uint8Array<ArrayBuffer>, page: PackedPage): Promise<VoxelArray>;
}
