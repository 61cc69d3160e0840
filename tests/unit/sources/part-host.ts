import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

/** A request for a part, and how much of it was sent. */
export interface Asked {
  readonly start: number;
  readonly end: number;
  sent: number;
}

/** May answer in another way than with the part; says whether it did. */
export type Answer = (request: IncomingMessage, response: ServerResponse, start: number, end: number) => boolean;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Serves a file in parts until the test has ended. */
export async function hostParts(
  file: Uint8Array,
  name: string,
  answer: Answer = () => false,
): Promise<{ url: URL; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const start = Number(from ?? 0);
    const end = Math.min(file.length, to ? Number(to) + 1 : file.length);
    if (answer(request, response, start, end)) return;
    const one: Asked = { start, end, sent: 0 };
    asked.push(one);
    response.writeHead(from === undefined ? 200 : 206, {
      "content-length": end - start,
      ...(from === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${file.length}` }),
      etag: '"one"',
    });
    const next = (): void => {
      while (start + one.sent < end && !response.destroyed) {
        const piece = file.subarray(start + one.sent, Math.min(end, start + one.sent + 65_536));
        one.sent += piece.length;
        if (!response.write(piece)) return void response.once("drain", next);
      }
      response.end();
    };
    next();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`), asked };
}
