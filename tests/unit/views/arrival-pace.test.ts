import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ArrivalPace } from "../../../src/views/arrival-pace.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => setTimeout(draw, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Views whose pictures take `drawMs`, and bricks that come every `everyMs`, `count` of them; when views were told, ms from the first. */
async function told(drawMs: number, count: number, everyMs: number): Promise<number[]> {
  let left = count;
  const at: number[] = [];
  const start = performance.now();
  const pace = new ArrivalPace({
    tell: () => at.push(performance.now() - start),
    drawn: () => new Promise((resolve) => setTimeout(resolve, drawMs)),
    more: () => left > 0,
  });
  while (left > 0) {
    left--;
    pace.arrived();
    await vi.advanceTimersByTimeAsync(everyMs);
  }
  await vi.advanceTimersByTimeAsync(5000);
  pace.dispose();
  return at;
}

it("a fast GPU draws as bricks come", async () => {
  expect(await told(4, 5, 100)).toEqual([0, 100, 200, 300, 400]);
});

it("a slow GPU rests between pictures, and draws the last brick at once", async () => {
  // A picture takes 116 ms, then there is a rest of 232.
  expect(await told(100, 100, 10)).toEqual([0, 348, 696, 990]);
});

it("a GPU that is very slow rests for a second at most", async () => {
  expect(await told(2000, 500, 10)).toEqual([0, 3016, 5016 + 16]);
});

it("what ends is told no more", async () => {
  const tell = vi.fn<() => void>();
  const pace = new ArrivalPace({ tell, drawn: () => Promise.resolve(), more: () => true });
  pace.arrived();
  pace.arrived();
  pace.dispose();
  await vi.advanceTimersByTimeAsync(5000);
  expect(tell).toHaveBeenCalledTimes(1);
});
