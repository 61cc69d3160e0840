import { errorFromWire, errorToWire } from "#base";
import { type Endpoint, expose, transfer as comlinkTransfer } from "comlink";
import { nodeEndpoint, nodeThreads } from "./node-threads.ts";
import { type Control, type ControlIn, type ControlOut, type Invoke, type Reply, transferList } from "./wire.ts";

type Method = (...args: unknown[]) => unknown;

/**
 * Serves the methods of `api` from this worker, in a browser or in a Node worker thread. Call it once, at the top of a
 * `*.worker.ts`. Options of the caller arrive as the last argument, with a working `signal`; functions in them are called in the
 * caller's thread and return promises, which a worker may await so as not to run ahead of its caller.
 */
export function serveWorker(api: object): void {
  const invoke: Invoke = {
    async invoke(method, control, ...args) {
      const link = control && new ControlLink(control, (args.at(-1) ?? {}) as object);
      try {
        const target: unknown = Reflect.get(api, method);
        if (typeof target !== "function") throw new TypeError(`The worker has no method ${method}.`);
        const all = link ? [...args.slice(0, -1), link.options] : args;
        const value: unknown = await (target as Method).apply(api, all);
        return comlinkTransfer({ value } satisfies Reply, transferList([value]));
      } catch (error) {
        return { error: errorToWire(error) };
      } finally {
        link?.close();
      }
    },
    keepLock,
  };
  expose(invoke, ownEndpoint());
}

function keepLock(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const untilTheEnd = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    navigator.locks.request(name, untilTheEnd).catch(reject);
  });
}

/** The worker's end of a control port. */
class ControlLink {
  readonly options: Record<string, unknown>;
  readonly #port: MessagePort;
  readonly #abort = new AbortController();
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #nextId = 0;

  constructor({ port, callbacks, hasSignal }: Control, plain: object) {
    this.#port = port;
    this.options = { ...plain };
    if (hasSignal) this.options["signal"] = this.#abort.signal;
    for (const name of callbacks) this.options[name] = (...args: unknown[]) => this.#call(name, args);
    port.onmessage = ({ data }: MessageEvent<ControlIn>) => this.#receive(data);
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }

  #receive(message: ControlIn): void {
    if (message.type === "abort") {
      this.#abort.abort();
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ("error" in message.reply) waiting?.reject(errorFromWire(message.reply.error));
    else waiting?.resolve(message.reply.value);
  }

  #call(name: string, args: unknown[]): Promise<unknown> {
    const id = this.#nextId++;
    const result = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    // Most callers do not wait for a callback; its fault is then the callback's own.
    result.catch(() => undefined);
    this.#port.postMessage({ type: "call", id, name, args } satisfies ControlOut, transferList(args));
    return result;
  }
}

function ownEndpoint(): Endpoint {
  const parent = nodeThreads()?.parentPort;
  return parent ? nodeEndpoint(parent) : (globalThis as unknown as Endpoint);
}
