import { open } from "node:fs/promises";

/** Writes a NIfTI-1 file of 512 × 512 × `slices` int16 voxels, slice by slice. */
export async function writeSyntheticScan(path: string, slices: number): Promise<void> {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, 512, 512, slices, 1, 1, 1, 1].forEach((value, n) => header.writeInt16LE(value, 40 + n * 2));
  header.writeInt16LE(4, 70);
  header.writeInt16LE(16, 72);
  [1, 0.7, 0.7, 1].forEach((value, n) => header.writeFloatLE(value, 76 + n * 4));
  header.writeFloatLE(352, 108);
  header.writeFloatLE(1, 112);
  header.writeUInt8(2, 123);
  header.writeInt16LE(1, 254);
  [0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 1, 0].forEach((value, n) => header.writeFloatLE(value, 280 + n * 4));
  header.write("n+1\0", 344, "latin1");
  const file = await open(path, "w");
  try {
    await file.write(header);
    const slice = new Int16Array(512 * 512);
    for (let k = 0; k < slices; k++) {
      // A cylinder in air, with a texture that no two slices share.
      for (let n = 0; n < slice.length; n++) {
        const [x, y] = [(n & 511) - 256, (n >> 9) - 256];
        const texture = Math.imul(n + k * 7919, 0x9e3779b1) >>> 25;
        slice[n] = x * x + y * y < 40000 ? texture : texture - 1000;
      }
      await file.write(new Uint8Array(slice.buffer));
    }
  } finally {
    await file.close();
  }
}
