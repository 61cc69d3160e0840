import { type JSX, Show } from "solid-js";
import { ImageGrid } from "#volume";
import { act } from "../actions.ts";
import { countOf, formatDims, formatSpacing } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { useUi } from "../ui-state.ts";
import { SaveState } from "./save-state.tsx";

/** Name and key facts of the study, undo and redo, what is saved, and the ways to everything else. */
export function TopBar(): JSX.Element {
  const ui = useUi();
  const description = () => ui.study()?.description;
  const facts = (): string => {
    const d = description();
    if (!d) return "";
    return [
      d.modality,
      formatDims(d.grid.dims),
      formatSpacing(new ImageGrid(d.grid)),
      d.frames > 1 ? `${d.frames} frames` : "",
      d.format,
    ]
      .filter(Boolean)
      .join("  ·  ");
  };
  const noteCount = (): number => (description()?.notes.length ?? 0) + (ui.study()?.notes.length ?? 0);
  return (
    <header class="top-bar">
      <ButtonTip
        label="Studies"
        hint="Close this study and go to the list. Everything is saved."
        onClick={() => act(ui, "study.close")}
      >
        <Icon name="home" />
      </ButtonTip>
      <div class="study-title">
        <h1 title={description()?.name}>{description()?.name ?? "Opening…"}</h1>
        <span class="study-facts" title={facts()}>
          {facts()}
        </span>
      </div>
      <Show when={noteCount() > 0}>
        <button
          type="button"
          class="badge badge-warning"
          onClick={() => {
            ui.panels.setOpen("notes", true);
            queueMicrotask(() => document.querySelector(".panel-notes")?.scrollIntoView({ block: "start" }));
          }}
        >
          <Icon name="warning" size={14} />
          {countOf(noteCount(), "note")}
        </button>
      </Show>
      <div class="top-bar-gap" />
      <SaveState />
      <div class="button-group">
        <ButtonTip
          label="Undo"
          hint={ui.history().undoTitle}
          action="history.undo"
          disabled={!ui.history().canUndo}
          onClick={() => act(ui, "history.undo")}
        >
          <Icon name="undo" />
        </ButtonTip>
        <ButtonTip
          label="Redo"
          hint={ui.history().redoTitle}
          action="history.redo"
          disabled={!ui.history().canRedo}
          onClick={() => act(ui, "history.redo")}
        >
          <Icon name="redo" />
        </ButtonTip>
      </div>
      <div class="button-group">
        <ButtonTip label="Export" action="study.export" onClick={() => act(ui, "study.export")}>
          <Icon name="export" />
        </ButtonTip>
        <ButtonTip label="Command palette" action="help.palette" onClick={() => act(ui, "help.palette")}>
          <Icon name="command" />
        </ButtonTip>
        <ButtonTip label="Keyboard shortcuts" action="help.shortcuts" onClick={() => act(ui, "help.shortcuts")}>
          <Icon name="help" />
        </ButtonTip>
        <ButtonTip label="Settings" onClick={() => act(ui, "help.settings")}>
          <Icon name="settings" />
        </ButtonTip>
      </div>
    </header>
  );
}
