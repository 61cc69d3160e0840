import { describe, expect, it } from "vitest";
import { webmFile } from "#export";

interface Element {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Elements one level deep, by the lengths that EBML writes. */
function elements(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const idLength = Math.clz32(bytes[at]!) - 23;
    const id = [...bytes.subarray(at, at + idLength)].reduce((sum, byte) => sum * 256 + byte, 0);
    at += idLength;
    const sizeLength = Math.clz32(bytes[at]!) - 23;
    const size = [...bytes.subarray(at, at + sizeLength)].reduce(
      (sum, byte, n) => sum * 256 + (n === 0 ? byte & (2 ** (8 - sizeLength) - 1) : byte),
      0,
    );
    at += sizeLength;
    found.push({ id, body: bytes.subarray(at, at + size) });
    at += size;
  }
  return found;
}

describe("a WebM file", () => {
  const chunks = Array.from({ length: 7 }, (_, n) => ({ bytes: Uint8Array.of(n, n + 1), key: n % 3 === 0 }));
  const file = webmFile({ codec: "V_VP9", width: 640, height: 480, framesPerSecond: 25 }, chunks);

  it("is a head and one segment of information, track and clusters, to the last byte", () => {
    const [head, segment, ...rest] = elements(file);
    expect(rest).toEqual([]);
    expect(head!.id).toBe(0x1a45dfa3);
    expect(new TextDecoder().decode(elements(head!.body).find(({ id }) => id === 0x4282)!.body)).toBe("webm");
    expect(segment!.id).toBe(0x18538067);
    const parts = elements(segment!.body).map(({ id }) => id);
    expect(parts).toEqual([0x1549a966, 0x1654ae6b, 0x1f43b675, 0x1f43b675, 0x1f43b675]);
  });

  it("begins a cluster at every key frame and places each picture in time", () => {
    const clusters = elements(elements(file)[1]!.body).filter(({ id }) => id === 0x1f43b675);
    const times = clusters.flatMap(({ body }) => {
      const [begin, ...blocks] = elements(body);
      const start = [...begin!.body].reduce((sum, byte) => sum * 256 + byte, 0);
      return blocks.map(({ body: block }) => [start + block[1]! * 256 + block[2]!, block[3]! >> 7, block[4]]);
    });
    expect(times).toEqual(chunks.map(({ key }, n) => [n * 40, key ? 1 : 0, n]));
  });

  it("tells its length in milliseconds", () => {
    const info = elements(elements(elements(file)[1]!.body)[0]!.body);
    const { body } = info.find(({ id }) => id === 0x4489)!;
    expect(new DataView(body.buffer, body.byteOffset).getFloat64(0)).toBe(280);
  });
});
