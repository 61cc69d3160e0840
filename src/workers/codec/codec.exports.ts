/** Exports of assembly/kernels/codec and assembly/memory/codec.ts; documented there. */
export interface CodecExports {
  codecMemoryBytes(size: number): number;
  codecVoxels(memory: number, size: number): number;
  codecEncode(size: number, voxels: number, to: number, most: number): number;
  /** 0 where the bytes are not those of a brick. */
  codecDecode(size: number, from: number, bytes: number, voxels: number): number;
}
