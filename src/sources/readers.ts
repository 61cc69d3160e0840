import { metaImageReader } from "./metaimage.ts";
import { mghReader } from "./mgh.ts";
import { niftiReader } from "./nifti.ts";
import { nrrdReader } from "./nrrd.ts";
import type { SourceReader } from "./source.ts";
import { tiffReader } from "./tiff.ts";

/**
 * All readers, the surest signs first: NRRD and NIfTI carry magics, MGH a version and plausible sizes, MetaImage words, TIFF a magic, and
 * DICOM may come without any preamble. The DICOM reader with its codecs is loaded when it is first asked for.
 */
export async function allReaders(): Promise<readonly SourceReader[]> {
  const { dicomReader } = await import("./dicom/index.ts");
  return [nrrdReader, niftiReader, mghReader, metaImageReader, tiffReader, dicomReader];
}
