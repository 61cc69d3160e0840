import type { SourceFile } from "#sources";

/** What is used of CharLS (`@cornerstonejs/codec-charls`). */
interface CharlsModule {
  readonly JpegLSDecoder: new () => {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  };
}

/** Decoding the JPEG-LS frames of DICOM files and nothing else: the floor of their import. */
export async function jpegLsFloor(files: readonly SourceFile[]): Promise<() => Promise<void>> {
  const frames = await Promise.all(files.map(async ({ blob }) => frameOf(new Uint8Array(await blob.arrayBuffer()))));
  const { default: create } = (await import("@cornerstonejs/codec-charls/decodewasmjs")) as unknown as {
    default: (options: object) => Promise<CharlsModule>;
  };
  const module = await create({});
  return () => {
    for (const frame of frames) {
      const decoder = new module.JpegLSDecoder();
      decoder.getEncodedBuffer(frame.length).set(frame);
      decoder.decode();
      decoder.getDecodedBuffer();
      decoder.delete();
    }
    return Promise.resolve();
  };
}

/** The JPEG-LS stream of a file of one frame: from its SOI to its EOI marker, which the last fragment holds. */
function frameOf(bytes: Uint8Array): Uint8Array {
  // SOI (FFD8) followed by SOF55 (FFF7), ISO/IEC 14495-1 Annex C.
  const start = bytes.findIndex(
    (byte, n) => byte === 0xff && bytes[n + 1] === 0xd8 && bytes[n + 2] === 0xff && bytes[n + 3] === 0xf7,
  );
  return bytes.subarray(start);
}
