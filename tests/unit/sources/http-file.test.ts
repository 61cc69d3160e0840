import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSources, openUrl } from "#sources";
import { integerFrom, randomFrom } from "../../fixtures/random.ts";
import { httpBlob } from "../../../src/sources/http-file.ts";
import { niftiHeader } from "./nifti-file.ts";
import { type Answer, type Asked, hostParts } from "./part-host.ts";

/* Large files at an address are read part by part. */

const DIMS = [600, 400, 80] as const;
const SLICE = DIMS[0] * DIMS[1] * 2;
const voxels = Int16Array.from({ length: (SLICE / 2) * DIMS[2] }, (_, n) => Math.imul(n, 0x9e3779b1) >> 18);
const raw = Buffer.concat([
  niftiHeader({ dim: [3, ...DIMS, 1, 1, 1, 1], datatype: 4, bitpix: 16 }),
  new Uint8Array(voxels.buffer),
]);

const serve = (file: Uint8Array, answer?: Answer): Promise<{ url: URL; asked: Asked[] }> =>
  hostParts(file, "scan.nii", answer);

async function expectVoxels(url: URL, from = 0): Promise<void> {
  const source = await (await openSources(await openUrl(url.href))).series[0]!.open();
  let k = from;
  for await (const slice of source.slices({ from })) {
    expect(slice.k).toBe(k);
    const wanted = voxels.subarray((k * SLICE) / 2, ((k + 1) * SLICE) / 2);
    if (!slice.voxels.every((value, n) => value === wanted[n])) throw new Error(`slice ${k} differs`);
    k++;
  }
  expect(k).toBe(DIMS[2]);
}

describe("a large file at an address", () => {
  test("is listed by its header alone, read as one stream, and taken up at a later slice without what lies before", async () => {
    const { url, asked } = await serve(raw);
    const { series } = await openSources(await openUrl(url.href));
    expect(series[0]!.description.grid.dims).toEqual(DIMS);
    expect(series[0]!.byteLength).toBe(raw.length);
    // A row of bricks would take 64 requests.
    expect(series[0]!.inPlace).toBeUndefined();
    // What is on its way when a connection is closed counts as sent.
    expect(asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(raw.length / 2);
    asked.length = 0;
    await expectVoxels(url);
    expect(asked.filter(({ sent }) => sent > raw.length / 2)).toHaveLength(1);
    asked.length = 0;
    await expectVoxels(url, 70);
    const body = asked.filter(({ start }) => start > 0);
    expect(Math.min(...body.map(({ start }) => start))).toBeGreaterThan(69 * SLICE);
    expect(body.length).toBeLessThan(12);
  });

  test("is inflated as it comes", async () => {
    const { url } = await serve(gzipSync(raw, { level: 1 }));
    await expectVoxels(new URL("scan.nii.gz", url));
  });

  test.each([1, 2, 3])("is whole where connections break and the server is busy (seed %i)", async (seed) => {
    const random = randomFrom(seed);
    let bad = 0;
    const { url } = await serve(raw, (_request, response, start, end) => {
      if (random() < 0.5 || bad > 40) return false;
      bad++;
      if (random() < 0.3) response.writeHead(503).end();
      else {
        response.writeHead(206, { "content-length": end - start, etag: '"one"' });
        response.write(raw.subarray(start, Math.min(end, start + integerFrom(random, 0, 5_000_000))), () =>
          response.destroy(),
        );
      }
      return true;
    });
    const blob = httpBlob({ url, size: raw.length, version: '"one"', waitsMs: Array(50).fill(1) as number[] });
    expect(
      Buffer.compare(Buffer.from(await blob.slice(1000, 30_000_000).arrayBuffer()), raw.subarray(1000, 30_000_000)),
    ).toBe(0);
    expect(Buffer.compare(Buffer.from(await new Response(blob.stream()).arrayBuffer()), raw)).toBe(0);
  });

  test("that is gone, or cannot be reached for long, is a network error; one that was changed is a source error", async () => {
    let [status, etag] = [404, '"one"'];
    const { url } = await serve(raw, (_request, response) => {
      response.writeHead(status, { etag }).end(raw.subarray(0, 10));
      return true;
    });
    const blob = httpBlob({ url, size: raw.length, version: '"one"', waitsMs: [1, 1] });
    await expect(blob.slice(0, 10).arrayBuffer()).rejects.toMatchObject({ kind: "network", fields: { status: 404 } });
    status = 503;
    await expect(blob.slice(0, 10).arrayBuffer()).rejects.toMatchObject({
      kind: "network",
      message: expect.stringMatching(/connection broke/),
    });
    [status, etag] = [206, '"two"'];
    await expect(blob.slice(0, 10).arrayBuffer()).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/changed/),
    });
  });

  test("a server that falls silent is asked again; one that hands out another part is refused", async () => {
    let silent = 0;
    const { url } = await serve(raw, (_request, response, start, end) => {
      if (silent++ > 2) return false;
      response.writeHead(206, { "content-length": end - start, etag: '"one"' });
      response.write(raw.subarray(start, start + 1_000_000));
      return true;
    });
    const options = { size: raw.length, version: '"one"', waitsMs: [1, 1] };
    const blob = httpBlob({ ...options, url, silenceMs: 100 });
    expect(
      Buffer.compare(Buffer.from(await blob.slice(0, 20_000_000).arrayBuffer()), raw.subarray(0, 20_000_000)),
    ).toBe(0);
    expect(silent).toBe(4);
    const whole = await serve(raw, (_request, response) => {
      response.writeHead(206, { "content-length": raw.length, etag: '"one"' }).end(raw);
      return true;
    });
    const first = await serve(raw, (_request, response, start, end) => {
      response
        .writeHead(206, { "content-range": `bytes 0-${end - start - 1}/${raw.length}`, etag: '"one"' })
        .end(raw.subarray(0, end - start));
      return true;
    });
    for (const wrong of [whole, first])
      await expect(
        httpBlob({ ...options, url: wrong.url })
          .slice(500_000, 900_000)
          .arrayBuffer(),
      ).rejects.toMatchObject({
        kind: "network",
        message: expect.stringMatching(/another part/),
      });
  });

  test("of a server that hands out no parts, or refuses to be asked for them, is fetched", async () => {
    const whole = (response: ServerResponse): boolean => {
      response.writeHead(200, { "content-length": raw.length }).end(raw);
      return true;
    };
    await expectVoxels((await serve(raw, (_request, response) => whole(response))).url);
    const refusing = await serve(raw, (request, response) => {
      if (!request.headers.range) return whole(response);
      response.writeHead(416).end();
      return true;
    });
    await expectVoxels(refusing.url);
  });

  test("of a server that hands out less than it was asked for is read to its end", async () => {
    const { url } = await serve(raw, (request, response, start, end) => {
      if (request.headers.range !== "bytes=0-") return false;
      const last = Math.min(end, 1_000_000);
      response.writeHead(206, {
        "content-range": `bytes ${start}-${last - 1}/${raw.length}`,
        "content-length": last,
        etag: '"one"',
      });
      response.end(raw.subarray(0, last));
      return true;
    });
    await expectVoxels(url);
  });

  test("is let go of at once when it is aborted, also while nothing comes", async () => {
    const { url } = await serve(raw, (_request, response, start, end) => {
      if (start < 400) return false;
      response.writeHead(206, { "content-length": end - start, etag: '"one"' });
      response.write(raw.subarray(start, start + 3 * SLICE));
      return true;
    });
    const source = await (await openSources(await openUrl(url.href))).series[0]!.open();
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const { k } of source.slices({ from: 5, signal: abort.signal }))
        if (k === 6) setTimeout(() => abort.abort(), 50);
    };
    await expect(read()).rejects.toMatchObject({ name: "AbortError" });
  });
});
