import { describe, expect, test } from "vitest";
import { SharedWork } from "#base";

/** Work that ends by hand, and what became of it. */
function workByHand() {
  const calls: { readonly signal: AbortSignal; resolve(value: number): void; reject(error: Error): void }[] = [];
  const begin = (signal: AbortSignal): Promise<number> =>
    new Promise((resolve, reject) => {
      calls.push({ signal, resolve, reject });
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
  return { calls, begin };
}

describe("work shared by those who ask for it", () => {
  test("is begun once, and again when it is over", async () => {
    const shared = new SharedWork<number>();
    const { calls, begin } = workByHand();
    const both = [shared.run("a", undefined, begin), shared.run("a", new AbortController().signal, begin)];
    calls[0]!.resolve(7);
    expect(await Promise.all(both)).toEqual([7, 7]);
    expect(calls).toHaveLength(1);
    const again = shared.run("a", undefined, begin);
    calls[1]!.reject(new Error("no"));
    await expect(again).rejects.toThrow("no");
  });

  test("goes on for the others when one gives up, and that one is let go at once", async () => {
    const shared = new SharedWork<number>();
    const { calls, begin } = workByHand();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = shared.run("a", first.signal, begin);
    const two = shared.run("a", second.signal, begin);
    first.abort();
    await expect(one).rejects.toMatchObject({ name: "AbortError" });
    expect(calls[0]!.signal.aborted).toBe(false);
    calls[0]!.resolve(3);
    expect(await two).toBe(3);
  });

  test("is aborted when the last has gone; whoever comes then begins anew", async () => {
    const shared = new SharedWork<number>();
    const { calls, begin } = workByHand();
    const stop = new AbortController();
    const gone = shared.run("a", stop.signal, begin);
    stop.abort();
    await expect(gone).rejects.toMatchObject({ name: "AbortError" });
    expect(calls[0]!.signal.aborted).toBe(true);
    const next = shared.run("a", undefined, begin);
    calls[1]!.resolve(5);
    expect(await next).toBe(5);
  });

  test("is not aborted while somebody waits who cannot give up", async () => {
    const shared = new SharedWork<number>();
    const { calls, begin } = workByHand();
    const stop = new AbortController();
    const patient = shared.run("a", undefined, begin);
    const hasty = shared.run("a", stop.signal, begin);
    stop.abort();
    await expect(hasty).rejects.toMatchObject({ name: "AbortError" });
    calls[0]!.resolve(1);
    expect(await patient).toBe(1);
  });
});
