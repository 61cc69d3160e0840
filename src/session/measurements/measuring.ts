import {
  type AbortOptions,
  batch,
  computed,
  type Disposable,
  DisposableStack,
  effect,
  type ReadonlySignal,
  signal,
} from "#base";
import type { ShownMeasurement } from "#export";
import {
  MEASUREMENT_COLOR,
  type Measurement,
  type MeasurementEdit,
  type MeasurementKind,
  type MeasurementPlane,
  measuredSize,
} from "#labelmap";
import type { MeasurePort } from "#tools";
import type { PointLps } from "#volume";
import type { StudyImage } from "../study-image.ts";
import type { StudyLabels } from "../study-labels.ts";
import { imageValues, MeasuredValues } from "./measured-values.ts";

export interface MeasuringPort {
  readonly image: StudyImage;
  readonly labels: StudyLabels;
  /** The kind that the tool draws; undefined while another tool is in hand. */
  readonly kind: () => MeasurementKind | undefined;
  /** Says why something could not be done. */
  readonly fail: (error: unknown) => void;
}

/** Id of a measurement that is being drawn and is in no list yet. */
const DRAFT_ID = 0;

/** The measurements of the open study as they are shown: those that are kept, the one under the pointer, and their values. */
export class Measuring implements Disposable {
  /** Id of the one that keys and handles are for. */
  readonly selected = signal<number | undefined>(undefined);
  readonly #draft = signal<Measurement | undefined>(undefined);
  /** The draft that is on its way into the list: it is no longer drawn, but still shown. */
  #keeping: Measurement | undefined;
  readonly #port: MeasuringPort;
  readonly #values: MeasuredValues;
  readonly #owned = new DisposableStack();
  readonly #shown = computed(() => this.#show());
  readonly #drafting = computed(() => this.#draft.value !== undefined);

  constructor(port: MeasuringPort) {
    this.#port = port;
    this.#values = this.#owned.add(new MeasuredValues(port.image, port.fail));
    this.#owned.defer(effect(() => this.#values.follow(this.#all())));
    this.#owned.add(port.labels.measurements.changed.on((edits) => this.#dropSelection(edits)));
  }

  /** All of the study by id, one that is being drawn last; of one that is being dragged what it becomes. */
  get shown(): ReadonlySignal<readonly ShownMeasurement[]> {
    return this.#shown;
  }

  /** True while one is being drawn or dragged. */
  get drafting(): ReadonlySignal<boolean> {
    return this.#drafting;
  }

  /** Takes back what is being drawn or dragged. */
  cancel(): void {
    this.#draft.value = undefined;
  }

  /** Ends a path that is being drawn at the last point that was set; the one under the pointer is left out. */
  finish(): void {
    const draft = this.#draft.peek();
    if (draft?.id !== DRAFT_ID || draft.kind !== "path" || draft.points.length < 3) return;
    this.toolPort.keep({ kind: "path", points: draft.points.slice(0, -1) });
  }

  /** Everything told of the kept measurements, values included however long they take to read. */
  async rows(options: AbortOptions = {}): Promise<ShownMeasurement[]> {
    const rows: ShownMeasurement[] = [];
    for (const measurement of this.#port.labels.measurements.list()) {
      rows.push(this.#told(measurement, await imageValues(this.#port.image, measurement, options)));
    }
    return rows;
  }

  /** What the tool needs. */
  readonly toolPort: MeasurePort = {
    grid: () => this.#port.image.grid,
    kind: () => this.#port.kind(),
    measurements: () => {
      const { value: selected } = this.selected;
      const frame = this.#port.image.frame.peek();
      const seen = this.#port.labels.measurements.list().filter((one) => one.visible && one.frame === frame);
      // What is selected lies on top.
      return [...seen.filter(({ id }) => id !== selected), ...seen.filter(({ id }) => id === selected)];
    },
    draft: (draft) => {
      this.#draft.value = draft && this.#drafted(draft);
    },
    drafting: () => this.#draft.peek() !== undefined && this.#draft.peek() !== this.#keeping,
    select: (id) => {
      this.selected.value = id;
    },
    keep: (draft) => {
      const kept = this.#drafted(draft);
      this.#draft.value = kept;
      this.#keeping = kept;
      const done = (): void => {
        if (this.#draft.peek() === kept) this.#draft.value = undefined;
      };
      this.#keep(kept).then(done, (error: unknown) => {
        done();
        this.#port.fail(error);
      });
    },
  };

  dispose(): void {
    this.#owned.dispose();
  }

  async #keep(drawn: Measurement): Promise<void> {
    const { labels } = this.#port;
    const { id, kind, points, plane, frame } = drawn;
    const place = { points, ...(plane ? { plane } : {}) };
    if (id !== DRAFT_ID) {
      await labels.changeMeasurements("measurement.update", { id, ...place }, () => {
        this.#giveWay(drawn);
        return [labels.measurements.planChange(id, place)];
      });
      return;
    }
    const wanted = { kind, ...place, frame };
    await labels.changeMeasurements("measurement.add", wanted, () => {
      const edit = labels.measurements.planAdd(wanted);
      this.#giveWay(drawn, edit.id);
      return [edit];
    });
  }

  /** The kept one takes the place of the drawn one in the same picture, as soon as it is in the list. */
  #giveWay(drawn: Measurement, id?: number): void {
    queueMicrotask(() =>
      batch(() => {
        if (this.#draft.peek() === drawn) this.#draft.value = undefined;
        if (id !== undefined && this.#port.labels.measurements.find(id)) this.selected.value = id;
      }),
    );
  }

  #drafted(draft: {
    readonly id?: number;
    readonly kind: MeasurementKind;
    readonly points: readonly PointLps[];
    readonly plane?: MeasurementPlane;
  }): Measurement {
    const { id, kind, points, plane } = draft;
    const known = id === undefined ? undefined : this.#port.labels.measurements.find(id);
    const place = { points, ...(plane ? { plane } : {}) };
    if (known) return { ...known, ...place };
    const frame = this.#port.image.frame.peek();
    return { id: DRAFT_ID, kind, name: "", color: MEASUREMENT_COLOR, visible: true, frame, ...place };
  }

  /** Kept ones with the drawn or dragged one among them. */
  #all(): Measurement[] {
    const kept = this.#port.labels.measurementList.value;
    const draft = this.#draft.value;
    if (!draft) return [...kept];
    if (draft.id === DRAFT_ID) return [...kept, draft];
    return kept.map((one) => (one.id === draft.id ? draft : one));
  }

  #show(): ShownMeasurement[] {
    void this.#values.changed.value;
    return this.#all().map((measurement) => this.#told(measurement, this.#values.of(measurement)));
  }

  #told(measurement: Measurement, values: Pick<ShownMeasurement, "area" | "probe">): ShownMeasurement {
    const { unit } = this.#port.image.description;
    return { measurement, size: measuredSize(measurement), ...values, unit };
  }

  #dropSelection(edits: readonly MeasurementEdit[]): void {
    if (edits.some(({ id, to }) => !to && id === this.selected.peek())) this.selected.value = undefined;
  }
}
