import type { Vec3 } from "#base";
import { ImageGrid } from "#volume";
import { expect, it } from "vitest";
import { OrbitCamera } from "../../../src/views/orbit-camera.ts";
import { projection } from "../../../src/views/volume-marks.ts";

const GRID = new ImageGrid({ dims: [100, 80, 60], indexToLps: [1, 0, 0, -20, 0, 1.5, 0, 30, 0, 0, 2, -900] });
const WIDTH = 320;
const HEIGHT = 240;

/** All that three's controls ask of an element that nobody touches. */
function elementAlone(): HTMLElement {
  const element = Object.assign(new EventTarget(), {
    style: {},
    getRootNode: () => element,
    ownerDocument: new EventTarget(),
  });
  return element as unknown as HTMLElement;
}

function camera(kind: "perspective" | "parallel"): OrbitCamera {
  const made = new OrbitCamera(elementAlone(), GRID, kind);
  made.setAspect(WIDTH / HEIGHT);
  made.reset();
  return made;
}

/** The point that the rays of the volume see at a place of clip space. */
function unprojected(clipToLps: readonly number[], x: number, y: number, z: number): Vec3 {
  const row = (n: number): number =>
    clipToLps[n]! * x + clipToLps[4 + n]! * y + clipToLps[8 + n]! * z + clipToLps[12 + n]!;
  return [row(0) / row(3), row(1) / row(3), row(2) / row(3)];
}

for (const kind of ["perspective", "parallel"] as const) {
  it(`lines lie over the voxels that rays show, ${kind}`, () => {
    const made = camera(kind);
    const { clipToLps } = made.rayCamera();
    for (const [x, y, z] of [
      [0, 0, 0.5],
      [-0.8, 0.6, 0.2],
      [0.9, -0.9, 0.95],
    ] as const) {
      const place = projection(made.rayCamera(), WIDTH, HEIGHT)(unprojected(clipToLps, x, y, z))!;
      expect(place[0]).toBeCloseTo(((x + 1) / 2) * WIDTH, 4);
      expect(place[1]).toBeCloseTo(((1 - y) / 2) * HEIGHT, 4);
    }
  });
}

it("what lies behind the eye has no place", () => {
  const made = camera("perspective");
  const { eye } = made.orientation;
  const far = GRID.centerLps.map((mm, axis) => mm + eye[axis]! * 1e5) as unknown as Vec3;
  expect(projection(made.rayCamera(), WIDTH, HEIGHT)(far)).toBeUndefined();
});
