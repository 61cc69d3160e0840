import { batch, VoxelwrightError } from "#base";
import { collectBytes, measurementsCsv, measurementsJson } from "#export";
import {
  MEASUREMENT_KINDS,
  type MeasurementChange,
  measurementCenter,
  measurementPlaneSchema,
  measurementPointsSchema,
  type NewMeasurement,
} from "#labelmap";
import { applyViewChange, orientTo } from "#views";
import * as v from "valibot";
import type { CommandRegistry } from "../command-registry.ts";
import type { Session } from "../session.ts";

const id = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Commands on measurements; each change is a step of the history. */
export function addMeasurementCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "measurement.add",
    title: "Measure",
    description:
      "Adds a distance, angle, rectangle, ellipse, probe or path at points in LPS millimetres; the two with an area also need their plane.",
    palette: false,
    schema: v.object({
      kind: v.picklist(MEASUREMENT_KINDS),
      points: measurementPointsSchema,
      plane: v.optional(measurementPlaneSchema),
      name: v.optional(v.string()),
      color: v.optional(v.string()),
      frame: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
    async run(args) {
      const { labels, image, measuring } = session.requireStudy();
      const wanted = { frame: image.frame.peek(), ...given(args) } as NewMeasurement;
      const { frames } = image.description;
      if (wanted.frame! >= frames) {
        throw new VoxelwrightError("argument", `There is no frame ${wanted.frame}: the last is ${frames - 1}.`);
      }
      const [edit] = await labels.changeMeasurements("measurement.add", wanted, () => [
        labels.measurements.planAdd(wanted),
      ]);
      measuring.selected.value = edit!.id;
      return { measurement: labels.measurements.get(edit!.id) };
    },
  });
  registry.add({
    id: "measurement.update",
    title: "Change a measurement",
    description: "Moves, renames, colours or shows a measurement: whatever is given.",
    palette: false,
    schema: v.object({
      id,
      points: v.optional(measurementPointsSchema),
      plane: v.optional(measurementPlaneSchema),
      name: v.optional(v.string()),
      color: v.optional(v.string()),
      visible: v.optional(v.boolean()),
    }),
    async run({ id, ...rest }) {
      const { labels } = session.requireStudy();
      const change = given(rest) as MeasurementChange;
      await labels.changeMeasurements("measurement.update", { id, ...change }, () => [
        labels.measurements.planChange(id, change),
      ]);
      return { measurement: labels.measurements.get(id) };
    },
  });
  registry.add({
    id: "measurement.remove",
    title: "Delete a measurement",
    description: "Deletes a measurement; the selected one without an id. Can be undone.",
    palette: false,
    schema: v.object({ id: v.optional(id) }),
    async run(args) {
      const { labels, measuring } = session.requireStudy();
      const which = args.id ?? measuring.selected.peek();
      if (which === undefined) {
        throw new VoxelwrightError("argument", "No measurement is selected.", { advice: "Click one first." });
      }
      await labels.changeMeasurements("measurement.remove", { id: which }, () => [
        labels.measurements.planDelete(which),
      ]);
    },
  });
  registry.add({
    id: "measurement.showAll",
    title: "Show or hide all measurements",
    description: "Shows or hides all measurements at once.",
    schema: v.object({ visible: v.boolean() }),
    async run({ visible }) {
      const { labels } = session.requireStudy();
      await labels.changeMeasurements("measurement.showAll", { visible }, () =>
        labels.measurements.list().map((one) => labels.measurements.planChange(one.id, { visible })),
      );
    },
  });
  addLooking(registry, session);
  addPaths(registry, session);
  addTelling(registry, session);
}

/** What changes nothing of the study. */
function addLooking(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "measurement.select",
    title: "Select a measurement",
    description:
      "Selects a measurement, or none, and with `goTo` moves the crosshair to it, turning the planes where none lies along it.",
    palette: false,
    schema: v.object({ id: v.nullable(id), goTo: v.optional(v.boolean(), false) }),
    async run({ id, goTo }) {
      const { labels, measuring, image } = session.requireStudy();
      if (id === null) {
        measuring.selected.value = undefined;
        return;
      }
      const measurement = labels.measurements.get(id);
      measuring.selected.value = id;
      const view = session.view.peek();
      if (!goTo || !view) return;
      batch(() => {
        view.crosshair.value = measurementCenter(measurement);
        view.frame.value = measurement.frame;
        if (measurement.plane) orientTo(view, image.grid, measurement.plane);
      });
    },
  });
  registry.add({
    id: "measurement.cancel",
    title: "Cancel the measurement being drawn",
    description: "Takes back what is being drawn or dragged.",
    palette: false,
    schema: v.object({}),
    async run() {
      session.requireStudy().measuring.cancel();
    },
  });
}

/** What follows a path. */
function addPaths(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "measurement.finish",
    title: "End the path being drawn",
    description: "Ends a path that is being drawn at the last point that was set.",
    palette: false,
    schema: v.object({}),
    async run() {
      session.requireStudy().measuring.finish();
    },
  });
  registry.add({
    id: "measurement.straighten",
    title: "Show the volume along a path",
    description:
      "A curved reformat: the volume along a path, the selected one without an id; `straightened` turns with the path, `curved` does not.",
    schema: v.object({ id: v.optional(id), mode: v.optional(v.picklist(["straightened", "curved"])) }),
    async run(args) {
      const { labels, measuring } = session.requireStudy();
      const path = args.id ?? measuring.selected.peek();
      if (path === undefined || labels.measurements.get(path).kind !== "path") {
        throw new VoxelwrightError("argument", "No path is selected.", {
          advice: "Measure a path, or click one, first.",
        });
      }
      const view = session.view.peek();
      if (!view) throw new VoxelwrightError("argument", "There are no views to show it in.");
      return applyViewChange(view, { curve: { path, ...(args.mode ? { mode: args.mode } : {}) } }).curve;
    },
  });
}

function addTelling(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "measurement.list",
    title: "List the measurements",
    description: "All measurements with their sizes in millimetres and degrees and the values of the image in them.",
    palette: false,
    schema: v.object({}),
    run: (_args, options) => session.requireStudy().measuring.rows(options),
  });
  registry.add({
    id: "measurement.export",
    title: "Export the measurements",
    description: "All measurements with sizes and values as json or csv.",
    palette: false,
    schema: v.object({ format: v.picklist(["json", "csv"]) }),
    async run({ format }, options) {
      const { measuring, image, record } = session.requireStudy();
      const rows = await session.jobs.run("Measuring", ({ signal }) => measuring.rows({ signal }), options);
      const { name } = record.description;
      const file =
        format === "csv"
          ? measurementsCsv(rows)
          : measurementsJson(rows, { name, volumeId: record.volumeId, grid: image.grid });
      return { bytes: await collectBytes(file), fileName: `${name}.measurements${file.extension}`, notes: file.notes };
    },
  });
}

/** The arguments that were given. */
function given(args: object): object {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
