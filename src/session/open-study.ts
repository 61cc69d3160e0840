import { type Disposable, DisposableStack, signal, VoxelwrightError } from "#base";
import { type EditRules, LabelTotals, type NewSegment, rasterisePoints } from "#labelmap";
import type { StudyRecord } from "#storage";
import type { BrushPort, GrowPort, Stroke, ToolState } from "#tools";
import type { IndexIjk } from "#volume";
import type { Kernels } from "#workers";
import { Measuring } from "./measurements/measuring.ts";
import { ChosenIslands } from "./chosen-islands.ts";
import { DrawnPlanes } from "./drawn-planes.ts";
import { Overlays, type OverlaysPort } from "./overlays/overlays.ts";
import { Preview } from "./preview.ts";
import type { Jobs } from "./jobs.ts";
import { LabelStroke } from "./stroke.ts";
import type { StudyImage } from "./study-image.ts";
import type { StudyLabels } from "./study-labels.ts";
import { StudySurfaces } from "./study-surfaces.ts";

type LabelStrokePlane = Parameters<BrushPort["beginStroke"]>[0]["plane"];

export interface OpenStudyPort extends OverlaysPort {
  readonly kernels: () => Promise<Kernels>;
  readonly jobs: Jobs;
  readonly tools: () => ToolState;
  readonly setGrowRange: (low: number, high: number) => void;
  readonly setMultiplier: (multiplier: number) => void;
  /** Shows what the islands tool would do with the chosen islands. */
  readonly previewIslands: () => void;
  readonly windowWidth: () => number;
  /** Says why something could not be done. */
  readonly fail: (error: unknown) => void;
}

/** The one open study: image, labels, what is being drawn. Wires the parts; owns them. */
export class OpenStudy implements Disposable {
  readonly record: StudyRecord;
  readonly image: StudyImage;
  readonly labels: StudyLabels;
  readonly preview: Preview;
  readonly drawnPlanes: DrawnPlanes;
  /** What the islands tool needs. */
  readonly islands: ChosenIslands;
  readonly measuring: Measuring;
  /** Other volumes shown over this one. */
  readonly overlays: Overlays;
  /** Surfaces of the segments, for the volume view. */
  readonly surfaces: StudySurfaces;
  /** Segment that tools draw, 0 when there is none. */
  readonly activeSegment = signal(0);
  readonly #port: OpenStudyPort;
  readonly #owned = new DisposableStack();
  #lock: Disposable | undefined;
  readonly #totals: LabelTotals;

  /** Takes ownership of `image`, `labels` and `lock`. */
  constructor(record: StudyRecord, image: StudyImage, labels: StudyLabels, lock: Disposable, port: OpenStudyPort) {
    this.record = record;
    this.image = this.#owned.add(image);
    this.labels = this.#owned.add(labels);
    this.#lock = lock;
    this.#totals = this.#owned.add(new LabelTotals(labels.labelmap));
    this.#port = port;
    this.activeSegment.value = labels.segments.list()[0]?.value ?? 0;
    this.#owned.add(labels.segments.changed.on(() => this.#keepActive()));
    this.preview = new Preview({
      image,
      labels,
      kernels: port.kernels,
      tools: port.tools,
      segment: () => this.ensureSegment(),
      fail: port.fail,
    });
    this.measuring = this.#owned.add(
      new Measuring({
        image,
        labels,
        kind: () => {
          const { active, measure } = port.tools();
          return active === "measure" ? measure.kind : undefined;
        },
        fail: port.fail,
      }),
    );
    this.overlays = this.#owned.add(new Overlays(image, port));
    this.surfaces = this.#owned.add(new StudySurfaces({ labels, ...port }));
    this.drawnPlanes = new DrawnPlanes(image.grid);
    this.islands = new ChosenIslands({ ...port, labels, preview: this.preview, show: port.previewIslands });
  }

  /** The active segment, adding the first one where there is none. Throws `locked` when it is locked. */
  async ensureSegment(): Promise<number> {
    const { segments } = this.labels;
    if (!segments.find(this.activeSegment.value)) await this.addSegment({});
    const segment = segments.get(this.activeSegment.value);
    if (segment.locked) {
      throw new VoxelwrightError("locked", "The segment is locked.", {
        subject: segment.name,
        advice: "Unlock it or choose another one.",
      });
    }
    return segment.value;
  }

  /** Adds a segment as one step and makes it active. */
  async addSegment(wanted: NewSegment): Promise<number> {
    let value = 0;
    await this.labels.changeSegments("segment.add", { ...wanted }, () => {
      const edit = this.labels.segments.planAdd(wanted);
      value = edit.value;
      return [edit];
    });
    this.activeSegment.value = value;
    return value;
  }

  /** What brush and eraser need. */
  readonly brushPort: BrushPort = {
    tools: () => this.#port.tools(),
    beginStroke: (options) => this.#beginStroke(options),
  };

  /** What the grow tool needs. */
  readonly growPort: GrowPort = {
    valueAt: (ijk) => this.image.valueAt(ijk),
    windowWidth: () => this.#port.windowWidth(),
    preview: (seed, range) => {
      const low = this.#roundShown(range.low);
      const high = this.#roundShown(range.high);
      this.#port.setGrowRange(low, high);
      this.preview.grow(seed, { low, high }).catch(this.#port.fail);
    },
    multiplier: () => {
      const { method, multiplier } = this.#port.tools().grow;
      return method === "confidence" ? multiplier : undefined;
    },
    previewConfidence: (seed, multiplier) => {
      this.#port.setMultiplier(multiplier);
      const { low, high } = this.#port.tools().grow;
      this.preview.grow(seed, { low, high }).catch(this.#port.fail);
    },
  };

  /** Paints discs or spheres round voxels as one step; returns the voxels changed. Segment 0 erases. */
  async paint(request: {
    readonly segment: number;
    readonly ijk: readonly IndexIjk[];
    readonly radiusMm: number;
    readonly shape: "disc" | "sphere";
    readonly axis?: 0 | 1 | 2;
    readonly rules: EditRules;
    readonly command: string;
  }): Promise<number> {
    const { segment, ijk, radiusMm, shape, axis, rules, command } = request;
    if (segment !== 0) this.labels.segments.get(segment);
    const masks = rasterisePoints(this.image.grid, ijk, radiusMm, shape, axis ?? 2);
    return this.labels.change(
      command,
      { segment, ijk, radiusMm, shape, ...(axis === undefined ? {} : { axis }) },
      rules,
      (transaction) => {
        if (segment !== 0) this.labels.segments.get(segment);
        for (const [brick, mask] of masks) {
          if (segment === 0) transaction.erase(brick, mask);
          else transaction.setMask(brick, mask, segment);
        }
      },
    );
  }

  /** Middle of a segment's voxels, undefined when it has none. */
  centerOf(segment: number): IndexIjk | undefined {
    return this.#totals.middle(segment);
  }

  /** Voxels by segment value. */
  sizes(): Map<number, number> {
    return new Map(this.labels.segments.list().map(({ value }) => [value, this.#totals.voxels(value)]));
  }

  /** Takes over what is at hand in the same study with voxels of another size: segment, measurement, planes that were drawn on. */
  goOnFrom(before: OpenStudy): void {
    const segment = before.activeSegment.peek();
    if (this.labels.segments.find(segment)) this.activeSegment.value = segment;
    const measurement = before.measuring.selected.peek();
    if (measurement !== undefined && this.labels.measurements.find(measurement)) {
      this.measuring.selected.value = measurement;
    }
    this.drawnPlanes.goOnFrom(before.drawnPlanes);
  }

  /** Gives the lock to whoever opens the study anew; this object no longer releases it. */
  handOver(): Disposable {
    const lock = this.#lock!;
    this.#lock = undefined;
    return lock;
  }

  dispose(): void {
    // An open preview or stroke is not part of the study until it is accepted.
    this.labels.labelmap.transaction?.rollback();
    this.#owned.dispose();
    this.#lock?.dispose();
  }

  /** The segment that the eraser takes away; undefined where there is none at all. */
  #activeValue(): number | undefined {
    return this.labels.segments.find(this.activeSegment.value)?.value;
  }

  /** A dragged value with the digits that the data and the window give it: whole numbers for whole stored values. */
  #roundShown(value: number): number {
    const { voxelType, rescale } = this.image.description;
    const finest = 10 ** Math.floor(Math.log10(Math.max(this.#port.windowWidth(), Number.MIN_VALUE) / 500));
    const whole =
      !voxelType.startsWith("float") && Number.isInteger(rescale.slope) && Number.isInteger(rescale.intercept);
    const step = whole ? 1 : finest;
    return Number((Math.round(value / step) * step).toPrecision(12));
  }

  #keepActive(): void {
    const { segments } = this.labels;
    if (segments.find(this.activeSegment.value)) return;
    this.activeSegment.value = segments.list().at(-1)?.value ?? 0;
  }

  #beginStroke({ erase, plane }: Parameters<BrushPort["beginStroke"]>[0]): Stroke {
    const begun = this.#startStroke(erase, plane);
    begun.catch(this.#port.fail);
    // The pointer does not wait: pieces are handed on in order as soon as the stroke has its turn.
    const then = (work: (stroke: Stroke) => void): void => void begun.then(work).catch(() => undefined);
    return {
      extend: (from, to) => then((stroke) => stroke.extend(from, to)),
      end: () => then((stroke) => stroke.end()),
      cancel: () => then((stroke) => stroke.cancel()),
    };
  }

  async #startStroke(erase: boolean, plane: LabelStrokePlane): Promise<Stroke> {
    const tools = this.#port.tools();
    const segment = erase ? this.#activeValue() : await this.ensureSegment();
    const hold = await this.labels.queue.hold(() => undefined);
    try {
      // It may have been deleted while the stroke waited for its turn.
      if (segment !== undefined) this.labels.segments.get(segment);
      const transaction = this.labels.begin({ over: tools.over });
      const command = erase ? "label.erase" : "label.paint";
      return new LabelStroke({
        image: this.image,
        transaction,
        bricks: this.labels.labelmap.bricks,
        segment,
        erase,
        tools,
        plane,
        fail: (error) => {
          if (transaction.open) transaction.rollback();
          hold.release();
          this.#port.fail(error);
        },
        finish: (commit, ijk) => {
          // The journal takes a transaction back by itself when an earlier entry could not be kept.
          if (!transaction.open) {
            hold.release();
            return;
          }
          if (!commit) transaction.rollback();
          const args = {
            ...(segment === undefined ? {} : { segment }),
            ijk,
            ...tools.brush,
            ...("axis" in plane ? { axis: plane.axis } : { normal: plane.normal }),
          };
          const recorded = commit ? this.labels.record(command, args, transaction) : Promise.resolve(0);
          // The next change may begin as soon as the commit is queued: entries are kept in order.
          recorded.then((voxels) => {
            const entry = this.labels.journal.headers.findLast((header) => header.command === command);
            if (voxels > 0 && entry && tools.brush.shape === "disc")
              this.drawnPlanes.add(plane, ijk[0]!, entry.sequence);
          }, this.#port.fail);
          hold.release();
        },
      });
    } catch (error) {
      hold.release();
      throw error;
    }
  }
}
