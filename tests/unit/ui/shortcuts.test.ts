import { parseKeybinding } from "tinykeys";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../../src/ui/actions.ts";
import { keyParts, SHORTCUTS, shortcutText } from "../../../src/ui/shortcuts.ts";

/** The one key press of a binding, as tinykeys matches it: modifiers in any order, key without regard to case. */
function press(keys: string): string {
  const presses = parseKeybinding(keys);
  expect(presses, `${keys} is one press`).toHaveLength(1);
  const [modifiers, key] = presses[0]!;
  return [
    ...modifiers.map((modifier) => (modifier === "$mod" ? "Control" : modifier)).sort(),
    String(key).toLowerCase(),
  ].join(" ");
}

describe("the shortcut table", () => {
  it("gives no key to two actions", () => {
    const owners = new Map<string, string>();
    for (const { id, keys } of SHORTCUTS) {
      for (const binding of keys) {
        const key = press(binding);
        expect(owners.get(key) ?? id, `${binding} belongs to ${id}`).toBe(id);
        owners.set(key, id);
      }
    }
  });

  it("names every action once, and every action has a line", () => {
    const ids = SHORTCUTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  it("takes no key that the browser keeps for itself", () => {
    const kept = ["Control w", "Control t", "Control n", "Control l", "F5", "Control r", "F11", "F12"];
    const used = SHORTCUTS.flatMap(({ keys }) => keys.map(press));
    expect(used.filter((key) => kept.some((other) => other.toLowerCase() === key.toLowerCase()))).toEqual([]);
  });

  it("titles differ, so that the palette tells them apart", () => {
    const titles = SHORTCUTS.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe("printed keys", () => {
  it.each([
    ["$mod+Shift+z", ["Ctrl", "Shift", "Z"]],
    ["Shift++", ["+"]],
    ["Shift+?", ["?"]],
    ["[", ["["]],
    ["Escape", ["Esc"]],
    ["ArrowUp", ["↑"]],
  ])("%s", (keys, parts) => {
    expect(keyParts(keys)).toEqual(parts);
  });

  it("are those of the keyboard at hand", () => {
    expect(shortcutText("history.undo")).toBe("Ctrl+Z");
    expect(shortcutText("history.undo", true)).toBe("⌘Z");
    expect(shortcutText("study.close")).toBe("");
  });
});
