import type { Dims } from "#volume";

/** Morphological contour interpolation along an index axis (k when absent, all with -1) of dense labels, given back dense. */
export type ContourFill = (
  dims: Dims,
  spacingMm: readonly number[],
  labels: Uint8Array,
  axis?: -1 | 0 | 1 | 2,
) => Promise<ArrayLike<number>>;

/**
 * ITK's morphological contour interpolation, the peer of our fill. The package is needed at run time only; undefined when it is
 * not installed.
 */
export async function itkContourFill(): Promise<ContourFill | undefined> {
  try {
    const { morphologicalContourInterpolationNode: interpolate } = await import(
      "@itk-wasm/morphological-contour-interpolation"
    );
    const { Image, ImageType } = await import("itk-wasm");
    return async (dims, spacingMm, labels, axis = 2) => {
      const image = new Image(new ImageType(3, "uint8", "Scalar", 1));
      image.size = [...dims];
      image.spacing = [...spacingMm];
      image.data = labels.slice();
      const { outputImage } = await interpolate(image, { axis });
      return outputImage.data as unknown as ArrayLike<number>;
    };
  } catch {
    return undefined;
  }
}
