import { type Disposable, Emitter, errorFromWire, errorToWire, VoxelwrightError } from "#base";
import { type Endpoint, type Remote, transfer as comlinkTransfer, wrap } from "comlink";
import { nodeEndpoint, nodeThreads } from "./node-threads.ts";
import { type Control, type ControlIn, type ControlOut, type Invoke, type Reply, transferList } from "./wire.ts";

/** Every method of `Api` as a call that returns a promise. */
export type WorkerCalls<Api> = {
  readonly [Name in keyof Api as Api[Name] extends (...args: never[]) => unknown ? Name : never]: Api[Name] extends (
    ...args: infer Args
  ) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** A worker and the calls it serves. */
export interface WorkerConnection<Api> extends Disposable {
  /**
   * Calls reject with the worker's own error (kind and fields kept), with AbortError when aborted, or with a `worker` error
   * when the worker dies. When the last argument is an options object, its `signal` and its functions (`onProgress`, …) work
   * across the boundary.
   */
  readonly api: WorkerCalls<Api>;
  /** Once, when the worker dies by itself or is terminated; pending calls are rejected by then. */
  readonly onDeath: Emitter<VoxelwrightError>;
  readonly dead: boolean;
  /** Ends the worker at once and rejects pending calls. */
  terminate(): void;
}

/** A browser's Worker or Node's. */
export type AnyWorker = Worker | import("node:worker_threads").Worker;

/**
 * Starts a worker by `factory` and connects it. The factory gets the class of this platform under the name that bundlers look
 * for: `spawnWorker<Api>((Worker) => new Worker(new URL("./x.worker.ts", import.meta.url), { type: "module" }))`.
 */
export function spawnWorker<Api extends object>(
  factory: (workerClass: typeof Worker) => AnyWorker,
): WorkerConnection<Api> {
  const threads = nodeThreads();
  const workerClass = (threads ? threads.Worker : Worker) as unknown as typeof Worker;
  return connectWorker<Api>(factory(workerClass));
}

/** Connects to a worker that called `serveWorker`. Takes ownership of the worker. */
export function connectWorker<Api extends object>(worker: AnyWorker): WorkerConnection<Api> {
  return new Connection<Api>(worker);
}

class Connection<Api extends object> implements WorkerConnection<Api> {
  readonly api: WorkerCalls<Api>;
  readonly onDeath = new Emitter<VoxelwrightError>();
  readonly #worker: AnyWorker;
  readonly #remote: Remote<Invoke>;
  readonly #pending = new Set<(error: Error) => void>();
  readonly #ended = new AbortController();
  #death: VoxelwrightError | undefined;

  constructor(worker: AnyWorker) {
    this.#worker = worker;
    this.#remote = wrap<Invoke>("on" in worker ? nodeEndpoint(worker) : (worker as unknown as Endpoint));
    watchDeath(worker, (message) => this.#die(message));
    if (!("on" in worker)) void this.#awaitEnd();
    this.api = new Proxy({} as WorkerCalls<Api>, {
      // A proxy with a `then` would be taken for a promise.
      get: (_, name) => (typeof name === "string" && name !== "then" ? this.#method(name) : undefined),
    });
  }

  get dead(): boolean {
    return this.#death !== undefined;
  }

  terminate(): void {
    void this.#worker.terminate();
    this.#die("The worker was terminated.");
  }

  dispose(): void {
    this.terminate();
  }

  /** A browser ends a worker without an event, but gives its locks to the next who asks. */
  async #awaitEnd(): Promise<void> {
    const locks: LockManager | undefined = globalThis.navigator?.locks;
    if (!locks) return;
    const name = `voxelwright:worker:${crypto.randomUUID()}`;
    try {
      await this.#remote.keepLock(name);
      await locks.request(name, { signal: this.#ended.signal }, () => this.#die("The worker ended before its time."));
    } catch {
      // The connection was closed, or there are no locks here; events still tell of failures.
    }
  }

  #die(message: string): void {
    if (this.#death) return;
    this.#ended.abort();
    const advice = "The call can be made again.";
    const death = new VoxelwrightError("worker", message, { advice });
    this.#death = death;
    void this.#worker.terminate();
    for (const reject of [...this.#pending]) reject(death);
    this.onDeath.emit(death);
  }

  #method(name: string) {
    return (...args: unknown[]): Promise<unknown> =>
      new Promise<unknown>((resolve, reject) => {
        if (this.#death) {
          reject(this.#death);
          return;
        }
        const call = splitOptions(args);
        const settle = () => {
          this.#pending.delete(fail);
          call.close();
        };
        const fail = (error: Error) => {
          settle();
          reject(error);
        };
        if (call.signal?.aborted) {
          fail(new DOMException("The call was aborted.", "AbortError"));
          return;
        }
        this.#pending.add(fail);
        const control = call.control && comlinkTransfer(call.control, [call.control.port]);
        this.#remote.invoke(name, control, ...call.args).then((reply: Reply) => {
          settle();
          if ("error" in reply) reject(errorFromWire(reply.error));
          else resolve(reply.value);
        }, fail);
      });
  }
}

interface SplitCall {
  readonly args: unknown[];
  readonly control: Control | undefined;
  readonly signal: AbortSignal | undefined;
  close(): void;
}

/** Takes signal and functions out of the last argument and ties them to a control port. */
function splitOptions(args: unknown[]): SplitCall {
  const last = args.at(-1);
  const fields = isPlainObject(last) ? Object.entries(last) : [];
  const callbacks = new Map<string, (...args: unknown[]) => unknown>();
  const plain: Record<string, unknown> = {};
  let signal: AbortSignal | undefined;
  for (const [name, value] of fields) {
    if (typeof value === "function") callbacks.set(name, value as (...args: unknown[]) => unknown);
    else if (typeof AbortSignal !== "undefined" && value instanceof AbortSignal) signal = value;
    else plain[name] = value;
  }
  if (!signal && callbacks.size === 0) return { args, control: undefined, signal: undefined, close: () => undefined };
  const { port1, port2 } = new MessageChannel();
  const send = (message: ControlIn, list: Transferable[] = []) => port1.postMessage(message, list);
  const abort = () => send({ type: "abort" });
  signal?.addEventListener("abort", abort);
  port1.onmessage = ({ data }: MessageEvent<ControlOut>) => {
    void answer(callbacks.get(data.name), data.args).then(([reply, list]) =>
      send({ type: "returned", id: data.id, reply }, list),
    );
  };
  return {
    args: [...args.slice(0, -1), plain],
    control: { port: port2, callbacks: [...callbacks.keys()], hasSignal: signal !== undefined },
    signal,
    close: () => {
      signal?.removeEventListener("abort", abort);
      port1.onmessage = null;
      port1.close();
    },
  };
}

async function answer(
  run: ((...args: unknown[]) => unknown) | undefined,
  args: unknown[],
): Promise<[Reply, Transferable[]]> {
  try {
    const value = await run?.(...args);
    return [{ value }, transferList([value])];
  } catch (error) {
    return [{ error: errorToWire(error) }, []];
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function watchDeath(worker: AnyWorker, die: (message: string) => void): void {
  if ("on" in worker) {
    worker.on("error", (error) => die(`The worker failed: ${error instanceof Error ? error.message : String(error)}`));
    worker.on("exit", () => die("The worker ended before its time."));
    return;
  }
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    die(`The worker failed: ${event.message || "its script could not be loaded"}`);
  });
  worker.addEventListener("messageerror", () => die("The worker sent a message that cannot be read."));
}
