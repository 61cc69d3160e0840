import { VoxelwrightError } from "#base";

/** How the bytes of a frame are coded. */
export type FrameCoding = "raw" | "rle" | "jpeg" | "jpeg-ls" | "jpeg-2000" | "htj2k";

/** What a transfer syntax says about a file (PS3.5 section 10 and annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly coding: FrameCoding;
  readonly implicitVr: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
  /** False where decoded voxels are not those that the scanner stored. */
  readonly lossless: boolean;
}

const syntax = (
  uid: string,
  name: string,
  coding: FrameCoding,
  more: Partial<TransferSyntax> = {},
): TransferSyntax => ({
  uid,
  name,
  coding,
  implicitVr: false,
  bigEndian: false,
  deflated: false,
  lossless: true,
  ...more,
});

const lossy = { lossless: false };

export const IMPLICIT_LITTLE = syntax("1.2.840.10008.1.2", "implicit VR little endian", "raw", { implicitVr: true });
export const EXPLICIT_LITTLE = syntax("1.2.840.10008.1.2.1", "explicit VR little endian", "raw");
export const EXPLICIT_BIG = syntax("1.2.840.10008.1.2.2", "explicit VR big endian", "raw", { bigEndian: true });

const SYNTAXES = [
  IMPLICIT_LITTLE,
  EXPLICIT_LITTLE,
  EXPLICIT_BIG,
  syntax("1.2.840.10008.1.2.1.98", "encapsulated uncompressed", "raw"),
  syntax("1.2.840.10008.1.2.1.99", "deflated", "raw", { deflated: true }),
  syntax("1.2.840.113619.5.2", "GE private implicit VR", "raw", { implicitVr: true }),
  syntax("1.2.840.10008.1.2.5", "RLE", "rle"),
  syntax("1.2.840.10008.1.2.4.50", "JPEG baseline", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.51", "JPEG extended", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.52", "JPEG process 3 and 5", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.53", "JPEG process 6 and 8", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.54", "JPEG process 7 and 9", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.55", "JPEG process 10 and 12", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.56", "JPEG process 11 and 13", "jpeg", lossy),
  syntax("1.2.840.10008.1.2.4.57", "JPEG lossless", "jpeg"),
  syntax("1.2.840.10008.1.2.4.58", "JPEG lossless, process 15", "jpeg"),
  syntax("1.2.840.10008.1.2.4.70", "JPEG lossless, first order", "jpeg"),
  syntax("1.2.840.10008.1.2.4.80", "JPEG-LS lossless", "jpeg-ls"),
  syntax("1.2.840.10008.1.2.4.81", "JPEG-LS near lossless", "jpeg-ls", lossy),
  syntax("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", "jpeg-2000"),
  syntax("1.2.840.10008.1.2.4.91", "JPEG 2000", "jpeg-2000", lossy),
  syntax("1.2.840.10008.1.2.4.92", "JPEG 2000 part 2 lossless", "jpeg-2000"),
  syntax("1.2.840.10008.1.2.4.93", "JPEG 2000 part 2", "jpeg-2000", lossy),
  syntax("1.2.840.10008.1.2.4.201", "HTJ2K lossless", "htj2k"),
  syntax("1.2.840.10008.1.2.4.202", "HTJ2K lossless, RPCL", "htj2k"),
  syntax("1.2.840.10008.1.2.4.203", "HTJ2K", "htj2k", lossy),
];

const BY_UID = new Map(SYNTAXES.map((entry) => [entry.uid, entry]));

/** Names of syntaxes that are known and not read. */
const REFUSED: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.4.94": "JPIP referenced pixels: the voxels are on a server",
  "1.2.840.10008.1.2.4.95": "JPIP referenced pixels: the voxels are on a server",
  "1.2.840.10008.1.2.4.100": "MPEG-2 video",
  "1.2.840.10008.1.2.4.101": "MPEG-2 video",
  "1.2.840.10008.1.2.4.102": "MPEG-4 video",
  "1.2.840.10008.1.2.4.103": "MPEG-4 video",
  "1.2.840.10008.1.2.4.107": "HEVC video",
  "1.2.840.10008.1.2.4.108": "HEVC video",
  "1.2.840.10008.1.2.4.110": "JPEG XL",
  "1.2.840.10008.1.2.4.111": "JPEG XL",
  "1.2.840.10008.1.2.4.112": "JPEG XL",
};

/** The syntax of a UID; throws `unsupported` with its name where it is not read. */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const found = BY_UID.get(uid);
  if (found) return found;
  const name = REFUSED[uid] ?? `transfer syntax ${uid || "without UID"}`;
  throw new VoxelwrightError("unsupported", `The voxels are coded as ${name}, which is not read.`, {
    advice: "Convert it to an uncompressed or a JPEG 2000 DICOM file.",
  });
}
