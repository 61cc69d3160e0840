import { Emitter, VoxelwrightError } from "#base";
import type { PointLps } from "#volume";
import * as v from "valibot";
import { canonicalJson } from "./canonical-json.ts";
import type { Measurement, MeasurementEdit, MeasurementKind, MeasurementPlane } from "./measurement.ts";
import { kindTitle } from "./measurement-geometry.ts";
import { measurementSchema } from "./measurement-schema.ts";

/** What is said of a new measurement; name, colour and frame get a default. */
export interface NewMeasurement {
  readonly kind: MeasurementKind;
  readonly points: readonly PointLps[];
  /** Needed for a rectangle and an ellipse. */
  readonly plane?: MeasurementPlane;
  readonly name?: string;
  readonly color?: string;
  readonly frame?: number;
}

/** What can be changed of a measurement. */
export type MeasurementChange = Partial<Pick<Measurement, "name" | "color" | "visible" | "points" | "plane">>;

/** Seen on bone, lung and every common segment colour. */
export const MEASUREMENT_COLOR = "#ffd84d";

const storedSchema = v.strictObject({
  measurements: v.array(measurementSchema),
  next: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/**
 * The measurements of a study. `plan…` says what a change would be; `apply` does it. So a change can be journaled, undone and replayed
 * as a value, as one of segments is.
 */
export class MeasurementList {
  readonly changed = new Emitter<readonly MeasurementEdit[]>();
  readonly #measurements = new Map<number, Measurement>();
  /** Id of the next new one, above all ever given. */
  #next = 1;
  /** The list as stored, until it changes: every entry stores it, whatever the entry is about. */
  #json: string | undefined;

  /** By ascending id: in the order they were made. */
  list(): Measurement[] {
    return [...this.#measurements.values()].sort((a, b) => a.id - b.id);
  }

  get size(): number {
    return this.#measurements.size;
  }

  find(id: number): Measurement | undefined {
    return this.#measurements.get(id);
  }

  /** The measurement; throws `not-found`. */
  get(id: number): Measurement {
    const found = this.#measurements.get(id);
    if (found) return found;
    throw new VoxelwrightError("not-found", `There is no measurement ${id}.`, { fields: { measurement: id } });
  }

  /** A new measurement with the next id. Throws `argument` for points that are not of its kind or measure nothing. */
  planAdd(wanted: NewMeasurement): MeasurementEdit {
    const id = this.#next;
    const { kind, points, plane, color = MEASUREMENT_COLOR, frame = 0 } = wanted;
    const name = wanted.name ?? `${kindTitle(kind)} ${this.#count(kind) + 1}`;
    const state = {
      id,
      kind,
      name,
      color: color.toLowerCase(),
      visible: true,
      frame,
      points,
      ...(plane ? { plane } : {}),
    };
    return { id, to: checked(state) };
  }

  /** A change of what is given; undefined when nothing would change. Throws `argument` for what cannot be. */
  planChange(id: number, change: MeasurementChange): MeasurementEdit | undefined {
    const from = this.get(id);
    const { name = from.name, color = from.color, visible = from.visible, points = from.points } = change;
    const plane = change.plane ?? from.plane;
    const to = checked({ ...from, name, color: color.toLowerCase(), visible, points, ...(plane ? { plane } : {}) });
    return canonicalJson(from) === canonicalJson(to) ? undefined : { id, from, to };
  }

  planDelete(id: number): MeasurementEdit {
    return { id, from: this.get(id) };
  }

  /** Does the changes: all or none. Throws `integrity` when a measurement is not what a change says it was. */
  apply(edits: readonly MeasurementEdit[]): void {
    if (edits.length === 0) return;
    const next = new Map(this.#measurements);
    for (const { id, from, to } of edits) {
      if (canonicalJson(next.get(id) ?? null) !== canonicalJson(from ?? null)) {
        throw new VoxelwrightError("integrity", `Measurement ${id} is not what the change says it was.`, {
          fields: { measurement: id },
        });
      }
      if (to) next.set(id, to);
      else next.delete(id);
    }
    this.#measurements.clear();
    for (const [id, measurement] of next) this.#measurements.set(id, measurement);
    this.#json = undefined;
    for (const { id } of edits) this.#next = Math.max(this.#next, id + 1);
    this.changed.emit(edits);
  }

  /** The list as stored; the inverse of `MeasurementList.parse`. */
  toJson(): string {
    this.#json ??= canonicalJson({ next: this.#next, measurements: this.list() });
    return this.#json;
  }

  /** Reads a stored list; throws `integrity` for anything `toJson` cannot have written. */
  static parse(json: string): MeasurementList {
    const list = new MeasurementList();
    const stored = v.safeParse(storedSchema, parseJson(json));
    if (!stored.success) throw damaged();
    for (const measurement of stored.output.measurements) list.#measurements.set(measurement.id, measurement);
    list.#next = stored.output.next;
    if (list.toJson() !== json || list.list().some(({ id }) => id >= list.#next)) throw damaged();
    return list;
  }

  /** The highest number that a name of this kind bears by default, so that names do not come twice. */
  #count(kind: MeasurementKind): number {
    const prefix = `${kindTitle(kind)} `;
    const numbers = this.list()
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => Number(name.slice(prefix.length)));
    return Math.max(0, ...numbers.filter((n) => Number.isSafeInteger(n)));
  }
}

/** The changes that take back `edits`. */
export function invertMeasurementEdits(edits: readonly MeasurementEdit[]): MeasurementEdit[] {
  return edits
    .toReversed()
    .map(({ id, from, to }) => ({ id, ...(to ? { from: to } : {}), ...(from ? { to: from } : {}) }));
}

function checked(measurement: Measurement): Measurement {
  const result = v.safeParse(measurementSchema, measurement);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = issue.path?.map((item) => String(item.key)).join(".");
  throw new VoxelwrightError("argument", issue.message, { subject: field ?? measurement.kind });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged();
  }
}

function damaged(): VoxelwrightError {
  return new VoxelwrightError("integrity", "The stored list of measurements is damaged.");
}
