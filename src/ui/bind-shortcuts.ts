import { createKeybindingsHandler } from "tinykeys";
import type { Disposable } from "#base";
import { act } from "./actions.ts";
import { type ActionId, SHORTCUTS } from "./shortcuts.ts";
import { typeAhead } from "./typed-ahead.ts";
import type { Ui } from "./ui-state.ts";

/** Actions whose key also means something to a focused control. */
const YIELDS_TO_CONTROLS: readonly ActionId[] = ["view.up", "view.down", "view.pageUp", "view.pageDown"];

/** Actions that go on while their key is held; all others count once. */
const REPEATS: readonly ActionId[] = [
  ...YIELDS_TO_CONTROLS,
  "brush.smaller",
  "brush.larger",
  "history.undo",
  "history.redo",
];

/** Binds every shortcut to the window until disposed. Keys typed into fields and dialogs are left alone. */
export function bindShortcuts(ui: Ui): Disposable {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  for (const { id, keys, scope } of SHORTCUTS) {
    for (const key of keys) {
      bindings[key] = (event) => {
        if (event.repeat && !REPEATS.includes(id)) return;
        if (scope === "study" && ui.phase() !== "open") return;
        if (isModalOpen(ui) || !isFree(event, key, id)) return;
        if (id === "preview.accept" && !ui.preview() && !ui.drafting()) return;
        const ran = act(ui, id);
        // Browser meanings of Ctrl+S, Ctrl+O and F1 never surprise, whether or not the action could run now.
        if (ran || event.ctrlKey || event.metaKey || key === "F1") event.preventDefault();
      };
    }
  }
  const handle = createKeybindingsHandler(bindings);
  const listener = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const typed = ui.typedAhead && typeAhead(ui.typedAhead, event);
    if (typed) {
      ui.typedAhead = typed;
      event.preventDefault();
    } else handle(event);
  };
  // Captured: an open tooltip would keep Escape for itself.
  window.addEventListener("keydown", listener, { capture: true });
  return { dispose: () => window.removeEventListener("keydown", listener, { capture: true }) };
}

function isModalOpen(ui: Ui): boolean {
  return [ui.dialog(), ui.question(), ui.seriesQuestion(), ui.roomQuestion(), ui.spacingQuestion()].some(
    (open) => open !== undefined,
  );
}

function isFree(event: KeyboardEvent, key: string, id: ActionId): boolean {
  const target = event.target instanceof HTMLElement ? event.target : undefined;
  if (!target) return true;
  if (isTyping(target)) return /^\$mod\+(k|o|s)$|^F1$/.test(key);
  if (YIELDS_TO_CONTROLS.includes(id))
    return !target.closest("input, select, [role=slider], [role=radiogroup], [role=separator], .scrolls");
  if (id === "preview.accept") return !target.closest(".preview-bar, .toasts, select, summary, [role=dialog]");
  if (id.startsWith("segment.choose")) return target.tagName !== "SELECT";
  return target.tagName !== "SELECT" || key.startsWith("$mod");
}

/** True in a field that takes text or numbers; sliders, boxes and buttons take none. */
function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["range", "checkbox", "radio", "button", "color", "file"].includes(target.type)
  );
}
