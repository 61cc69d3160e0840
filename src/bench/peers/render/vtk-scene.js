// What vtk.js and what is built on it take alike.

/** A parallel camera far enough away. */
export function placeCamera(camera, { center, forward, up, heightMm }) {
  camera.setParallelProjection(true);
  camera.setFocalPoint(...center);
  camera.setPosition(...center.map((n, axis) => n - forward[axis] * heightMm));
  camera.setViewUp(...up);
  camera.setParallelScale(heightMm / 2);
  camera.setClippingRange(1, heightMm * 3);
}

/**
 * Colours and opacities of a volume property. There is no isosurface in vtk.js: a shaded composite with a step in its opacity is the
 * nearest to one.
 */
export function shareTransfer(property, scene, look, ColorTransferFunction, PiecewiseFunction) {
  const colors = ColorTransferFunction.newInstance();
  const opacities = PiecewiseFunction.newInstance();
  const { center, width } = look.window;
  if (scene === "mip") {
    colors.addRGBPoint(center - width / 2, 0, 0, 0);
    colors.addRGBPoint(center + width / 2, 1, 1, 1);
    opacities.addPoint(center - width / 2, 1);
    opacities.addPoint(center + width / 2, 1);
  } else if (scene === "iso") {
    colors.addRGBPoint(look.isoLevel, ...look.isoColor);
    opacities.addPoint(look.isoLevel - 1, 0);
    opacities.addPoint(look.isoLevel, 1);
  } else {
    for (const { value, opacity, color } of look.transfer) {
      colors.addRGBPoint(value, ...color);
      opacities.addPoint(value, opacity);
    }
  }
  property.setRGBTransferFunction(0, colors);
  property.setScalarOpacity(0, opacities);
  property.setScalarOpacityUnitDistance(0, 1);
  property.setInterpolationTypeToLinear();
  property.setShade(scene !== "mip");
  property.setAmbient(look.ambient);
  property.setDiffuse(look.diffuse);
  property.setSpecular(look.specular);
}
