import { type ProgressOptions, VoxelwrightError } from "#base";
import { SURFACE_FORMATS } from "#export";
import { type BrickSurface, type KernelLabels, type Kernels, type SurfaceRequest, transfer } from "#workers";
import { SURFACE_SMOOTHING, type SurfaceSmoothing } from "#views";
import * as v from "valibot";
import { bytesOfFile } from "./bytes-of-file.ts";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";
import { writeSurfaceFile } from "./write-surface-file.ts";

/** Bricks made at a time: two workers are busy, and few megabytes are on their way. */
const BATCH = 32;

/** The command that writes surfaces of segments. */
export function addSurfaceCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "label.exportSurface",
    title: "Export surfaces",
    description:
      "Surfaces of segments (default: all that are shown) as binary stl or ply, in millimetres of LPS (default) or RAS, with the smoothing of the volume view or `none`, `light`, `strong`. Of what is committed. With `as` file the result holds a Blob on the disk in place of bytes, of any size.",
    palette: false,
    schema: v.object({
      format: v.picklist(SURFACE_FORMATS),
      segments: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)))),
      frame: v.optional(v.picklist(["LPS", "RAS"]), "LPS"),
      smoothing: v.optional(v.picklist(Object.keys(SURFACE_SMOOTHING) as SurfaceSmoothing[])),
      as: v.optional(v.picklist(["bytes", "file"]), "bytes"),
    }),
    async run({ format, segments, frame, smoothing, as }, options) {
      const { labels, image, record } = session.requireStudy();
      const shown = labels.segments.list().filter(({ visible }) => visible);
      const wanted = segments?.map((value) => labels.segments.get(value)) ?? shown;
      if (wanted.length === 0) throw noSurface();
      const snapshot = await labels.snapshot();
      const strength = smoothing ?? session.view.value?.volume.surfaceSmoothing.value ?? "light";
      const request = { rounds: SURFACE_SMOOTHING[strength], segments: wanted.map(({ value }) => value) };
      const { name } = record.description;
      const write = session.port.writeSurfaceFile ?? writeSurfaceFile;
      const { file, extension, notes, triangles } = await session.jobs.run(
        "Writing surfaces",
        async (run) => {
          const next = surfaceBatches(await session.port.kernels(), snapshot, request, run);
          const { signal } = run;
          const file = { format, frame, name, grid: image.grid.toData(), segments: wanted };
          return write(file, { next, ...(signal ? { signal } : {}) });
        },
        options,
      );
      if (triangles === 0) throw noSurface();
      const own = wanted.length === 1 ? `-${wanted[0]!.name}` : "";
      const named = { fileName: `${name}${own}${extension}`, notes };
      return as === "file" ? { file, ...named } : { bytes: await bytesOfFile(file), ...named };
    },
  });
}

/**
 * Gives the surfaces of some bricks at a time, those of the next ones made meanwhile; none at the end. Bricks whose labels hold no
 * surface are passed.
 */
function surfaceBatches(
  kernels: Kernels,
  labels: KernelLabels,
  request: Omit<SurfaceRequest, "bricks">,
  { signal, onProgress }: ProgressOptions,
): () => Promise<BrickSurface[]> {
  const bricks = [...labels.brickIndices()].sort((a, b) => a - b);
  let begun = 0;
  const begin = (): Promise<BrickSurface[]> => {
    const batch = bricks.slice(begun, begun + BATCH);
    begun += batch.length;
    if (batch.length === 0) return Promise.resolve([]);
    const made = kernels.surface(labels, { ...request, bricks: batch }, signal ? { signal } : {});
    // Whoever asks next hears of it.
    made.catch(() => undefined);
    return made;
  };
  let coming = begin();
  return async () => {
    for (;;) {
      const last = begun === bricks.length;
      const surfaces = await coming;
      onProgress?.({ fraction: begun / bricks.length, what: "Making surfaces" });
      coming = begin();
      if (last && surfaces.length === 0) return [];
      if (surfaces.length === 0) continue;
      const buffers = surfaces.flatMap(({ vertices, triangles }) => [vertices.buffer, triangles.buffer]);
      return transfer(surfaces, buffers);
    }
  };
}

function noSurface(): VoxelwrightError {
  return new VoxelwrightError("argument", "There is no surface to write: the segments have no voxels.", {
    advice: "Show or name segments that are labelled.",
  });
}
