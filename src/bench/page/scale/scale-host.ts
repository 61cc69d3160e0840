import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BRICK_EDGE, BRICK_VOXELS, type Dims, levelToBaseIndex, pyramidLevels } from "#volume";
import { writeScaleBrick } from "./scale-volume.ts";

/** Serves volumes of `writeScaleBrick` as OME-Zarr 0.5 at `/<i>x<j>x<k>.zarr`; every chunk is made when it is asked for. */
export interface ScaleHost {
  address(dims: Dims): string;
  /** Chunks that were made. */
  readonly chunks: number;
  stop(): Promise<void>;
}

export async function openScaleHost(): Promise<ScaleHost> {
  let chunks = 0;
  const voxels = new Int16Array(BRICK_VOXELS);
  const bytes = new Uint8Array(voxels.buffer);
  const server = createServer((request, response) => {
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "range" };
    const [, i, j, k, path] = /^\/(\d+)x(\d+)x(\d+)\.zarr\/(.*)$/.exec(request.url ?? "") ?? [];
    const dims: Dims = [Number(i), Number(j), Number(k)];
    const [, level, bk, bj, bi] = /^(\d+)\/c\/(\d+)\/(\d+)\/(\d+)$/.exec(path ?? "") ?? [];
    if (level !== undefined) {
      chunks++;
      const { factor } = pyramidLevels(dims)[Number(level)]!;
      writeScaleBrick(dims, factor, [Number(bi), Number(bj), Number(bk)], voxels);
      response.writeHead(200, { ...headers, "Content-Length": bytes.length });
      // The array is filled again for the next request.
      response.end(request.method === "HEAD" ? undefined : bytes.slice());
      return;
    }
    const metadata = path === undefined ? undefined : metadataAt(dims, path);
    response.writeHead(metadata ? 200 : 404, headers);
    response.end(metadata && JSON.stringify(metadata));
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (dims) => `http://localhost:${port}/${dims.join("x")}.zarr`,
    get chunks() {
      return chunks;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function metadataAt(dims: Dims, path: string): object | undefined {
  const levels = pyramidLevels(dims);
  if (path === "zarr.json") {
    const datasets = levels.map(({ level, factor }) => ({
      path: String(level),
      coordinateTransformations: [
        { type: "scale", scale: factor.toReversed() },
        { type: "translation", translation: factor.map((n) => levelToBaseIndex(0, n)).toReversed() },
      ],
    }));
    const axes = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "millimeter" }));
    return {
      zarr_format: 3,
      node_type: "group",
      attributes: { ome: { version: "0.5", multiscales: [{ name: "image", axes, datasets }] } },
    };
  }
  const level = /^(\d+)\/zarr\.json$/.exec(path)?.[1];
  const size = level === undefined ? undefined : levels[Number(level)]?.dims;
  if (!size) return undefined;
  return {
    zarr_format: 3,
    node_type: "array",
    shape: size.toReversed(),
    data_type: "int16",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [BRICK_EDGE, BRICK_EDGE, BRICK_EDGE] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
    attributes: {},
  };
}
