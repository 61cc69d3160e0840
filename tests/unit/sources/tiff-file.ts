/** A page of a TIFF file to be written. */
export interface PageToWrite {
  readonly width: number;
  readonly height: number;
  /** Bytes of the pixels, row by row, in the file's byte order. */
  readonly bytes: Uint8Array;
  readonly bits: number;
  /** Bytes that the strip is said to have; those of the pixels by default. */
  readonly stripBytes?: number;
  /** 1 whole, 2 signed, 3 floating point. */
  readonly format?: number;
  readonly samples?: number;
  readonly photometric?: number;
  /** More tags, or others than are made up here: number, type (2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL) and values. */
  readonly tags?: readonly (readonly [tag: number, type: 2 | 3 | 4 | 5, values: string | readonly number[]])[];
}

export interface TiffOptions {
  readonly bigEndian?: boolean;
  readonly big?: boolean;
  /** Page that the last one names as the next: a file that leads back to itself. */
  readonly backTo?: number;
}

const SIZE = { 2: 1, 3: 2, 4: 4, 5: 8 } as const;

/** Tags of strips, which a page in tiles has none of. */
const STRIPS: ReadonlySet<number> = new Set([273, 278, 279]);

/** An uncompressed TIFF or BigTIFF (Adobe TIFF 6.0; BigTIFF by Aware Systems), a strip a page. */
export function tiffFile(pages: readonly PageToWrite[], options: TiffOptions = {}): Uint8Array<ArrayBuffer> {
  const { bigEndian = false, big = false, backTo } = options;
  const little = !bigEndian;
  const room = ({ bytes, tags = [] }: PageToWrite): number =>
    bytes.length + 4096 + tags.reduce((sum, [, , values]) => sum + 4 * values.length, 0);
  const bytes = new Uint8Array(pages.reduce((sum, page) => sum + room(page), 64));
  const view = new DataView(bytes.buffer);
  const word = big ? 8 : 4;
  const putWord = (at: number, value: number): void =>
    big ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little);
  view.setUint16(0, bigEndian ? 0x4d4d : 0x4949);
  view.setUint16(2, big ? 43 : 42, little);
  if (big) view.setUint16(4, 8, little);
  let link = big ? 8 : 4;
  let at = big ? 16 : 8;
  const starts: number[] = [];
  for (const page of pages) {
    const strip = at;
    bytes.set(page.bytes, at);
    at += page.bytes.length + (page.bytes.length % 2);
    const samples = page.samples ?? 1;
    const given = new Set(page.tags?.map(([tag]) => tag));
    const made = [
      [256, 4, [page.width]],
      [257, 4, [page.height]],
      [258, 3, Array.from({ length: samples }, () => page.bits)],
      [259, 3, [1]],
      [262, 3, [page.photometric ?? 1]],
      [273, 4, [strip]],
      [277, 3, [samples]],
      [278, 4, [page.height]],
      [279, 4, [page.stripBytes ?? page.bytes.length]],
      [339, 3, Array.from({ length: samples }, () => page.format ?? 1)],
    ].filter(([tag]) => !given.has(tag as number) && !(given.has(322) && STRIPS.has(tag as number)));
    const tags = [...made, ...(page.tags ?? [])].toSorted((a, b) => (a[0] as number) - (b[0] as number)) as [
      number,
      2 | 3 | 4 | 5,
      string | readonly number[],
    ][];
    // Values that do not fit lie before the directory.
    const placed = tags.map(([tag, type, values]) => {
      const list = typeof values === "string" ? [...Buffer.from(`${values}\0`)] : values;
      const count = type === 5 ? list.length / 2 : list.length;
      const room = count * SIZE[type];
      const offset = room > word ? at : undefined;
      if (offset !== undefined) at += room + (room % 2);
      const write = (to: number): void =>
        list.forEach((value, n) => {
          if (type === 2) bytes[to + n] = value;
          else if (type === 3) view.setUint16(to + n * 2, value, little);
          else view.setUint32(to + n * 4, value, little);
        });
      if (offset !== undefined) write(offset);
      return { tag, type, count, offset, write };
    });
    putWord(link, at);
    starts.push(at);
    if (big) view.setBigUint64(at, BigInt(placed.length), little);
    else view.setUint16(at, placed.length, little);
    at += big ? 8 : 2;
    for (const { tag, type, count, offset, write } of placed) {
      view.setUint16(at, tag, little);
      view.setUint16(at + 2, type, little);
      putWord(at + 4, count);
      if (offset === undefined) write(at + 4 + word);
      else putWord(at + 4 + word, offset);
      at += 4 + 2 * word;
    }
    link = at;
    at += word;
  }
  if (backTo !== undefined) putWord(link, starts[backTo]!);
  return bytes.slice(0, at);
}
