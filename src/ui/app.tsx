import { createEffect, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { announceNotes } from "./announce-notes.ts";
import { bindShortcuts } from "./bind-shortcuts.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { FileInputs } from "./home/file-inputs.tsx";
import { HomeScreen } from "./home/home-screen.tsx";
import { DropTarget } from "./overlays/drop-target.tsx";
import { ImportBar } from "./overlays/import-bar.tsx";
import { Toasts } from "./overlays/toasts.tsx";
import { StatusBar } from "./shell/status-bar.tsx";
import { Workbench } from "./shell/workbench.tsx";
import { useUi } from "./ui-state.ts";

/** The whole page: home or workbench, the status bar, and what lies over them. */
export function App(): JSX.Element {
  const ui = useUi();
  const keys = bindShortcuts(ui);
  onCleanup(() => keys.dispose());
  announceNotes(ui);
  createEffect(() => {
    const study = ui.phase() === "open" ? ui.study() : undefined;
    document.title = study ? `${study.description.name} – Voxelwright` : "Voxelwright";
  });
  return (
    <div class="app">
      <Switch>
        <Match when={ui.phase() === "starting"}>
          <main class="starting" aria-busy="true">
            <p class="muted">Starting…</p>
          </main>
        </Match>
        <Match when={ui.phase() === "home"}>
          <HomeScreen />
        </Match>
        <Match when={ui.phase() === "open"}>
          <Workbench />
        </Match>
      </Switch>
      <StatusBar />
      <Show when={ui.phase() === "home"}>
        <div class="import-over-home">
          <ImportBar />
        </div>
      </Show>
      <FileInputs />
      <DropTarget />
      <Dialogs />
      <Toasts />
    </div>
  );
}
