const CLEAR = 256;
const END = 257;
const FIRST = 258;
/** Words of twelve bits. */
const WORDS = 4096;

/**
 * Unpacks LZW as TIFF has it (TIFF 6.0, section 13): highest bit first, words one code early. Fills `out`; throws where there is less, or
 * a code that cannot be.
 */
export function unpackLzw(packed: Uint8Array, out: Uint8Array): void {
  /** Where the text of a word lies in `out`, and how long it is: that of the word before it and one byte more. */
  const places = new Int32Array(WORDS);
  const lengths = new Int32Array(WORDS);
  let next = FIRST;
  let width = 9;
  let bits = 0;
  let held = 0;
  let at = 0;
  /** Text of the code before. */
  let place = -1;
  let length = 0;
  for (let n = 0; at < out.length; ) {
    while (held < width) {
      if (n >= packed.length) throw new Error("a block ends early");
      bits = ((bits << 8) | packed[n++]!) >>> 0;
      held += 8;
    }
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    bits &= (1 << held) - 1;
    if (code === CLEAR) {
      next = FIRST;
      width = 9;
      place = -1;
      continue;
    }
    if (code === END) throw new Error("a block ends early");
    const from = at;
    if (code < CLEAR) out[at++] = code;
    else {
      if (place < 0 || code > next) throw new Error("a code of a block is damaged");
      // The word that is made just now is the one before and its first byte.
      const known = code < next;
      const text = known ? places[code]! : place;
      const end = Math.min(out.length, at + (known ? lengths[code]! : length + 1));
      // Bytes may lie in what is written just now.
      for (let byte = text; at < end; byte++) out[at++] = out[byte]!;
    }
    if (place >= 0 && next < WORDS) {
      places[next] = place;
      lengths[next] = length + 1;
      next++;
    }
    place = from;
    length = at - from;
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
}
