import { type AbortOptions, type Disposable, isAbortError, type ReadonlySignal, signal } from "#base";
import type { AreaValues, ProbeValue } from "#export";
import { type Measurement, planeShape } from "#labelmap";
import { BRICK_EDGE, type IndexIjk } from "#volume";
import { areaValues } from "./area-values.ts";
import { LevelZero, type ValueSource, voxelInBrick } from "./level-zero.ts";

/** What the image says of a measurement; neither for kinds that are geometry alone. */
export interface ImageValues {
  readonly area?: AreaValues;
  readonly probe?: ProbeValue;
}

/** A measurement's values with the place they are of. */
interface Known {
  readonly key: string;
  readonly values: ImageValues;
}

/** Reads the values of one measurement. Rejects as `areaValues` does. */
export async function imageValues(
  source: ValueSource,
  measurement: Measurement,
  options: AbortOptions = {},
): Promise<ImageValues> {
  const { frame, points, kind } = measurement;
  const shape = planeShape(measurement);
  if (shape) return { area: await areaValues(source, shape, frame, options) };
  if (kind !== "probe") return {};
  const { grid } = source;
  const exact = grid.toIndex(points[0]!);
  const ijk: IndexIjk = [Math.round(exact[0]), Math.round(exact[1]), Math.round(exact[2])];
  if (!grid.contains(exact)) return { probe: { value: undefined, ijk } };
  const [bi, bj, bk] = ijk.map((n) => Math.floor(n / BRICK_EDGE)) as [number, number, number];
  const { voxels } = await new LevelZero(source, frame, options).read(bi, bj, bk);
  return { probe: { value: source.toShown(voxels[voxelInBrick(ijk[0], ijk[1], ijk[2])]!), ijk } };
}

/**
 * Values of measurements that follow them: read one after the other, what changed last first. A value is given only while its
 * measurement lies where it was read.
 */
export class MeasuredValues implements Disposable {
  readonly #source: ValueSource;
  readonly #fail: (error: unknown) => void;
  readonly #known = new Map<number, Known>();
  readonly #changed = signal(0);
  #wanted: readonly Measurement[] = [];
  /** What is being read now. */
  #reading: { readonly id: number; readonly key: string; readonly abort: AbortController } | undefined;

  /** `fail` hears why a value cannot be read. */
  constructor(source: ValueSource, fail: (error: unknown) => void) {
    this.#source = source;
    this.#fail = fail;
  }

  /** Changes when a value was read. */
  get changed(): ReadonlySignal<number> {
    return this.#changed;
  }

  /** Values at hand of a measurement as it lies now. */
  of(measurement: Measurement): ImageValues {
    const known = this.#known.get(measurement.id);
    return known?.key === keyOf(measurement) ? known.values : {};
  }

  /** Says which measurements there are; the last one is read first. */
  follow(measurements: readonly Measurement[]): void {
    this.#wanted = measurements;
    const ids = new Set(measurements.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const reading = this.#reading;
    // A value of where it no longer is would not be shown.
    if (reading && !measurements.some((one) => one.id === reading.id && keyOf(one) === reading.key)) {
      reading.abort.abort();
    }
    if (!reading) void this.#run();
  }

  dispose(): void {
    this.#wanted = [];
    this.#reading?.abort.abort();
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      const reading = { id: next.id, key: keyOf(next), abort: new AbortController() };
      this.#reading = reading;
      try {
        const values = await imageValues(this.#source, next, { signal: reading.abort.signal });
        this.#known.set(reading.id, { key: reading.key, values });
        this.#changed.value++;
      } catch (error) {
        if (isAbortError(error)) continue;
        // Not asked for again until it is moved.
        this.#known.set(reading.id, { key: reading.key, values: {} });
        this.#fail(error);
      }
    }
    this.#reading = undefined;
  }

  #next(): Measurement | undefined {
    return this.#wanted.findLast(
      (one) => (one.plane !== undefined || one.kind === "probe") && this.#known.get(one.id)?.key !== keyOf(one),
    );
  }
}

/** What a measurement's values depend on. */
function keyOf({ kind, frame, points, plane }: Measurement): string {
  return JSON.stringify([kind, frame, points, plane]);
}
