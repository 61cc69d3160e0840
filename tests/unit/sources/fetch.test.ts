import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { openSources, openUrl } from "#sources";
import { allVoxels } from "./files.ts";
import { niftiHeader } from "./nifti-file.ts";

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const body = Uint8Array.from({ length: 24 }, (_, n) => n);

describe("fetching by address", () => {
  test("a file is fetched with progress and opened by content", async () => {
    const file = Buffer.concat([niftiHeader(), body]);
    const address = await serve((_request, response) => response.setHeader("content-length", file.length).end(file));
    const fractions: number[] = [];
    const files = await openUrl(`${address}/scans/a%20b.nii?x=1`, {
      onProgress: ({ fraction }) => fractions.push(fraction),
    });
    expect(files.map(({ name }) => name)).toEqual(["a b.nii"]);
    expect(fractions.at(-1)).toBe(1);
    expect(await allVoxels((await openSources(files)).series[0]!)).toEqual([...body]);
  });

  test("the data of a header is fetched beside it", async () => {
    const asked: (string | undefined)[] = [];
    const head =
      "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 3 2\nencoding: raw\nspace: LPS\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\ndata file: d/s%d.raw 1 2 1\n";
    const address = await serve((request, response) => {
      asked.push(request.url);
      if (request.url?.endsWith("h.nhdr")) response.end(head);
      else response.end(request.url?.endsWith("s1.raw") ? body.subarray(0, 12) : body.subarray(12));
    });
    const files = await openUrl(`${address}/x/h.nhdr`);
    expect(asked).toEqual(["/x/h.nhdr", "/x/d/s1.raw", "/x/d/s2.raw"]);
    expect(await allVoxels((await openSources(files)).series[0]!)).toEqual([...body]);
  });

  test("a header that points elsewhere is refused before anything else is fetched", async () => {
    const asked: (string | undefined)[] = [];
    const address = await serve((request, response) => {
      asked.push(request.url);
      response.end("NRRD0004\ntype: uint8\ndata file: http://127.0.0.1:1/secret\n");
    });
    await expect(openUrl(`${address}/h.nhdr`)).rejects.toMatchObject({
      kind: "source",
      message: expect.stringMatching(/outside its own folder/),
    });
    expect(asked).toHaveLength(1);
  });

  test("a missing file, a refused connection and a broken one are network errors with advice", async () => {
    const missing = await serve((_request, response) => response.writeHead(404).end());
    await expect(openUrl(`${missing}/a.nii`)).rejects.toMatchObject({
      kind: "network",
      fields: { status: 404 },
      advice: expect.stringMatching(/check the address/),
    });
    await expect(openUrl("http://127.0.0.1:1/a.nii")).rejects.toMatchObject({
      kind: "network",
      advice: expect.stringMatching(/download the file/),
    });
    const broken = await serve((_request, response) => {
      response.setHeader("content-length", 1000);
      response.write("abc");
      setTimeout(() => response.destroy(), 20);
    });
    await expect(openUrl(`${broken}/a.nii`)).rejects.toMatchObject({
      kind: "network",
      message: expect.stringMatching(/connection broke/),
    });
  });

  test("too large is refused by what the server states, an odd address as an argument", async () => {
    const address = await serve((_request, response) => response.setHeader("content-length", 10 ** 12).flushHeaders());
    await expect(openUrl(`${address}/a.nii`)).rejects.toMatchObject({ kind: "limit" });
    await expect(openUrl("file:///etc/passwd")).rejects.toMatchObject({ kind: "argument" });
  });

  test("abort ends it by AbortError", async () => {
    const address = await serve((_request, response) => void response.write("a"));
    const abort = new AbortController();
    const fetched = openUrl(`${address}/a.nii`, { signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    await expect(fetched).rejects.toMatchObject({ name: "AbortError" });
  });
});
