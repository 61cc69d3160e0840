import { describe, expect, it } from "vitest";
import { BrickQueue } from "#gpu";
import { type BrickAddress, brickKey } from "#volume";

const at = (bi: number, level = 0): BrickAddress => ({ frame: 0, level, bi, bj: 0, bk: 0 });

function queue(limit: number) {
  const started: { address: BrickAddress; signal: AbortSignal }[] = [];
  const there = new Set<string>();
  const bricks = new BrickQueue({
    limit,
    isThere: (key) => there.has(key),
    start: (address, signal) => started.push({ address, signal }),
  });
  return { bricks, started, there };
}

describe("the brick queue", () => {
  it("asks for the most urgent brick first and keeps to its limit", () => {
    const { bricks, started } = queue(2);
    bricks.want(
      "axial",
      [3, 1, 2].map((n) => ({ address: at(n), priority: n })),
    );
    expect(started.map(({ address }) => address.bi)).toEqual([1, 2]);
    bricks.finish(started[0]!.address, started[0]!.signal, false);
    expect(bricks.inFlight).toBe(1);
  });

  it("gives up what no view wants any more, and keeps what another still wants", () => {
    const { bricks, started } = queue(4);
    bricks.want("axial", [
      { address: at(1), priority: 0 },
      { address: at(2), priority: 1 },
    ]);
    bricks.want("coronal", [{ address: at(2), priority: 0 }]);
    bricks.want("axial", []);
    expect(started.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(bricks.finish(started[0]!.address, started[0]!.signal, false)).toBe(false);
    expect(bricks.finish(started[1]!.address, started[1]!.signal, false)).toBe(true);
  });

  it("asks for a brick once, and again after it came back empty only on retry", () => {
    const { bricks, started, there } = queue(4);
    bricks.want("axial", [
      { address: at(1), priority: 0 },
      { address: at(2), priority: 1 },
    ]);
    bricks.finish(started[0]!.address, started[0]!.signal, true);
    there.add(brickKey(at(2)));
    bricks.finish(started[1]!.address, started[1]!.signal, false);
    bricks.pump();
    expect(started).toHaveLength(2);
    bricks.retry();
    expect(started.map(({ address }) => address.bi)).toEqual([1, 2, 1]);
  });
});
