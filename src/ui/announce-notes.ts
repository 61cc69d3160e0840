import { createEffect, createMemo, on } from "solid-js";
import { countOf } from "./format.ts";
import type { Ui } from "./ui-state.ts";

/**
 * Says what is odd about a scan when it opens, and takes it back when it is no longer so; the badge in the top bar and the panel keep it
 * in sight. Call in a Solid root.
 */
export function announceNotes(ui: Ui): void {
  let said: string | undefined;
  // Not while it is being imported: what is said then is gone before anyone looks.
  const opened = createMemo(() => (ui.phase() === "open" && !ui.importing() ? ui.study()?.volumeId : undefined));
  createEffect(
    on(opened, () => {
      const description = ui.study()?.description;
      const [first, ...others] = description?.notes ?? [];
      if (!opened() || !description || first === undefined) return;
      said = `${description.name}: ${first}`;
      // What was said when the files were opened need not be said again.
      if (ui.messages().some((message) => message.text === said)) return;
      ui.post({
        tone: "info",
        text: said,
        ...(others.length > 0 ? { advice: `${countOf(others.length, "more note")} under Notes and facts.` } : {}),
      });
    }),
  );
  createEffect(
    on(
      () => ui.study()?.description,
      (description) => {
        if (!description || description.notes.some((note) => `${description.name}: ${note}` === said)) return;
        for (const { id, text } of ui.messages()) if (text === said) ui.dismiss(id);
      },
    ),
  );
}
