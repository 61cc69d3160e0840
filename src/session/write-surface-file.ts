import type { ProgressOptions } from "#base";
import { surfaceFile, type SurfaceFormat, type SurfaceFrame } from "#export";
import type { Segment } from "#labelmap";
import { TemporaryFile } from "#storage";
import { ImageGrid, type ImageGridData } from "#volume";
import type { BrickSurface } from "#workers";

/** Surfaces on their way into a file, as plain data. */
export interface SurfaceFileRequest {
  readonly format: SurfaceFormat;
  readonly frame: SurfaceFrame;
  /** The study's name. */
  readonly name: string;
  readonly grid: ImageGridData;
  readonly segments: readonly Segment[];
}

export interface SurfaceFileOptions extends ProgressOptions {
  /** Surfaces of the next bricks, in ascending order; none after the last. */
  readonly next: () => Promise<readonly BrickSurface[]>;
}

export interface WrittenSurfaceFile {
  readonly file: Blob;
  /** With the leading dot. */
  readonly extension: string;
  readonly notes: readonly string[];
  readonly triangles: number;
}

/**
 * Writes surfaces into a file on the disk (in memory while it is small), in any thread; no more than a batch is held. Rejects as
 * `TemporaryFile` and `next` do, or with AbortError; nothing is left then.
 */
export async function writeSurfaceFile(
  { format, frame, name, grid, segments }: SurfaceFileRequest,
  { next, signal }: SurfaceFileOptions,
): Promise<WrittenSurfaceFile> {
  const written = surfaceFile(format, { grid: new ImageGrid(grid), segments, frame });
  const { extension, mediaType, notes } = written;
  const parts = [new TemporaryFile(mediaType, name), new TemporaryFile(mediaType, name)] as const;
  try {
    for (let batch = await next(); batch.length > 0; batch = await next()) {
      signal?.throwIfAborted();
      for (const surface of batch) {
        const { vertices, faces } = written.add(surface);
        await parts[0].write(vertices);
        await parts[1].write(faces);
      }
    }
    const [vertices, faces] = [await parts[0].finish(), await parts[1].finish()];
    const file = new Blob([written.header(), vertices, faces], { type: mediaType });
    return { file, extension, notes, triangles: written.triangles };
  } catch (error) {
    for (const part of parts) await part.discard();
    throw error;
  }
}
