import { VoxelwrightError } from "#base";
import { collectBytes, SURFACE_FORMATS, surfaceFile } from "#export";
import { SURFACE_SMOOTHING, type SurfaceSmoothing } from "#views";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";

/** The command that writes surfaces of segments. */
export function addSurfaceCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "label.exportSurface",
    title: "Export surfaces",
    description:
      "Surfaces of segments (default: all that are shown) as binary stl or ply, in millimetres of LPS (default) or RAS, with the smoothing of the volume view or `none`, `light`, `strong`. Of what is committed.",
    palette: false,
    schema: v.object({
      format: v.picklist(SURFACE_FORMATS),
      segments: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)))),
      frame: v.optional(v.picklist(["LPS", "RAS"]), "LPS"),
      smoothing: v.optional(v.picklist(Object.keys(SURFACE_SMOOTHING) as SurfaceSmoothing[])),
    }),
    async run({ format, segments, frame, smoothing }, options) {
      const { labels, image, record } = session.requireStudy();
      const shown = labels.segments.list().filter(({ visible }) => visible);
      const wanted = segments?.map((value) => labels.segments.get(value)) ?? shown;
      if (wanted.length === 0) throw noSurface();
      const snapshot = await labels.snapshot();
      const strength = smoothing ?? session.view.value?.volume.surfaceSmoothing.value ?? "light";
      return session.jobs.run(
        "Writing surfaces",
        async (run) => {
          const kernels = await session.port.kernels();
          const request = { rounds: SURFACE_SMOOTHING[strength], segments: wanted.map(({ value }) => value) };
          const surfaces = await kernels.surface(snapshot, request, run);
          if (surfaces.length === 0) throw noSurface();
          const file = surfaceFile(format, { grid: image.grid, surfaces, segments: wanted, frame });
          const bytes = await collectBytes(file);
          run.signal?.throwIfAborted();
          const { name } = record.description;
          const own = wanted.length === 1 ? `-${wanted[0]!.name}` : "";
          return { bytes, fileName: `${name}${own}${file.extension}`, notes: file.notes };
        },
        options,
      );
    },
  });
}

function noSurface(): VoxelwrightError {
  return new VoxelwrightError("argument", "There is no surface to write: the segments have no voxels.", {
    advice: "Show or name segments that are labelled.",
  });
}
