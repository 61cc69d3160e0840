import { dot, normalize, type Signal, VoxelwrightError } from "#base";
import type { IndexBox, VolumeDescription } from "#volume";
import * as v from "valibot";
import { SURFACE_SMOOTHING, type SurfaceSmoothing, VOLUME_QUALITIES, type VolumeState } from "./volume-state.ts";

const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(finite, v.minValue(0), v.maxValue(1));
const triple = v.pipe(v.strictTuple([finite, finite, finite]), v.readonly());
const whole = v.pipe(finite, v.integer());
const wholes = v.pipe(v.strictTuple([whole, whole, whole]), v.readonly());

export const transferSchema = v.strictObject({
  points: v.pipe(
    v.array(
      v.strictObject({
        value: finite,
        opacity: share,
        color: v.pipe(v.strictTuple([share, share, share]), v.readonly()),
      }),
    ),
    v.minLength(2, "A transfer function has two points or more"),
    v.maxLength(64),
    v.check(
      (points) => points.every(({ value }, n) => n === 0 || value >= points[n - 1]!.value),
      "Points stand by ascending value",
    ),
    v.check((points) => points.at(-1)!.value > points[0]!.value, "The last point is above the first"),
  ),
  gradientOpacity: v.optional(
    v.pipe(
      v.strictObject({ from: v.pipe(finite, v.minValue(0)), to: v.pipe(finite, v.minValue(0)) }),
      v.check(({ from, to }) => to > from, "Opacity grows from a smaller gradient to a larger one"),
    ),
  ),
});

/** `null` goes back to what the preset, the mode or the modality gives, or cuts nothing. */
export const volumeChangeSchema = v.strictObject({
  transfer: v.optional(v.nullable(transferSchema)),
  window: v.optional(v.nullable(v.strictObject({ center: finite, width: v.pipe(finite, v.gtValue(0)) }))),
  iso: v.optional(v.strictObject({ level: v.optional(v.nullable(finite)), opacity: v.optional(share) })),
  quality: v.optional(v.picklist(VOLUME_QUALITIES)),
  clipBox: v.optional(v.nullable(v.strictObject({ min: wholes, max: wholes }))),
  clipPlane: v.optional(v.nullable(v.strictObject({ point: triple, normal: triple }))),
  image: v.optional(v.boolean()),
  planes: v.optional(v.boolean()),
  surfaceSmoothing: v.optional(v.picklist(Object.keys(SURFACE_SMOOTHING) as SurfaceSmoothing[])),
});

export type VolumeChange = v.InferInput<typeof volumeChangeSchema>;
type CheckedChange = v.InferOutput<typeof volumeChangeSchema>;

/** Throws `argument` for a box outside the volume or without voxels, or a plane without a direction. */
export function checkVolumeChange(change: CheckedChange, description: VolumeDescription): void {
  const { clipBox, clipPlane } = change;
  if (clipBox) {
    const { dims } = description.grid;
    const fits = clipBox.min.every(
      (low, axis) => low >= 0 && low < clipBox.max[axis]! && clipBox.max[axis]! <= dims[axis]!,
    );
    if (!fits)
      throw new VoxelwrightError("argument", "The clip box must hold a voxel and lie within the volume.", {
        subject: "volume.clipBox",
        advice: `The volume has ${dims.join(" × ")} voxels; min is inside, max outside.`,
      });
  }
  if (clipPlane && !(dot(clipPlane.normal, clipPlane.normal) > 1e-12))
    throw new VoxelwrightError("argument", "The normal of the clip plane has no length.", {
      subject: "volume.clipPlane",
    });
}

/** Applies a checked change. */
export function applyVolumeChange(state: VolumeState, change: CheckedChange): void {
  const set = <T>(target: Signal<T | undefined>, value: T | null | undefined): void => {
    if (value !== undefined) target.value = value ?? undefined;
  };
  set(state.transfer, change.transfer);
  set(state.window, change.window);
  set(state.isoLevel, change.iso?.level);
  if (change.iso?.opacity !== undefined) state.isoOpacity.value = change.iso.opacity;
  if (change.quality !== undefined) state.quality.value = change.quality;
  set<IndexBox>(state.clipBox, change.clipBox);
  const plane = change.clipPlane;
  set(state.clipPlane, plane && { point: plane.point, normal: normalize(plane.normal) });
  if (change.image !== undefined) state.image.value = change.image;
  if (change.planes !== undefined) state.planes.value = change.planes;
  if (change.surfaceSmoothing !== undefined) state.surfaceSmoothing.value = change.surfaceSmoothing;
}
