import { VoxelwrightError } from "#base";
import type { DecodedSamples, JpegFrame } from "./frame-info.ts";
import { type GdcmModule, startGdcm } from "./gdcm-module.ts";
import { singleFrameFile } from "./single-frame-file.ts";

let current: Promise<GdcmModule> | undefined;

/**
 * All kinds of JPEG (ISO/IEC 10918-1: baseline, extended to 12 bits, progressive, lossless) by GDCM, which reads whole files
 * only: the frame is wrapped in a DICOM file of its own, as unsigned values. Throws `source` when GDCM refuses it.
 */
export async function decodeJpeg(bytes: Uint8Array, info: JpegFrame): Promise<DecodedSamples> {
  current ??= startGdcm();
  const module = await current;
  try {
    return quietly(() => run(module, singleFrameFile(bytes, info)));
  } catch (cause) {
    // An exception leaves the module's memory in doubt; the next frame gets a fresh one.
    current = undefined;
    if (cause instanceof VoxelwrightError) throw cause;
    throw new VoxelwrightError("source", "The JPEG voxels are damaged and cannot be decoded.", { cause });
  }
}

function run(module: GdcmModule, file: Uint8Array): DecodedSamples {
  module.fs_writeFile("frame.dcm", file);
  const status = module.callMain(["frame.dcm", "0", "1", "--memory-io"]);
  if (status !== 0) throw new VoxelwrightError("source", "The JPEG voxels are damaged and cannot be decoded.");
  const number = (name: string, ...values: number[]): number =>
    module.ccall(
      name,
      "number",
      values.map(() => "number" as const),
      values,
    ) >>> 0;
  const image = JSON.parse(module.UTF8ToString(number("itk_wasm_output_json_address", 0, 1))) as {
    size: number[];
    imageType: { componentType: string; components: number };
  };
  const [columns = 0, rows = 0] = image.size;
  const { componentType, components } = image.imageType;
  if (components !== 1)
    throw new VoxelwrightError("unsupported", `The compressed voxels have ${components} components, not one.`);
  const address = number("itk_wasm_output_array_address", 0, 1, 0);
  const byteLength = number("itk_wasm_output_array_size", 0, 1, 0);
  const copy = module.HEAPU8.slice(address, address + byteLength).buffer;
  module.ccall("itk_wasm_free_all", null, [], []);
  const samples =
    componentType === "uint8" ? new Uint8Array(copy) : componentType === "uint16" ? new Uint16Array(copy) : undefined;
  if (!samples)
    throw new VoxelwrightError("unsupported", `The JPEG voxels decode to ${componentType}, which is not expected.`);
  return { columns, rows, samples };
}

/** The module writes libjpeg's chatter to the console, whatever it is told; it is muted while the module runs. */
function quietly<T>(run: () => T): T {
  const { log, error } = console;
  console.log = console.error = () => undefined;
  try {
    return run();
  } finally {
    console.log = log;
    console.error = error;
  }
}
