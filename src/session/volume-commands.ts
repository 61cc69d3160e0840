import { add, dot, normalize, scale, VoxelwrightError } from "#base";
import { applyViewChange, type CutPlane, presetPoints, shownTransfer, type ViewState, volumePresets } from "#views";
import { ImageGrid } from "#volume";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { SavedVolumePreset } from "./saved-volume-preset.ts";
import type { Session } from "./session.ts";

const named = v.object({ name: v.pipe(v.string(), v.trim(), v.minLength(1, "A name is needed"), v.maxLength(60)) });

/** Commands on how the volume is shown that need more than the view's state: saved presets, the plane that cuts. */
export function addVolumeCommands(registry: CommandRegistry, session: Session): void {
  const saved = (): readonly SavedVolumePreset[] => session.settings.value.volumePresets ?? [];
  registry.add({
    id: "volumePreset.save",
    title: "Save the volume preset",
    description: "Keeps the transfer function in use under a name; one of that name is replaced.",
    schema: named,
    async run({ name }) {
      const view = requireView(session);
      const { modality } = view.description;
      const { points, gradientOpacity } = shownTransfer(view);
      const preset: SavedVolumePreset = {
        name,
        modality,
        preset: view.volumePreset.value,
        transfer: {
          points: points.map(({ value, opacity, color }) => ({ value, opacity, color })),
          ...(gradientOpacity ? { gradientOpacity: { ...gradientOpacity } } : {}),
        },
      };
      const others = saved().filter((one) => one.name !== name || one.modality !== modality);
      await session.setSettings({ volumePresets: [...others, preset] });
      return preset;
    },
  });
  registry.add({
    id: "volumePreset.apply",
    title: "Use a saved volume preset",
    description: "Shows the volume with a preset that was saved under this name.",
    schema: named,
    async run({ name }) {
      const view = requireView(session);
      const { modality } = view.description;
      const found = saved().find((one) => one.name === name && one.modality === modality);
      if (!found) throw notSaved(name, saved());
      const known = volumePresets(modality).some(({ id }) => id === found.preset);
      applyViewChange(view, known ? { volumePreset: found.preset } : {});
      const { points, gradientOpacity } = found.transfer;
      const transfer = { points: points.map(({ value, opacity, color }) => ({ value, opacity, color })) };
      return applyViewChange(view, {
        volumeMode: "shaded",
        volume: { transfer: gradientOpacity ? { ...transfer, gradientOpacity } : transfer },
      });
    },
  });
  registry.add({
    id: "volumePreset.remove",
    title: "Remove a saved volume preset",
    description: "Forgets the preset that was saved under this name.",
    schema: named,
    async run({ name }) {
      const { modality } = requireView(session).description;
      const others = saved().filter((one) => one.name !== name || one.modality !== modality);
      if (others.length === saved().length) throw notSaved(name, saved());
      await session.setSettings({ volumePresets: others });
    },
  });
  registry.add({
    id: "volumePreset.picture",
    title: "Picture of a volume preset",
    description:
      "A small picture of the volume with a preset, or with one saved under a name: pixels of four bytes. Null before there are voxels.",
    palette: false,
    schema: v.object({
      preset: v.optional(v.string()),
      name: v.optional(v.string()),
      width: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(512)), 96),
      height: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(512)), 72),
    }),
    async run({ preset, name, width, height }) {
      const view = requireView(session);
      const { modality } = view.description;
      const own =
        name === undefined ? undefined : saved().find((one) => one.name === name && one.modality === modality);
      if (name !== undefined && !own) throw notSaved(name, saved());
      const presets = volumePresets(modality);
      const light = presets.find(({ id }) => id === (own?.preset ?? preset)) ?? presets[0]!;
      const transfer = own?.transfer ?? { points: presetPoints(light, view.volume.automatic.value) };
      const picture = await session.attachedViews?.volume.thumbnail(transfer, light, [width, height]);
      return picture ? { width, height, pixels: new Uint8Array(picture.data) } : null;
    },
  });
  registry.add({
    id: "view.cut",
    title: "Cut the volume",
    description:
      "A plane through the crosshair cuts the volume: `facing` the camera (default) or a plane. What is nearer to the eye goes. `atMm` moves the cut along its normal, from the middle of the volume; `flip` keeps the other side.",
    schema: v.object({
      facing: v.optional(v.picklist(["camera", "axial", "coronal", "sagittal"])),
      atMm: v.optional(v.pipe(v.number(), v.finite())),
      flip: v.optional(v.boolean(), false),
    }),
    async run({ facing, atMm, flip }) {
      const view = requireView(session);
      const now = view.volume.clipPlane.value;
      const aimed = now && facing === undefined && (atMm !== undefined || flip) ? now : cutThrough(session, facing);
      const normal = scale(aimed.normal, flip ? -1 : 1);
      const { centerLps } = new ImageGrid(view.description.grid);
      const point = atMm === undefined ? aimed.point : add(centerLps, scale(normal, atMm));
      return applyViewChange(view, { volume: { clipPlane: { point: [...point], normal: [...normal] } } });
    },
  });
}

/** A plane through the crosshair that takes away what is nearer to the eye. */
function cutThrough(session: Session, facing: keyof typeof SQUARE | "camera" = "camera"): CutPlane {
  const eye = session.attachedViews?.volume.eye ?? ([0, -1, 0] as const);
  const along = facing === "camera" ? eye : SQUARE[facing];
  return {
    point: requireView(session).crosshair.value,
    normal: normalize(scale(along, dot(along, eye) < 0 ? -1 : 1)),
  };
}

/** Normals of the anatomical planes, LPS. */
const SQUARE = { axial: [0, 0, 1], coronal: [0, 1, 0], sagittal: [1, 0, 0] } as const;

function notSaved(name: string, presets: readonly SavedVolumePreset[]): VoxelwrightError {
  return new VoxelwrightError("not-found", `No preset is saved as ${name}.`, {
    advice: presets.length > 0 ? `Saved are ${presets.map((one) => one.name).join(", ")}.` : "None is saved yet.",
  });
}

function requireView(session: Session): ViewState {
  const view = session.view.value;
  if (view) return view;
  throw new VoxelwrightError("argument", "No study is open.", { advice: "Open a file or a study of the list first." });
}
