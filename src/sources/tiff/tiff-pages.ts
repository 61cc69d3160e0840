import { GeoTIFF, type GeoTIFFImage } from "geotiff";
import type { ProgressOptions } from "#base";
import type { SourceFile } from "../source.ts";
import { afarOf } from "../range-blob.ts";
import { sourceError, unsupportedError } from "../source-errors.ts";
import { type PageKind, sameKind } from "./page-kind.ts";
import { imageJStackSize, rawPlace, type RawPlace } from "./raw-pages.ts";
import type { TiffWords } from "./tiff-axes.ts";

/** Pages of one file: ten times the largest scan that the local cache is planned for. */
const MOST_PAGES = 100_000;
/** Pages between two words of progress. */
const PAGES_TOLD = 16;
/** What a directory of a page takes is read in blocks, as every read costs a browser a millisecond. */
const BLOCK_BYTES = 1 << 16;
/** Blocks held of all files of a listing together. */
const BLOCKS = 16;

/** A page lies as it is at a place, or is read by the library. */
export type TiffPage = PageKind & ({ readonly place: RawPlace } | { readonly image: GeoTIFFImage });

export interface TiffFile {
  readonly file: SourceFile;
  readonly pages: readonly TiffPage[];
  readonly words: TiffWords;
  readonly notes: readonly string[];
}

/** The pages of a file that are pictures in full, all of the first one's kind. Throws `source` or `unsupported`. */
export async function readTiffPages(
  file: SourceFile,
  blocks: FileBlocks,
  { signal, onProgress }: ProgressOptions = {},
): Promise<TiffFile> {
  const tiff = await GeoTIFF.fromSource(new BlobBytes(file.blob, blocks));
  const notes: string[] = [];
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let [reduced, others] = [0, 0];
  for (let n = 0; ; n++) {
    signal?.throwIfAborted();
    if (n >= MOST_PAGES) throw unsupportedError(file.name, `It has more than ${MOST_PAGES} pages.`, "Split it.");
    const image = await tiff.getImage(n);
    const directory = image.fileDirectory;
    // Small versions of the page before (TIFF 6.0, NewSubfileType bit 0).
    if ((Number(directory.getValue("NewSubfileType") ?? 0) & 1) === 1 && pages.length > 0) reduced++;
    else {
      const kind = kindOf(file.name, image);
      checkRoom(file, image);
      const place = await rawPlace(image, kind, tiff.littleEndian, file.blob);
      const page = { ...kind, ...(place ? { place } : { image }) };
      if (pages.length === 0 || sameKind(pages[0]!, page)) pages.push(page);
      else others++;
    }
    const next = directory.nextIFDByteOffset;
    if (!next) break;
    if (n % PAGES_TOLD === 0)
      onProgress?.({ fraction: Math.min(1, next / file.blob.size), what: `reading ${file.name}, page ${n + 1}` });
    if (seen.has(next)) throw sourceError(file.name, "Its pages lead back to one another.", "Get a fresh copy of it.");
    seen.add(next);
  }
  const counted = (count: number, what: string): void =>
    void (count > 0 && notes.push(`${count === 1 ? "One page" : `${count} pages`} ${what} left out.`));
  counted(reduced, `of lower resolution ${reduced === 1 ? "was" : "were"}`);
  counted(others, `of another size or type ${others === 1 ? "was" : "were"}`);
  const firstImage = await tiff.getImage(0);
  const first = firstImage.fileDirectory;
  if (Number(first.getValue("PhotometricInterpretation")) === 0)
    notes.push("The file means low values to be white; values are as they are, and can be shown inverted.");
  const more = firstImage.getSamplesPerPixel() - (pages[0]!.color ? colorsOf(firstImage) : 1);
  if (pages[0]!.color) notes.push("Colour is shown as grey (luma of red, green and blue).");
  if (more > 0) notes.push(`A pixel has ${more} more ${more === 1 ? "number" : "numbers"}, such as opacity: left out.`);
  if (pages[0]!.sourceType) notes.push("64-bit floating point values are rounded to 32 bits (about 7 digits).");
  const ratio = async (tag: "XResolution" | "YResolution"): Promise<number | undefined> => {
    const value = (await first.loadValue(tag)) as ArrayLike<number> | number | undefined;
    if (typeof value === "number") return value;
    return value && value.length === 2 && value[1]! > 0 ? value[0]! / value[1]! : value?.[0];
  };
  const description = String((await first.loadValue("ImageDescription")) ?? "").replace(/\0+$/, "");
  return {
    file,
    pages: wholeStack(file, description, pages),
    notes,
    words: {
      description,
      xResolution: await ratio("XResolution"),
      yResolution: await ratio("YResolution"),
      resolutionUnit: (await first.loadValue("ResolutionUnit")) as number | undefined,
    },
  };
}

/** The pages that are there by their directories, or those of a stack behind the only one. */
function wholeStack(file: SourceFile, description: string, pages: readonly TiffPage[]): readonly TiffPage[] {
  const [first] = pages as readonly [TiffPage];
  if (pages.length > 1 || !("place" in first)) return pages;
  const { place } = first;
  const length = imageJStackSize(file, description, place);
  if (length > MOST_PAGES) throw unsupportedError(file.name, `It has more than ${MOST_PAGES} pages.`, "Split it.");
  return Array.from({ length }, (_, n) => ({
    ...first,
    place: { ...place, start: place.start + n * place.byteLength },
  }));
}

/** No method gives more bytes of one: LZW's longest word is 3,839 bytes in twelve bits. */
const MOST_RATIO = 4096;

function checkRoom({ name, blob }: SourceFile, image: GeoTIFFImage): void {
  const [width, height] = [image.getWidth(), image.getHeight()];
  const bytes = width * height * image.getBytesPerPixel();
  const raw = Number(image.fileDirectory.getValue("Compression") ?? 1) === 1;
  if (bytes <= blob.size * (raw ? 1 : MOST_RATIO)) return;
  throw sourceError(
    name,
    `A page claims ${width}×${height} pixels, more than the file can hold.`,
    "It was cut off or is damaged; get a fresh copy of it.",
  );
}

/** None, LZW, JPEG, deflate (two numbers), PackBits, LERC, Zstandard. */
const COMPRESSIONS: ReadonlySet<number> = new Set([1, 5, 7, 8, 32946, 32773, 34887, 50000]);
const SAVE_AGAIN = "Save it with deflate, LZW or no compression.";

/** What is stored as colour: RGB, a palette, CMYK, YCbCr, CIELab. */
const COLORS: ReadonlySet<number> = new Set([2, 3, 5, 6, 8]);

/** Numbers of a pixel that its colour takes. */
function colorsOf(image: GeoTIFFImage): number {
  const photometric = Number(image.fileDirectory.getValue("PhotometricInterpretation"));
  return photometric === 3 ? 1 : photometric === 5 ? 4 : 3;
}

function kindOf(name: string, image: GeoTIFFImage): PageKind {
  const [width, height] = [image.getWidth(), image.getHeight()];
  if (!(width > 0 && height > 0)) throw sourceError(name, "A page has no size.", "Get a fresh copy of it.");
  const compression = Number(image.fileDirectory.getValue("Compression") ?? 1);
  if (!COMPRESSIONS.has(compression))
    throw unsupportedError(name, `It is compressed by TIFF's method ${compression}, which is not read.`, SAVE_AGAIN);
  // Without the tag a pixel has one bit (TIFF 6.0).
  if (!image.fileDirectory.hasTag("BitsPerSample"))
    throw unsupportedError(name, "Its pixels have one bit each, which is not read.", "Save it with 8 bits.");
  const bits = image.getBitsPerSample();
  const format = image.getSampleFormat();
  const color = COLORS.has(Number(image.fileDirectory.getValue("PhotometricInterpretation") ?? 1));
  if (color) return { width, height, color, voxelType: bits > 8 ? "uint16" : "uint8" };
  if (format === 3 && bits === 64) return { width, height, color, voxelType: "float32", sourceType: "float64" };
  if (format === 3 && (bits === 16 || bits === 32)) return { width, height, color, voxelType: "float32" };
  if (bits === 8 || bits === 16 || bits === 32) {
    // Format 4 is undefined data: whole numbers, as a rule.
    if (format === 1 || format === 4) return { width, height, color, voxelType: `uint${bits}` };
    if (format === 2) return { width, height, color, voxelType: `int${bits}` };
  }
  throw unsupportedError(
    name,
    `Its numbers have ${bits} bits in TIFF's sample format ${format}, which is not read.`,
    "Save it with 8, 16 or 32 bits.",
  );
}

/** The blocks of files that were read last. A stack has thousands of files: what each holds of its own would add up. */
export class FileBlocks {
  readonly #blocks = new Map<string, Promise<ArrayBuffer>>();
  readonly #numbers = new WeakMap<Blob, number>();
  #count = 0;

  get(blob: Blob, n: number): Promise<ArrayBuffer> {
    let number = this.#numbers.get(blob);
    if (number === undefined) this.#numbers.set(blob, (number = this.#count++));
    const key = `${number} ${n}`;
    const block = this.#blocks.get(key) ?? blob.slice(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES).arrayBuffer();
    // The one used last goes last.
    this.#blocks.delete(key);
    this.#blocks.set(key, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= BLOCKS) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}

/** Bytes of a blob for the library; its own way asks for a class that Node does not have. */
class BlobBytes {
  readonly fileSize: number;
  readonly #blob: Blob;
  readonly #blocks: FileBlocks;

  constructor(blob: Blob, blocks: FileBlocks) {
    this.#blob = blob;
    this.#blocks = blocks;
    this.fileSize = blob.size;
  }

  fetch(slices: readonly { readonly offset: number; readonly length: number }[]): Promise<ArrayBuffer[]> {
    return Promise.all(slices.map(async (slice) => (await this.fetchSlice(slice)).data));
  }

  async fetchSlice({ offset, length }: { readonly offset: number; readonly length: number }) {
    // The library asks for what a directory says, and for whole kilobytes at the end.
    if (!(offset >= 0 && offset < this.fileSize && length >= 0))
      throw new RangeError(`it points to byte ${offset} of ${this.fileSize}`);
    const slice = () => this.#blob.slice(offset, Math.min(offset + length, this.fileSize)).arrayBuffer();
    // What is read from afar is kept and read ahead as it is.
    if (afarOf(this.#blob)) return { data: await slice(), offset, length };
    const block = Math.floor(offset / BLOCK_BYTES);
    const within = length <= BLOCK_BYTES / 4 && Math.floor((offset + length - 1) / BLOCK_BYTES) === block;
    const from = offset - block * BLOCK_BYTES;
    const data = within ? (await this.#blocks.get(this.#blob, block)).slice(from, from + length) : await slice();
    return { data, offset, length };
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
