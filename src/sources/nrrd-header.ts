import { HEADER_MAX_BYTES } from "./limits.ts";
import { limitError, sourceError, unsupportedError } from "./source-errors.ts";
import { asUtf8, numbersOf } from "./text-header.ts";
import type { SourceType } from "./voxel-conversion.ts";

/** A NRRD header. Format: teem.sourceforge.net/nrrd/format.html. Axis lists have one entry per axis of `sizes`. */
export interface NrrdHeader {
  readonly version: string;
  readonly sizes: readonly number[];
  readonly sourceType: SourceType;
  readonly encoding: "raw" | "gzip" | "ascii" | "hex";
  readonly littleEndian: boolean;
  readonly space: string | undefined;
  readonly spaceDimension: number | undefined;
  /** A vector per axis; undefined where the axis is `none`. Undefined as a whole when the header gives none. */
  readonly spaceDirections: readonly (readonly number[] | undefined)[] | undefined;
  readonly spaceOrigin: readonly number[] | undefined;
  readonly spaceUnits: readonly string[];
  readonly spacings: readonly number[] | undefined;
  readonly kinds: readonly string[] | undefined;
  /** `data file` as written; undefined when the data follows the header. */
  readonly dataFile: string | undefined;
  /** File names after `data file: LIST`. */
  readonly listed: readonly string[];
  readonly lineSkip: number;
  /** −1: raw data is at the end of the file. */
  readonly byteSkip: number;
  /** `key:=value` pairs, as written. */
  readonly keyValues: ReadonlyMap<string, string>;
  /** Where attached data begins. */
  readonly headerBytes: number;
}

const TYPES: ReadonlyMap<string, SourceType> = new Map<string, SourceType>(
  (
    [
      ["int8", "signed char|int8|int8_t"],
      ["uint8", "uchar|unsigned char|uint8|uint8_t"],
      ["int16", "short|short int|signed short|signed short int|int16|int16_t"],
      ["uint16", "ushort|unsigned short|unsigned short int|uint16|uint16_t"],
      ["int32", "int|signed int|int32|int32_t"],
      ["uint32", "uint|unsigned int|uint32|uint32_t"],
      ["int64", "longlong|long long|long long int|signed long long|signed long long int|int64|int64_t"],
      ["uint64", "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t"],
      ["float32", "float"],
      ["float64", "double"],
    ] as const
  ).flatMap(([type, names]) => names.split("|").map((name): [string, SourceType] => [name, type])),
);

const FIX = "Correct the header or get a fresh copy of the file.";

/** Throws `source` for what is missing or impossible, naming the field; `unsupported` for encodings and types that are not read. */
export function parseNrrdHeader(text: string, subject: string, fileBytes: number): NrrdHeader {
  const { version, fields, keyValues, listed, headerBytes } = splitLines(text, subject, fileBytes);
  const need = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw sourceError(subject, `The header has no “${name}” field.`, FIX);
    return value;
  };
  const dimension = Number(need("dimension"));
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > 16)
    throw sourceError(subject, `The dimension is “${fields.get("dimension")}”; 1 to 16 are possible.`, FIX);
  const sizes = numbersOf(need("sizes"));
  if (sizes.length !== dimension || !sizes.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw sourceError(
      subject,
      `The sizes are “${need("sizes").slice(0, 80)}”; ${dimension} whole numbers of 1 or more are needed.`,
      FIX,
    );
  }
  const type = need("type").toLowerCase();
  const sourceType = TYPES.get(type);
  if (!sourceType)
    throw unsupportedError(
      subject,
      `Voxels of type “${type.slice(0, 40)}” are not read.`,
      "Convert the file to a common type.",
    );
  const encoding = encodingOf(need("encoding"), subject);
  const endian = fields.get("endian")?.toLowerCase();
  const wide = sourceType !== "uint8" && sourceType !== "int8" && encoding !== "ascii";
  if (wide && endian !== "little" && endian !== "big") {
    throw sourceError(
      subject,
      `The byte order (“endian”) is ${endian === undefined ? "missing" : `“${endian.slice(0, 20)}”`}.`,
      FIX,
    );
  }
  const lineSkip = Number(fields.get("line skip") ?? 0);
  const byteSkip = Number(fields.get("byte skip") ?? 0);
  if (!Number.isSafeInteger(lineSkip) || lineSkip < 0 || !Number.isSafeInteger(byteSkip) || byteSkip < -1) {
    throw sourceError(subject, "The “line skip” or “byte skip” field is no possible number.", FIX);
  }
  const spaceDimension = fields.get("space dimension");
  return {
    version,
    sizes,
    sourceType,
    encoding,
    littleEndian: endian !== "big",
    space: fields.get("space")?.toLowerCase(),
    spaceDimension: spaceDimension === undefined ? undefined : Number(spaceDimension),
    spaceDirections: vectorsOf(fields.get("space directions"), dimension, subject),
    spaceOrigin: vectorsOf(fields.get("space origin"), 1, subject)?.[0],
    spaceUnits: [...(fields.get("space units") ?? "").matchAll(/"([^"]*)"/g)].map((match) => match[1]!),
    spacings: listOf(fields.get("spacings"), dimension, numbersOf),
    kinds: listOf(fields.get("kinds"), dimension, (value) => value.toLowerCase().split(/\s+/)),
    dataFile: fields.get("data file"),
    listed,
    lineSkip,
    byteSkip,
    keyValues,
    headerBytes,
  };
}

interface Lines {
  readonly version: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly keyValues: ReadonlyMap<string, string>;
  readonly listed: readonly string[];
  readonly headerBytes: number;
}

/** Fields in lower case with the aliases of the format resolved (`datafile`, `centers`, …). */
function splitLines(text: string, subject: string, fileBytes: number): Lines {
  const fields = new Map<string, string>();
  const keyValues = new Map<string, string>();
  const first = /^NRRD000(\d)\r?\n/.exec(text);
  if (!first) throw sourceError(subject, "The first line is no NRRD magic (NRRD0001 to NRRD0005).", FIX);
  let at = first[0].length;
  for (;;) {
    const end = text.indexOf("\n", at);
    const line = text.slice(at, end < 0 ? text.length : end).replace(/\r$/, "");
    if (line === "" && end >= 0)
      return { version: `NRRD000${first[1]}`, fields, keyValues, listed: [], headerBytes: end + 1 };
    if (line !== "" && !line.startsWith("#")) readLine(line, fields, keyValues);
    if (end < 0) break;
    at = end + 1;
    const dataFile = fields.get("data file");
    if (dataFile !== undefined && /^list\b/i.test(dataFile)) {
      const listed = text
        .slice(at)
        .split(/\r?\n/)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "");
      return { version: `NRRD000${first[1]}`, fields, keyValues, listed, headerBytes: text.length };
    }
  }
  if (fileBytes > HEADER_MAX_BYTES) {
    throw limitError(
      subject,
      `The header does not end within ${HEADER_MAX_BYTES / 1024} kB: the blank line before the data is missing.`,
      FIX,
    );
  }
  // A detached header may end with the file.
  if (fields.has("data file"))
    return { version: `NRRD000${first[1]}`, fields, keyValues, listed: [], headerBytes: text.length };
  throw sourceError(
    subject,
    "The header has no end: the blank line before the data is missing.",
    "The file was cut off; get a fresh copy of it.",
  );
}

function readLine(line: string, fields: Map<string, string>, keyValues: Map<string, string>): void {
  const pair = line.indexOf(":=");
  const colon = line.indexOf(": ");
  if (pair >= 0 && (colon < 0 || pair < colon)) {
    const value = line
      .slice(pair + 2)
      .replace(/\\n/g, "\n")
      .replace(/\\\\/g, "\\");
    keyValues.set(asUtf8(line.slice(0, pair)), asUtf8(value));
    return;
  }
  if (colon < 0) return;
  const name = line.slice(0, colon).trim().toLowerCase();
  const alias: Readonly<Record<string, string>> = {
    datafile: "data file",
    lineskip: "line skip",
    byteskip: "byte skip",
    centers: "centerings",
  };
  fields.set(Object.hasOwn(alias, name) ? alias[name]! : name, line.slice(colon + 2).trim());
}

function encodingOf(text: string, subject: string): NrrdHeader["encoding"] {
  const name = text.trim().toLowerCase();
  if (name === "raw" || name === "hex") return name;
  if (name === "gzip" || name === "gz") return "gzip";
  if (name === "ascii" || name === "text" || name === "txt") return "ascii";
  if (name === "bzip2" || name === "bz2")
    throw unsupportedError(
      subject,
      "Its voxels are compressed with bzip2, which is not read.",
      "Save the file with raw or gzip encoding.",
    );
  throw unsupportedError(
    subject,
    `The encoding “${name.slice(0, 40)}” is not known.`,
    "Save the file with raw or gzip encoding.",
  );
}

/** Vectors such as `(1,0,0) none (0,0,1)`; undefined when the field is absent. */
function vectorsOf(text: string | undefined, count: number, subject: string): (number[] | undefined)[] | undefined {
  if (text === undefined) return undefined;
  const vectors = [...text.matchAll(/\(([^)]*)\)|none/gi)].map((match) =>
    match[1] === undefined ? undefined : numbersOf(match[1]),
  );
  if (vectors.length !== count)
    throw sourceError(subject, `A space field has ${vectors.length} vectors; ${count} are needed.`, FIX);
  return vectors;
}

function listOf<T>(text: string | undefined, count: number, parse: (text: string) => T[]): T[] | undefined {
  if (text === undefined) return undefined;
  const values = parse(text.trim());
  return values.length === count ? values : undefined;
}
