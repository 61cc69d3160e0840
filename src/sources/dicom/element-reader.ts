import dicomParser, { type ByteStream, type Element } from "dicom-parser";
import { VoxelwrightError } from "#base";
import { type ElementSet } from "./attributes.ts";
import { PIXEL_TAGS, READ_SEQUENCES } from "./tags.ts";

/** How elements are written from some offset on. */
export interface Encoding {
  readonly implicitVr: boolean;
  readonly bigEndian: boolean;
}

/** Elements up to the voxels; `pixels` is the element that holds those, of which only the start was looked at. */
export interface Elements {
  readonly set: ElementSet;
  readonly pixels?: Element;
  /** True when the bytes end before the header does: more bytes may complete it. */
  readonly cut: boolean;
}

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = "xfffee000";
const ITEM_END = "xfffee00d";
const SEQUENCE_END = "xfffee0dd";
/** Deepest nesting of sequences that are read; functional groups nest four deep. */
const MAX_DEPTH = 32;

function parserOf(bigEndian: boolean): ElementSet["byteArrayParser"] {
  return bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
}

function emptySet(bytes: Uint8Array, bigEndian: boolean): ElementSet {
  return { elements: {}, byteArray: bytes, byteArrayParser: parserOf(bigEndian) };
}

function streamOf(bytes: Uint8Array, bigEndian: boolean, position: number): ByteStream {
  return new dicomParser.ByteStream(parserOf(bigEndian), bytes, position);
}

/**
 * Reads elements from `offset` to the voxels or the end (PS3.5 section 7). Only the sequences in `READ_SEQUENCES` are gone
 * into; all others are stepped over without recursion, so that depth costs nothing. Throws `source` where bytes make no sense.
 */
export function readElements(bytes: Uint8Array, offset: number, encoding: Encoding): Elements {
  // The parser takes no empty stream.
  if (offset >= bytes.length) return { set: emptySet(bytes, encoding.bigEndian), cut: true };
  const stream = streamOf(bytes, encoding.bigEndian, offset);
  const set = emptySet(bytes, encoding.bigEndian);
  const done = (cut: boolean, pixels?: Element): Elements => (pixels ? { set, cut, pixels } : { set, cut });
  while (stream.position < bytes.length) {
    // The longest element header is 12 bytes.
    if (bytes.length - stream.position < 8) return done(true);
    const start = stream.position;
    const element = readElementHead(stream, encoding.implicitVr);
    if (!element) return done(true);
    if (PIXEL_TAGS.has(element.tag)) return done(false, element);
    if (element.tag === ITEM || element.tag === ITEM_END || element.tag === SEQUENCE_END) continue;
    if (element.hadUndefinedLength || READ_SEQUENCES.has(element.tag)) {
      const end = skipValue(stream, element, encoding.implicitVr);
      if (end === undefined) return done(true);
      if (READ_SEQUENCES.has(element.tag)) readItems(bytes, start, end.depth, element, encoding, set);
      stream.position = end.position;
    } else {
      stream.seek(element.length);
      if (stream.position > bytes.length) {
        set.elements[element.tag] = element;
        return done(true);
      }
    }
    set.elements[element.tag] = element;
  }
  return done(stream.position > bytes.length);
}

/** Tag, VR and length of the next element, the stream then at its value; undefined when the bytes end first. */
function readElementHead(stream: ByteStream, implicitVr: boolean): Element | undefined {
  const start = stream.position;
  try {
    const tag = dicomParser.readTag(stream);
    if (tag === ITEM || tag === ITEM_END || tag === SEQUENCE_END) {
      const length = stream.readUint32();
      return { tag, length, dataOffset: stream.position, hadUndefinedLength: length === UNDEFINED_LENGTH };
    }
    stream.position = start;
    // Naming the tag as the one to stop at makes the parser return before it goes into the value.
    return implicitVr
      ? dicomParser.readDicomElementImplicit(stream, tag)
      : dicomParser.readDicomElementExplicit(stream, [], tag);
  } catch {
    stream.position = start;
    return undefined;
  }
}

/**
 * Where the value of an element ends and how deep its sequences nest, by walking items; undefined when the bytes end first.
 * Items and values of known length are stepped over.
 */
function skipValue(
  stream: ByteStream,
  element: Element,
  implicitVr: boolean,
): { position: number; depth: number } | undefined {
  const size = stream.byteArray.length;
  const walk = streamOf(
    stream.byteArray as Uint8Array,
    stream.byteArrayParser === dicomParser.bigEndianByteArrayParser,
    stream.position,
  );
  if (!element.hadUndefinedLength) {
    const position = element.dataOffset + element.length;
    return position <= size ? { position, depth: 1 } : undefined;
  }
  // A sequence of VR UN is written in implicit VR (PS3.5 section 6.2.2).
  const implicit: boolean[] = [implicitVr || element.vr === "UN"];
  let open = 1;
  let depth = 1;
  while (open > 0) {
    if (size - walk.position < 8) return undefined;
    const next = readElementHead(walk, implicit.at(-1)!);
    if (!next) return undefined;
    if (next.tag === SEQUENCE_END) {
      open--;
      implicit.pop();
    } else if (next.tag === ITEM_END) continue;
    else if (next.hadUndefinedLength && next.tag !== ITEM) {
      open++;
      depth = Math.max(depth, open);
      implicit.push(implicit.at(-1)! || next.vr === "UN");
    } else if (!next.hadUndefinedLength) {
      walk.seek(next.length);
      if (walk.position > size) return undefined;
    }
  }
  return { position: walk.position, depth };
}

function readItems(
  bytes: Uint8Array,
  start: number,
  depth: number,
  element: Element,
  encoding: Encoding,
  set: ElementSet,
): void {
  if (depth > MAX_DEPTH) throw new VoxelwrightError("source", `Sequences are nested ${depth} deep.`);
  const stream = streamOf(bytes, encoding.bigEndian, start);
  try {
    const read = encoding.implicitVr
      ? dicomParser.readDicomElementImplicit(stream, "")
      : dicomParser.readDicomElementExplicit(stream, []);
    element.items = read.items ?? [];
    set.elements[element.tag] = element;
  } catch (cause) {
    throw new VoxelwrightError("source", "A sequence of the header is damaged.", { cause });
  }
}
