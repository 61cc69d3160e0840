import { decodeJpeg } from "../dicom/codecs/gdcm.ts";
import { streamSize } from "../dicom/codecs/stream-size.ts";

/** UID of DICOM's transfer syntax for JPEG baseline. */
const BASELINE = "1.2.840.10008.1.2.4.50";

/** The grey values of a JPEG in the order of its rows; throws a plain error where they are not `count`. */
export async function unpackJpeg(bytes: Uint8Array, count: number): Promise<Uint8Array> {
  const size = streamSize(bytes);
  if (!size) throw new Error("a chunk is no JPEG");
  const { columns, rows } = size;
  if (columns * rows !== count) throw new Error(`a JPEG has ${columns}×${rows} pixels instead of ${count}`);
  const { samples } = await decodeJpeg(bytes, {
    columns,
    rows,
    bitsAllocated: 8,
    bitsStored: 8,
    syntaxUid: BASELINE,
  });
  return Uint8Array.from(samples);
}
