import * as v from "valibot";
import { Emitter, VoxelwrightError } from "#base";
import { canonicalJson } from "./canonical-json.ts";
import { paletteColor } from "./palette.ts";
import { checkLabel, MAX_LABEL, type Segment, type SegmentEdit } from "./segment.ts";
import { segmentSchema } from "./segment-schema.ts";

/** What can be said of a new segment; the rest gets a default. */
export interface NewSegment {
  readonly value?: number;
  readonly name?: string;
  readonly color?: string;
  readonly code?: Segment["code"];
}

/** What can be changed of a segment. */
export type SegmentChange = Partial<Pick<Segment, "name" | "color" | "locked" | "visible" | "opacity3d">> & {
  readonly code?: Segment["code"] | undefined;
};

const storedSchema = v.strictObject({
  next: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_LABEL + 1)),
  segments: v.array(segmentSchema),
});

/**
 * The segments of a study. `plan…` says what a change would be; `apply` does it. So a change can be journaled, undone and replayed
 * as a value.
 */
export class SegmentList {
  readonly changed = new Emitter<readonly SegmentEdit[]>();
  readonly #segments = new Map<number, Segment>();
  /** Value of the next new segment, above all ever given. */
  #next = 1;

  /** Segments by ascending value. */
  list(): Segment[] {
    return [...this.#segments.values()].sort((a, b) => a.value - b.value);
  }

  get size(): number {
    return this.#segments.size;
  }

  find(value: number): Segment | undefined {
    return this.#segments.get(value);
  }

  /** The segment; throws `not-found`. */
  get(value: number): Segment {
    const segment = this.#segments.get(value);
    if (segment) return segment;
    throw new VoxelwrightError("not-found", `There is no segment ${value}.`, { fields: { segment: value } });
  }

  /** Values whose voxels must not change. */
  lockedValues(): number[] {
    return this.list()
      .filter((segment) => segment.locked)
      .map((segment) => segment.value);
  }

  /**
   * A new segment: the next value never given and its colour unless they are said. Throws `label-range` for a value that is not 1
   * to 65,535, `argument` for one that is taken or a malformed colour, `limit` when all are.
   */
  planAdd(wanted: NewSegment = {}): SegmentEdit {
    const value = wanted.value ?? this.#freeValue();
    checkLabel(value);
    if (value === 0)
      throw new VoxelwrightError("label-range", "The label value 0 is background and cannot be a segment.");
    if (this.#segments.has(value)) throw new VoxelwrightError("argument", `Segment ${value} is there already.`);
    const { name = `Segment ${value}`, color = paletteColor(value - 1), code } = wanted;
    const to = { value, name, color: color.toLowerCase(), ...(code ? { code } : {}), locked: false, visible: true };
    return { value, to: checked(to) };
  }

  /** A change of name, colour, code, lock, visibility or opacity in 3D (0 to 1); undefined when nothing would change. */
  planChange(value: number, change: SegmentChange): SegmentEdit | undefined {
    const from = this.get(value);
    const { code: oldCode, opacity3d: oldOpacity = 1, ...rest } = from;
    const code = "code" in change ? change.code : oldCode;
    const { name = rest.name, color = rest.color, locked = rest.locked, visible = rest.visible } = change;
    const { opacity3d = oldOpacity } = change;
    const to = checked({
      value,
      name,
      color: color.toLowerCase(),
      ...(code ? { code } : {}),
      locked,
      visible,
      ...(opacity3d === 1 ? {} : { opacity3d }),
    });
    return canonicalJson(from) === canonicalJson(to) ? undefined : { value, from, to };
  }

  /** Deletion. Its voxels are another edit of the same entry; see `LabelTransaction.eraseSegment`. Throws `locked`. */
  planDelete(value: number): SegmentEdit {
    const from = this.get(value);
    if (from.locked) {
      throw new VoxelwrightError("locked", "The segment is locked.", {
        subject: from.name,
        advice: "Unlock it to delete it.",
      });
    }
    return { value, from };
  }

  /** Does the changes: all or none. Throws `integrity` when a segment is not what a change says it was. */
  apply(edits: readonly SegmentEdit[]): void {
    if (edits.length === 0) return;
    const segments = new Map(this.#segments);
    for (const { value, from, to } of edits) {
      const now = segments.get(value);
      if (canonicalJson(now ?? null) !== canonicalJson(from ?? null)) {
        throw new VoxelwrightError("integrity", `Segment ${value} is not what the change says it was.`, {
          fields: { segment: value },
        });
      }
      if (to) segments.set(value, to);
      else segments.delete(value);
    }
    this.#segments.clear();
    for (const [value, segment] of segments) this.#segments.set(value, segment);
    for (const { value } of edits) this.#next = Math.max(this.#next, value + 1);
    this.changed.emit(edits);
  }

  /** The list as stored; the inverse of `SegmentList.parse`. */
  toJson(): string {
    return canonicalJson({ next: this.#next, segments: this.list() });
  }

  /** Reads a stored list; throws `integrity` for anything `toJson` cannot have written. */
  static parse(json: string): SegmentList {
    const list = new SegmentList();
    const stored = v.safeParse(storedSchema, parseJson(json));
    if (!stored.success) throw damaged();
    for (const segment of stored.output.segments) list.#segments.set(segment.value, segment);
    list.#next = stored.output.next;
    if (list.toJson() !== json) throw damaged();
    return list;
  }

  /** Values that the next `count` new segments would have, in order; fewer when not so many are left. */
  freeValues(count: number): number[] {
    const values: number[] = [];
    for (let value = this.#next; value <= MAX_LABEL && values.length < count; value++) values.push(value);
    for (let value = 1; value < this.#next && values.length < count; value++) {
      if (!this.#segments.has(value)) values.push(value);
    }
    return values;
  }

  #freeValue(): number {
    const [value] = this.freeValues(1);
    if (value !== undefined) return value;
    throw new VoxelwrightError("limit", `All ${MAX_LABEL} segments are taken.`, { advice: "Delete one first." });
  }
}

/** The changes that take back `edits`. */
export function invertSegmentEdits(edits: readonly SegmentEdit[]): SegmentEdit[] {
  return edits
    .toReversed()
    .map(({ value, from, to }) => ({ value, ...(to ? { from: to } : {}), ...(from ? { to: from } : {}) }));
}

function checked(segment: Segment): Segment {
  const result = v.safeParse(segmentSchema, segment);
  if (result.success) return result.output;
  const at = result.issues[0].path?.map((item) => String(item.key)).join(".") ?? "segment";
  throw new VoxelwrightError("argument", `A segment's ${at} cannot be ${JSON.stringify(result.issues[0].input)}.`, {
    ...(at === "color" ? { advice: "Write a colour as #rrggbb." } : {}),
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged();
  }
}

function damaged(): VoxelwrightError {
  return new VoxelwrightError("integrity", "The stored segment list is damaged.");
}
