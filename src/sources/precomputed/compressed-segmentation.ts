import type { Dims } from "#volume";

/**
 * Unpacks Neuroglancer's “compressed segmentation”: blocks of voxels, each with a table of the values in it and an index of 0 to 32 bits
 * for every voxel. `size` and `block` run along x, y, z; `words` is 1 for uint32 and 2 for uint64. Gives `channels` volumes one after the
 * other, x fastest, as little-endian words. Throws a plain error for data that lead outside of themselves.
 */
export function unpackSegmentation(
  bytes: Uint8Array,
  size: Dims,
  channels: number,
  block: Dims,
  words: 1 | 2,
): Uint32Array<ArrayBuffer> {
  const data = new Uint32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
  const voxels = size[0] * size[1] * size[2];
  const out = new Uint32Array(voxels * channels * words);
  for (let channel = 0; channel < channels; channel++) {
    const at = data[channel];
    if (at === undefined || at > data.length) throw new Error("the place of a channel lies outside of the data");
    unpackChannel(data.subarray(at), size, block, words, out.subarray(channel * voxels * words));
  }
  return out;
}

function unpackChannel(data: Uint32Array, size: Dims, block: Dims, words: 1 | 2, out: Uint32Array): void {
  const grid = size.map((n, axis) => Math.ceil(n / block[axis]!)) as unknown as Dims;
  if (grid[0] * grid[1] * grid[2] * 2 > data.length) throw new Error("the data end within the heads of the blocks");
  let head = 0;
  for (let bz = 0; bz < grid[2]; bz++)
    for (let by = 0; by < grid[1]; by++)
      for (let bx = 0; bx < grid[0]; bx++, head += 2) {
        const table = data[head]! & 0xffffff;
        const bits = data[head]! >>> 24;
        const values = data[head + 1]!;
        if (bits > 32 || (bits & (bits - 1)) !== 0) throw new Error(`a block has ${bits} bits a voxel`);
        // All that the block's last voxel needs is there, so that nothing has to be looked at voxel by voxel.
        const used = Math.ceil((bits * block[0] * block[1] * block[2]) / 32);
        if (values + (bits === 0 ? 0 : used) > data.length || table >= data.length)
          throw new Error("a block lies outside of the data");
        unpackBlock(data, { table, bits, values }, [bx, by, bz], size, block, words, out);
      }
}

interface BlockHead {
  readonly table: number;
  readonly bits: number;
  readonly values: number;
}

function unpackBlock(
  data: Uint32Array,
  { table, bits, values }: BlockHead,
  at: Dims,
  size: Dims,
  block: Dims,
  words: 1 | 2,
  out: Uint32Array,
): void {
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
  const first = at.map((n, axis) => n * block[axis]!) as unknown as Dims;
  const last = first.map((n, axis) => Math.min(n + block[axis]!, size[axis]!)) as unknown as Dims;
  for (let z = first[2]; z < last[2]; z++)
    for (let y = first[1]; y < last[1]; y++) {
      let to = ((z * size[1] + y) * size[0] + first[0]) * words;
      let bit = bits * block[0] * (y - first[1] + block[1] * (z - first[2]));
      for (let x = first[0]; x < last[0]; x++, bit += bits) {
        const index = bits === 0 ? 0 : ((data[values + (bit >>> 5)]! >>> (bit & 31)) & mask) >>> 0;
        const from = table + index * words;
        if (from + words > data.length) throw new Error("a voxel names a value outside of its table");
        out[to++] = data[from]!;
        if (words === 2) out[to++] = data[from + 1]!;
      }
    }
}
