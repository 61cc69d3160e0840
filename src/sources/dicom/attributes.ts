import type { DataSet } from "dicom-parser";
import { decodeText } from "./charset.ts";
import { Tag } from "./tags.ts";

/** The part of dicom-parser's data set that holds the values. */
export type ElementSet = Pick<DataSet, "elements" | "byteArray" | "byteArrayParser">;

/** Typed access to the attributes of a data set or sequence item. Nothing here throws: what cannot be read is undefined. */
export class Attributes {
  readonly #dataSet: ElementSet;
  readonly #characterSets: readonly string[];

  /** `characterSets` of the enclosing data set hold in an item that names none. */
  constructor(dataSet: ElementSet, characterSets: readonly string[] = []) {
    this.#dataSet = dataSet;
    const own = this.strings(Tag.specificCharacterSet);
    this.#characterSets = own.length > 0 ? own : characterSets;
  }

  has(tag: string): boolean {
    return (this.#dataSet.elements[tag]?.length ?? 0) > 0;
  }

  /** The bytes of a value; undefined when absent, empty or beyond what was read. */
  bytes(tag: string): Uint8Array | undefined {
    const element = this.#dataSet.elements[tag];
    if (!element || !(element.length > 0)) return undefined;
    const end = element.dataOffset + element.length;
    const bytes = this.#dataSet.byteArray as Uint8Array;
    return end <= bytes.length ? bytes.subarray(element.dataOffset, end) : undefined;
  }

  /** All values of a text attribute in the default repertoire (UI, CS, DS, IS, …), trimmed. */
  strings(tag: string): string[] {
    const bytes = this.bytes(tag);
    if (!bytes || bytes.length > 1 << 20) return [];
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: values are padded with NUL.
    return text.split("\\").map((value) => value.replace(/\u0000/g, "").trim());
  }

  /** The first value, trimmed; empty when absent. */
  string(tag: string): string {
    return this.strings(tag)[0] ?? "";
  }

  /** Text for a person, in the character set of the data set; empty when absent. */
  text(tag: string): string {
    const bytes = this.bytes(tag);
    return bytes && bytes.length <= 1 << 16 ? decodeText(bytes, this.#characterSets) : "";
  }

  /** Values of a decimal or integer string (DS, IS); NaN for a value that is no number. */
  decimals(tag: string): number[] {
    return this.strings(tag).map((value) => (value === "" ? Number.NaN : Number(value)));
  }

  /** The first decimal or integer string; undefined when absent or no finite number. */
  decimal(tag: string): number | undefined {
    const value = this.decimals(tag)[0];
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  }

  uint16(tag: string): number | undefined {
    return this.#binary(tag, 2, (view, at, little) => view.getUint16(at, little))[0];
  }

  int16(tag: string): number | undefined {
    return this.#binary(tag, 2, (view, at, little) => view.getInt16(at, little))[0];
  }

  uint32s(tag: string): number[] {
    return this.#binary(tag, 4, (view, at, little) => view.getUint32(at, little));
  }

  /** The first double (FD). */
  double(tag: string): number | undefined {
    return this.#binary(tag, 8, (view, at, little) => view.getFloat64(at, little))[0];
  }

  /** Items of a sequence; empty when absent. */
  items(tag: string): Attributes[] {
    const items = this.#dataSet.elements[tag]?.items ?? [];
    return items.flatMap((item) => (item.dataSet ? [new Attributes(item.dataSet, this.#characterSets)] : []));
  }

  /** The first item of a sequence. */
  item(tag: string): Attributes | undefined {
    const item = this.#dataSet.elements[tag]?.items?.[0];
    return item?.dataSet ? new Attributes(item.dataSet, this.#characterSets) : undefined;
  }

  #binary(tag: string, size: number, read: (view: DataView, at: number, littleEndian: boolean) => number): number[] {
    const bytes = this.bytes(tag);
    if (!bytes) return [];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const little = this.#dataSet.byteArrayParser.readUint16(Uint8Array.of(1, 0), 0) === 1;
    const values: number[] = [];
    for (let at = 0; at + size <= bytes.length; at += size) values.push(read(view, at, little));
    return values;
  }
}
