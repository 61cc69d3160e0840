import { registry } from "zarrita";
import { Crc32cCodec } from "./crc32c.ts";
import { withoutGeneratedCode } from "./embind-invokers.ts";
import { checkBlosc, checkLz4, type Unzstd } from "./packed-check.ts";

/** The parts of a codec that are used. */
interface ByteCodec {
  decode(bytes: Uint8Array): Promise<Uint8Array>;
}

interface CodecClass {
  fromConfig(config: never): ByteCodec;
}

/**
 * Sets zarrita's codecs up for a page that generates no code, and so that damaged data are an error: blosc and LZ4 start without it
 * and are checked first; Zstandard is read by the decoder that is here already. Each is loaded when an image first needs it. CRC-32C
 * is checked, which zarrita's own codec does not do; zlib, gzip, shuffle and delta are zarrita's.
 */
export function setUpCodecs(): void {
  if (ready) return;
  ready = true;
  const zstd = once(async () => (await import("./zstd.ts")).ZstdCodec);
  const unzstd = async (): Promise<Unzstd> => {
    const codec = (await zstd()).fromConfig();
    return (bytes) => codec.decode(bytes);
  };
  const blosc = once(async () => {
    const codec = await started((await import("numcodecs/blosc")).default as unknown as CodecClass, BLOSC);
    return checked(codec, (bytes) => checkBlosc(bytes, unzstd));
  });
  const lz4 = once(async () => {
    const codec = await started((await import("numcodecs/lz4")).default as unknown as CodecClass, {});
    return checked(codec, async (bytes) => checkLz4(bytes));
  });
  for (const [name, load] of Object.entries({ blosc, lz4, zstd })) {
    for (const id of [name, `numcodecs.${name}`]) registry.set(id, load as never);
  }
  registry.set("crc32c", (() => Crc32cCodec) as never);
}

let ready = false;

/** A configuration that blosc takes; what it says is for packing. */
const BLOSC = { cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 };

/** Starts a codec's WASM by a first call; that it fails on no data does not matter. */
async function started(codec: CodecClass, config: object): Promise<ByteCodec> {
  const decoder = codec.fromConfig(config as never);
  await withoutGeneratedCode(() => decoder.decode(new Uint8Array(16)).catch(() => undefined));
  return decoder;
}

/** How a codec packs is no part of unpacking, so one serves all. */
function checked(codec: ByteCodec, check: (bytes: Uint8Array) => Promise<void>): CodecClass {
  const decode = async (bytes: Uint8Array): Promise<Uint8Array> => {
    await check(bytes);
    return codec.decode(bytes);
  };
  return { fromConfig: () => ({ decode }) };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
