import { For, type JSX } from "solid-js";
import { KeyCaps } from "../parts/keys.tsx";
import { Modal } from "../parts/modal.tsx";
import { type Shortcut, type ShortcutGroup, SHORTCUTS } from "../shortcuts.ts";
import { useUi } from "../ui-state.ts";

/** Columns of the help, and what the mouse does: it has no table of its own. */
const COLUMNS: readonly (readonly ShortcutGroup[])[] = [
  ["Tools", "Study", "Help"],
  ["Labels", "Views"],
  ["Segments", "Measurements"],
];

const MOUSE: readonly (readonly [string, string])[] = [
  ["Wheel", "Scroll slices"],
  ["Ctrl + wheel", "Zoom at the pointer"],
  ["Shift + wheel", "Brush size"],
  ["Middle drag", "Pan"],
  ["Right drag", "Window and level"],
  ["Double-click", "Maximise a view"],
];

/** All shortcuts, by group. */
export function HelpDialog(): JSX.Element {
  const ui = useUi();
  return (
    <Modal title="Keyboard shortcuts" size="large" onClose={() => ui.showDialog(undefined)}>
      <div class="help-columns">
        <For each={COLUMNS}>
          {(groups, column) => (
            <div>
              <For each={groups}>{(group) => <Group group={group} />}</For>
              {column() === 2 ? <Mouse /> : undefined}
            </div>
          )}
        </For>
      </div>
    </Modal>
  );
}

function Group(props: { readonly group: ShortcutGroup }): JSX.Element {
  const rows = (): readonly Shortcut[] =>
    SHORTCUTS.filter(({ group, keys, id }) => group === props.group && keys.length > 0 && !/choose[2-9]/.test(id));
  return (
    <section class="help-group">
      <h3>{props.group}</h3>
      <dl>
        <For each={rows()}>
          {(entry) => (
            <>
              <dt>
                {entry.id === "segment.choose1" ? (
                  <span class="keys">
                    <kbd>1</kbd>–<kbd>9</kbd>
                  </span>
                ) : (
                  <For each={printed(entry)}>{(keys) => <KeyCaps keys={keys} />}</For>
                )}
              </dt>
              <dd>{entry.id === "segment.choose1" ? "Choose a segment of the list" : entry.title}</dd>
            </>
          )}
        </For>
      </dl>
    </section>
  );
}

function Mouse(): JSX.Element {
  return (
    <section class="help-group">
      <h3>Mouse in a view</h3>
      <dl>
        <For each={MOUSE}>
          {([what, does]) => (
            <>
              <dt>
                <span class="keys">
                  <kbd>{what}</kbd>
                </span>
              </dt>
              <dd>{does}</dd>
            </>
          )}
        </For>
      </dl>
    </section>
  );
}

/** At most two bindings, and none that print the same. */
function printed(entry: Shortcut): string[] {
  const plain = (keys: string): string => keys.replace(/^Shift\+(?=[?+]$)/, "");
  return [...new Map(entry.keys.map((keys) => [plain(keys), keys])).values()].slice(0, 2);
}
