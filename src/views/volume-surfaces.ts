import type { Disposable } from "#base";
import { type SurfaceLayers, type SurfaceOutput, SurfacePass } from "#gpu";
import type { Stage } from "./stage.ts";
import type { PictureScene, PictureTarget } from "./volume-painter.ts";

/** Draws the surfaces that belong to a picture of the volume, where the state shows labels as surfaces. */
export class VolumeSurfaces implements Disposable {
  readonly #stage: Stage;
  #pass: SurfacePass | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The layers for the ray pass; they hold until the next call. Undefined where no surface shows. */
  draw(scene: PictureScene, target: PictureTarget, output: SurfaceOutput = "color"): SurfaceLayers | undefined {
    const { gpu, surfaceMeshes: meshes, labelBindings, volume, state } = this.#stage;
    if (!meshes || state.labelsInVolume.value !== "surfaces" || !state.labelsVisible.value) return undefined;
    const { camera, width, height, clip = {}, look } = scene;
    this.#pass ??= new SurfacePass(gpu);
    return this.#pass.draw(
      target,
      {
        camera,
        width,
        height,
        originPx: target.originPx,
        grid: volume.grid,
        meshes,
        labels: labelBindings,
        clip,
        ambient: look.ambient,
        diffuse: look.diffuse,
        specular: look.specular,
        activeSegment: look.activeSegment,
      },
      output,
    );
  }

  /** Lets what it holds on the GPU go; it is made again when it is needed. */
  release(): void {
    this.#pass?.dispose();
    this.#pass = undefined;
  }

  dispose(): void {
    this.release();
  }
}
