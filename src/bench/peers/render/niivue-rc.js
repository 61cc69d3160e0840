// NiiVue, the release candidate of 1.0, with its WebGPU back end. It lacks what the stable release lacks.
import NiiVue from "niivue-rc/webgpu";
import { colorMapOf, niftiOf, paintDisc } from "./nifti.js";

const AXIAL = 0;
const RENDER = 4;

/* global PEER_VERSION */

export function create(frames) {
  const nv = new NiiVue({
    backend: "webgpu",
    crosshairWidth: 0,
    is3DCrosshairVisible: false,
    isOrientCubeVisible: false,
    isColorbarVisible: false,
    isOrientationTextVisible: false,
    isRadiological: true,
    backgroundColor: [0, 0, 0, 1],
    forceDevicePixelRatio: 1,
    isAntiAlias: false,
  });
  const canvas = document.createElement("canvas");
  let dims;
  let look;
  let host;
  /** What it does at display frames while it is awaited. */
  const patiently = async (work) => {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    await frames.run(() => done, 60_000);
    await ended;
  };
  return {
    name: "NiiVue 1.0 rc",
    version: PEER_VERSION,
    scenes: ["scroll", "shaded"],
    async open(element, volume, given) {
      ({ dims } = volume);
      look = given;
      host = element.appendChild(document.createElement("div"));
      host.style.cssText = "width: 512px; height: 512px";
      host.append(canvas);
      canvas.style.cssText = "width: 100%; height: 100%";
      const url = URL.createObjectURL(new Blob([niftiOf(volume)]));
      await patiently(
        (async () => {
          await nv.attachToCanvas(canvas, false);
          await nv.loadVolumes([{ url, name: "ct.nii" }]);
        })(),
      );
    },
    async show(scene, size) {
      host.style.cssText = `width: ${size}px; height: ${size}px`;
      const { map, low, high } = colorMapOf(look);
      const { center, width } = look.window;
      if (scene === "shaded") {
        const colormap = nv.addColormap("bench", map);
        nv.sliceType = RENDER;
        nv.volumeIllumination = 0.7;
        await patiently(nv.setVolume(0, { colormap, calMin: low, calMax: high }));
      } else {
        nv.sliceType = AXIAL;
        await patiently(nv.setVolume(0, { colormap: "Gray", calMin: center - width / 2, calMax: center + width / 2 }));
      }
      let turns = 0;
      await frames.run(() => ++turns > 5 && canvas.width === size, 3000);
    },
    draw({ scene, plane, camera }) {
      if (scene === "shaded") {
        nv.azimuth = (180 + camera.azimuthDegrees) % 360;
        nv.elevation = 10;
      } else {
        nv.crosshairPos = [0.5, 0.5, (plane.center[2] + 0.5) / dims[2]];
      }
      frames.flush();
    },
    canvas: () => canvas,
    async startPainting() {
      await this.show("scroll", 512);
      nv.createEmptyDrawing();
      nv.crosshairPos = [0.5, 0.5, 0.5 + 0.5 / dims[2]];
      frames.flush();
    },
    paint(_step, center, radius) {
      paintDisc(nv.drawingVolume.img, dims, center, radius);
      nv.refreshDrawing();
      frames.flush();
    },
  };
}
