import { add, dot, scale } from "#base";
import { pixelToLps, type SlicePlane } from "#gpu";
import type { IndexIjk, PointLps } from "#volume";
import {
  fitMmPerPixel,
  obliqueStepMm,
  type PlaneFrame,
  planeFrame,
  sliceOf,
  sliceOffsetMm,
  viewPlane,
} from "./plane-frame.ts";
import type { PlaneName } from "./plane-name.ts";
import { straightened } from "./plane-orientation.ts";
import type { Stage } from "./stage.ts";
import type { PlanePick } from "./view-port.ts";

/** Where the plane of one view lies: which way it faces, which slice it shows, what is under a point of it. */
export class PlaneInView {
  readonly name: PlaneName;
  /** Device pixels of a CSS pixel. */
  ratio = 1;
  readonly #stage: Stage;
  readonly #canvas: HTMLCanvasElement;
  #fitted:
    | { readonly frame: PlaneFrame; readonly width: number; readonly height: number; readonly mm: number }
    | undefined;

  /** `canvas` is the picture; its size in device pixels is that of the plane. */
  constructor(name: PlaneName, stage: Stage, canvas: HTMLCanvasElement) {
    this.name = name;
    this.#stage = stage;
    this.#canvas = canvas;
  }

  /** How the plane lies now; the same object until it is turned. */
  get frame(): PlaneFrame {
    const { state, volume } = this.#stage;
    return planeFrame(volume.grid, this.name, state.orientation.value);
  }

  /** The slice of voxels shown, or nearest to it. */
  get slice(): number {
    return sliceOf(this.#stage.volume.grid, this.frame, this.#stage.state.crosshair.value);
  }

  /** Distance of the plane from the LPS origin along its normal. */
  get offsetMm(): number {
    const { volume, state } = this.#stage;
    const { frame } = this;
    return frame.aligned ? sliceOffsetMm(volume.grid, frame, this.slice) : dot(state.crosshair.value, frame.normal);
  }

  /** Millimetres per pixel at a zoom of 1: the same however the planes are turned, so that turning does not zoom. */
  get fittedMmPerPixel(): number {
    const { width, height } = this.#canvas;
    const { grid } = this.#stage.volume;
    const straight = planeFrame(grid, this.name, straightened(this.#stage.state.orientation.value));
    const known = this.#fitted;
    if (known?.frame === straight && known.width === width && known.height === height) return known.mm;
    const mm = fitMmPerPixel(grid, straight, width, height);
    this.#fitted = { frame: straight, width, height, mm };
    return mm;
  }

  get plane(): SlicePlane {
    const { width, height } = this.#canvas;
    const { volume, state } = this.#stage;
    const look = state.planes[this.name].value;
    return viewPlane(volume.grid, this.frame, look, this.offsetMm, this.fittedMmPerPixel, width, height);
  }

  /** What lies at a point of the view, CSS pixels from its corner; `width` and `height` are the view's. */
  pick(x: number, y: number, width: number, height: number): PlanePick {
    const { grid } = this.#stage.volume;
    const { plane } = this;
    const lps = pixelToLps(
      plane,
      (x / Math.max(width, 1)) * plane.width - 0.5,
      (y / Math.max(height, 1)) * plane.height - 0.5,
    );
    const ijk = grid.toIndex(lps);
    return {
      lps,
      ijk,
      axis: this.frame.axis,
      slice: this.slice,
      inside: grid.contains(ijk),
      screen: { x, y },
      plane: { right: plane.right, down: plane.down },
      mmPerPixel: plane.mmPerPixel * this.ratio,
      ...(this.frame.aligned ? {} : { obliqueNormal: this.frame.normal }),
    };
  }

  /** Steps through voxel slices of full resolution, or as far along a turned normal; +1 goes up (superior, anterior, left). */
  step(count: number): void {
    const { grid } = this.#stage.volume;
    const { axis, up, aligned, normal } = this.frame;
    if (!aligned) {
      const way = count * up * Math.sign(dot(normal, grid.axis(axis))) * obliqueStepMm(grid, this.frame);
      this.#moveCrosshair(add(this.#stage.state.crosshair.value, scale(normal, way)));
      return;
    }
    const ijk = [...grid.toIndex(this.#stage.state.crosshair.value)] as [number, number, number];
    ijk[axis] = Math.min(Math.max(this.slice + count * up, 0), grid.dims[axis] - 1);
    this.#stage.state.crosshair.value = grid.toLps(ijk);
  }

  /** Puts the crosshair under a point of the plane, in the slice shown. */
  crosshairTo(pick: PlanePick): void {
    const { grid } = this.#stage.volume;
    if (!this.frame.aligned) {
      this.#moveCrosshair(pick.lps);
      return;
    }
    const ijk = pick.ijk.map((n, axis) => Math.min(Math.max(n, 0), grid.dims[axis]! - 1)) as [number, number, number];
    ijk[this.frame.axis] = this.slice;
    this.#stage.state.crosshair.value = grid.toLps(ijk);
  }

  /** Puts the crosshair at a point, or at the voxel nearest to it in the volume. */
  #moveCrosshair(to: PointLps): void {
    const { grid } = this.#stage.volume;
    const ijk = grid.toIndex(to);
    const kept = ijk.map((n, axis) => Math.min(Math.max(n, 0), grid.dims[axis]! - 1)) as unknown as IndexIjk;
    this.#stage.state.crosshair.value = kept.every((n, axis) => n === ijk[axis]) ? to : grid.toLps(kept);
  }
}
