import { VoxelwrightError } from "#base";
import { LABEL_LUT, LABEL_WINDOW, LUTS, type OverlayLook, type WindowLevel, windowPresets } from "#views";
import type { VolumeDescription } from "#volume";
import * as v from "valibot";

const finite = v.pipe(v.number(), v.finite());

/** A change of an overlay's look; what is left out stays. `preset` names a window of its modality, or `auto`. */
export const lookChangeSchema = v.object({
  lut: v.optional(v.picklist(LUTS.map(({ id }) => id))),
  invert: v.optional(v.boolean()),
  window: v.optional(v.strictObject({ center: v.optional(finite), width: v.optional(v.pipe(finite, v.gtValue(0))) })),
  preset: v.optional(v.string()),
  opacity: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(1))),
  hideLow: v.optional(v.boolean()),
  visible: v.optional(v.boolean()),
  interpolation: v.optional(v.nullable(v.picklist(["nearest", "linear", "cubic"]))),
  frame: v.optional(v.pipe(finite, v.integer(), v.minValue(0))),
});

export type LookChange = v.InferOutput<typeof lookChangeSchema>;

/** The look after a change. Throws `argument` for a frame or a preset that the volume does not have. */
export function changedLook(
  look: OverlayLook,
  { preset, window, ...change }: LookChange,
  description: VolumeDescription,
  automatic: WindowLevel,
): OverlayLook {
  const { frames, name } = description;
  if (change.frame !== undefined && change.frame >= frames) {
    throw new VoxelwrightError("argument", `There is no frame ${change.frame}: the last is ${frames - 1}.`, {
      subject: name,
    });
  }
  // Labels are told apart by whole values, and 0 is none.
  const labels =
    change.lut === LABEL_LUT ? ({ interpolation: "nearest", hideLow: true, window: LABEL_WINDOW } as const) : {};
  const from = preset === undefined ? { ...look, ...labels }.window : presetWindow(description, preset, automatic);
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return {
    ...look,
    ...labels,
    ...(Object.fromEntries(given) as Partial<OverlayLook>),
    window: { center: window?.center ?? from.center, width: window?.width ?? from.width },
  };
}

function presetWindow({ modality, name }: VolumeDescription, id: string, automatic: WindowLevel): WindowLevel {
  if (id === "auto") return automatic;
  const known = windowPresets(modality);
  const found = known.find((preset) => preset.id === id);
  if (found) return { center: found.center, width: found.width };
  const names = ["auto", ...known.map((preset) => preset.id)].join(", ");
  throw new VoxelwrightError("argument", `There is no preset ${id}.`, {
    subject: name,
    advice: `Presets are ${names}.`,
  });
}
