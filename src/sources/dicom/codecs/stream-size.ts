/** Size that a code stream states for itself. */
export interface StreamSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Columns and rows in the header of a JPEG 2000 stream (SIZ, ISO/IEC 15444-1 A.5.1), a JPEG or a JPEG-LS one (start of frame,
 * ISO/IEC 10918-1 B.2.2); undefined where there is none. A decoder allocates by these numbers, so they are looked at first.
 */
export function streamSize(bytes: Uint8Array): StreamSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24) return undefined;
  if (view.getUint32(0) === 0xff4fff51) {
    return { columns: view.getUint32(8) - view.getUint32(16), rows: view.getUint32(12) - view.getUint32(20) };
  }
  if (view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length; ) {
    const marker = view.getUint16(at);
    // Fill bytes may come before a marker.
    if (marker === 0xffff) at++;
    else if (isStartOfFrame(marker)) return { rows: view.getUint16(at + 5), columns: view.getUint16(at + 7) };
    else if (marker >> 8 !== 0xff || marker === 0xffda) return undefined;
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 but DHT, JPG and DAC, and SOF55 of JPEG-LS. */
function isStartOfFrame(marker: number): boolean {
  if (marker === 0xfff7) return true;
  return marker >= 0xffc0 && marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc;
}
