import { VoxelwrightError } from "#base";
import { applyViewChange, fitPlanes, type ViewState } from "#views";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";

/** Commands on what is shown. None of them changes the study, so none is in the journal. */
export function addViewCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "view.set",
    title: "Set the view",
    description: "Layout, crosshair, window, presets, labels, frame: whatever is given. Answers the view state.",
    palette: false,
    schema: v.record(v.string(), v.unknown()),
    run: async (args) => applyViewChange(requireView(session), args),
  });
  registry.add({
    id: "view.fit",
    title: "Fit",
    description: "Fits the volume into every view.",
    schema: v.object({}),
    run: async () => fitPlanes(requireView(session)),
  });
  registry.add({
    id: "view.reset",
    title: "Reset the view",
    description: "Fit, window, layout and crosshair as at opening.",
    schema: v.object({}),
    run: async () => session.resetView(),
  });
  registry.add({
    id: "view.straighten",
    title: "Straighten the planes",
    description: "Turns the planes back along the axes of the voxels, or of the patient where these are chosen.",
    schema: v.object({}),
    run: async () => applyViewChange(requireView(session), { orientation: { rotation: [0, 0, 0, 1] } }),
  });
  registry.add({
    id: "view.maximise",
    title: "Maximise a view",
    description: "Maximises the view under the pointer (or the named one), or goes back to the grid.",
    schema: v.object({ view: v.optional(v.picklist(["axial", "coronal", "sagittal", "volume"])) }),
    async run({ view }) {
      const { layout } = requireView(session);
      if (view) layout.value = layout.value === view ? "grid" : view;
      else session.attachedViews?.maximise();
    },
  });
  registry.add({
    id: "view.step",
    title: "Step through slices",
    description: "Moves the view under the pointer by whole slices.",
    palette: false,
    schema: v.object({ slices: v.pipe(v.number(), v.integer()) }),
    run: async ({ slices }) => session.attachedViews?.step(slices),
  });
  registry.add({
    id: "segment.goTo",
    title: "Go to a segment",
    description: "Moves the crosshair to the middle of the segment.",
    palette: false,
    schema: v.object({ value: v.number() }),
    async run({ value }) {
      const study = session.requireStudy();
      const { name } = study.labels.segments.get(value);
      const center = study.centerOf(value);
      if (!center) throw new VoxelwrightError("not-found", "The segment has no voxels yet.", { subject: name });
      requireView(session).crosshair.value = study.image.grid.toLps(center);
    },
  });
}

function requireView(session: Session): ViewState {
  const view = session.view.value;
  if (view) return view;
  throw new VoxelwrightError("argument", "No study is open.", {
    advice: "Open a file or a study of the list first.",
  });
}
