import { describe, expect, it } from "vitest";
import { type Affine, dot, signal, type Vec3 } from "#base";
import { applyViewChange, degreesBetween, planeFrame, PLANE_NAMES, STRAIGHT, turned, ViewState } from "#views";
import { ImageGrid, type VolumeDescription } from "#volume";
import { turnedBy } from "../../../src/views/crosshair-handles.ts";
import { orient } from "../../../src/views/orient.ts";
import { obliqueStepMm } from "../../../src/views/plane-frame.ts";

const AXIAL: Affine = [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 2.5, 1000];
const c = Math.cos(0.3);
const s = Math.sin(0.3);
const TILTED: Affine = [0.8, 0, 0, -60, 0, 0.8 * c, -2 * s, -36, 0, 0.8 * s, 2 * c, 0];
const grid = new ImageGrid({ dims: [100, 90, 60], indexToLps: AXIAL });
const tilted = new ImageGrid({ dims: [100, 90, 60], indexToLps: TILTED });

const close = (a: Vec3, b: Vec3): void => a.forEach((value, n) => expect(value).toBeCloseTo(b[n]!, 12));

function stateOf(of: ImageGrid): ViewState {
  const description = { grid: of.toData(), frames: 1, modality: "CT" } as unknown as VolumeDescription;
  return new ViewState(description, of.centerLps);
}

describe("turning the planes", () => {
  it("keeps them at right angles, and comes back after a whole turn", () => {
    let orientation = STRAIGHT;
    for (let n = 0; n < 24; n++) {
      orientation = turned(orientation, planeFrame(grid, PLANE_NAMES[n % 3]!, orientation).normal, 0.3);
      const [a, b, d] = PLANE_NAMES.map((name) => planeFrame(grid, name, orientation));
      for (const [p, q] of [
        [a, b],
        [b, d],
        [d, a],
      ] as const)
        expect(dot(p!.normal, q!.normal)).toBeCloseTo(0, 12);
      if (n > 0) expect(a!.aligned).toBe(false);
    }
    let round = STRAIGHT;
    for (let n = 0; n < 12; n++) round = turned(round, [0, 0, 1], Math.PI / 6);
    expect(planeFrame(grid, "coronal", round).aligned).toBe(true);
    close(planeFrame(grid, "coronal", round).right, planeFrame(grid, "coronal").right);
  });

  it("turns the other two planes by the angle about a view's normal, clockwise on screen", () => {
    const state = stateOf(grid);
    applyViewChange(state, { turn: { plane: "axial", degrees: 25 } });
    const orientation = state.orientation.value;
    expect(
      degreesBetween(planeFrame(grid, "coronal").normal, planeFrame(grid, "coronal", orientation).normal),
    ).toBeCloseTo(25, 10);
    expect(degreesBetween(planeFrame(grid, "axial").normal, planeFrame(grid, "axial", orientation).normal)).toBeCloseTo(
      0,
      10,
    );
    // The axial picture stays as it is; clockwise on it, the coronal plane's right turns towards down.
    const { right, down } = planeFrame(grid, "axial");
    close(planeFrame(grid, "axial", orientation).right, right);
    const coronal = planeFrame(grid, "coronal", orientation);
    expect(dot(coronal.right, down)).toBeCloseTo(Math.sin((25 * Math.PI) / 180), 10);
    expect(dot(coronal.right, right)).toBeCloseTo(Math.cos((25 * Math.PI) / 180), 10);
    expect(planeFrame(grid, "axial", orientation).aligned).toBe(true);
    expect(planeFrame(grid, "coronal", orientation).aligned).toBe(false);
    applyViewChange(state, { orientation: { rotation: [0, 0, 0, 1] } });
    expect(planeFrame(grid, "coronal", state.orientation.value)).toEqual(planeFrame(grid, "coronal"));
  });

  it("lies along the patient's axes where that is asked for", () => {
    const patient = { ...STRAIGHT, base: "patient" } as const;
    close(planeFrame(tilted, "axial", patient).normal, [0, 0, 1]);
    close(planeFrame(tilted, "coronal", patient).normal, [0, 1, 0]);
    close(planeFrame(tilted, "sagittal", patient).normal, [-1, 0, 0]);
    expect(planeFrame(tilted, "axial", patient)).toMatchObject({ aligned: false, axis: 2 });
    expect(planeFrame(tilted, "sagittal", patient)).toMatchObject({ aligned: true, axis: 0 });
    expect(planeFrame(grid, "axial", patient)).toEqual(planeFrame(grid, "axial"));
  });

  it("leaves the crosshair where it is in every view", () => {
    const state = stateOf(tilted);
    const crosshair = tilted.toLps([20, 70, 44]);
    applyViewChange(state, { crosshair, planes: { axial: { zoom: 2, panMm: [5, -3] } } });
    const place = () =>
      PLANE_NAMES.map((name) => {
        const { right, down } = planeFrame(tilted, name, state.orientation.value);
        const { panMm } = state.planes[name].value;
        const d = crosshair.map((value, n) => value - tilted.centerLps[n]!) as unknown as Vec3;
        return [dot(d, right) - panMm[0], dot(d, down) - panMm[1]];
      });
    const before = place().flat();
    orient(state, tilted, turned(turned(STRAIGHT, [0, 0, 1], 0.4), [1, 0, 0], -0.7));
    place()
      .flat()
      .forEach((value, n) => expect(value).toBeCloseTo(before[n]!, 9));
  });

  it("comes to rest at straight when a handle is dragged nearly there, unless it is to be free", () => {
    const frame = planeFrame(grid, "axial");
    const at = (degrees: number) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)] as const;
    const start = turned(STRAIGHT, frame.normal, (20 * Math.PI) / 180);
    expect(turnedBy(start, frame, { from: at(0), to: at(-19) }, false).rotation[3]).toBeCloseTo(1, 12);
    expect(turnedBy(start, frame, { from: at(0), to: at(-19) }, true).rotation[3]).toBeLessThan(0.99997);
    expect(turnedBy(start, frame, { from: at(0), to: at(10) }, false).rotation[2]).toBeCloseTo(
      Math.sin((15 * Math.PI) / 180),
      12,
    );
  });

  it("steps along a turned normal so that no slice of any axis is passed over", () => {
    expect(obliqueStepMm(grid, planeFrame(grid, "axial"))).toBeCloseTo(2.5, 12);
    expect(obliqueStepMm(grid, planeFrame(grid, "sagittal"))).toBeCloseTo(0.8, 12);
    const frame = planeFrame(grid, "axial", turned(STRAIGHT, [1, 0, 0], Math.PI / 4));
    expect(obliqueStepMm(grid, frame)).toBeCloseTo(0.8 * Math.SQRT2, 12);
  });

  it("refuses a rotation of zeros and planes that there are not", () => {
    const state = new ViewState(stateOf(grid).description, signal(grid.centerLps).value);
    for (const rotation of [
      [0, 0, 0, 0],
      [1.7e308, 1.7e308, 0, 0],
    ]) {
      expect(() => applyViewChange(state, { orientation: { rotation } })).toThrow("quaternion");
    }
    expect(() => applyViewChange(state, { turn: { plane: "oblique", degrees: 3 } })).toThrow();
  });
});
