// NiiVue, the stable release (WebGL 2). It has no oblique planes, slabs, projections or isosurfaces. Of rays it passes what is empty in
// longer steps, then samples once a voxel.
import { Niivue, SLICE_TYPE } from "@niivue/niivue";
import { colorMapOf, niftiOf, paintDisc } from "./nifti.js";

/* global PEER_VERSION */

export function create() {
  const nv = new Niivue({
    show3Dcrosshair: false,
    crosshairWidth: 0,
    isOrientCube: false,
    isColorbar: false,
    isRadiologicalConvention: true,
    backColor: [0, 0, 0, 1],
    forceDevicePixelRatio: 1,
    isCornerOrientationText: false,
    isOrientationTextVisible: false,
  });
  const canvas = document.createElement("canvas");
  let dims;
  let look;
  let host;
  return {
    name: "NiiVue",
    version: PEER_VERSION,
    scenes: ["scroll", "shaded"],
    async open(element, volume, given) {
      ({ dims } = volume);
      look = given;
      host = element.appendChild(document.createElement("div"));
      host.style.cssText = "width: 512px; height: 512px";
      host.append(canvas);
      await nv.attachToCanvas(canvas, false);
      await nv.loadFromArrayBuffer(niftiOf(volume), "ct.nii");
    },
    async show(scene, size) {
      host.style.cssText = `width: ${size}px; height: ${size}px`;
      nv.resizeListener();
      const [volume] = nv.volumes;
      if (scene === "shaded") {
        const { map, low, high } = colorMapOf(look);
        nv.addColormap("bench", map);
        volume.cal_min = low;
        volume.cal_max = high;
        volume.colormap = "bench";
        nv.setSliceType(SLICE_TYPE.RENDER);
        await nv.setVolumeRenderIllumination(0.7);
      } else {
        volume.cal_min = look.window.center - look.window.width / 2;
        volume.cal_max = look.window.center + look.window.width / 2;
        volume.colormap = "gray";
        nv.setSliceType(SLICE_TYPE.AXIAL);
      }
      nv.updateGLVolume();
    },
    draw({ scene, plane, camera }) {
      if (scene === "shaded") {
        nv.scene.renderAzimuth = (180 + camera.azimuthDegrees) % 360;
        nv.scene.renderElevation = 10;
      } else {
        nv.scene.crosshairPos = [0.5, 0.5, (plane.center[2] + 0.5) / dims[2]];
      }
      nv.drawScene();
    },
    canvas: () => canvas,
    async startPainting() {
      await this.show("scroll", 512);
      nv.setDrawingEnabled(true);
      nv.scene.crosshairPos = [0.5, 0.5, 0.5 + 0.5 / dims[2]];
      nv.drawScene();
    },
    paint(_step, center, radius) {
      paintDisc(nv.drawBitmap, dims, center, radius);
      nv.refreshDrawing(true);
    },
  };
}
