import { VoxelwrightError } from "#base";

/** Largest value of a varint here: 32 bits. */
const MAX_VARINT = 0xffffffff;

/** Grows as it is written to: bytes and LEB128 varints (seven bits a byte, least significant first). */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes a whole number of 0 to 2³² − 1 in the fewest bytes. */
  varint(value: number): void {
    if (value < 0x80 && this.#length < this.#bytes.length) {
      this.#bytes[this.#length++] = value;
      return;
    }
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest = rest < 0x80000000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  bytes(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(atLeast: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + atLeast));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote; anything else throws `integrity`, naming `what`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #position = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get done(): boolean {
    return this.#position === this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#position++];
    if (value === undefined) throw this.fault("ends early");
    return value;
  }

  /** Reads a varint; one that is longer than it needs to be is refused, so that a value has one spelling. */
  varint(): number {
    const first = this.#bytes[this.#position];
    if (first !== undefined && first < 0x80) {
      this.#position++;
      return first;
    }
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (value > MAX_VARINT) throw this.fault("holds a number above 32 bits");
      if (byte < 0x80) {
        if (byte === 0 && factor > 1) throw this.fault("spells a number in more bytes than it needs");
        return value;
      }
    }
  }

  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw this.fault("ends early");
    const view = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return view;
  }

  /** A view of all that is left. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#position);
  }

  fault(says: string): VoxelwrightError {
    return new VoxelwrightError("integrity", `${this.#what} ${says}.`);
  }
}
