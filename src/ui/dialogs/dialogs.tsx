import { type JSX, Match, Show, Switch } from "solid-js";
import type { DialogState } from "../ui-state.ts";
import { useUi } from "../ui-state.ts";
import { AgainDialog } from "./again-dialog.tsx";
import { AddressDialog } from "./address-dialog.tsx";
import { ArgumentsDialog } from "./arguments-dialog.tsx";
import { CompareDialog } from "./compare-dialog.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { ConsensusDialog } from "./consensus-dialog.tsx";
import { DroppedDialog } from "./dropped-dialog.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { HelpDialog } from "./help-dialog.tsx";
import { OverlayDialog } from "./overlay-dialog.tsx";
import { Palette } from "./palette.tsx";
import { PictureDialog } from "./picture-dialog.tsx";
import { QuestionDialog } from "./question-dialog.tsx";
import { RoomDialog } from "./room-dialog.tsx";
import { SeriesDialog } from "./series-dialog.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { SpacingDialog } from "./spacing-dialog.tsx";
import { StatisticsDialog } from "./statistics-dialog.tsx";

/** The dialog that is open, if any: questions of the program come before the interface's own. */
export function Dialogs(): JSX.Element {
  const ui = useUi();
  const own = <Kind extends DialogState["kind"]>(kind: Kind) => {
    const state = ui.dialog();
    return state?.kind === kind ? (state as Extract<DialogState, { kind: Kind }>) : undefined;
  };
  return (
    <>
      <Show when={ui.seriesQuestion()} keyed>
        {(question) => <SeriesDialog question={question} />}
      </Show>
      <Show when={ui.roomQuestion()} keyed>
        {(question) => <RoomDialog question={question} />}
      </Show>
      <Show when={ui.spacingQuestion()} keyed>
        {(question) => <SpacingDialog question={question} />}
      </Show>
      <Show when={ui.question()} keyed>
        {(question) => <QuestionDialog question={question} />}
      </Show>
      <Switch>
        <Match when={ui.dialog()?.kind === "palette"}>
          <Palette />
        </Match>
        <Match when={ui.dialog()?.kind === "help"}>
          <HelpDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "settings"}>
          <SettingsDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "export"}>
          <ExportDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "address"}>
          <AddressDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "statistics"}>
          <StatisticsDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "compare"}>
          <CompareDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "consensus"}>
          <ConsensusDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "overlay"}>
          <OverlayDialog />
        </Match>
        <Match when={ui.dialog()?.kind === "picture"}>
          <PictureDialog />
        </Match>
        <Match when={own("arguments")} keyed>
          {(state) => <ArgumentsDialog commandId={state.command} />}
        </Match>
        <Match when={own("confirm")} keyed>
          {(state) => <ConfirmDialog confirm={state.confirm} />}
        </Match>
        <Match when={own("again")} keyed>
          {(state) => <AgainDialog study={state.study} command={state.command} why={state.why} />}
        </Match>
        <Match when={own("dropped")} keyed>
          {(state) => <DroppedDialog files={state.files} chosen={state.chosen} />}
        </Match>
      </Switch>
    </>
  );
}
