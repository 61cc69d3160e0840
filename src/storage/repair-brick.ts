import { loadBrickCodec } from "#workers";
import { type BrickBytes, bytesToStore, checkSameBrick, ownBytes, type StoredPlace } from "./brick-bytes.ts";
import type { StudyRow } from "./schema.ts";

/**
 * Writes the voxels of a brick again where what is stored is damaged, or gone with its file; true when it was. Rejects with `source` for
 * other voxels than those that were stored. The voxels are copied or moved.
 */
export async function repairBrick(
  bytes: BrickBytes,
  { pack, description }: StudyRow,
  place: StoredPlace | undefined,
  voxels: ArrayBufferView,
): Promise<boolean> {
  const { byteLength } = voxels;
  const asIs = place?.length === byteLength;
  const stored = asIs ? [ownBytes(voxels)] : bytesToStore(await loadBrickCodec(), [voxels]);
  checkSameBrick(place, stored, description.name);
  const whole = await bytes.read(pack, place!, byteLength).then(
    () => true,
    () => false,
  );
  if (whole) return false;
  await bytes.write(pack, place!.offset, stored);
  await bytes.flush(pack);
  return true;
}
