import { consoleLog, type Disposable, processors, VoxelwrightError } from "#base";
import { GpuContext, preparePlanes } from "#gpu";
import { createSigner } from "#labelmap";
import {
  addEffectCommands,
  addHistoryCommands,
  addLabelCommands,
  addMeasurementCommands,
  addMemoryCommands,
  addOverlayCommands,
  addPictureCommands,
  addSegmentCommands,
  addStudyCommands,
  addViewCommands,
  addVolumeCommands,
  ChunkedService,
  ImportService,
  Session,
  type SessionSettings,
  writeLabelFileInWorker,
  writeSurfaceFileInWorker,
} from "#session";
import { clearTemporaryFiles, createStudyStore, type StudyStore } from "#storage";
import { type CapabilityReport, createSessionPort, mountUi, type SampleScan } from "#ui";
import { createKernelPool, type Kernels, loadKernelModule } from "#workers";
import packageJson from "../package.json" with { type: "json" };

/** The composition root: opens storage and GPU, wires the session, shows the interface, hands scripts the commands. */

declare global {
  interface Window {
    /** Automation: what the mouse can do, a script can do. */
    voxelwright?: {
      run(id: string, args?: object): Promise<unknown>;
      commands(): readonly object[];
      readonly version: string;
    };
  }
}

const { version } = packageJson;

interface SampleRow {
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly modality: string;
  readonly bytes: number;
  readonly licence: string;
  readonly origin: string;
}

async function start(root: HTMLElement): Promise<void> {
  const store = await createStudyStore();
  const [{ gpu, report }, samples, settings, signer] = await Promise.all([
    openGpu(),
    readSamples(),
    readSettings(store),
    store.deviceKey().then(createSigner),
  ]);
  const workers = Math.max(1, Math.min(processors() - 1, 8));
  // Made at once, so that bricks can lie in their memory; their workers start with the first job.
  let bricks: Kernels["bricks"];
  let kernels = startKernels(workers, settings.poolBytes / 2);
  kernels.then((made) => (bricks = made.bricks)).catch(() => undefined);
  const session = new Session({
    version,
    store,
    signer,
    imports: new ImportService(),
    chunked: new ChunkedService(),
    writeLabelFile: writeLabelFileInWorker,
    writeSurfaceFile: writeSurfaceFileInWorker,
    kernels: () => (kernels = kernels.catch(() => startKernels(workers, settings.poolBytes / 2))),
    brickRoom: (type) => bricks?.allocate(type),
    lock: (volumeId): Promise<Disposable> => store.lockStudy(volumeId),
    sample: (id) => fetchSample(samples, id),
    settings,
  });
  addStudyCommands(session.commands, session);
  addViewCommands(session.commands, session);
  addVolumeCommands(session.commands, session);
  addPictureCommands(session.commands, session);
  addOverlayCommands(session.commands, session);
  addSegmentCommands(session.commands, session);
  addLabelCommands(session.commands, session);
  addEffectCommands(session.commands, session);
  addHistoryCommands(session.commands, session);
  addMeasurementCommands(session.commands, session);
  addMemoryCommands(session.commands, session, gpu?.memory);
  store.lost.on((error) => session.messages.postError(error));
  gpu?.lost.on(() =>
    session.messages.post({ tone: "info", text: "The GPU was lost; the picture is being built again." }),
  );
  gpu?.fault.on((error) => session.messages.postError(error));

  const port = createSessionPort({
    session,
    gpu,
    version,
    samples: samples.map(toSampleScan),
    capabilities: capabilities(store, report, workers),
  });
  mountUi(root, port);
  window.voxelwright = {
    run: (id, args = {}) => session.commands.run(id, args),
    commands: () => session.commands.list().map(({ enabled: _enabled, ...info }) => info),
    version,
  };
  await session.start();
  if (gpu) prepareGpu(gpu);
  clearTemporaryFiles().catch((error: unknown) => consoleLog.warn(`Files of exports stay: ${String(error)}`));
}

async function startKernels(workers: number, brickBytes: number): Promise<Kernels> {
  return createKernelPool({ wasmModule: await loadKernelModule(), workers, brickBytes });
}

/** While the page waits for its first scan the GPU gets ready; what fails then is told when it is needed. */
function prepareGpu(gpu: GpuContext): void {
  preparePlanes(gpu, navigator.gpu.getPreferredCanvasFormat()).catch((error: unknown) =>
    consoleLog.warn(`Shaders are compiled when a scan is shown: ${String(error)}`),
  );
}

type WebGpuReport = CapabilityReport["webgpu"];

async function openGpu(): Promise<{ gpu: GpuContext | undefined; report: WebGpuReport }> {
  try {
    const gpu = await GpuContext.open();
    return { gpu, report: { ok: true, adapter: gpu.adapterName } };
  } catch (error) {
    const failure = error instanceof VoxelwrightError ? error.fields["failure"] : undefined;
    const kinds = {
      "insecure-context": "insecure",
      "no-webgpu": "no-api",
      "no-adapter": "no-adapter",
      "device-lost": "lost",
    } as const;
    const kind = kinds[failure as keyof typeof kinds] ?? "limits";
    return {
      gpu: undefined,
      report: { ok: false, kind, reason: error instanceof Error ? error.message : String(error) },
    };
  }
}

function capabilities(store: StudyStore, webgpu: WebGpuReport, workers: number): CapabilityReport {
  const isolated = crossOriginIsolated;
  const fallbacks: string[] = [];
  if (!isolated)
    fallbacks.push("The page is not cross-origin isolated, so work runs in one worker without shared memory.");
  if (store.bytesKind === "blob")
    fallbacks.push("This browser has no fast file storage, so bricks are kept in IndexedDB, which is slower.");
  return {
    webgpu,
    isolated,
    workers: isolated ? workers : 1,
    storage: store.bytesKind === "blob" ? "blobs" : store.bytesKind,
    fallbacks,
  };
}

const MEBIBYTE = 2 ** 20;

async function readSettings(store: StudyStore): Promise<SessionSettings> {
  const stored = await store.setting<Partial<SessionSettings>>("session");
  // Browsers tell memory in gibibytes, rounded. The tab keeps to 2 GB of memory and 1 GB on the GPU unless the settings say more.
  const memory = Math.min((navigator as Navigator & { deviceMemory?: number }).deviceMemory ?? 4, 8);
  return { author: "", poolBytes: memory * 48 * MEBIBYTE, atlasBytes: memory * 64 * MEBIBYTE, ...stored };
}

async function readSamples(): Promise<readonly SampleRow[]> {
  try {
    const response = await fetch(new URL("samples/samples.json", document.baseURI));
    return response.ok ? ((await response.json()) as SampleRow[]) : [];
  } catch (error) {
    consoleLog.warn(`The list of samples could not be read: ${String(error)}`);
    return [];
  }
}

async function fetchSample(samples: readonly SampleRow[], id: string): Promise<{ name: string; blob: Blob }> {
  const sample = samples.find((row) => row.id === id);
  if (!sample) {
    const advice = `Samples are ${samples.map((row) => row.id).join(", ")}.`;
    throw new VoxelwrightError("not-found", `There is no sample ${id}.`, { advice });
  }
  const response = await fetch(new URL(`samples/${sample.file}`, document.baseURI));
  if (!response.ok)
    throw new VoxelwrightError("network", `The sample could not be fetched (status ${response.status}).`, {
      subject: sample.title,
    });
  return { name: sample.file, blob: await response.blob() };
}

function toSampleScan({ id, title, modality, bytes, licence, origin }: SampleRow): SampleScan {
  return { id, title, description: modality, byteLength: bytes, license: `${origin} · ${licence}` };
}

const root = document.getElementById("root");
if (root) {
  start(root).catch((error: unknown) => {
    const line =
      error instanceof VoxelwrightError ? error.line : error instanceof Error ? error.message : String(error);
    root.textContent = `Voxelwright cannot start. ${line}`;
    root.className = "start-failure";
    consoleLog.error("Voxelwright cannot start.", error);
  });
}
