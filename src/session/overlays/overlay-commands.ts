import { VoxelwrightError } from "#base";
import * as v from "valibot";
import type { CommandRegistry } from "../command-registry.ts";
import type { Session } from "../session.ts";
import { filesSchema, handlesSchema, spacingSchema, toInput, urlSchema } from "../source-schemas.ts";
import { addOverlay } from "./add-overlay.ts";
import type { Overlay } from "./overlay.ts";
import { lookChangeSchema } from "./overlay-look.ts";

/** What commands say of an overlay. */
function told({ id, description, look }: Overlay) {
  const { name, modality, unit, frames } = description;
  return { overlay: id, name, modality, unit, frames, look: look.value };
}

/** Commands on the volumes over the open one. They change no label, so none is in the journal. */
export function addOverlayCommands(registry: CommandRegistry, session: Session): void {
  const overlays = () => session.requireStudy().overlays;
  registry.add({
    id: "overlay.add",
    title: "Show a volume over this one",
    description: "Shows another scan, from files, an address or the list of studies, over the open one in the planes.",
    palette: false,
    schema: v.union([
      v.object({ files: filesSchema, spacingMm: spacingSchema }),
      v.object({ handles: handlesSchema, spacingMm: spacingSchema }),
      v.object({ url: urlSchema, spacingMm: spacingSchema }),
      v.object({ volumeId: v.string() }),
    ]),
    async run(args, options) {
      const input = "volumeId" in args ? args.volumeId : toInput(args)!;
      const spacing = "spacingMm" in args ? { spacing: args.spacingMm } : {};
      return told(await addOverlay(session, input, { ...options, ...spacing }));
    },
  });
  registry.add({
    id: "overlay.set",
    title: "Change how an overlay is shown",
    description: "Colours, window, opacity, frame of a volume over the open one: whatever is given.",
    palette: false,
    schema: v.object({ overlay: v.string(), ...lookChangeSchema.entries }),
    run: async ({ overlay, ...change }) => told(await overlays().set(overlay, change)),
  });
  registry.add({
    id: "overlay.remove",
    title: "Remove an overlay",
    description:
      "Shows a volume over the open one no longer; it stays in the list of studies. All of them without an id.",
    schema: v.object({ overlay: v.optional(v.string()) }),
    async run({ overlay }) {
      const shown = overlays().list.value.map(({ id }) => id);
      if (overlay === undefined && shown.length === 0)
        throw new VoxelwrightError("argument", "No volume is shown over this one.");
      for (const id of overlay === undefined ? shown : [overlay]) await overlays().remove(id);
    },
  });
  registry.add({
    id: "overlay.list",
    title: "List overlays",
    description: "The volumes over the open one, the lowest first.",
    palette: false,
    schema: v.object({}),
    run: async () => overlays().list.value.map(told),
  });
}
