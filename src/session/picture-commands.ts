import { VoxelwrightError } from "#base";
import { encodeMovie } from "#export";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { AttachedViews, Session } from "./session.ts";

/** Bounds of a picture: what a canvas holds everywhere. */
const MOST_PX = 16_384;
const MOST_AREA = 100e6;

const pixels = v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(MOST_PX));
const size = { width: pixels, height: pixels, overlay: v.optional(v.boolean(), false) };

/** Commands that make pictures of the volume view, and the one that says what a point of it shows. */
export function addPictureCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "view.pick",
    title: "Pick in the volume",
    description:
      "The voxel that a point of the volume view shows, as shares of its width and height, with its label; moves the crosshair there. Null where it shows nothing.",
    palette: false,
    schema: v.object({ x: share(), y: share(), crosshair: v.optional(v.boolean(), true) }),
    async run({ x, y, crosshair }) {
      const found = await requireViews(session).volume.pick(x, y);
      if (!found) return null;
      const view = session.view.value;
      if (view && crosshair) view.crosshair.value = found.lps;
      return { ijk: [...found.ijk], lps: [...found.lps], label: found.label };
    },
  });
  registry.add({
    id: "view.still",
    title: "Picture of the volume",
    description:
      "PNG of the volume view at any size, with or without the overlay. Answers the bytes, the level shown and notes.",
    palette: false,
    schema: v.object(size),
    async run(args, options) {
      checkArea(args);
      return session.jobs.run(
        "Picture of the volume",
        async (run) => {
          const { canvas, level, missing } = await requireViews(session).volume.picture(args, run);
          const blob = await canvas.convertToBlob({ type: "image/png" });
          return { bytes: new Uint8Array(await blob.arrayBuffer()), level, notes: missingNotes(missing) };
        },
        options,
      );
    },
  });
  registry.add({
    id: "view.movie",
    title: "Turntable movie of the volume",
    description:
      "WebM of a turn round the patient's long axis, by `degrees` (default 360) in `seconds`, at `framesPerSecond` (default 25).",
    palette: false,
    schema: v.object({
      ...size,
      seconds: v.optional(v.pipe(v.number(), v.minValue(0.04), v.maxValue(120)), 6),
      framesPerSecond: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60)), 25),
      degrees: v.optional(v.pipe(v.number(), v.finite()), 360),
    }),
    async run(args, options) {
      checkArea(args);
      const { width, height, overlay, seconds, framesPerSecond, degrees } = args;
      if (width % 2 === 1 || height % 2 === 1)
        throw new VoxelwrightError("argument", "Movies have an even number of pixels each way.", {
          subject: "view.movie",
          advice: `Ask for ${width + (width % 2)} × ${height + (height % 2)}.`,
        });
      const frames = Math.max(Math.round(seconds * framesPerSecond), 1);
      return session.jobs.run(
        "Movie of the volume",
        async (run) => {
          let missing = 0;
          const bytes = await encodeMovie(
            {
              width,
              height,
              framesPerSecond,
              frames,
              frameAt: async (n, step) => {
                const turn = (((n / frames) * degrees) / 180) * Math.PI;
                const picture = await requireViews(session).volume.picture({ width, height, overlay, turn }, step);
                missing = Math.max(missing, picture.missing);
                return picture.canvas;
              },
            },
            run,
          );
          return { bytes, frames, notes: missingNotes(missing) };
        },
        options,
      );
    },
  });
}

function share() {
  return v.pipe(v.number(), v.minValue(0), v.maxValue(1));
}

function checkArea({ width, height }: { readonly width: number; readonly height: number }): void {
  if (width * height <= MOST_AREA) return;
  throw new VoxelwrightError("limit", `${width} × ${height} pixels are more than a picture may have.`, {
    advice: "Pictures have 100 megapixels at most.",
  });
}

function missingNotes(missing: number): string[] {
  if (missing === 0) return [];
  return [`${missing === 1 ? "One brick was" : `${missing} bricks were`} not at hand: it is coarser there.`];
}

function requireViews(session: Session): AttachedViews {
  if (session.attachedViews) return session.attachedViews;
  throw new VoxelwrightError("argument", "No volume is on screen.", {
    advice: "Open a study in a browser with WebGPU first.",
  });
}
