/** The part of itk-wasm's `gdcm-read-image` module (Emscripten) that is used. */
export interface GdcmModule {
  fs_writeFile(path: string, bytes: Uint8Array): void;
  callMain(parameters: string[]): number;
  ccall(name: string, result: "number" | null, types: readonly "number"[], values: readonly number[]): number;
  UTF8ToString(address: number): string;
  readonly HEAPU8: Uint8Array;
}

interface ModuleOptions {
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
}

type GdcmFactory = (options: ModuleOptions) => Promise<GdcmModule>;

interface Loaded {
  readonly factory: GdcmFactory;
  readonly wasm: WebAssembly.Module;
}

let loaded: Promise<Loaded> | undefined;

/** A fresh instance with memory of its own; code is loaded and compiled once. */
export async function startGdcm(): Promise<GdcmModule> {
  loaded ??= load();
  const { factory, wasm } = await loaded;
  const module = await factory({
    instantiateWasm(imports, done) {
      void WebAssembly.instantiate(wasm, imports).then(done);
      return {};
    },
  });
  return module;
}

async function load(): Promise<Loaded> {
  const inNode = typeof process === "object" && typeof process.versions?.node === "string";
  const { script, packed } = inNode ? readFiles() : await fetchFiles();
  const [{ ZSTDDecoder }, { default: factory }] = await Promise.all([
    import("@thewtex/zstddec"),
    import(/* @vite-ignore */ script) as Promise<{ default: GdcmFactory }>,
  ]);
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return { factory, wasm: await WebAssembly.compile(decoder.decode(packed) as Uint8Array<ArrayBuffer>) };
}

interface Files {
  /** Address of the module's script. */
  readonly script: string;
  /** Its WASM, compressed by zstd. */
  readonly packed: Uint8Array;
}

function readFiles(): Files {
  const { createRequire } = process.getBuiltinModule("node:module");
  const { readFileSync } = process.getBuiltinModule("node:fs");
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  const entry = pathToFileURL(createRequire(import.meta.url).resolve("@itk-wasm/image-io"));
  return {
    script: new URL("pipelines/gdcm-read-image.js", entry).href,
    packed: readFileSync(new URL("pipelines/gdcm-read-image.wasm.zst", entry)),
  };
}

/** The package does not export its pipelines, so they are named by their place in node_modules; the bundler copies both files. */
async function fetchFiles(): Promise<Files> {
  const script = new URL(
    "../../../../node_modules/@itk-wasm/image-io/dist/pipelines/gdcm-read-image.js",
    import.meta.url,
  );
  const wasm = new URL(
    "../../../../node_modules/@itk-wasm/image-io/dist/pipelines/gdcm-read-image.wasm.zst",
    import.meta.url,
  );
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`The JPEG codec could not be fetched (${response.status}).`);
  return { script: script.href, packed: new Uint8Array(await response.arrayBuffer()) };
}
