import {
  batch,
  computed,
  type Disposable,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  type Vec3,
  VoxelwrightError,
} from "#base";
import type { Signer } from "#labelmap";
import type { StorageEstimate, StudyRecord, StudyStore } from "#storage";
import { applyToolChange, INITIAL_TOOLS, type ToolChange, type ToolState } from "#tools";
import type { ViewMemory, ViewState, VolumeActions } from "#views";
import type { BrickRoom } from "#volume";
import type { Kernels } from "#workers";
import type { ChunkedService } from "./chunked/chunked-service.ts";
import { Arrival, type ArrivingStudy } from "./arrival.ts";
import { CommandRegistry } from "./command-registry.ts";
import { importCopy, type ImportCopyOptions } from "./import-copy.ts";
import type { ImportService } from "./import-service.ts";
import type { SeriesRow } from "./import.api.ts";
import { tellDamage } from "./tell-damage.ts";
import { Jobs } from "./jobs.ts";
import { keptFiles } from "./kept-files.ts";
import { Messages } from "./messages.ts";
import { OpenStudy } from "./open-study.ts";
import { PageQuestion } from "./page-question.ts";
import type { Room } from "./room.ts";
import type { SavedVolumePreset } from "./saved-volume-preset.ts";
import { overlaysKey } from "./overlays/overlays.ts";
import { ShownView } from "./shown-view.ts";
import type { SpacingQuestions } from "./spacing-question.ts";
import { StudyImage } from "./study-image.ts";
import { StudyLabels } from "./study-labels.ts";
import type { writeLabelFile } from "./write-label-file.ts";
import type { writeSurfaceFile } from "./write-surface-file.ts";

export interface SessionSettings {
  /** Written into every journal entry. */
  readonly author: string;
  /** Bytes of image bricks kept in the page. */
  readonly poolBytes: number;
  /** Bytes of bricks kept on the GPU. */
  readonly atlasBytes: number;
  /** Transfer functions that were saved by name. */
  readonly volumePresets?: readonly SavedVolumePreset[];
  /** Sizes of voxels that the user gave last, mm. */
  readonly spacingMm?: Vec3;
}

/** What the session needs from outside; the composition root gives it. */
export interface SessionPort {
  readonly version: string;
  readonly store: StudyStore;
  readonly signer: Signer;
  readonly imports: ImportService;
  /** Studies whose bricks are read where they lie. */
  readonly chunked: ChunkedService;
  /** Writes files of labels; in this thread where it is absent. */
  readonly writeLabelFile?: typeof writeLabelFile;
  /** Writes files of surfaces, likewise. */
  readonly writeSurfaceFile?: typeof writeSurfaceFile;
  /** Started on first use. */
  readonly kernels: () => Promise<Kernels>;
  /** Room for image bricks in the memory of the kernels. */
  readonly brickRoom?: BrickRoom;
  /** Keeps other tabs from editing the same study; rejects when one does. */
  readonly lock: (volumeId: string) => Promise<Disposable>;
  /** Bytes of a sample scan that ships with the program. */
  readonly sample: (id: string) => Promise<{ readonly name: string; readonly blob: Blob }>;
  readonly settings: SessionSettings;
}

/** What the mounted views do; undefined while none are mounted. */
export interface AttachedViews {
  /** Moves the plane under the pointer, else the one it was over last, by whole slices. */
  step(slices: number): void;
  /** Gives the view under the pointer the whole room, or the grid back. */
  maximise(): void;
  /** Turns the camera of the volume view back. */
  reset(): void;
  /** Picks and pictures of the volume view. */
  readonly volume: VolumeActions;
  /** What bricks take of their budgets now. */
  memory(): ViewMemory;
}

const WINDOW_FALLBACK = 1000;
/** How often the room that is left is looked at while a study is open, ms. */
const ROOM_EVERY_MS = 10_000;

/** One open program: what is open, what can be done, what is going on. Holds no DOM and no GPU. */
export class Session implements Disposable {
  readonly commands = new CommandRegistry();
  readonly messages = new Messages();
  readonly jobs = new Jobs();
  readonly room: Room = new PageQuestion();
  readonly spacings: SpacingQuestions = new PageQuestion();
  readonly port: SessionPort;
  readonly #phase = signal<"starting" | "home" | "open">("starting");
  readonly #studies = signal<readonly StudyRecord[]>([]);
  readonly #storage = signal<StorageEstimate | undefined>(undefined);
  readonly #study = signal<OpenStudy | undefined>(undefined);
  readonly #tools = signal<ToolState>(INITIAL_TOOLS);
  readonly #settings: Signal<SessionSettings>;
  /** Notes that came after the import, of the open study. */
  readonly studyNotes = signal<readonly string[]>([]);
  /** Set by whoever mounts the views. */
  attachedViews: AttachedViews | undefined;
  readonly #view = new ShownView(() => this.#forgetValues());
  readonly #arrival = new Arrival({
    view: this.#view,
    openImage: (volumeId, description) => this.#openImage({ volumeId, description }),
    began: () => {
      this.#phase.value = "open";
    },
    leave: () => {
      const open = this.#study.value;
      if (open) this.#view.show(open.image);
      else this.#phase.value = "home";
    },
  });
  /** Ends when the last opening, closing or removal has. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #shownStudy = computed(() => (this.#arrival.study.value ? undefined : this.#study.value));
  /** What an open study reads and changes takes room. */
  readonly #lookForRoom = effect(() => {
    if (!this.#study.value) return undefined;
    const timer = setInterval(() => void this.#measureRoom().catch(() => undefined), ROOM_EVERY_MS);
    return () => clearInterval(timer);
  });

  constructor(port: SessionPort) {
    this.port = port;
    this.#settings = signal(port.settings);
    port.chunked.lost.on((error) => this.messages.postError(error));
    port.chunked.unkept.on((error) => this.messages.postError(error));
    port.chunked.regained.on(({ subject = "" }) => {
      this.messages.retract(subject);
      this.messages.post({ tone: "info", text: `${subject} can be reached again.` });
    });
  }

  get phase(): ReadonlySignal<"starting" | "home" | "open"> {
    return this.#phase;
  }

  get studies(): ReadonlySignal<readonly StudyRecord[]> {
    return this.#studies;
  }

  get storage(): ReadonlySignal<StorageEstimate | undefined> {
    return this.#storage;
  }

  /** The open study, undefined also while it is being imported. */
  get study(): ReadonlySignal<OpenStudy | undefined> {
    return this.#study;
  }

  /** The open study while it is what the screen shows: undefined while another one arrives. */
  get shownStudy(): ReadonlySignal<OpenStudy | undefined> {
    return this.#shownStudy;
  }

  /** The study being imported, once its first slices can be seen. */
  get arriving(): ReadonlySignal<ArrivingStudy | undefined> {
    return this.#arrival.study;
  }

  /** How the open or arriving study is shown. */
  get view(): ReadonlySignal<ViewState | undefined> {
    return this.#view.state;
  }

  /** Fit, window, layout and crosshair as at opening. */
  resetView(): void {
    const image = this.#study.value?.image ?? this.#arrival.study.value?.image;
    if (!image) return;
    this.attachedViews?.reset();
    this.#view.reset(image);
  }

  get tools(): ReadonlySignal<ToolState> {
    return this.#tools;
  }

  get settings(): ReadonlySignal<SessionSettings> {
    return this.#settings;
  }

  /** Removes what imports left that came to nothing, and lists the studies. */
  async start(): Promise<void> {
    const removed = await this.port.store.recover();
    if (removed.length > 0) {
      const text =
        removed.length === 1
          ? "An import that was cut off was removed."
          : `${removed.length} imports that were cut off were removed.`;
      this.messages.post({ tone: "warning", text, advice: "Open the files again to import them." });
    }
    await this.refresh();
    this.#phase.value = "home";
  }

  /** Reads the study list and the room left. */
  async refresh(): Promise<void> {
    const [studies] = await Promise.all([this.port.store.list(), this.#measureRoom()]);
    this.#studies.value = studies
      .filter((study) => study.state !== "importing")
      .sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  }

  /** The open study; throws `argument` when there is none or another one is arriving. */
  requireStudy(): OpenStudy {
    if (this.#arrival.study.value) {
      throw new VoxelwrightError("argument", "The scan on screen is still being imported.", {
        advice: "It can be looked at; labelling begins when it is whole.",
      });
    }
    const study = this.#study.value;
    if (study) return study;
    throw new VoxelwrightError("argument", "No study is open.", {
      advice: "Open a file or a study of the list first.",
    });
  }

  setTools(change: ToolChange): ToolState {
    this.#tools.value = applyToolChange(this.#tools.value, change);
    return this.#tools.value;
  }

  async setSettings(change: Partial<SessionSettings>): Promise<SessionSettings> {
    this.#settings.value = { ...this.#settings.value, ...change };
    await this.port.store.setSetting("session", this.#settings.value);
    this.#study.value?.overlays.share();
    return this.#settings.value;
  }

  /** Opens a study that came in, in the place of what showed it on its way. */
  async settle(volumeId: string): Promise<OpenStudy> {
    try {
      return await this.reopen(volumeId);
    } catch (error) {
      this.#arrival.leave();
      throw error;
    }
  }

  /** Studies that are on screen. */
  inUse(): readonly string[] {
    const study = this.#study.value;
    return study ? [study.record.volumeId, ...study.overlays.list.value.map(({ id }) => id)] : [];
  }

  /** Says the first of some notes until it is dismissed; all of them are in the notes of the study. */
  warnNotes(name: string, notes: readonly string[]): void {
    const [text, ...others] = notes;
    if (text === undefined) return;
    const more = others.length === 1 ? "One more note is" : `${others.length} more notes are`;
    const advice = others.length > 0 ? { advice: `${more} under Notes and facts.` } : {};
    this.messages.post({ tone: "warning", text: `${name}: ${text}`, ...advice });
  }

  /** Opens a study of the cache; where its image is read where it lies, the user may be asked to allow that. */
  reopen(volumeId: string): Promise<OpenStudy> {
    return this.#inTurn(async () => {
      const open = this.#study.value;
      if (open?.record.volumeId === volumeId) return open;
      const { store, lock } = this.port;
      const record = await store.get(volumeId);
      if (!record || record.state !== "ready") {
        throw new VoxelwrightError("not-found", "The study is not in the local cache.", {
          subject: volumeId,
          advice: "Import it again.",
        });
      }
      return this.#open(record, await lock(volumeId));
    });
  }

  /**
   * Lets `change` change where the voxels of the open study lie, then opens it once more, with them there; what was at hand stays so.
   * `change` resolves with whether it did. Rejects with what `change` rejects with; the study goes on then.
   */
  changeGrid(change: (study: OpenStudy) => Promise<boolean>): Promise<OpenStudy> {
    return this.#inTurn(async () => {
      const before = this.requireStudy();
      if (!(await change(before))) return before;
      await before.labels.end();
      // What was asked for meanwhile reckons in the sizes of before.
      this.jobs.cancel();
      try {
        const record = (await this.port.store.get(before.record.volumeId))!;
        return await this.#open(record, before.handOver(), before);
      } catch (error) {
        // What it knows of voxels is no longer so.
        await this.#replace(undefined);
        throw error;
      }
    });
  }

  /** Takes over `held`. `before` is the same study, open with voxels of another size. */
  async #open(record: StudyRecord, held: Disposable, before?: OpenStudy): Promise<OpenStudy> {
    const { store, signer, version } = this.port;
    const { volumeId } = record;
    let image: StudyImage | undefined;
    try {
      await this.#regainFiles(record);
      image = this.#openImage(record);
      const labels = await StudyLabels.open({
        volumeId,
        grid: image.grid,
        journal: store.openJournal(volumeId),
        signer,
        author: () => this.#settings.value.author,
        app: version,
      });
      const study = new OpenStudy(record, image, labels, held, {
        store,
        poolBytes: () => this.#settings.value.poolBytes,
        openImage: async (overlay, budgetBytes) => {
          await this.#regainFiles(overlay);
          return this.#openImage(overlay, budgetBytes);
        },
        kernels: this.port.kernels,
        jobs: this.jobs,
        tools: () => this.#tools.value,
        setGrowRange: (low, high) => void this.setTools({ grow: { low, high } }),
        setMultiplier: (multiplier) => void this.setTools({ grow: { multiplier: Math.max(multiplier, 0.1) } }),
        previewIslands: () => {
          this.commands.run("preview.tool").catch((error: unknown) => this.messages.postError(error));
        },
        windowWidth: () => this.#view.state.value?.window.value.width ?? WINDOW_FALLBACK,
        fail: (error) => this.messages.postError(error),
      });
      // A study opens without what was shown over it rather than not at all.
      const missing = await study.overlays.restore().catch((error: unknown) => {
        this.messages.postError(error);
        return [];
      });
      for (const text of missing) this.messages.post({ tone: "warning", text });
      if (labels.restored) {
        this.messages.post({
          tone: "warning",
          text: `${record.description.name}: Labels in the local cache were damaged and were made anew from the journal.`,
          advice: "Nothing is lost. If it happens again, the disk may be failing: export the labels.",
        });
      }
      if (!record.origin) study.image.owned.add(tellDamage(image, store, this.messages));
      if (before) {
        study.goOnFrom(before);
        if (!this.#arrival.study.value) this.#view.renew(study.image);
      }
      await this.#replace(study);
      // It is open: a full disk must not take it away.
      await store.update(volumeId, { openedAt: new Date().toISOString() }).catch(() => undefined);
      await this.refresh().catch(() => undefined);
      return study;
    } catch (error) {
      image?.dispose();
      held.dispose();
      throw error;
    }
  }

  /** Back to the list; everything is kept. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  /** Removes a study with its labels and journal. Closes it first when it is open. */
  remove(volumeId: string): Promise<void> {
    return this.#inTurn(() => this.#remove(volumeId));
  }

  async #close(): Promise<void> {
    await this.#replace(undefined);
    await this.refresh();
  }

  async #remove(volumeId: string): Promise<void> {
    if (this.#study.value?.record.volumeId === volumeId) await this.#close();
    const overlays = this.#study.value?.overlays;
    if (overlays?.list.value.some(({ id }) => id === volumeId)) await overlays.remove(volumeId);
    const held = await this.port.lock(volumeId);
    try {
      await this.port.chunked.release(volumeId);
      await this.port.store.remove(volumeId);
      await this.port.store.setSetting(overlaysKey(volumeId), undefined);
    } finally {
      held.dispose();
    }
    await this.refresh();
  }

  dispose(): void {
    this.#lookForRoom();
    this.#study.value?.dispose();
    this.port.imports.dispose();
    this.port.chunked.dispose();
  }

  /** Brings a series into the cache as a copy, shown on its way; the id of its study. */
  async bringIn(series: SeriesRow, show: boolean, options: ImportCopyOptions): Promise<string> {
    const { show: showing, ended } = this.#arrival.following();
    const { volumeId } = await importCopy(this, series, { ...options, ended, ...(show ? { show: showing } : {}) });
    return volumeId;
  }

  /** Gives a study that is read where it lies the files that the browser keeps access to. */
  async #regainFiles(record: StudyRecord): Promise<void> {
    const { store, chunked } = this.port;
    const { volumeId, origin } = record;
    if (!origin || origin.url !== undefined || chunked.inputOf(volumeId)) return;
    const kept = await keptFiles(store, volumeId);
    if (!kept) return;
    await chunked.provide(record, kept);
    if (!kept.denied) this.messages.retract(origin.name);
  }

  async #measureRoom(): Promise<void> {
    this.#storage.value = await this.port.store.estimate();
  }

  /** The image of a study; without a budget the open or arriving one, which kernels read. */
  #openImage(study: Pick<StudyRecord, "volumeId" | "description" | "origin">, budgetBytes?: number): StudyImage {
    const { store, chunked, brickRoom } = this.port;
    const { volumeId, description, origin } = study;
    const room = budgetBytes === undefined ? brickRoom : undefined;
    const bricks = origin ? chunked.bricks({ volumeId, description, origin }, room) : store.openBricks(volumeId, room);
    return new StudyImage(volumeId, description, bricks, budgetBytes ?? this.#settings.value.poolBytes);
  }

  /** Ranges and segments that tools were set to belong to the volume before. */
  #forgetValues(): void {
    const none = { low: 0, high: 0 };
    const over = typeof this.#tools.value.over === "string" ? this.#tools.value.over : "all";
    this.setTools({ mask: { on: false, ...none }, grow: none, threshold: none, over, seeds: { box: null, bias: {} } });
  }

  /** One opening, closing or removal after the other: each begins with what the one before left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #replace(study: OpenStudy | undefined): Promise<void> {
    const before = this.#study.value;
    if (before) {
      await before.preview.cancel();
      // Whoever opens the study next goes on with its journal, so nothing may reach that any more.
      await before.labels.end();
    }
    const arriving = this.#arrival.study.value;
    if (arriving && study && study.record.volumeId === before?.record.volumeId) {
      // Opened anew behind what arrives, which stays on screen.
      this.#study.value = study;
      before.dispose();
      return;
    }
    // In one step, so that the views go from the arriving image to the open study without a look at anything else.
    batch(() => {
      if (study && arriving) this.#view.settle(study.image);
      else if (study) this.#view.show(study.image);
      this.#study.value = study;
      this.#arrival.study.value = undefined;
      this.studyNotes.value = [];
      this.#phase.value = study ? "open" : "home";
    });
    arriving?.image.dispose();
    before?.dispose();
  }
}
