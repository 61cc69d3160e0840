import { type AbortOptions, isAbortError, VoxelwrightError } from "#base";
import { FetchStore } from "zarrita";
import { PASSING_STATUS, WAITS_MS } from "../http-tries.ts";
import { pause } from "../pause.ts";
import type { ByteRange, ReadOptions, ZarrPath, ZarrStore } from "./zarr-store.ts";

/** Requests under way at once: what browsers open to one HTTP/1 server, and a few that wait in its queue. */
const AT_ONCE = 10;
/** Longest time a server may ask to be left alone for, within one request. */
const LONGEST_WAIT_MS = 10_000;

export interface HttpStoreOptions {
  /** Waits between tries; tests give shorter ones. */
  readonly waitsMs?: readonly number[];
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * A hierarchy at an address. A request that fails by the network or by a busy server is made again, each time after a longer wait;
 * then it rejects with `network`, and so does every other one at once, until a `probe` got through.
 */
export class HttpStore implements ZarrStore {
  readonly subject: string;
  readonly id: string;
  readonly #fetchStore: FetchStore;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #waitsMs: readonly number[];
  readonly #queue: (() => void)[] = [];
  #underWay = 0;
  #down: VoxelwrightError | undefined;

  constructor(url: string, options: HttpStoreOptions = {}) {
    this.subject = url;
    this.id = url;
    this.#waitsMs = options.waitsMs ?? WAITS_MS;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#fetchStore = new FetchStore(url, { fetch: (request) => this.#tryOften(request) });
  }

  get(path: ZarrPath, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#inTurn(() => this.#fetchStore.get(encoded(path), init(options)), options);
  }

  getRange(path: ZarrPath, range: ByteRange, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#inTurn(async () => {
      const bytes = await this.#fetchStore.getRange(encoded(path), range, init(options));
      const most = "suffixLength" in range ? range.suffixLength : range.length;
      if (bytes && bytes.length > most) throw noRanges(this.subject);
      return bytes;
    }, options);
  }

  async probe({ signal }: AbortOptions = {}): Promise<void> {
    // The root answers in some way, be it that there is no such file.
    const request = new Request(new URL("zarr.json", folder(this.subject)), { ...init({ signal }), cache: "no-store" });
    const response = await this.#once(request);
    if (PASSING_STATUS.has(response.status)) throw this.#failure(response);
    this.#down = undefined;
  }

  async #inTurn<T>(read: () => Promise<T>, { signal }: ReadOptions): Promise<T> {
    signal?.throwIfAborted();
    while (this.#underWay >= AT_ONCE) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
      if (signal?.aborted) {
        this.#queue.shift()?.();
        signal.throwIfAborted();
      }
    }
    this.#underWay++;
    try {
      return await read();
    } catch (error) {
      if (isAbortError(error) || error instanceof VoxelwrightError) throw error;
      throw unreachable(this.subject, error);
    } finally {
      this.#underWay--;
      this.#queue.shift()?.();
    }
  }

  async #tryOften(request: Request): Promise<Response> {
    if (this.#down) throw this.#down;
    for (let attempt = 0; ; attempt++) {
      const wait = this.#waitsMs[attempt];
      let failure: VoxelwrightError;
      let asked = 0;
      try {
        const response = await this.#once(request.clone());
        if (response.ok || response.status === 404) return await this.#whole(response);
        failure = this.#failure(response);
        await response.body?.cancel().catch(() => undefined);
        if (!PASSING_STATUS.has(response.status)) throw failure;
        asked = Number(response.headers.get("retry-after")) * 1000 || 0;
      } catch (error) {
        const passing = error instanceof VoxelwrightError && error.fields["passing"] === true;
        if (!passing) throw error;
        failure = error;
      }
      if (wait === undefined) {
        this.#down = failure;
        throw failure;
      }
      await pause(Math.max(wait, Math.min(asked, LONGEST_WAIT_MS)), request.signal);
      if (this.#down) throw this.#down;
    }
  }

  /** One request; a network that fails is a `network` error. */
  async #once(request: Request): Promise<Response> {
    try {
      return await this.#fetch(request);
    } catch (error) {
      if (isAbortError(error)) throw error;
      throw unreachable(this.subject, error);
    }
  }

  /** The body is read here, so that a connection that breaks in the middle is tried again as well. */
  async #whole(response: Response): Promise<Response> {
    if (response.status === 404) return response;
    try {
      return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
    } catch (error) {
      if (isAbortError(error)) throw error;
      throw unreachable(this.subject, error);
    }
  }

  #failure({ status, statusText }: Response): VoxelwrightError {
    const passing = PASSING_STATUS.has(status);
    const advice: Readonly<Record<number, string>> = {
      401: "The server asks for a login; download the image and open its folder.",
      403: "The server refuses access; download the image and open its folder.",
    };
    return new VoxelwrightError("network", `The server answered ${status}${statusText ? ` ${statusText}` : ""}.`, {
      subject: this.subject,
      advice: advice[status] ?? (passing ? "It is asked again by and by." : "Check the address."),
      fields: { status, passing },
    });
  }
}

function unreachable(subject: string, cause: unknown): VoxelwrightError {
  return new VoxelwrightError(
    "network",
    "The address cannot be reached, or its server does not allow this page to read it (CORS).",
    {
      subject,
      advice:
        "Check the address and the connection; a server of images must send Access-Control-Allow-Origin. Otherwise download the image and open its folder.",
      fields: { passing: true },
      cause,
    },
  );
}

function noRanges(subject: string): VoxelwrightError {
  return new VoxelwrightError("network", "The server does not hand out parts of files, which a sharded image needs.", {
    subject,
    advice: "Serve it with range requests (RFC 9110), or download the image and open its folder.",
  });
}

function init({ signal, fresh }: ReadOptions): RequestInit {
  return { credentials: "same-origin", ...(signal && { signal }), ...(fresh && { cache: "reload" }) };
}

function folder(url: string): URL {
  const base = new URL(url);
  if (!base.pathname.endsWith("/")) base.pathname += "/";
  return base;
}

/** FetchStore resolves paths as addresses: what is no part of a path there is escaped. */
function encoded(path: ZarrPath): ZarrPath {
  return `/${path.slice(1).split("/").map(encodeURIComponent).join("/")}`;
}
