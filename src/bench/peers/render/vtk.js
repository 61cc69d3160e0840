// vtk.js with its WebGL back end: ImageResliceMapper for planes, VolumeMapper for the volume. Its WebGPU volume pass is one very large
// shader that ends the GPU process of a software adapter.
import "@kitware/vtk.js/Rendering/OpenGL/Profiles/Volume.js";
import "@kitware/vtk.js/Rendering/OpenGL/Profiles/Geometry.js";
import "@kitware/vtk.js/Rendering/OpenGL/ImageResliceMapper.js";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkImageData from "@kitware/vtk.js/Common/DataModel/ImageData.js";
import vtkPiecewiseFunction from "@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js";
import vtkPlane from "@kitware/vtk.js/Common/DataModel/Plane.js";
import vtkColorTransferFunction from "@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js";
import vtkImageResliceMapper from "@kitware/vtk.js/Rendering/Core/ImageResliceMapper.js";
import { SlabTypes } from "@kitware/vtk.js/Rendering/Core/ImageResliceMapper/Constants.js";
import vtkImageSlice from "@kitware/vtk.js/Rendering/Core/ImageSlice.js";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer.js";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow.js";
import vtkRenderWindowInteractor from "@kitware/vtk.js/Rendering/Core/RenderWindowInteractor.js";
import vtkVolume from "@kitware/vtk.js/Rendering/Core/Volume.js";
import vtkVolumeMapper from "@kitware/vtk.js/Rendering/Core/VolumeMapper.js";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js";
import { placeCamera, shareTransfer } from "./vtk-scene.js";

/* global PEER_VERSION */

export function create() {
  const window = vtkRenderWindow.newInstance();
  const view = vtkOpenGLRenderWindow.newInstance();
  const planes = vtkRenderer.newInstance({ background: [0, 0, 0] });
  const rays = vtkRenderer.newInstance({ background: [0, 0, 0] });
  const reslice = vtkImageResliceMapper.newInstance();
  const plane = vtkPlane.newInstance();
  const mapper = vtkVolumeMapper.newInstance();
  const volume = vtkVolume.newInstance();
  let look;
  return {
    name: "vtk.js",
    version: PEER_VERSION,
    scenes: ["scroll", "oblique", "slab", "mip", "shaded", "iso"],
    async open(host, { dims, voxels }, given) {
      look = given;
      const image = vtkImageData.newInstance({ spacing: [1, 1, 1], origin: [0, 0, 0] });
      image.setDimensions(...dims);
      image.getPointData().setScalars(vtkDataArray.newInstance({ name: "ct", values: voxels, numberOfComponents: 1 }));
      reslice.setInputData(image);
      reslice.setSlicePlane(plane);
      const slice = vtkImageSlice.newInstance();
      slice.setMapper(reslice);
      slice.getProperty().setColorWindow(look.window.width);
      slice.getProperty().setColorLevel(look.window.center);
      slice.getProperty().setInterpolationTypeToLinear();
      planes.addActor(slice);
      mapper.setInputData(image);
      mapper.setAutoAdjustSampleDistances(false);
      mapper.setSampleDistance(look.stepMm);
      mapper.setMaximumSamplesPerRay(4000);
      volume.setMapper(mapper);
      rays.addVolume(volume);
      window.addView(view);
      view.setContainer(host);
      // Its volume mapper asks the interactor whether anything moves.
      const interactor = vtkRenderWindowInteractor.newInstance();
      interactor.setView(view);
      interactor.initialize();
    },
    async show(scene, size) {
      view.setSize(size, size);
      for (const renderer of [planes, rays]) window.removeRenderer(renderer);
      const solid = ["mip", "shaded", "iso"].includes(scene);
      window.addRenderer(solid ? rays : planes);
      if (!solid) {
        reslice.setSlabThickness(0);
        reslice.setSlabType(SlabTypes.MAX);
        return;
      }
      if (scene === "mip") mapper.setBlendModeToMaximumIntensity();
      else mapper.setBlendModeToComposite();
      shareTransfer(volume.getProperty(), scene, look, vtkColorTransferFunction, vtkPiecewiseFunction);
    },
    draw({ scene, plane: at, camera }) {
      if (["mip", "shaded", "iso"].includes(scene)) {
        placeCamera(rays.getActiveCamera(), camera);
      } else {
        const [r, d] = [at.right, at.down];
        const normal = [r[1] * d[2] - r[2] * d[1], r[2] * d[0] - r[0] * d[2], r[0] * d[1] - r[1] * d[0]];
        plane.setOrigin(...at.center);
        plane.setNormal(...normal);
        reslice.setSlabThickness(at.thicknessMm);
        const heightMm = at.mmPerPixel * view.getSize()[1];
        placeCamera(planes.getActiveCamera(), { center: at.center, forward: normal, up: d.map((n) => -n), heightMm });
      }
      window.render();
    },
    canvas: () => view.getCanvas(),
  };
}
