import { IMAGE_FORMATS, type ImageFormat } from "./image-file.ts";
import { LABEL_FORMATS, type LabelFormat } from "./label-file.ts";

function longestMatch<Format extends string>(formats: readonly Format[], name: string): Format | undefined {
  const matches = formats.filter((format) => name.toLowerCase().endsWith(`.${format}`));
  return matches.toSorted((a, b) => b.length - a.length)[0];
}

/** The labelmap format that a file name asks for by its ending, or undefined. */
export function labelFormatOf(name: string): LabelFormat | undefined {
  return longestMatch(LABEL_FORMATS, name);
}

/** The image format that a file name asks for by its ending, or undefined; `.seg.nrrd` is a labelmap's, not an image's. */
export function imageFormatOf(name: string): ImageFormat | undefined {
  return name.toLowerCase().endsWith(".seg.nrrd") ? undefined : longestMatch(IMAGE_FORMATS, name);
}
