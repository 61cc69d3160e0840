import { type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { Icon } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { useUi } from "../ui-state.ts";
import { CapabilityNotice } from "./capability-notice.tsx";
import { OpenPanel } from "./open-panel.tsx";
import { StudyList } from "./study-list.tsx";

/** Where the program begins: open something new at the left, go on with something known at the right. */
export function HomeScreen(): JSX.Element {
  const ui = useUi();
  return (
    <main class="home scrolls">
      <header class="home-head">
        <Logo />
        <div>
          <h1>Voxelwright</h1>
          <p class="muted">Annotate CT and MR volumes of any size, here on your computer. No upload, no account.</p>
        </div>
        <div class="button-group home-buttons">
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
      <Show when={!ui.canDraw()}>
        <CapabilityNotice />
      </Show>
      <div class="home-columns">
        <OpenPanel />
        <StudyList />
      </div>
    </main>
  );
}

function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
      <path class="logo-top" d="M20 4l14 7.5-14 7.5L6 11.5z" />
      <path class="logo-left" d="M6 14.5l12.5 6.7V36L6 29.3z" />
      <path class="logo-right" d="M34 14.5l-12.5 6.7V36L34 29.3z" />
    </svg>
  );
}
