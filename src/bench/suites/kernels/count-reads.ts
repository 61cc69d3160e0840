import type { KernelImage } from "#workers";

/** Bytes of the bricks that a kernel asks for. */
export function countReads(image: KernelImage): { readonly image: KernelImage; bytes(): number } {
  let bytes = 0;
  const readBrick: KernelImage["bricks"]["readBrick"] = async (address, options) => {
    const brick = await image.bricks.readBrick(address, options);
    bytes += brick?.voxels.byteLength ?? 0;
    return brick;
  };
  return { image: { ...image, bricks: { readBrick } }, bytes: () => bytes };
}
