import { describe, expect, it } from "vitest";
import { EditQueue } from "../../../src/session/edit-queue.ts";

describe("EditQueue", () => {
  it("runs changes one at a time in order, also after one failed", async () => {
    const queue = new EditQueue();
    const seen: string[] = [];
    const first = queue.run(async () => {
      await Promise.resolve();
      seen.push("a");
      throw new Error("refused");
    });
    const second = queue.run(async () => void seen.push("b"));
    await expect(first).rejects.toThrow("refused");
    await second;
    expect(seen).toEqual(["a", "b"]);
  });

  it("asks a preview to yield when the next change comes", async () => {
    const queue = new EditQueue();
    const seen: string[] = [];
    const hold = await queue.hold(() => {
      seen.push("taken back");
      hold.release();
    });
    await queue.run(async () => void seen.push("next"));
    expect(seen).toEqual(["taken back", "next"]);
  });

  it("asks a preview to yield that got its turn when others were waiting already", async () => {
    const queue = new EditQueue();
    let finishFirst = (): void => undefined;
    const first = queue.run(() => new Promise<void>((resolve) => (finishFirst = resolve)));
    let yielded = false;
    const hold = queue.hold(() => {
      yielded = true;
    });
    const last = queue.run(async () => "done");
    await new Promise((resolve) => setTimeout(resolve));
    finishFirst();
    await first;
    (await hold).release();
    expect(yielded).toBe(true);
    expect(await last).toBe("done");
  });

  it("makes the next change wait for a stroke that does not yield", async () => {
    const queue = new EditQueue();
    const hold = await queue.hold(() => undefined);
    let ran = false;
    const next = queue.run(async () => {
      ran = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ran).toBe(false);
    hold.release();
    await next;
    expect(ran).toBe(true);
  });
});
