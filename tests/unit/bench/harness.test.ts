import { describe, expect, it } from "vitest";
import { benchRow, htmlReport, median, timeInterleaved } from "#bench";
import { plainGrowth } from "../../../src/bench/peers/plain-growth.ts";
import { diceOf } from "../../../src/bench/overlap.ts";
import { drawBricks, labelsOfDense } from "../../../src/bench/dense.ts";
import { strewn } from "../export/cases.ts";

describe("timing", () => {
  it("interleaves, warms up, turns the order round, and takes medians", async () => {
    let clock = 0;
    const order: string[] = [];
    const costs = { slow: [100, 5, 9, 7], quick: [50, 1, 3, 2] };
    const step = (name: keyof typeof costs) => () => {
      order.push(name);
      clock += costs[name].shift()!;
      return Promise.resolve();
    };
    const times = await timeInterleaved(
      { slow: step("slow"), quick: step("quick") },
      { warmups: 1, rounds: 3, now: () => clock },
    );
    expect(times).toEqual({ slow: 7, quick: 2 });
    expect(order.join(" ")).toBe("quick slow slow quick quick slow slow quick");
  });

  it("takes a case's own time where it gives one", async () => {
    expect(await timeInterleaved({ own: () => Promise.resolve(12) }, { rounds: 2 })).toEqual({ own: 12 });
  });

  it("stops when it is aborted", async () => {
    await expect(timeInterleaved({ a: () => Promise.resolve() }, { signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/i,
    );
  });

  it("a median of an even count lies between", () => {
    expect([median([4, 1, 3, 2]), median([3, 1, 2]), median([])]).toEqual([2.5, 2, Number.NaN]);
  });
});

describe("the report", () => {
  it("works out the ratio", () => {
    expect(benchRow({ name: "n", input: "i", ourMs: 2.00049, peer: "p", peerMs: 8 })).toEqual({
      name: "n",
      input: "i",
      ourMs: 2,
      peer: "p",
      peerMs: 8,
      ratio: 4,
    });
    expect(benchRow({ name: "n", input: "i", bytes: 5 })).toEqual({ name: "n", input: "i", bytes: 5 });
  });

  it("is one page that loads nothing and lets no name become markup", () => {
    const rows = [
      benchRow({
        name: "<b>grow</b>",
        input: "a & b",
        ourMs: 1500,
        peer: "p",
        peerMs: 3000,
        floorMs: 1,
        dice: 0.98765,
        peerDice: 0.9,
      }),
    ];
    const machine = { system: "linux", processor: "x", cores: 2, memoryBytes: 16e9 };
    const html = htmlReport({
      suite: "main",
      machine,
      versions: { node: "20" },
      rows: [...rows, { name: "size", input: "", bytes: 123456 }],
    });
    expect(html).toContain("&lt;b&gt;grow&lt;/b&gt;");
    expect(html).toContain('<rect class="ours" x="0" y="14" width="180.0"');
    expect(html).toContain("1.50 s");
    expect(html).toContain("123 kB");
    expect(html).toContain("0.9877 (0.9000)");
    expect(html).not.toMatch(/https?:|<script|<b>/);
  });

  it("plots rows of one thing at three sizes or more, on logarithmic axes", () => {
    const at = (voxels: number, ourMs: number) => ({ ...benchRow({ name: "scale: open", input: "", ourMs }), voxels });
    const machine = { system: "linux", processor: "x", cores: 2 };
    const plots = (rows: Parameters<typeof htmlReport>[0]["rows"]) =>
      htmlReport({ suite: "scale", machine, versions: {}, rows }).match(/<polyline[^>]*points="([^"]*)"/g) ?? [];
    expect(plots([at(1e6, 100), at(1e7, 1000)])).toEqual([]);
    const [line] = plots([at(1e7, 100), at(1e6, 10), at(1e8, 1000)]);
    // Proportional: from the lower left corner to the upper right one, in the order of sizes.
    expect(line).toContain('points="40.0,122.0 145.0,71.0 250.0,20.0"');
  });
});

describe("what suites stand on", () => {
  it("dense labels come back from bricks", () => {
    const dims = [70, 5, 66] as const;
    const dense = strewn(dims, [1, 9]);
    const labels = labelsOfDense(dims, dense);
    const back = new Uint16Array(dense.length);
    const bricks = [...labels.brickIndices()].map((index) => [index, labels.readBrick(index)!] as const);
    drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, back);
    expect(back).toEqual(dense);
    expect(diceOf(back, dense)).toBe(1);
  });

  it("the plain growth reaches what faces connect, and no further", () => {
    const voxels = Int16Array.from([1, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0]);
    expect([...plainGrowth([3, 2, 2], voxels, [0, 0, 0], 1, 1)]).toEqual(
      [1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0].map((v, n) => (n === 8 ? 1 : v)),
    );
    expect([...plainGrowth([3, 1, 1], Int16Array.from([1, 0, 1]), [0, 0, 0], 1, 1)]).toEqual([1, 0, 0]);
    expect([...plainGrowth([3, 1, 1], Int16Array.from([1, 0, 1]), [1, 0, 0], 1, 1)]).toEqual([0, 0, 0]);
  });
});
