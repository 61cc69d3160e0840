import { isVoxelwrightError } from "#base";
import { spawnWorker, transfer, type WorkerConnection, WorkerPool } from "#workers";
import { afterEach, beforeAll, expect, test } from "vitest";
import { bundleWorker } from "./support/bundle-worker.ts";
import type { echo } from "./support/echo.worker.ts";

type Echo = typeof echo;
let url: URL;
const open: { dispose(): void }[] = [];

beforeAll(async () => {
  url = await bundleWorker("tests/wasm/support/echo.worker.ts");
});
afterEach(() => {
  for (const item of open.splice(0)) item.dispose();
});

function spawn(): WorkerConnection<Echo> {
  const connection = spawnWorker<Echo>((Worker) => new Worker(url, { type: "module" }));
  open.push(connection);
  return connection;
}

test("a call returns the worker's value", async () => {
  expect(await spawn().api.add(2, 3)).toBe(5);
});

test("an error keeps its kind, subject, advice and fields", async () => {
  const error = await spawn()
    .api.fail()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: "limit", subject: "scan.nii", advice: "Take fewer.", fields: { count: 3 } });
});

test("transferred buffers leave the sender, both ways", async () => {
  const values = new Float32Array([1, 2]);
  const doubled = await spawn().api.double(transfer(values, [values.buffer]));
  expect(values.byteLength).toBe(0);
  expect([...doubled]).toEqual([2, 4]);
});

test("functions in options are called in the calling thread and their results come back", async () => {
  const seen: number[] = [];
  const onStep = (n: number) => {
    seen.push(n);
    return n * 10;
  };
  expect(await spawn().api.count(4, { onStep })).toBe(60);
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("a fault in a callback reaches the worker and comes back from there", async () => {
  const onStep = () => {
    throw new RangeError("not here");
  };
  await expect(spawn().api.count(1, { onStep })).rejects.toThrow("not here");
});

test("an abort crosses and rejects with AbortError", async () => {
  const abort = new AbortController();
  const call = spawn().api.waitForAbort({ signal: abort.signal });
  setTimeout(() => abort.abort(), 20);
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
});

test("a call with an aborted signal never starts", async () => {
  await expect(spawn().api.waitForAbort({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
});

test("terminating rejects every pending call with a worker error", async () => {
  const connection = spawn();
  const calls = [connection.api.hang(), connection.api.hang()];
  connection.terminate();
  for (const call of calls) await expect(call).rejects.toMatchObject({ kind: "worker" });
  await expect(connection.api.add(1, 1)).rejects.toMatchObject({ kind: "worker" });
});

test("a worker that dies by itself rejects its calls and tells once", async () => {
  const connection = spawn();
  let deaths = 0;
  connection.onDeath.on(() => deaths++);
  const error = await connection.api.die().catch((reason: unknown) => reason);
  expect(isVoxelwrightError(error, "worker")).toBe(true);
  expect(String(error)).toContain("out of memory");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(deaths).toBe(1);
});

test("a pool replaces a dead worker and prepares the new one", async () => {
  const prepared: number[] = [];
  const pool = new WorkerPool<Echo>(2, spawn, async (_, slot) => void prepared.push(slot));
  open.push(pool);
  expect(await pool.onAll((calls, slot) => calls.add(slot, 1))).toEqual([1, 2]);
  await expect((await pool.worker(1)).die()).rejects.toMatchObject({ kind: "worker" });
  expect(pool.alive).toBe(1);
  expect(await (await pool.worker(1)).add(1, 1)).toBe(2);
  expect(prepared).toEqual([0, 1, 1]);
});
