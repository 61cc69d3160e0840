import type { IndexBox } from "#volume";
import type { PlanePick, PointerTool } from "./pointer-tool.ts";

type Axis = 0 | 1 | 2;

/** What dragging the sides of a box needs of the session. */
export interface BoxPort {
  /** The box now; undefined when there is none. */
  box(): IndexBox | undefined;
  /** Keeps a changed box, whole indices within the volume, at least a voxel wide. */
  change(box: IndexBox): void;
  /** The drag is over. */
  done(): void;
  readonly dims: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
}

/** A side of the box that the pointer holds. */
interface Side {
  readonly axis: Axis;
  readonly end: "min" | "max";
}

/** How near the pointer must come to a side, CSS pixels. */
const REACH_PX = 7;

/** A box of voxels whose sides, and corners, are dragged on the planes. */
export class BoxTool implements PointerTool {
  readonly #port: BoxPort;
  #held: readonly Side[] = [];
  #before: IndexBox | undefined;

  constructor(port: BoxPort) {
    this.#port = port;
  }

  /** Whether the pointer is at a side that can be dragged. */
  takes(pick: PlanePick): boolean {
    return this.#sidesAt(pick).length > 0;
  }

  down(pick: PlanePick): void {
    this.#held = this.#sidesAt(pick);
    this.#before = this.#port.box();
  }

  move(picks: readonly PlanePick[]): void {
    const box = this.#port.box();
    const pick = picks.at(-1);
    if (!box || !pick || this.#held.length === 0) return;
    const min = [...box.min] as [number, number, number];
    const max = [...box.max] as [number, number, number];
    for (const { axis, end } of this.#held) {
      // Voxel n reaches from n − ½ to n + ½.
      const at = Math.round(pick.ijk[axis] + 0.5);
      if (end === "min") min[axis] = Math.min(Math.max(at, 0), max[axis] - 1);
      else max[axis] = Math.max(Math.min(at, this.#port.dims[axis]), min[axis] + 1);
    }
    this.#port.change({ min, max });
  }

  up(): void {
    this.#held = [];
    // Nothing is left to take back, also when the tool is put away later.
    this.#before = undefined;
    this.#port.done();
  }

  cancel(): void {
    if (this.#before) this.#port.change(this.#before);
    this.#before = undefined;
    this.#held = [];
  }

  /** One side, two at a corner, none where the pointer is elsewhere or the slice is outside the box. */
  #sidesAt({ ijk, axis: across, slice, mmPerPixel }: PlanePick): Side[] {
    const box = this.#port.box();
    if (!box || slice < box.min[across] || slice >= box.max[across]) return [];
    const near = (axis: Axis, at: number): number =>
      (Math.abs(ijk[axis] - (at - 0.5)) * this.#port.spacingMm[axis]) / mmPerPixel;
    const beside = (axis: Axis): boolean => {
      const room = (REACH_PX * mmPerPixel) / this.#port.spacingMm[axis];
      return ijk[axis] > box.min[axis] - 0.5 - room && ijk[axis] < box.max[axis] - 0.5 + room;
    };
    const inPlane = ([0, 1, 2] as const).filter((axis) => axis !== across);
    if (!inPlane.every(beside)) return [];
    return inPlane.flatMap((axis): Side[] => {
      const low = near(axis, box.min[axis]);
      const high = near(axis, box.max[axis]);
      if (Math.min(low, high) > REACH_PX) return [];
      return [{ axis, end: low < high ? "min" : "max" }];
    });
  }
}
