import { add, applyLinear, dot, type Vec3 } from "#base";
import type { RayCamera, RaycastLook, VolumeClip } from "#gpu";
import { raySpaceGradient } from "./ray-gradient.ts";
import { pixelRay } from "./cameras.ts";
import { linearAt, type MemoryVolume } from "./volumes.ts";

/** What a plain ray caster finds for one pixel. */
export interface PlainRay {
  /** 0 to 1, clamped. */
  readonly color: readonly [number, number, number];
  /** Continuous index of the place that the pixel shows most of; undefined where it shows nothing. */
  readonly place: Vec3 | undefined;
  /** True where rounding may decide: at a face, or where a surface is only just met. */
  readonly doubtful: boolean;
  /** Of a projection: how far its value is from that of another place. */
  readonly missesBy?: (place: Vec3) => number;
}

/**
 * One ray by plain arithmetic, on the lattice of samples that the pass documents; a regular grid, no labels, light by gradient. Values
 * may be off by `slack` on the GPU.
 */
export function plainRay(
  volume: MemoryVolume,
  camera: RayCamera,
  look: RaycastLook,
  clip: VolumeClip,
  pixel: { readonly x: number; readonly y: number; readonly size: number; readonly stepMm: number },
  slack = 0,
): PlainRay {
  const { grid, voxels } = volume;
  const { near, dir, length } = pixelRay(camera, pixel.size, pixel.size, pixel.x, pixel.y);
  const [enter, leave] = stretch(volume, near, dir, length, clip);
  const background = { color: look.background, place: undefined };
  if (enter >= leave) return { ...background, doubtful: leave > enter - 0.02 };
  const place = (t: number): Vec3 => grid.toIndex(add(near, [dir[0] * t, dir[1] * t, dir[2] * t]));
  const value = (t: number): number => linearAt(voxels, grid.dims, place(t));
  const first = Math.ceil(enter / pixel.stepMm);
  const last = Math.floor(leave / pixel.stepMm);
  const samples = Array.from({ length: Math.max(last - first + 1, 0) }, (_, n) => (first + n) * pixel.stepMm);
  const edge = (v: number): boolean => Math.abs(v / pixel.stepMm - Math.round(v / pixel.stepMm)) < 2e-3;
  const atFace = edge(enter) || edge(leave);
  if (samples.length === 0) return { ...background, doubtful: true };
  const values = samples.map(value);
  const grey = (v: number): [number, number, number] => {
    const g = Math.min(Math.max((v - look.window.center) / look.window.width + 0.5, 0), 1);
    return [g, g, g];
  };
  if (look.mode === "mean")
    return { color: grey(values.reduce((a, b) => a + b, 0) / values.length), place: undefined, doubtful: atFace };
  if (look.mode === "mip" || look.mode === "minip") {
    const best = look.mode === "mip" ? Math.max(...values) : Math.min(...values);
    const missesBy = (at: Vec3): number => Math.abs(linearAt(voxels, grid.dims, at) - best);
    return { color: grey(best), place: place(samples[values.indexOf(best)]!), doubtful: atFace, missesBy };
  }
  const { level } = look.iso;
  const hit = values.findIndex((v) => v >= level);
  const close = values.slice(0, hit < 0 ? undefined : hit + 1).some((v) => Math.abs(v - level) < 0.05 + slack);
  if (hit < 0) return { ...background, doubtful: close || atFace };
  let inner = samples[hit]!;
  let outer = Math.max(inner - pixel.stepMm, enter);
  const cut = outer === enter && value(enter) >= level;
  for (let halving = 0; halving < 40 && !cut; halving++) {
    const middle = (inner + outer) / 2;
    if (value(middle) >= level) inner = middle;
    else outer = middle;
  }
  if (cut) inner = enter;
  const at = place(inner);
  const normal = raySpaceGradient(volume, at);
  const size = Math.hypot(...normal);
  const facing = Math.abs(dot(normal, dir)) / size;
  const shine = look.specular * facing ** 24;
  const color = look.iso.color.map((c) =>
    Math.min(cut ? c * (look.ambient + look.diffuse * 0.7) : c * (look.ambient + look.diffuse * facing) + shine, 1),
  ) as [number, number, number];
  const grazes = Math.abs(value(enter) - level) < 0.05 + slack && outer === enter;
  return { color, place: at, doubtful: close || grazes || atFace };
}

/** Where a ray enters and leaves what is drawn, mm from its start. */
function stretch(
  { grid }: MemoryVolume,
  near: Vec3,
  dir: Vec3,
  length: number,
  { box, plane }: VolumeClip,
): [number, number] {
  const from = grid.toIndex(near);
  const per = applyLinear(grid.lpsToIndex, dir);
  let enter = 0;
  let leave = length;
  for (const axis of [0, 1, 2] as const) {
    const a = ((box?.min[axis] ?? 0) - 0.5 - from[axis]) / per[axis];
    const b = ((box?.max[axis] ?? grid.dims[axis]) - 0.5 - from[axis]) / per[axis];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  if (plane) {
    const away = dot(plane.normal, dir);
    const cut = -dot(plane.normal, add(near, [-plane.point[0], -plane.point[1], -plane.point[2]])) / away;
    if (away > 0) leave = Math.min(leave, cut);
    else enter = Math.max(enter, cut);
  }
  return [enter, leave];
}
