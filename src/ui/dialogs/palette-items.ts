import { ACTIONS, act } from "../actions.ts";
import { type ActionId, SHORTCUTS } from "../shortcuts.ts";
import type { UiCommandInfo } from "../ui-port.ts";
import type { Ui } from "../ui-state.ts";

/** One line of the palette. */
export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  /** Said under the title. */
  readonly description?: string;
  readonly action?: ActionId;
  readonly enabled: boolean;
  run(): void;
}

/** All that can be run now: the actions with their shortcuts, then the commands that no action stands for. */
export function paletteItems(ui: Ui): PaletteItem[] {
  const open = ui.phase() === "open";
  const actions = SHORTCUTS.filter(
    ({ id, scope }) => !/choose\d/.test(id) && id !== "help.palette" && (open || scope === "always"),
  ).map(
    ({ id, title, group }): PaletteItem => ({
      id,
      title,
      category: group,
      action: id,
      enabled: ACTIONS[id].enabled?.(ui) ?? true,
      run: () => void act(ui, id),
    }),
  );
  const known = new Set<string>([...SHORTCUTS.map(({ id }) => id), "study.open", "label.import", "journal.list"]);
  const commands = ui.port
    .commands()
    .filter((command) => command.palette && !known.has(command.id) && canBeAsked(command))
    .map(
      (command): PaletteItem => ({
        id: command.id,
        title: command.title,
        category: capitalised(command.category),
        description: command.description,
        enabled: command.enabled?.value ?? true,
        run: () => {
          if (command.parameters.some(({ required }) => required))
            ui.showDialog({ kind: "arguments", command: command.id });
          else void ui.runAny(command.id, {});
        },
      }),
    );
  return [...actions, ...commands];
}

/** False for commands that need what a form cannot take. */
function canBeAsked(command: UiCommandInfo): boolean {
  return command.parameters.every(({ required, kind }) => !required || kind !== "json");
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
