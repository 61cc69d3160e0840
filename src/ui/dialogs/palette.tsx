import { Dialog } from "@kobalte/core/dialog";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import { fuzzyRank } from "../fuzzy.ts";
import { Keys } from "../parts/keys.tsx";
import { useUi } from "../ui-state.ts";
import { Highlighted } from "./highlighted.tsx";
import { type PaletteItem, paletteItems } from "./palette-items.ts";

/** Finds and runs anything by a few letters of its name. */
export function Palette(): JSX.Element {
  const ui = useUi();
  const items = paletteItems(ui);
  const [query, setQuery] = createSignal("");
  const [chosen, setChosen] = createSignal(0);
  const found = createMemo(() => fuzzyRank(query(), items, ({ title, category }) => `${title} ${category}`));
  let list!: HTMLUListElement;
  createEffect(on(query, () => setChosen(0), { defer: true }));
  createEffect(on(chosen, (at) => list.children[at]?.scrollIntoView({ block: "nearest" })));

  const close = (): void => ui.showDialog(undefined);
  const run = (item: PaletteItem | undefined): void => {
    if (!item?.enabled) return;
    close();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = found().length - 1;
    if (event.key === "ArrowDown") setChosen((at) => (at >= last ? 0 : at + 1));
    else if (event.key === "ArrowUp") setChosen((at) => (at <= 0 ? Math.max(last, 0) : at - 1));
    else if (event.key === "Enter") run(found()[chosen()]?.item);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open={true} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay class="dialog-overlay" />
        <div class="dialog-place dialog-place-top">
          <Dialog.Content class="dialog palette" aria-label="Command palette">
            <input
              // Before the next key comes: the dialog itself moves focus a moment later.
              ref={(input) => queueMicrotask(() => input.focus())}
              class="palette-input"
              type="text"
              role="combobox"
              aria-label="Find a command"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={found().length > 0 ? `palette-${chosen()}` : undefined}
              placeholder="What do you want to do?"
              autocomplete="off"
              spellcheck={false}
              value={query()}
              onInput={(event) => setQuery(event.currentTarget.value)}
              onKeyDown={onKeyDown}
            />
            <ul class="palette-list scrolls" id="palette-list" role="listbox" aria-label="Commands" ref={list}>
              <For each={found()}>
                {({ item, match }, at) => (
                  <li
                    id={`palette-${at()}`}
                    class="palette-item"
                    role="option"
                    aria-selected={at() === chosen()}
                    aria-disabled={!item.enabled}
                    aria-label={item.title}
                    onPointerMove={() => setChosen(at())}
                    onClick={() => run(item)}
                  >
                    <span class="palette-category">{item.category}</span>
                    <span class="palette-title">
                      <span>
                        <Highlighted text={item.title} positions={match.positions} />
                      </span>
                      <Show when={item.description}>
                        <span class="palette-description">{item.description}</span>
                      </Show>
                    </span>
                    <Show when={item.action}>{(action) => <Keys action={action()} />}</Show>
                  </li>
                )}
              </For>
            </ul>
            <Show when={found().length === 0}>
              <p class="palette-none muted">No command has these letters.</p>
            </Show>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}
