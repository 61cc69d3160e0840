import { afterEach, describe, expect, test } from "vitest";
import { openAddress, type SeriesChoice } from "#sources";
import { HttpStore } from "../../../src/sources/zarr/http-store.ts";
import { allVoxels, memoryFile } from "./files.ts";
import { type ZarrHost, zarrHost } from "./zarr-host.ts";
import { patterned, zarrFiles, type ZarrImageWanted } from "./zarr-writer.ts";

const image: ZarrImageWanted = {
  version: "0.5",
  codec: "blosc-lz4",
  resolutions: [{ shape: [6, 10, 20], value: patterned }],
  chunks: [2, 4, 4],
  shards: [2, 2, 3],
};

let host: ZarrHost | undefined;
afterEach(() => host?.stop());

async function serve(wanted = image, name = "data/scan.ome.zarr"): Promise<ZarrHost> {
  host = await zarrHost(await zarrFiles(name, wanted));
  return host;
}

async function one(address: string): Promise<SeriesChoice> {
  const { series } = await openAddress(address);
  expect(series).toHaveLength(1);
  return series[0]!;
}

/** A store on a fetch that gives one answer after the other. */
function storeOn(...answers: (number | "cut" | Uint8Array)[]): { store: HttpStore; asked: () => number } {
  let asked = 0;
  const answer = async (): Promise<Response> => {
    const next = answers[Math.min(asked++, answers.length - 1)]!;
    if (next === "cut") throw new TypeError("fetch failed");
    return typeof next === "number"
      ? new Response(null, { status: next })
      : new Response(next as Uint8Array<ArrayBuffer>);
  };
  const store = new HttpStore("https://images.example/scan.zarr", { waitsMs: [1, 1, 1], fetch: answer });
  return { store, asked: () => asked };
}

const bytes = new Uint8Array([1, 2, 3]);

describe("OME-Zarr by address", () => {
  test("opens by its metadata alone, whichever of its addresses is given; chunks and shards are read by ranges", async () => {
    const { url, asked } = await serve();
    for (const address of ["scan.ome.zarr", "scan.ome.zarr/", "scan.ome.zarr/zarr.json"]) {
      asked.length = 0;
      const choice = await one(`${url}/data/${address}`);
      expect(choice.description.name).toBe("scan");
      expect(asked.filter((path) => !path.endsWith(".zattrs")).sort()).toEqual([
        "/data/scan.ome.zarr/0/zarr.json",
        "/data/scan.ome.zarr/zarr.json",
      ]);
    }
    const values = await allVoxels(await one(`${url}/data/scan.ome.zarr`));
    expect(values).toEqual(
      Array.from({ length: 1200 }, (_, n) => patterned(Math.floor(n / 200), Math.floor(n / 20) % 10, n % 20)),
    );
  });

  test("a server that forbids pages to read that a file is missing is no hindrance", async () => {
    const { url } = await serve({ ...image, version: "0.4", shards: undefined } as unknown as ZarrImageWanted);
    host!.trouble = (path, response) => {
      if (!path.endsWith("zarr.json")) return false;
      // What a page sees of an answer without CORS headers is a failed request.
      response.socket?.destroy();
      return true;
    };
    expect((await one(`${url}/data/scan.ome.zarr`)).description.format).toBe("OME-Zarr 0.4");
  });

  test("images numbered from 0 below an address without the name of Zarr; files are fetched as ever", async () => {
    const parts = [await zarrFiles("slide/0", image), await zarrFiles("slide/1", image)].flat();
    const root = memoryFile("slide/zarr.json", JSON.stringify({ zarr_format: 3, node_type: "group", attributes: {} }));
    host = await zarrHost([...parts, root, memoryFile("note", "just text")]);
    const { series } = await openAddress(`${host.url}/slide`);
    expect(series.map(({ description }) => description.name)).toEqual(["slide/0", "slide/1"]);
    const { refused } = await openAddress(`${host.url}/note`);
    expect(refused).toHaveLength(1);
  });

  test("a brick asks for its own chunks and for each once; one that is given up ends its requests", async () => {
    const wide = { resolutions: [{ shape: [6, 10, 200], value: patterned }], chunks: [6, 10, 64] };
    const { url, asked } = await serve(wide);
    const { chunked } = await one(`${url}/data/scan.ome.zarr`);
    asked.length = 0;
    const address = { frame: 0, level: 0, bi: 1, bj: 0, bk: 0 };
    await Promise.all([chunked!.readBrick(address), chunked!.readBrick(address)]);
    expect(asked).toEqual(["/data/scan.ome.zarr/0/0/0/1"]);
    let closed = false;
    host!.trouble = (_path, response) => {
      response.on("close", () => (closed = true));
      return true;
    };
    const stop = new AbortController();
    const given = chunked!.readBrick({ ...address, bi: 2 }, { signal: stop.signal });
    await expect.poll(() => asked.length).toBe(2);
    stop.abort();
    await expect(given).rejects.toMatchObject({ name: "AbortError" });
    await expect.poll(() => closed).toBe(true);
  });

  test("what cannot be opened says what to do", async () => {
    const { url } = await serve();
    await expect(openAddress(`${url}/data/nothing.zarr`)).rejects.toMatchObject({
      kind: "source",
      subject: `${url}/data/nothing.zarr`,
      message: expect.stringContaining("neither zarr.json nor .zattrs"),
      advice: expect.stringContaining("folder of the image"),
    });
    await expect(openAddress(`${url}/data/scan.ome.zarr/0`)).rejects.toMatchObject({
      message: expect.stringContaining("Zarr array without"),
    });
    host!.trouble = (_path, response) => {
      response.writeHead(403).end();
      return true;
    };
    await expect(openAddress(`${url}/data/scan.ome.zarr`)).rejects.toMatchObject({
      kind: "network",
      message: "The server answered 403 Forbidden.",
      advice: expect.stringContaining("download the image"),
    });
    host!.trouble = (_path, response) => {
      response.end("<!doctype html><title>Sign in</title>");
      return true;
    };
    await expect(openAddress(`${url}/data/scan.ome.zarr`)).rejects.toMatchObject({
      message: expect.stringContaining("web page"),
    });
  });
});

describe("requests that fail", () => {
  test("are made again after waits, by a server in trouble and a network that breaks", async () => {
    const { store, asked } = storeOn(503, "cut", 429, bytes);
    expect(await store.get("/zarr.json")).toEqual(bytes);
    expect(asked()).toBe(4);
  });

  test("are not made again where that is of no use", async () => {
    const { store, asked } = storeOn(403);
    await expect(store.get("/zarr.json")).rejects.toMatchObject({
      kind: "network",
      fields: { status: 403, passing: false },
    });
    expect(asked()).toBe(1);
    expect(await storeOn(404).store.get("/zarr.json")).toBeUndefined();
  });

  test("end with an error, after which others fail at once until the address answers again", async () => {
    const { store, asked } = storeOn("cut", "cut", "cut", "cut", "cut", 404, bytes);
    await expect(store.get("/a")).rejects.toMatchObject({ kind: "network", message: expect.stringContaining("CORS") });
    expect(asked()).toBe(4);
    await expect(store.get("/a")).rejects.toMatchObject({ kind: "network" });
    expect(asked()).toBe(4);
    await expect(store.probe()).rejects.toMatchObject({ kind: "network" });
    await store.probe();
    expect(await store.get("/a")).toEqual(bytes);
  });

  test("stop waiting when they are given up", async () => {
    const store = new HttpStore("https://images.example/scan.zarr", {
      waitsMs: [3_600_000],
      fetch: () => Promise.reject(new TypeError("fetch failed")),
    });
    const stop = new AbortController();
    const given = store.get("/a", { signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    await expect(given).rejects.toMatchObject({ name: "AbortError" });
  });

  test("a server without ranges is found out, not read wrongly", async () => {
    const { store } = storeOn(new Uint8Array(1000));
    await expect(store.getRange("/c/0", { offset: 10, length: 20 })).rejects.toMatchObject({
      message: expect.stringContaining("parts of files"),
    });
  });
});
