import { describe, expect, it } from "vitest";
import { type TypedAhead, typeAhead } from "../../../src/ui/typed-ahead.ts";

const type = (keys: readonly string[], ctrlKey = false): TypedAhead =>
  keys.reduce<TypedAhead>((typed, key) => typeAhead(typed, { key, ctrlKey, metaKey: false, altKey: false }) ?? typed, {
    text: "",
    complete: false,
  });

describe("a name typed before its field is there", () => {
  it("keeps letters, takes back with Backspace, ends with Enter", () => {
    expect(type(["L", "u", "x", "Backspace", "n", "g", "Enter", "b"])).toEqual({ text: "Lung", complete: true });
  });

  it("leaves keys that are no letters, and letters with Ctrl", () => {
    expect(type(["Shift", "F2", "ArrowUp"]).text).toBe("");
    expect(type(["z"], true).text).toBe("");
  });
});
