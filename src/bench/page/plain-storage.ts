import type { Page } from "@playwright/test";

/**
 * Time to write bytes in pieces of 512 KiB into one file of the origin private file system and flush it, by a worker's handle, with
 * nothing else done: what no import that keeps as much can be faster than. After one run to warm up; milliseconds.
 */
export function plainWrite(page: Page, bytes: number): Promise<number> {
  return inWorker(page, bytes);
}

/** The same with the bytes of a file, which the worker reads as it writes. */
export async function plainCopy(page: Page, path: string): Promise<number> {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "plain-copy";
    document.body.append(input);
  });
  await page.setInputFiles("#plain-copy", path);
  const took = await inWorker(page, "#plain-copy");
  await page.evaluate(() => document.querySelector("#plain-copy")?.remove());
  return took;
}

/** Gives a worker a number of bytes to write, or the file of an input. */
async function inWorker(page: Page, what: number | string): Promise<number> {
  const address = new URL("plain-storage.js", page.url()).href;
  // Of the page's own origin and with its embedding policy, as an isolated page wants its workers.
  const headers = { "Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Resource-Policy": "same-origin" };
  const contentType = "text/javascript";
  await page.route(address, (route) => route.fulfill({ contentType, headers, body: WORKER }));
  return page.evaluate(
    ([url, bytesOrInput]) =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(url);
        worker.onmessage = ({ data }: MessageEvent<number>) => {
          worker.terminate();
          resolve(data);
        };
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(
          typeof bytesOrInput === "number"
            ? bytesOrInput
            : document.querySelector<HTMLInputElement>(bytesOrInput)!.files![0],
        );
      }),
    [address, what] as const,
  );
}

const WORKER = `
  async function writeBytes(handle, size) {
    const piece = new Uint8Array(524288).map((_, n) => n * 31);
    for (let at = 0; at < size; at += piece.length) handle.write(piece.subarray(0, Math.min(piece.length, size - at)), { at });
  }

  async function copyFile(handle, file) {
    // Chromium takes a stream for garbage that only who waits for it refers to.
    const reader = (self.reader = file.stream().getReader({ mode: "byob" }));
    let room = new Uint8Array(524288);
    for (let at = 0; at < file.size; ) {
      const { value } = await reader.read(room);
      handle.write(value, { at });
      at += value.length;
      room = new Uint8Array(value.buffer);
    }
    await reader.cancel();
  }

  onmessage = async ({ data }) => {
    const folder = await navigator.storage.getDirectory();
    let took = 0;
    for (let run = 0; run < 2; run++) {
      const handle = await (await folder.getFileHandle("plain-storage", { create: true })).createSyncAccessHandle();
      const start = performance.now();
      await (typeof data === "number" ? writeBytes(handle, data) : copyFile(handle, data));
      handle.flush();
      took = performance.now() - start;
      handle.close();
      await folder.removeEntry("plain-storage");
    }
    postMessage(took);
  };
`;
