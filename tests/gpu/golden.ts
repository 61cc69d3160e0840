import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync, inflateSync } from "node:zlib";
import { crc32 } from "./crc32.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Largest difference of a picture (four bytes a pixel) from `tests/golden/NAME.png`, which an exact driver has drawn. On GPUs that round
 * the filter's weights or place the edges of triangles otherwise, a ray may miss what another just meets: there one pixel in 400 is
 * left out. With UPDATE_GOLDEN set the file is written anew, for a reviewer to look at.
 */
export function fromGolden(name: string, pixels: Uint8Array, width: number, exact: boolean): number {
  const path = fileURLToPath(new URL(`../golden/${name}.png`, import.meta.url));
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, encode(pixels, width));
  }
  if (!existsSync(path)) throw new Error(`There is no golden image ${path}: run with UPDATE_GOLDEN=1 and look at it.`);
  const golden = decode(readFileSync(path));
  if (golden.length !== (pixels.length / 4) * 3) throw new Error(`The golden image ${name} has another size.`);
  const off = new Float64Array(golden.length / 3);
  for (let n = 0; n < golden.length; n++) {
    const at = Math.floor(n / 3);
    off[at] = Math.max(off[at]!, Math.abs(golden[n]! - pixels[at * 4 + (n % 3)]!));
  }
  off.sort();
  return off[off.length - 1 - (exact ? 0 : Math.floor(off.length / 400))]!;
}

/** PNG of red, green, blue, every row without a filter. */
function encode(pixels: Uint8Array, width: number): Buffer {
  const height = pixels.length / 4 / width;
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++)
    for (let n = 0; n < width * 3; n++)
      rows[y * (1 + width * 3) + 1 + n] = pixels[(y * width + Math.floor(n / 3)) * 4 + (n % 3)]!;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, body: Buffer): Buffer => {
    const made = Buffer.alloc(12 + body.length);
    made.writeUInt32BE(body.length, 0);
    made.write(type, 4, "latin1");
    made.set(body, 8);
    made.writeUInt32BE(crc32(made.subarray(4, 8 + body.length)), 8 + body.length);
    return made;
  };
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Red, green, blue of a PNG that `encode` wrote. */
function decode(file: Buffer): Uint8Array {
  const width = file.readUInt32BE(16);
  const bodies: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      bodies.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const rows = inflateSync(Buffer.concat(bodies));
  const rowBytes = 1 + width * 3;
  return Uint8Array.from(rows.filter((_, n) => n % rowBytes !== 0));
}
