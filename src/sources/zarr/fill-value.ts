import { sourceError } from "../source-errors.ts";
import { type SourceType, sourceBytes } from "../voxel-conversion.ts";

const NAMED = new Set(["NaN", "Infinity", "-Infinity"]);

/**
 * The value of absent chunks as zarrita takes it: a number, the name of one, or the digits of a whole number of 64 bits. `told` is
 * what the metadata say; null, of Zarr 2, is 0. Throws `source` for what is no value of the type, since zarrita would make one of it.
 */
export function fillValue(subject: string, type: SourceType, told: unknown): number | string {
  if (told === null || told === undefined) return 0;
  if (typeof told === "boolean") return Number(told);
  if (type === "float32" || type === "float64") {
    if (typeof told === "number") return told;
    if (typeof told === "string" && NAMED.has(told)) return told;
    const bits = bitsOf(told, sourceBytes(type));
    if (bits) return named(type === "float32" ? bits.getFloat32(0) : bits.getFloat64(0));
  } else if (typeof told === "number" && Number.isInteger(told)) {
    const [least, most] = rangeOf(type);
    // JSON tells the largest numbers of 64 bits as the next power of two.
    const value = BigInt(told) === most + 1n && sourceBytes(type) === 8 ? most : BigInt(told);
    if (value >= least && value <= most) return sourceBytes(type) === 8 ? String(value) : told;
  }
  throw sourceError(
    subject,
    `The metadata of the image are broken: ${JSON.stringify(told)}, the value of absent chunks, is no ${type}.`,
    "Write the image again.",
  );
}

function rangeOf(type: SourceType): readonly [bigint, bigint] {
  const bits = BigInt(sourceBytes(type) * 8);
  return type.startsWith("u") ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/** The bits of a float as Zarr 3 writes those that have no name: `0x` and two digits a byte, the highest first. */
function bitsOf(told: unknown, bytes: number): DataView | undefined {
  if (typeof told !== "string" || !/^0x[\da-f]+$/i.test(told) || told.length !== 2 + 2 * bytes) return undefined;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, BigInt(told));
  return new DataView(bits.buffer, 8 - bytes);
}

/** JSON has no number for these. */
function named(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
