import { describe, expect, test } from "vitest";
import { ReadAhead } from "../../../src/sources/read-ahead.ts";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";

/* Bytes from afar: what is near is fetched together, and what is read next is there. */

const MIB = 2 ** 20;
const file = new Uint8Array(40 * MIB);
for (let n = 0; n < file.length; n += 4) new DataView(file.buffer).setUint32(n, Math.imul(n, 0x9e3779b1));

interface Request {
  readonly start: number;
  readonly end: number;
}

/** A file that comes in pieces, after a while; `fails` may break a request. */
function afar(
  size = file.length,
  { waitMs = () => 0, fails = () => false }: { waitMs?: () => number; fails?: (request: Request) => boolean } = {},
): { ahead: ReadAhead; requests: Request[] } {
  const requests: Request[] = [];
  const ahead = new ReadAhead(size, (start, end) => {
    const request = { start, end };
    requests.push(request);
    const broken = fails(request);
    let at = start;
    return new ReadableStream(
      {
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, waitMs()));
          if (broken && at > start) return controller.error(new Error("broken"));
          const to = Math.min(end, at + 100_000);
          controller.enqueue(file.slice(at, to));
          at = to;
          if (at >= end && !broken) controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  });
  return { ahead, requests };
}

const same = (bytes: Uint8Array, start: number, end: number): boolean =>
  Buffer.compare(bytes, file.subarray(start, end)) === 0;

async function streamed(ahead: ReadAhead, start: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await new Response(ahead.stream(start, end)).arrayBuffer());
}

const fetched = (requests: readonly Request[]): number =>
  requests.reduce((sum, { start, end }) => sum + end - start, 0);

describe("reading ahead", () => {
  test.each([1, 2, 3, 4, 5, 6])(
    "gives the bytes of the file wherever and however they are read (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const size = integerFrom(random, 1, file.length);
      const { ahead } = afar(size, { waitMs: () => (random() < 0.1 ? 2 : 0) });
      const one = async (): Promise<void> => {
        let at = integerFrom(random, 0, size);
        for (let n = 0; n < 12; n++) {
          const goesOn = random() < 0.5;
          const start = Math.min(size, goesOn ? at + integerFrom(random, 0, 400_000) : integerFrom(random, 0, size));
          const end = Math.min(size, start + Math.floor(random() ** 4 * 18 * MIB));
          const bytes = random() < 0.2 ? await streamed(ahead, start, end) : await ahead.read(start, end);
          if (!same(bytes, start, end)) throw new Error(`bytes ${start} to ${end} of ${size} differ`);
          at = end;
        }
      };
      await Promise.all(Array.from({ length: integerFrom(random, 1, 5) }, one));
    },
  );

  test.each([1, 2, 3])(
    "of a file that is not kept, by many at once, more than memory holds (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const size = 3 * 2 ** 30;
      const byteAt = (at: number): number => Math.imul(Math.floor(at / 4096), 0x9e3779b1) >>> 24;
      const ahead = new ReadAhead(size, (start, end) => {
        let at = start;
        return new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 0));
            const bytes = new Uint8Array(Math.min(end - at, 2 ** 20));
            for (let n = 0; n < bytes.length; ) {
              const next = Math.min(bytes.length, n + 4096 - ((at + n) % 4096));
              bytes.fill(byteAt(at + n), n, next);
              n = next;
            }
            controller.enqueue(bytes);
            at += bytes.length;
            if (at >= end) controller.close();
          },
        });
      });
      const places = Array.from({ length: 6 }, () => integerFrom(random, 0, size / 2 ** 26) * 2 ** 26);
      const one = async (): Promise<void> => {
        for (let n = 0; n < 6; n++) {
          const start = Math.min(size - 1, places[integerFrom(random, 0, 5)]! + integerFrom(random, 0, 4 * MIB));
          const end = Math.min(size, start + integerFrom(random, 1, 12 * MIB));
          const bytes = await ahead.read(start, end);
          for (const at of [0, bytes.length >> 1, bytes.length - 1])
            if (bytes[at] !== byteAt(start + at)) throw new Error(`byte ${start + at} differs`);
        }
      };
      await Promise.all(Array.from({ length: 16 }, one));
    },
  );

  test("a reader that goes forward finds the rest fetched by few requests, none of a byte twice", async () => {
    const { ahead, requests } = afar();
    for (let at = 0; at < file.length; at += 50_000)
      expect(
        same(await ahead.read(at, Math.min(file.length, at + 50_000)), at, Math.min(file.length, at + 50_000)),
      ).toBe(true);
    expect(requests.length).toBeLessThan(30);
    expect(fetched(requests)).toBe(file.length);
  });

  test("looks far apart fetch little; what lies near them is there", async () => {
    const { ahead, requests } = afar();
    for (const at of [30 * MIB, 3 * MIB, 17 * MIB, 9 * MIB]) {
      await ahead.read(at, at + 30);
      await ahead.read(at + 30, at + 12_000);
    }
    expect(requests).toHaveLength(4);
    expect(fetched(requests)).toBeLessThan(4 * 50_000);
  });

  test("looks at places that lie alike far apart are made ahead, and of what varies wide enough", async () => {
    const random = randomFrom(7);
    for (const spread of [0, 500, 4000]) {
      const { ahead, requests } = afar();
      let waited = 0;
      let at = 1000;
      for (; at < file.length - 400_000; at += 600_000 + integerFrom(random, -spread, spread)) {
        const before = requests.length;
        const reading = ahead.read(at, at + 200);
        const there = requests.slice(0, before).some(({ start, end }) => start <= at && end >= at + 200);
        if (!there) waited++;
        expect(same(await reading, at, at + 200)).toBe(true);
      }
      // The first are looked at one by one.
      expect(waited).toBeLessThan(15);
      expect(fetched(requests)).toBeLessThan(file.length / 4);
    }
  });

  test("who reads at several places at once is not led astray", async () => {
    const { ahead, requests } = afar();
    const places = Array.from({ length: 40 }, (_, n) => n * MIB);
    const next = places.values();
    const work = async (): Promise<void> => {
      for (const at of next) await ahead.read(at, at + 1000);
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(requests.length).toBeLessThanOrEqual(40 + 2);
  });

  test("what was fetched is not fetched again, beyond what fits into memory", async () => {
    const { ahead, requests } = afar();
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < file.length; at += MIB) await ahead.read(at, at + MIB);
      // Another file wants the memory.
      const other = afar().ahead;
      for (let at = 0; at < file.length; at += MIB) await other.read(at, at + MIB);
    }
    expect(fetched(requests)).toBe(file.length);
  });

  test("what failed is asked for again; what came before stays", async () => {
    let broken = true;
    const { ahead, requests } = afar(file.length, { fails: ({ start }) => broken && start >= MIB });
    await ahead.read(0, 1000);
    await expect(ahead.read(2 * MIB, 3 * MIB)).rejects.toThrow("broken");
    await expect(streamed(ahead, 2 * MIB, 3 * MIB)).rejects.toThrow("broken");
    broken = false;
    // What was on its way breaks as well.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(same(await ahead.read(2 * MIB, 3 * MIB), 2 * MIB, 3 * MIB)).toBe(true);
    const before = requests.length;
    expect(same(await ahead.read(0, 1000), 0, 1000)).toBe(true);
    expect(requests).toHaveLength(before);
  });
});
