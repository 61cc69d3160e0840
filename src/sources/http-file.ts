import { isAbortError, VoxelwrightError } from "#base";
import { PASSING_STATUS, WAITS_MS } from "./http-tries.ts";
import { pause } from "./pause.ts";
import { type Afar, RangeBlob } from "./range-blob.ts";
import { ReadAhead } from "./read-ahead.ts";
import { sourceError } from "./source-errors.ts";

/** Tells one version of a file from another (RFC 9110, 8.8), where the server lets it be seen. */
export type FileVersion = string | undefined;

export function versionOf({ headers }: Response): FileVersion {
  return headers.get("etag") ?? headers.get("last-modified") ?? undefined;
}

export interface HttpFileOptions {
  readonly url: URL;
  readonly size: number;
  readonly version: FileVersion;
  /** Waits between tries; tests give shorter ones. */
  readonly waitsMs?: readonly number[];
  /** Silence behind which a request is given up and made again; tests give a shorter one. */
  readonly silenceMs?: number;
}

/**
 * A file at an address whose server hands out parts of it (RFC 9110, 14): a Blob of which is fetched what is read, and a stream is one
 * request. A request that fails by the network or by a busy server is made again from where it broke off, each time after a longer wait;
 * then what is read rejects with `network`, and with `source` when the file is another one than it was.
 */
export function httpBlob(options: HttpFileOptions): Blob {
  const file = new HttpFile(options);
  const { read, stream } = new ReadAhead(options.size, (start, end) => file.stream(start, end));
  return new RangeBlob(read, options.size, 0, stream, file);
}

/** A connection that was lost without a word never ends by itself. */
const SILENCE_MS = 30_000;

class HttpFile implements Afar {
  readonly #url: URL;
  readonly #version: FileVersion;
  readonly #waitsMs: readonly number[];
  readonly #silenceMs: number;

  constructor({ url, version, waitsMs = WAITS_MS, silenceMs = SILENCE_MS }: HttpFileOptions) {
    this.#url = url;
    this.#version = version;
    this.#waitsMs = waitsMs;
    this.#silenceMs = silenceMs;
  }

  async probe(): Promise<void> {
    try {
      const body = await this.#request(0, 1, AbortSignal.timeout(this.#silenceMs));
      await body.cancel();
    } catch (error) {
      throw error instanceof VoxelwrightError ? error : this.#broken(error);
    }
  }

  /** The bytes from start to end by one request, or by as many as it takes. */
  stream(start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    const abort = new AbortController();
    let at = start;
    let failures = 0;
    let attempt = new AbortController();
    let body: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
    const next = async (): Promise<Uint8Array<ArrayBuffer>> => {
      for (;;) {
        const silence = setTimeout(() => attempt.abort(new TypeError("The server fell silent.")), this.#silenceMs);
        try {
          body ??= (await this.#request(at, end, AbortSignal.any([abort.signal, attempt.signal]))).getReader();
          const { done, value } = await body.read();
          if (done) throw new TypeError("The answer ended early.");
          failures = 0;
          return value.subarray(0, end - at);
        } catch (error) {
          body = undefined;
          attempt = new AbortController();
          if (isAbortError(error) || error instanceof VoxelwrightError) throw error;
          const wait = this.#waitsMs[failures++];
          if (wait === undefined) throw this.#broken(error);
          await pause(wait, abort.signal);
        } finally {
          clearTimeout(silence);
        }
      }
    };
    return new ReadableStream(
      {
        pull: async (controller) => {
          if (at < end) {
            const bytes = await next();
            at += bytes.length;
            controller.enqueue(bytes);
          }
          if (at >= end) controller.close();
        },
        cancel: () => abort.abort(),
      },
      { highWaterMark: 1 },
    );
  }

  /** One try. Throws TypeError where another may do better. */
  async #request(start: number, end: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const response = await fetch(this.#url, {
      signal,
      credentials: "same-origin",
      // What is read goes into a cache of our own.
      cache: "no-store",
      headers: { Range: `bytes=${start}-${end - 1}` },
    });
    if (response.status === 206 && response.body) {
      if (isOtherPart(response, start, end)) {
        await response.body.cancel().catch(() => undefined);
        throw new VoxelwrightError("network", "The server handed out another part of the file than it was asked for.", {
          subject: this.#url.href,
          advice: "Download the file and drop it here.",
        });
      }
      if (versionOf(response) === this.#version) return response.body;
      await response.body.cancel().catch(() => undefined);
      throw sourceError(
        this.#url.href,
        "The file at the address was changed while it was read.",
        "Open the address again.",
      );
    }
    await response.body?.cancel().catch(() => undefined);
    if (PASSING_STATUS.has(response.status)) throw new TypeError(`The server answered ${response.status}.`);
    throw new VoxelwrightError("network", `The server answered ${response.status} where it had handed out a part.`, {
      subject: this.#url.href,
      advice: "Try again later, or download the file and drop it here.",
      fields: { status: response.status },
    });
  }

  #broken(cause: unknown): VoxelwrightError {
    return new VoxelwrightError("network", "The connection broke while the file was read.", {
      subject: this.#url.href,
      advice: "Open the address again once it can be reached.",
      fields: { passing: true },
      cause,
    });
  }
}

/** By what a page may see: where the part begins only of its own origin, its length of any. */
function isOtherPart({ headers }: Response, start: number, end: number): boolean {
  const from = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1];
  return (from !== undefined && Number(from) !== start) || Number(headers.get("content-length") ?? 0) > end - start;
}
