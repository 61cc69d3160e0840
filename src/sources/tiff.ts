import type { SourceReader } from "./source.ts";

/**
 * TIFF and BigTIFF (Adobe TIFF 6.0, 1992): pages of one file, or files of one page, as slices. The reader with its codecs is loaded when a
 * file asks for it. A DICOM file may begin like a TIFF picture (PS3.10 section 7.1), also one that was cut off before it says what it is.
 */
export const tiffReader: SourceReader = {
  name: "TIFF",
  recognises: (head, name) => isTiff(head) && !isDicom(head, name),
  open: async (files, all, options) => {
    const { openTiffs } = await import("./tiff/index.ts");
    return openTiffs(files, all, options);
  },
};

function isDicom(head: Uint8Array, name: string): boolean {
  if (head.length < 132) return /\.(dcm|dicom|ima)$/i.test(name);
  return String.fromCharCode(...head.subarray(128, 132)) === "DICM";
}

function isTiff([a, b, c, d]: Uint8Array): boolean {
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
  const big = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43);
  return little || big;
}
