import { openAsBlob, readFileSync } from "node:fs";
import { basename } from "node:path";
import { signal } from "#base";
import { createSigner } from "#labelmap";
import {
  addHistoryCommands,
  addEffectCommands,
  addLabelCommands,
  addMeasurementCommands,
  addOverlayCommands,
  addSegmentCommands,
  addStudyCommands,
  addViewCommands,
  type ChunkedCalls,
  fingerprintOf,
  ChunkedService,
  ChunkedStudies,
  type ImportService,
  openInput,
  importStudy,
  repairStudy,
  Session,
} from "#session";
import { labelmapFit, labelsSpacedAs, labelSlabs, openLabelmap, type SourceListing, spacedSeries } from "#sources";
import { createMemoryStudyStore, type MemoryState, type StudyStore } from "#storage";
import { ImageGrid, storedBytes } from "#volume";
import { createInlineKernels } from "#workers";

const wasm = new URL("../../../.build/kernels.wasm", import.meta.url);

/** The import in this thread: the page runs the same parts in a worker. */
function importsInThread(store: StudyStore): ImportService {
  let listing: SourceListing = { series: [], refused: [] };
  const imports: Pick<
    ImportService,
    "choose" | "during" | "run" | "repair" | "readLabels" | "state" | "question" | "busy" | "cancel" | "dispose"
  > = {
    state: signal(undefined),
    question: signal(undefined),
    busy: false,
    cancel: () => undefined,
    dispose: () => undefined,
    async choose(input, { only = () => true, none = "", wanted } = {}) {
      listing = await openInput(input);
      const rows = await Promise.all(
        listing.series.map(async (choice) => ({ ...choice, fingerprint: await fingerprintOf(choice) })),
      );
      const series = rows.filter(only);
      if (series.length === 0) throw new Error([none, ...listing.refused.map((file) => file.message)].join(" "));
      if (wanted && !series.some((row) => wanted.matches(row))) throw new Error("These are other files.");
      return { series: wanted ? series.filter((row) => wanted.matches(row)) : series, notes: [], asked: false };
    },
    during: (_name, work, options) => work(options),
    async run(series, volumeId, options) {
      const found = listing.series.find(({ id }) => id === series.id)!;
      const source = await spacedSeries(found, series.spacingMm).open();
      const { description } = source;
      const writer = await (options.resume
        ? store.resume(volumeId, storedBytes(description))
        : store.create(volumeId, description, storedBytes(description), options.place));
      return importStudy(source, writer, store.openBricks(volumeId), options);
    },
    async repair(series, volumeId, options) {
      const source = await listing.series.find(({ id }) => id === series.id)!.open();
      return repairStudy(source, store, volumeId, options);
    },
    async readLabels(series, imageGrid, { onSlab }) {
      const image = new ImageGrid(imageGrid);
      const found = listing.series.find(({ id }) => id === series.id)!;
      const labels = await openLabelmap(labelsSpacedAs(found, image));
      const label = new ImageGrid(labels.description.grid);
      if (labelmapFit(image, label).kind !== "same") throw new Error("This test imports labels of the same grid.");
      for await (const slab of labelSlabs(labels.slices(), label.dims, image.dims, [0, 0, 0])) await onSlab(slab);
      return { description: labels.description, segments: labels.segments, resampled: false };
    },
  };
  return imports as ImportService;
}

/** Studies that are read where they lie, in this thread; sources that are lost are asked again at once. */
function chunkedInThread(store: StudyStore): ChunkedService {
  const studies = new ChunkedStudies(
    async () => store,
    async () => "data:image/png;base64,",
  );
  return new ChunkedService({ calls: () => studies as ChunkedCalls, probeWaitsMs: [20] });
}

/** A whole program without a page: session, commands, memory store, kernels in this thread. */
export async function startProgram(
  state?: MemoryState,
  quotaBytes = Number.MAX_SAFE_INTEGER,
): Promise<{ session: Session; store: StudyStore }> {
  const store = createMemoryStudyStore({ ...(state ? { state } : {}), quotaBytes });
  const signer = await createSigner(await store.deviceKey());
  const session = new Session({
    version: "0.0.0-test",
    store,
    signer,
    imports: importsInThread(store),
    chunked: chunkedInThread(store),
    kernels: async () => createInlineKernels({ wasm: new WebAssembly.Module(readFileSync(wasm)), brickBytes: 2 ** 26 }),
    lock: (volumeId) => store.lockStudy(volumeId),
    sample: () => Promise.reject(new Error("There are no samples in this test.")),
    settings: { author: "Tester", poolBytes: 2 ** 28, atlasBytes: 2 ** 28 },
  });
  for (const add of [
    addStudyCommands,
    addViewCommands,
    addSegmentCommands,
    addLabelCommands,
    addEffectCommands,
    addHistoryCommands,
    addMeasurementCommands,
    addOverlayCommands,
  ]) {
    add(session.commands, session);
  }
  await session.start();
  return { session, store };
}

export async function fileAt(path: string): Promise<{ name: string; blob: Blob }> {
  return { name: basename(path), blob: await openAsBlob(path) };
}
