import type { Endpoint } from "comlink";

type Threads = typeof import("node:worker_threads");

/** Node's worker threads, or undefined in a browser. Asked for at run time, so that bundles for the page name no Node module. */
export function nodeThreads(): Threads | undefined {
  if (typeof process === "undefined" || typeof process.getBuiltinModule !== "function") return undefined;
  return process.getBuiltinModule("node:worker_threads");
}

/** A Node worker or port as the event target that comlink expects. */
export function nodeEndpoint(
  port: import("node:worker_threads").Worker | import("node:worker_threads").MessagePort,
): Endpoint {
  const listeners = new Map<EventListenerOrEventListenerObject, (data: unknown) => void>();
  return {
    postMessage: (message: unknown, list?: Transferable[]) => port.postMessage(message, list as never),
    addEventListener: (_type, listener) => {
      const forward = (data: unknown) => {
        const event = { data } as MessageEvent;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      };
      port.on("message", forward);
      listeners.set(listener, forward);
    },
    removeEventListener: (_type, listener) => {
      const forward = listeners.get(listener);
      if (forward) port.off("message", forward);
      listeners.delete(listener);
    },
  };
}
