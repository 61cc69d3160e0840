import { isAbortError, type ReadonlySignal, signal, VoxelwrightError } from "#base";
import type { LabelTransaction, Segment, SegmentEdit } from "#labelmap";
import type { ToolName, ToolState } from "#tools";
import type { IndexIjk } from "#volume";
import type { Kernels } from "#workers";
import type { EffectProposal, LabelEffect } from "./effects/effect.ts";
import { type GrowArguments, growEffect } from "./effects/grow-effect.ts";
import type { StudyImage } from "./study-image.ts";
import type { StudyLabels } from "./study-labels.ts";

/** What a tool proposes and the user has not accepted yet. */
export interface PreviewState {
  /** Command that would make it, such as `label.grow`, and its title. */
  readonly command: string;
  readonly title: string;
  readonly voxels: number | undefined;
  readonly ml: number | undefined;
  readonly busy: boolean;
  /** 0 to 1 while busy, when known. */
  readonly fraction?: number;
  readonly note?: string;
  /** Segments that come with it; they are not in the list before it is accepted. */
  readonly segments?: readonly Segment[];
}

/** How the preview is computed: run again whenever the user changes a setting. */
interface Recipe {
  readonly effect: LabelEffect<object>;
  readonly args: object;
  /** The tool whose options it follows. */
  readonly tool: ToolName | undefined;
}

/** How a range by confidence is found: what has grown is looked at four times, as ITK's users know it. */
const CONFIDENCE = { iterations: 4, radius: 2 } as const;

export interface PreviewPort {
  readonly image: StudyImage;
  readonly labels: StudyLabels;
  readonly kernels: () => Promise<Kernels>;
  readonly tools: () => ToolState;
  /** Makes sure there is a segment to draw with and gives its value. */
  readonly segment: () => Promise<number>;
  readonly fail: (error: unknown) => void;
}

/**
 * A growth or a fill that is seen on the labels before it is accepted. It lives in an open transaction: what is seen is exactly
 * what accepting gives, locks and rules applied, and cancelling puts every voxel back. Any other change of labels cancels it.
 */
export class Preview {
  readonly #port: PreviewPort;
  readonly #state = signal<PreviewState | undefined>(undefined);
  #recipe: Recipe | undefined;
  #hold: Promise<{ release(): void }> | undefined;
  #transaction: LabelTransaction | undefined;
  #segments: readonly SegmentEdit[] = [];
  #abort: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #accepting: Promise<number> | undefined;

  constructor(port: PreviewPort) {
    this.#port = port;
  }

  get state(): ReadonlySignal<PreviewState | undefined> {
    return this.#state;
  }

  /** The tool whose options what is shown came from. */
  get tool(): ToolName | undefined {
    return this.#recipe?.tool;
  }

  /** The seed of the growth under way, so that its range can be changed by numbers too. */
  get seed(): IndexIjk | undefined {
    const { effect, args } = this.#recipe ?? {};
    return effect?.id === growEffect.id ? (args as GrowArguments).seeds[0] : undefined;
  }

  /** Starts or changes a growth; the last range wins while earlier ones are still being computed. */
  async grow(seed: IndexIjk, shown: { readonly low: number; readonly high: number }): Promise<void> {
    const { image, tools } = this.#port;
    const { connectivity, boxMm, method, multiplier, gradient, leakGuardMm } = tools().grow;
    const segment = await this.#port.segment();
    await this.show(growEffect, {
      segment,
      seeds: [[seed[0], seed[1], seed[2]]],
      ...(method === "range" ? { range: [shown.low, shown.high] } : { confidence: { ...CONFIDENCE, multiplier } }),
      connectivity,
      ...(boxMm === undefined ? {} : { region: boxAround(image, seed, boxMm) }),
      ...(gradient === undefined ? {} : { gradient }),
      ...(leakGuardMm === undefined ? {} : { leakGuardMm }),
    });
  }

  /** Makes the preview a step of the history. Returns the voxels changed. */
  accept(): Promise<number> {
    this.#accepting ??= this.#accept().finally(() => {
      this.#accepting = undefined;
    });
    return this.#accepting;
  }

  /** Ends when the preview that is being accepted is kept; undefined when none is. */
  get accepting(): Promise<number> | undefined {
    return this.#accepting;
  }

  /** Takes the preview back; one that is being accepted is left to that. */
  async cancel(): Promise<void> {
    if (this.#accepting) return;
    await this.#takeBack();
  }

  async #takeBack(): Promise<void> {
    this.#abort?.abort();
    this.#transaction?.rollback();
    this.#transaction = undefined;
    await this.#end();
  }

  async #accept(): Promise<number> {
    await this.#running;
    const recipe = this.#recipe;
    const transaction = this.#transaction;
    if (!recipe || !transaction) return 0;
    this.#transaction = undefined;
    try {
      const { id } = recipe.effect;
      return await this.#port.labels.recordInSteps(id, recipe.args, transaction, {}, this.#segments);
    } catch (error) {
      if (transaction.open) transaction.rollback();
      throw error;
    } finally {
      await this.#end();
    }
  }

  /** Shows what an effect would do; the last arguments win while earlier ones are still being computed. */
  async show<Args extends object>(effect: LabelEffect<Args>, args: Args, tool?: ToolName): Promise<void> {
    await this.#show({ effect, args, tool });
  }

  async #show(recipe: Recipe): Promise<void> {
    // What is being accepted is kept as it is, with its own arguments; this one comes after it.
    while (this.#accepting) await this.#accepting.catch(() => undefined);
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#recipe = recipe;
    this.#hold ??= this.#takeHold();
    const { id: command, title } = recipe.effect;
    const last = this.#state.value?.command === command ? this.#state.value : undefined;
    this.#state.value = { command, title, voxels: last?.voxels, ml: last?.ml, busy: true };
    const before = this.#running;
    this.#running = (async () => {
      await before;
      await this.#hold;
      if (abort.signal.aborted) return;
      if (recipe.effect.readsLabels) {
        // The preview before must not be among the labels that are read.
        this.#transaction?.rollback();
        this.#transaction = undefined;
      }
      try {
        const kernels = await this.#port.kernels();
        const proposal = await recipe.effect.compute(this.#port, kernels, recipe.args, {
          signal: abort.signal,
          onProgress: ({ fraction }) => {
            const state = this.#state.value;
            if (state?.busy && !abort.signal.aborted) this.#state.value = { ...state, fraction };
          },
          onRough: async (rough) => {
            if (!abort.signal.aborted) await this.#apply(recipe.effect, rough, abort.signal, true);
          },
        });
        if (!abort.signal.aborted) await this.#apply(recipe.effect, proposal, abort.signal, false);
      } catch (error) {
        if (isAbortError(error)) return;
        this.#port.fail(error);
        if (this.#abort === abort) await this.#takeBack();
      }
    })();
    await this.#running;
  }

  /** Shows a proposal in place of the one before; `rough`: a better one is to come. */
  async #apply(
    effect: LabelEffect<object>,
    proposal: EffectProposal,
    signal: AbortSignal,
    rough: boolean,
  ): Promise<void> {
    const { labels, image, tools } = this.#port;
    this.#transaction?.rollback();
    this.#transaction = labels.begin({ over: effect.over ?? tools().over });
    this.#segments = proposal.segments ?? [];
    const voxels = await this.#transaction.applyInSteps(proposal, { signal });
    const ml = (voxels * image.grid.voxelVolumeMm3()) / 1000;
    const kept = "Nothing may be changed here: the voxels are locked or the painting rule keeps them.";
    const note = voxels > 0 || rough ? proposal.note : proposal.voxels > 0 ? kept : effect.nothing;
    const { id: command, title } = effect;
    const segments = this.#segments.flatMap(({ to }) => (to ? [to] : []));
    const more = { ...(note ? { note } : {}), ...(segments.length > 0 ? { segments } : {}) };
    this.#state.value = { command, title, voxels, ml, busy: rough, ...more };
  }

  /** Holds the queue until another change wants its turn. A hold that has ended, or comes late, takes back no later preview. */
  #takeHold(): Promise<{ release(): void }> {
    const mine: Promise<{ release(): void }> = this.#port.labels.queue.hold(() => {
      if (this.#hold === mine) void this.cancel();
    });
    return mine;
  }

  async #end(): Promise<void> {
    const hold = this.#hold;
    this.#hold = undefined;
    this.#recipe = undefined;
    this.#state.value = undefined;
    (await hold)?.release();
  }
}

/** The box of half edge `boxMm` round a voxel, within the volume. */
function boxAround(image: StudyImage, seed: IndexIjk, boxMm: number): NonNullable<GrowArguments["region"]> {
  const spacing = image.grid.spacingMm;
  const bound = (axis: 0 | 1 | 2, side: -1 | 1): number => {
    const at = Math.round(seed[axis] + (side * boxMm) / spacing[axis]) + (side > 0 ? 1 : 0);
    return Math.min(Math.max(at, 0), image.grid.dims[axis]);
  };
  return { min: [bound(0, -1), bound(1, -1), bound(2, -1)], max: [bound(0, 1), bound(1, 1), bound(2, 1)] };
}

/** Asked for by commands that need a preview. */
export function noPreview(): VoxelwrightError {
  return new VoxelwrightError("argument", "There is nothing to accept.", {
    advice: "Click with the grow tool or compute a fill first.",
  });
}
