import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { SourceFile } from "#sources";

/** A host of files that can be told to fail. */
export interface ZarrHost {
  readonly url: string;
  /** Paths that were answered, in order. */
  readonly asked: string[];
  /** Answers the request itself when it gives true. */
  trouble: ((path: string, response: ServerResponse) => boolean) | undefined;
  /** Bytes of an answer that are sent, as if there were no more. */
  cut: ((path: string, length: number) => number) | undefined;
  stop(): Promise<void>;
}

/** Serves files by their names on a free port, with ranges, to every origin. */
export async function zarrHost(files: readonly SourceFile[]): Promise<ZarrHost> {
  const contents = new Map<string, Uint8Array>();
  for (const { name, blob } of files) contents.set(`/${name}`, new Uint8Array(await blob.arrayBuffer()));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    asked.push(path);
    if (host.trouble?.(path, response)) return;
    const bytes = contents.get(path);
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "range" };
    if (request.method === "OPTIONS") {
      response.writeHead(204, headers).end();
      return;
    }
    if (!bytes) {
      response.writeHead(404, headers).end();
      return;
    }
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "") ?? [];
    const wanted = from === undefined ? bytes : bytes.subarray(Number(from), Number(to) + 1);
    const part = wanted.subarray(0, request.method === "GET" ? host.cut?.(path, wanted.length) : undefined);
    response.writeHead(from === undefined ? 200 : 206, { ...headers, "Content-Length": part.length });
    response.end(request.method === "HEAD" ? undefined : part);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const host: ZarrHost = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    trouble: undefined,
    cut: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return host;
}
