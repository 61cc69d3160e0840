import { isAbortError } from "#base";
import type { SourceFile } from "#sources";
import type { StudyRecord } from "#storage";
import { type Accessor, createComputed, createContext, createMemo, createSignal, useContext } from "solid-js";
import type { ChosenFiles } from "./chosen-files.ts";
import { messageOfError } from "./error-message.ts";
import { fromSignal } from "./from-signal.ts";
import { createPanels, type Panels } from "./panel-state.ts";
import type { TypedAhead } from "./typed-ahead.ts";
import type { UiCommands } from "./ui-commands.ts";
import type { Message, UiPort } from "./ui-port.ts";

/** A modal of the interface's own; one at a time. */
export type DialogState =
  | {
      readonly kind:
        | "palette"
        | "help"
        | "settings"
        | "export"
        | "address"
        | "statistics"
        | "compare"
        | "consensus"
        | "picture"
        | "overlay";
    }
  | { readonly kind: "arguments"; readonly command: string }
  | { readonly kind: "confirm"; readonly confirm: Confirmation }
  | {
      readonly kind: "again";
      readonly study: StudyRecord;
      readonly command: "study.resume" | "study.repair";
      readonly why: string;
    }
  | { readonly kind: "dropped"; readonly chosen: ChosenFiles; readonly files: readonly SourceFile[] };

/** A question asked before something is lost. */
export interface Confirmation {
  readonly title: string;
  readonly text: string;
  /** What is lost, one line each. */
  readonly lost: readonly string[];
  readonly action: string;
  run(): void;
}

type PortSignals = Omit<
  UiPort,
  "version" | "run" | "commands" | "attachViews" | "samples" | "dismissMessage" | "messages"
>;

/** Signals of the port as accessors. */
type PortAccessors = {
  readonly [Key in keyof PortSignals]: Accessor<PortSignals[Key] extends { readonly value: infer T } ? T : never>;
};

/** What every component gets: the port's state, its commands, and the state that only the interface has. */
export interface Ui extends PortAccessors {
  readonly port: UiPort;
  /** Runs a command; an error becomes a message and the result is undefined. */
  run<Id extends keyof UiCommands>(id: Id, args: UiCommands[Id]): Promise<unknown>;
  /** The same for an id that is only known at run time. */
  runAny(id: string, args: object): Promise<unknown>;
  readonly messages: Accessor<readonly Message[]>;
  post(message: Omit<Message, "id">): void;
  dismiss(id: string): void;
  readonly dialog: Accessor<DialogState | undefined>;
  showDialog(dialog: DialogState | undefined): void;
  readonly panels: Panels;
  /** Opens the system's file dialog. Set by the file inputs when they mount. */
  pickFiles: (purpose: "files" | "folder" | "labels" | "overlayFiles" | "overlayFolder") => void;
  /** Value of the segment whose name is being edited. */
  readonly renaming: Accessor<number | undefined>;
  rename(value: number | undefined): void;
  /** Id of the measurement whose name is being edited. */
  readonly renamingMeasurement: Accessor<number | undefined>;
  renameMeasurement(id: number | undefined): void;
  /** Keys typed since a segment was asked for, until its name field takes them. */
  typedAhead: TypedAhead | undefined;
  /** True where a study can be drawn. */
  readonly canDraw: Accessor<boolean>;
}

export const UiContext = createContext<Ui>();

export function useUi(): Ui {
  const ui = useContext(UiContext);
  if (!ui) throw new Error("The interface is used outside mountUi.");
  return ui;
}

/** Builds the interface's state; call inside a Solid root. */
export function createUi(port: UiPort): Ui {
  const [ownMessages, setOwnMessages] = createSignal<readonly Message[]>([]);
  const [dialog, showDialog] = createSignal<DialogState | undefined>();
  const [renaming, rename] = createSignal<number | undefined>();
  const [renamingMeasurement, renameMeasurement] = createSignal<number | undefined>();
  const portMessages = fromSignal(port.messages);
  const capabilities = fromSignal(port.capabilities);
  let messageCount = 0;
  // What the session says is taken back when it is over: the same from a command that failed by it would stay.
  const saidByPort = ({ text }: Omit<Message, "id">): boolean => portMessages().some((other) => other.text === text);
  createComputed(() => {
    const said = new Set(portMessages().map(({ text }) => text));
    setOwnMessages((all) => (all.some(({ text }) => said.has(text)) ? all.filter(({ text }) => !said.has(text)) : all));
  });

  const post = (message: Omit<Message, "id">): void => {
    if (saidByPort(message)) return;
    const id = `ui-${messageCount++}`;
    setOwnMessages((all) => [...all.filter((other) => other.text !== message.text), { ...message, id }]);
  };
  const runAny = async (id: string, args: object): Promise<unknown> => {
    try {
      return await port.run(id, args);
    } catch (error) {
      if (!isAbortError(error)) post(messageOfError(error, id));
      return undefined;
    }
  };

  return {
    port,
    run: runAny,
    runAny,
    phase: fromSignal(port.phase),
    capabilities,
    studies: fromSignal(port.studies),
    storage: fromSignal(port.storage),
    importing: fromSignal(port.importing),
    seriesQuestion: fromSignal(port.seriesQuestion),
    roomQuestion: fromSignal(port.roomQuestion),
    spacingQuestion: fromSignal(port.spacingQuestion),
    question: fromSignal(port.question),
    study: fromSignal(port.study),
    segments: fromSignal(port.segments),
    segmentSizes: fromSignal(port.segmentSizes),
    activeSegment: fromSignal(port.activeSegment),
    measurements: fromSignal(port.measurements),
    selectedMeasurement: fromSignal(port.selectedMeasurement),
    drafting: fromSignal(port.drafting),
    overlays: fromSignal(port.overlays),
    tool: fromSignal(port.tool),
    preview: fromSignal(port.preview),
    jobs: fromSignal(port.jobs),
    history: fromSignal(port.history),
    view: fromSignal(port.view),
    settings: fromSignal(port.settings),
    messages: createMemo(() => [...portMessages(), ...ownMessages()]),
    post,
    dismiss: (id) => {
      if (id.startsWith("ui-")) setOwnMessages((all) => all.filter((message) => message.id !== id));
      else port.dismissMessage(id);
    },
    dialog,
    showDialog: (next) => void showDialog(() => next),
    panels: createPanels(),
    pickFiles: () => undefined,
    renaming,
    rename: (value) => void rename(value),
    renamingMeasurement,
    renameMeasurement: (id) => void renameMeasurement(id),
    typedAhead: undefined,
    canDraw: () => capabilities()?.webgpu.ok !== false,
  };
}
