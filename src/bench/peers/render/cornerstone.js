// Cornerstone3D: an orthographic viewport for planes, a 3D viewport for the volume. Built on a vtk.js of its own.
import {
  cache,
  Enums,
  imageLoader,
  init,
  RenderingEngine,
  setVolumesForViewports,
  volumeLoader,
} from "@cornerstonejs/core";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js";
import { shareTransfer } from "./vtk-scene.js";

const VOLUME = "bench:ct";

/* global PEER_VERSION */

export function create(frames) {
  const hosts = { planes: document.createElement("div"), rays: document.createElement("div") };
  let engine;
  let look;
  let shown = "planes";
  let size = 512;
  const viewport = () => engine.getViewport(shown);
  return {
    name: "Cornerstone3D",
    version: PEER_VERSION,
    scenes: ["scroll", "oblique", "slab", "mip", "shaded", "iso"],
    async open(host, { dims, voxels }, given) {
      look = given;
      init({ rendering: { webGlContextCount: 1 } });
      // Slices of a local volume are in the cache; it asks a loader for them all the same.
      imageLoader.registerImageLoader("bench", (id) => ({ promise: Promise.resolve(cache.getImage(id)) }));
      engine = new RenderingEngine("bench");
      for (const element of Object.values(hosts)) {
        element.style.cssText = "position: absolute; left: 0; top: 0; width: 512px; height: 512px";
        host.append(element);
      }
      const { ORTHOGRAPHIC, VOLUME_3D } = Enums.ViewportType;
      engine.enableElement({ viewportId: "planes", type: ORTHOGRAPHIC, element: hosts.planes });
      engine.enableElement({ viewportId: "rays", type: VOLUME_3D, element: hosts.rays });
      volumeLoader.createLocalVolume(VOLUME, {
        scalarData: voxels,
        dimensions: [...dims],
        spacing: [1, 1, 1],
        origin: [0, 0, 0],
        direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        metadata: {
          Modality: "CT",
          BitsAllocated: 16,
          BitsStored: 16,
          HighBit: 15,
          PixelRepresentation: 1,
          SamplesPerPixel: 1,
          PhotometricInterpretation: "MONOCHROME2",
          PixelSpacing: [1, 1],
          Rows: dims[1],
          Columns: dims[0],
          ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
          FrameOfReferenceUID: "1.2.3",
          voiLut: [],
          VOILUTFunction: "LINEAR",
        },
      });
      await setVolumesForViewports(engine, [{ volumeId: VOLUME }], ["planes", "rays"]);
      const { center, width } = look.window;
      const voiRange = { lower: center - width / 2, upper: center + width / 2 };
      engine.getViewport("planes").setProperties({ voiRange }, VOLUME);
    },
    async show(scene, given) {
      size = given;
      const solid = ["mip", "shaded", "iso"].includes(scene);
      shown = solid ? "rays" : "planes";
      for (const [name, element] of Object.entries(hosts)) {
        element.style.width = element.style.height = `${size}px`;
        element.style.zIndex = name === shown ? "1" : "0";
      }
      engine.resize(true, true);
      const { COMPOSITE, MAXIMUM_INTENSITY_BLEND } = Enums.BlendModes;
      const actor = viewport().getDefaultActor().actor;
      if (!solid) {
        viewport().setBlendMode(scene === "slab" ? MAXIMUM_INTENSITY_BLEND : COMPOSITE);
        viewport().setSlabThickness(scene === "slab" ? 20 : 0.1);
        frames.flush();
        return;
      }
      actor.getMapper().setAutoAdjustSampleDistances(false);
      actor.getMapper().setSampleDistance(look.stepMm);
      actor.getMapper().setMaximumSamplesPerRay(4000);
      actor.getMapper().setBlendMode(scene === "mip" ? 1 : 0);
      shareTransfer(actor.getProperty(), scene, look, vtkColorTransferFunction, vtkPiecewiseFunction);
      frames.flush();
    },
    draw({ scene, plane: at, camera }) {
      if (["mip", "shaded", "iso"].includes(scene)) {
        const position = camera.center.map((n, axis) => n - camera.forward[axis] * camera.heightMm);
        viewport().setCamera({
          focalPoint: camera.center,
          position,
          viewUp: camera.up,
          viewPlaneNormal: camera.forward.map((n) => -n),
          parallelProjection: true,
          parallelScale: camera.heightMm / 2,
        });
      } else {
        const [r, d] = [at.right, at.down];
        const normal = [r[1] * d[2] - r[2] * d[1], r[2] * d[0] - r[0] * d[2], r[0] * d[1] - r[1] * d[0]];
        viewport().setCamera({
          focalPoint: at.center,
          position: at.center.map((n, axis) => n - normal[axis] * 500),
          viewUp: d.map((n) => -n),
          viewPlaneNormal: normal.map((n) => -n),
          parallelScale: (at.mmPerPixel * size) / 2,
        });
      }
      viewport().render();
      frames.flush();
    },
    canvas: () => viewport().getCanvas(),
  };
}
