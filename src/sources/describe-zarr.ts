import type { AbortOptions } from "#base";
import type { VolumeDescription } from "#volume";

/** `describeZarrImage` of `zarr/`, which is loaded when it is first asked for. */
export async function describeZarrImage(
  name: string,
  read: (path: string) => Promise<Uint8Array | undefined>,
  options: AbortOptions = {},
): Promise<VolumeDescription> {
  const zarr = await import("./zarr/index.ts");
  return zarr.describeZarrImage(name, read, options);
}
