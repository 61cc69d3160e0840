import type { RaycastPass, RaycastScene } from "#gpu";
import { element, setText } from "./dom.ts";
import { drawMeasurements } from "./draw-measurements.ts";
import type { VolumeLine } from "./line-sight.ts";
import { marksInVolume } from "./measurement-marks.ts";
import type { OrbitCamera } from "./orbit-camera.ts";
import type { Stage } from "./stage.ts";
import { drawVolumeMarks, projection, volumeLines } from "./volume-marks.ts";
import { volumeTitle } from "./volume-scene.ts";
import { SIGHT_STEP_PX, VolumeSight } from "./volume-sight.ts";

/** Outlines, measurements and words over the volume. */
export class VolumeOverlay {
  readonly root: HTMLElement;
  readonly #stage: Stage;
  readonly #sight: VolumeSight;
  readonly #marks: HTMLCanvasElement;
  readonly #preset: HTMLElement;
  readonly #state: HTMLElement;

  constructor(parent: HTMLElement, stage: Stage, ray: RaycastPass) {
    this.#stage = stage;
    this.#sight = new VolumeSight(stage.gpu, ray);
    this.root = element("div", "vw-overlay vw-overlay-volume", parent);
    this.#marks = element("canvas", "vw-marks", this.root);
    const corner = element("div", "vw-corner vw-top-left", this.root);
    setText(element("div", "vw-line vw-line-title vw-title-volume", corner), "Volume");
    this.#preset = element("div", "vw-line", corner);
    this.#state = element("div", "vw-line vw-line-state", corner);
  }

  /** Draws on a canvas of the view's size in device pixels. */
  draw(camera: OrbitCamera, width: number, height: number, ratio: number): void {
    const marks = this.#marks;
    if (marks.width !== width || marks.height !== height) {
      marks.width = width;
      marks.height = height;
    }
    const paint = marks.getContext("2d");
    if (!paint) return;
    paint.clearRect(0, 0, width, height);
    const { state, volume } = this.#stage;
    const place = projection(camera.rayCamera(), width, height);
    const piecesOf = (line: VolumeLine) => this.#sight.pieces(line, place);
    drawVolumeMarks(paint, ratio, volume.grid, state, piecesOf);
    drawMeasurements(paint, marksInVolume(state.measurements.value, state.frame.value, place, piecesOf), ratio);
  }

  /**
   * Looks for what is drawn in a picture that was just submitted; the next drawing shows it. Lengths on that are CSS pixels times
   * `ratio`. While things move steps are longer, and the crosshair alone is not looked for: that would compile a shader for it. Nothing is
   * looked for where one is to be compiled first, which `later` hears.
   */
  async look(
    scene: RaycastScene,
    ratio: number,
    moving: boolean,
    later: (compiling: Promise<void>) => void,
  ): Promise<void> {
    const lines = volumeLines(this.#stage.volume.grid, this.#stage.state);
    if (moving && lines.length <= 1) return;
    await this.#sight.look(scene, lines, SIGHT_STEP_PX * (moving ? 2 : 1) * ratio, later);
  }

  /** Says what is shown, and what of it is still to come. */
  say(level: number, missing: number, making: boolean): void {
    const levelCount = this.#stage.bricks.levels.length;
    const parts = level > 0 ? [`Level ${level} of ${levelCount - 1}`] : [];
    if (missing > 0) parts.push("bricks loading");
    if (this.#stage.state.labelsInVolume.peek() === "volume" && this.#stage.labelBricks.behind)
      parts.push("labels loading");
    const { surfaces } = this.#stage;
    if (surfaces && surfaces.level > 0 && surfaces.meshes.size > 0) parts.push(`surfaces of level ${surfaces.level}`);
    if (making) parts.push("surfaces being made");
    else if (surfaces?.incomplete.peek()) parts.push("surfaces incomplete");
    setText(this.#preset, volumeTitle(this.#stage));
    setText(this.#state, parts.join(", "));
  }
}
