import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** A host that knows nothing of isolation: files with their type and no other header. */
async function plainHost(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
    const file = join(dist, path.endsWith("/") ? `${path}index.html` : path);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}/` };
}

/** Every sample of the list is there, byte for byte. */
async function expectSamples(page: Page): Promise<void> {
  const samples = await page.evaluate(async () => {
    const list: { file: string; bytes: number }[] = await (await fetch("samples/samples.json")).json();
    return Promise.all(
      list.map(async ({ file, bytes }) => {
        const response = await fetch(`samples/${file}`);
        return { file, bytes, status: response.status, received: (await response.arrayBuffer()).byteLength };
      }),
    );
  });
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(sample).toMatchObject({ status: 200, received: sample.bytes });
}

test("the server isolates the page, and the page keeps to its policy", async ({ page }) => {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto("./");
  await expect(page).toHaveTitle("Voxelwright");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(faults.filter((text) => text.includes("Content Security Policy"))).toEqual([]);
  await expectSamples(page);
});

test("on a plain static host the page is isolated after one reload, and starts without the network", async ({
  page,
}) => {
  const { server, url } = await plainHost();
  try {
    await page.goto(url);
    await page.waitForFunction(() => crossOriginIsolated && navigator.serviceWorker.controller !== null);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await expect(page.request.get(url)).rejects.toThrow();
  await page.goto(url);
  await expect(page).toHaveTitle("Voxelwright");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expectSamples(page);
});
