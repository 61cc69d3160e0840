/**
 * Text in DICOM's character sets (PS3.3 C.12.1.1.2, PS3.5 section 6.1). Decoding never fails: what a set cannot say becomes
 * U+FFFD, control characters are dropped.
 */

const ASCII = "windows-1252";

/** Encoding of single-byte or whole-string sets, by defined term. */
const ENCODINGS: Readonly<Record<string, string>> = {
  "": ASCII,
  ISO_IR_6: ASCII,
  ISO_IR_13: "shift_jis",
  ISO_IR_100: "windows-1252",
  ISO_IR_101: "iso-8859-2",
  ISO_IR_109: "iso-8859-3",
  ISO_IR_110: "iso-8859-4",
  ISO_IR_126: "iso-8859-7",
  ISO_IR_127: "iso-8859-6",
  ISO_IR_138: "iso-8859-8",
  ISO_IR_144: "iso-8859-5",
  ISO_IR_148: "windows-1254",
  ISO_IR_166: "windows-874",
  ISO_IR_192: "utf-8",
  ISO_IR_203: "iso-8859-15",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** Sets that an escape sequence switches to: the bytes after ESC as text, and what they do to G0 or G1. */
const ESCAPES: readonly (readonly [string, "g0" | "g1", string])[] = [
  ["$(D", "g0", "jis-x-0212"],
  ["$)C", "g1", "euc-kr"],
  ["$)A", "g1", "gbk"],
  ["$B", "g0", "jis-x-0208"],
  ["$@", "g0", "jis-x-0208"],
  ["(B", "g0", ASCII],
  ["(J", "g0", ASCII],
  [")I", "g1", "shift_jis"],
  ["-A", "g1", "windows-1252"],
  ["-B", "g1", "iso-8859-2"],
  ["-C", "g1", "iso-8859-3"],
  ["-D", "g1", "iso-8859-4"],
  ["-F", "g1", "iso-8859-7"],
  ["-G", "g1", "iso-8859-6"],
  ["-H", "g1", "iso-8859-8"],
  ["-L", "g1", "iso-8859-5"],
  ["-M", "g1", "windows-1254"],
  ["-T", "g1", "windows-874"],
  ["-b", "g1", "iso-8859-15"],
];

/** First set of the ISO 2022 terms that change G1 from the start. */
const ISO_2022_START: Readonly<Record<string, string>> = { "13": "shift_jis", "149": "euc-kr", "58": "gbk" };

const ESC = 0x1b;
const decoders = new Map<string, TextDecoder>();

function decode(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (!decoder) decoders.set(encoding, (decoder = new TextDecoder(encoding)));
  return decoder.decode(bytes);
}

/** Text of `bytes` under the values of Specific Character Set (0008,0005). */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const terms = characterSets.map((term) =>
    term
      .trim()
      .toUpperCase()
      .replace(/^ISO[ _]IR[ _]?/, "ISO_IR_"),
  );
  const text = bytes.includes(ESC)
    ? decodeIso2022(bytes, startEncoding(terms[0]))
    : decode(startEncoding(terms[0]), bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").trim();
}

function startEncoding(term = ""): string {
  const iso2022 = /^ISO[ _]2022[ _]IR[ _]?(\d+)$/.exec(term)?.[1];
  if (iso2022 !== undefined) return ISO_2022_START[iso2022] ?? ENCODINGS[`ISO_IR_${iso2022}`] ?? ASCII;
  return ENCODINGS[term] ?? ASCII;
}

function decodeIso2022(bytes: Uint8Array, initial: string): string {
  let text = "";
  let g0 = ASCII;
  let g1 = initial;
  let start = 0;
  const flush = (end: number): void => {
    if (end > start) text += decodeRun(bytes.subarray(start, end), g0, g1);
    start = end;
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === ESC) {
      flush(at);
      const ahead = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
      const escape = ESCAPES.find(([sequence]) => ahead.startsWith(sequence));
      if (escape?.[1] === "g0") g0 = escape[2];
      if (escape?.[1] === "g1") g1 = escape[2];
      start = at + 1 + (escape?.[0].length ?? 0);
      at = start - 1;
    } else if (g0 === ASCII && (byte === 0x5e || byte === 0x3d || byte === 0x5c || byte === 0x0a || byte === 0x0d)) {
      // Delimiters of names and lines put the sets of the first value back (PS3.5 section 6.1.2.5.3).
      flush(at);
      g1 = initial;
    }
  }
  flush(bytes.length);
  return text;
}

function decodeRun(run: Uint8Array, g0: string, g1: string): string {
  if (g0 === "jis-x-0208")
    return decode(
      "euc-jp",
      run.map((byte) => byte | 0x80),
    );
  if (g0 === "jis-x-0212") {
    const three: number[] = [];
    for (let at = 0; at + 1 < run.length; at += 2) three.push(0x8f, run[at]! | 0x80, run[at + 1]! | 0x80);
    return decode("euc-jp", Uint8Array.from(three));
  }
  return decode(g1, run);
}

/** A person's name (VR PN) as people write it: `Yamada Tarou (山田 太郎, やまだ たろう)`. */
export function personName(text: string): string {
  const groups = text
    .split("=")
    .map((group) => group.replace(/\^+/g, " ").trim())
    .filter((group) => group !== "");
  const [first = "", ...others] = groups;
  return others.length === 0 ? first : `${first} (${others.join(", ")})`;
}
