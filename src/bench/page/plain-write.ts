import type { Page } from "@playwright/test";

/**
 * Time to write bytes in pieces of 512 KiB into one file of the origin private file system and flush it, by a worker's handle, with
 * nothing else done: what no import that keeps as much can be faster than. After one run to warm up; milliseconds.
 */
export async function plainWrite(page: Page, bytes: number): Promise<number> {
  const address = new URL("plain-write.js", page.url()).href;
  // Of the page's own origin and with its embedding policy, as an isolated page wants its workers.
  const headers = { "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin" };
  const contentType = "text/javascript";
  await page.route(address, (route) => route.fulfill({ contentType, headers, body: WORKER }));
  return page.evaluate(
    ([url, size]) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(url as string);
        worker.onmessage = ({ data }: MessageEvent<number>) => {
          worker.terminate();
          resolve(data);
        };
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(size);
      }),
    [address, bytes] as const,
  );
}

const WORKER = `
  onmessage = async ({ data: size }) => {
    const folder = await navigator.storage.getDirectory();
    const piece = new Uint8Array(524288).map((_, n) => n * 31);
    let took = 0;
    for (let run = 0; run < 2; run++) {
      const handle = await (await folder.getFileHandle("plain-write", { create: true })).createSyncAccessHandle();
      const start = performance.now();
      for (let at = 0; at < size; at += piece.length) handle.write(piece.subarray(0, Math.min(piece.length, size - at)), { at });
      handle.flush();
      took = performance.now() - start;
      handle.close();
      await folder.removeEntry("plain-write");
    }
    postMessage(took);
  };
`;
