import type { JpegFrame } from "./frame-info.ts";

const SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";
const UNDEFINED_LENGTH = 0xffffffff;

/** A minimal DICOM file (PS3.10 section 7) around one compressed frame of unsigned grey values. */
export function singleFrameFile(frame: Uint8Array, info: JpegFrame): Uint8Array {
  const meta = [
    element(2, 0x0001, "OB", Uint8Array.of(0, 1)),
    element(2, 0x0002, "UI", text(SECONDARY_CAPTURE)),
    element(2, 0x0003, "UI", text("2.25.1")),
    element(2, 0x0010, "UI", text(info.syntaxUid)),
  ];
  const metaLength = new Uint8Array(4);
  new DataView(metaLength.buffer).setUint32(0, sum(meta), true);
  const body = [
    element(8, 0x0016, "UI", text(SECONDARY_CAPTURE)),
    element(8, 0x0018, "UI", text("2.25.1")),
    element(0x28, 0x0002, "US", uint16(1)),
    element(0x28, 0x0004, "CS", text("MONOCHROME2")),
    element(0x28, 0x0010, "US", uint16(info.rows)),
    element(0x28, 0x0011, "US", uint16(info.columns)),
    element(0x28, 0x0100, "US", uint16(info.bitsAllocated)),
    element(0x28, 0x0101, "US", uint16(info.bitsStored)),
    element(0x28, 0x0102, "US", uint16(info.bitsStored - 1)),
    element(0x28, 0x0103, "US", uint16(0)),
    head(0x7fe0, 0x0010, "OB", UNDEFINED_LENGTH),
    item(0xe000, 0),
    item(0xe000, frame.length + (frame.length % 2)),
    frame,
    new Uint8Array(frame.length % 2),
    item(0xe0dd, 0),
  ];
  const parts = [new Uint8Array(128), text("DICM"), element(2, 0, "UL", metaLength), ...meta, ...body];
  const file = new Uint8Array(sum(parts));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function element(group: number, number: number, vr: string, value: Uint8Array): Uint8Array {
  const start = head(group, number, vr, value.length);
  const bytes = new Uint8Array(start.length + value.length);
  bytes.set(start);
  bytes.set(value, start.length);
  return bytes;
}

function head(group: number, number: number, vr: string, length: number): Uint8Array {
  const long = vr === "OB";
  const bytes = new Uint8Array(long ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, group, true);
  view.setUint16(2, number, true);
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (long) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return bytes;
}

function item(number: number, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, number, true);
  view.setUint32(4, length, true);
  return bytes;
}

/** Text padded to an even length with NUL, as UIDs are. */
function text(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length + (value.length % 2));
  for (let n = 0; n < value.length; n++) bytes[n] = value.charCodeAt(n);
  return bytes;
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >> 8);
}

function sum(parts: readonly Uint8Array[]): number {
  return parts.reduce((total, part) => total + part.length, 0);
}
