import { cross, type Vec3 } from "#base";
import type { BenchVolume, CameraMm, PlaneFrameMm, SceneFrame, SceneLook, SceneName } from "./renderer.ts";

/** Thickness of slabs, mm: 20 planes of voxels. */
export const SLAB_MM = 20;
/** Margin of our fitted planes, which peers are given too. */
const FIT = 1.02;

export const LOOK: SceneLook = {
  window: { center: 0, width: 2000 },
  transfer: [
    { value: -1000, opacity: 0, color: [0, 0, 0] },
    { value: -300, opacity: 0, color: [0.6, 0.2, 0.15] },
    { value: 0, opacity: 0.015, color: [0.8, 0.45, 0.35] },
    { value: 150, opacity: 0.04, color: [0.9, 0.6, 0.5] },
    { value: 700, opacity: 0.5, color: [1, 0.95, 0.85] },
    { value: 1000, opacity: 0.5, color: [1, 1, 1] },
  ],
  isoLevel: 300,
  isoColor: [0.9, 0.84, 0.74],
  ambient: 0.3,
  diffuse: 0.7,
  specular: 0.1,
  stepMm: 1,
};

/** Unit quaternion (x, y, z, w) that turns the planes of frame `n` of the oblique scene: about two axes, a little more each time. */
export function obliqueRotation(n: number): readonly [number, number, number, number] {
  const [a, b] = [((15 + 3 * (n % 15)) * Math.PI) / 360, (20 * Math.PI) / 360];
  const [x, cx, y, cy] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b)];
  return [x * cy, cx * y, x * y, cx * cy];
}

/** The slice of frame `n`, from a quarter of the volume to three quarters. */
export function sliceOf(dims: readonly number[], n: number): number {
  const quarter = Math.floor(dims[2]! / 4);
  return quarter + ((n * 2) % (2 * quarter));
}

/** Frame `n` of a scene on `size`² pixels; `oblique` gives right and down of turned planes. */
export function frameOf(
  scene: SceneName,
  n: number,
  size: number,
  { dims }: BenchVolume,
  oblique: (n: number) => { readonly right: Vec3; readonly down: Vec3 },
): SceneFrame {
  const middle = dims.map((d) => (d - 1) / 2) as unknown as Vec3;
  const turned = scene === "oblique" ? oblique(n) : { right: [1, 0, 0] as const, down: [0, 1, 0] as const };
  const center: Vec3 = scene === "oblique" ? middle : [middle[0], middle[1], sliceOf(dims, n)];
  const plane: PlaneFrameMm = {
    center,
    right: turned.right,
    down: turned.down,
    mmPerPixel: (Math.max(dims[0], dims[1]) / size) * FIT,
    thicknessMm: scene === "slab" ? SLAB_MM : 0,
  };
  return { scene, plane, camera: cameraOf(n, middle, dims[2] * 1.5) };
}

/** Six degrees a frame around the patient, from the front. */
function cameraOf(n: number, center: Vec3, heightMm: number): CameraMm {
  const azimuthDegrees = (n * 6 + 20) % 360;
  const angle = (azimuthDegrees * Math.PI) / 180;
  const tilt = (10 * Math.PI) / 180;
  const forward: Vec3 = [Math.sin(angle) * Math.cos(tilt), Math.cos(angle) * Math.cos(tilt), -Math.sin(tilt)];
  const side: Vec3 = [Math.cos(angle), -Math.sin(angle), 0];
  return { center, forward, up: cross(side, forward), heightMm, azimuthDegrees };
}
