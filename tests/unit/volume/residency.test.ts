import { describe, expect, it } from "vitest";
import { Residency } from "#volume";

function makeResidency(budget: number): { residency: Residency<number>; evicted: string[] } {
  const evicted: string[] = [];
  return {
    residency: new Residency<number>(budget, { bytesOf: (item) => item, evict: (key) => evicted.push(key) }),
    evicted,
  };
}

describe("Residency", () => {
  it("evicts the least recently used item first", () => {
    const { residency, evicted } = makeResidency(10);
    residency.put("a", 4);
    residency.put("b", 4);
    residency.get("a");
    residency.put("c", 4);
    expect(evicted).toEqual(["b"]);
    expect(residency.usedBytes).toBe(8);
  });

  it("never evicts a pinned item and refuses what then does not fit", () => {
    const { residency, evicted } = makeResidency(10);
    residency.put("a", 6);
    residency.pin("a");
    expect(residency.put("b", 6)).toBe(false);
    expect(evicted).toEqual([]);
    residency.unpin("a");
    expect(residency.put("b", 6)).toBe(true);
    expect(evicted).toEqual(["a"]);
  });

  it("replaces an item of the same key and gives its bytes back", () => {
    const { residency, evicted } = makeResidency(10);
    residency.put("a", 6);
    residency.put("a", 3);
    expect(residency.usedBytes).toBe(3);
    expect(evicted).toEqual(["a"]);
  });

  it("shrinks to a smaller budget", () => {
    const { residency } = makeResidency(10);
    residency.put("a", 5);
    residency.put("b", 5);
    residency.setBudgetBytes(5);
    expect([...residency.keys()]).toEqual(["b"]);
  });
});
