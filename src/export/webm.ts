/**
 * WebM of one video track (https://www.webmproject.org/docs/container/, EBML of RFC 8794, Matroska of RFC 9559): what browsers and
 * players need and no more. One cluster a key frame; seeking works by clusters.
 */

/** One encoded picture. */
export interface VideoChunk {
  readonly bytes: Uint8Array;
  readonly key: boolean;
}

/** EBML ids, as written. */
const ID = {
  ebml: 0x1a45dfa3,
  ebmlVersion: 0x4286,
  ebmlReadVersion: 0x42f7,
  ebmlMaxIdLength: 0x42f2,
  ebmlMaxSizeLength: 0x42f3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  codecId: 0x86,
  defaultDuration: 0x23e383,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

/** Longest time a block may lie after its cluster's begin, ms: 16 bits, signed. */
const CLUSTER_MS = 30_000;

/** A whole file. `codec` is `V_VP8` or `V_VP9`; chunks are evenly spaced, the first a key frame. */
export function webmFile(
  video: {
    readonly codec: "V_VP8" | "V_VP9";
    readonly width: number;
    readonly height: number;
    readonly framesPerSecond: number;
  },
  chunks: readonly VideoChunk[],
): Uint8Array<ArrayBuffer> {
  const { codec, width, height, framesPerSecond } = video;
  const head = element(
    ID.ebml,
    number(ID.ebmlVersion, 1),
    number(ID.ebmlReadVersion, 1),
    number(ID.ebmlMaxIdLength, 4),
    number(ID.ebmlMaxSizeLength, 8),
    text(ID.docType, "webm"),
    number(ID.docTypeVersion, 4),
    number(ID.docTypeReadVersion, 2),
  );
  const info = element(
    ID.info,
    number(ID.timestampScale, 1_000_000),
    float(ID.duration, (chunks.length * 1000) / framesPerSecond),
    text(ID.muxingApp, "Voxelwright"),
    text(ID.writingApp, "Voxelwright"),
  );
  const tracks = element(
    ID.tracks,
    element(
      ID.trackEntry,
      number(ID.trackNumber, 1),
      number(ID.trackUid, 1),
      number(ID.trackType, 1),
      text(ID.codecId, codec),
      number(ID.defaultDuration, Math.round(1e9 / framesPerSecond)),
      element(ID.video, number(ID.pixelWidth, width), number(ID.pixelHeight, height)),
    ),
  );
  const clusters: Uint8Array[] = [];
  let open: { readonly start: number; readonly parts: Uint8Array[] } | undefined;
  const close = (): void => {
    if (open) clusters.push(element(ID.cluster, number(ID.timestamp, open.start), ...open.parts));
    open = undefined;
  };
  for (const [n, { bytes, key }] of chunks.entries()) {
    const at = Math.round((n * 1000) / framesPerSecond);
    if (open && (key || at - open.start > CLUSTER_MS)) close();
    open ??= { start: at, parts: [] };
    const offset = at - open.start;
    // Track 1, time after the cluster's begin, flags.
    const block = new Uint8Array(4 + bytes.length);
    block.set([0x81, offset >> 8, offset & 0xff, key ? 0x80 : 0]);
    block.set(bytes, 4);
    open.parts.push(element(ID.simpleBlock, block));
  }
  close();
  return join([head, element(ID.segment, info, tracks, ...clusters)]);
}

function element(id: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return join([idBytes(id), sizeBytes(size), ...parts]);
}

function number(id: number, value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return element(id, Uint8Array.from(bytes));
}

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, bytes);
}

function text(id: number, value: string): Uint8Array {
  return element(id, new TextEncoder().encode(value));
}

function idBytes(id: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

/** A size in eight bytes, the first of them only the mark of their number. */
function sizeBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(size / 2 ** 32));
  view.setUint32(4, size >>> 0);
  bytes[0] = 0x01;
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
