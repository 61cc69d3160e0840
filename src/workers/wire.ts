import type { WireError } from "#base";
import { transfer as comlinkTransfer } from "comlink";

/**
 * The calls between a thread and its worker, on top of comlink. Comlink carries one call, `invoke`; this file says what goes
 * through it. Every call that passes options gets a control port, by which an abort goes in and callbacks come out.
 */

/** What a worker exposes through comlink. */
export interface Invoke {
  /** Calls `method`; `control` is there when the last argument is options with a signal or functions. */
  invoke(method: string, control: Control | undefined, ...args: unknown[]): Promise<Reply>;
  /** Takes a Web Lock that the worker keeps as long as it lives; resolves once it has it. */
  keepLock(name: string): Promise<void>;
}

/** The part of the last argument that cannot be cloned. */
export interface Control {
  readonly port: MessagePort;
  /** Names of the options that are functions in the calling thread. */
  readonly callbacks: readonly string[];
  readonly hasSignal: boolean;
}

/** Errors travel as values, so that kind and fields survive. */
export type Reply = { readonly value: unknown } | { readonly error: WireError };

/** Calling thread → worker, on the control port. */
export type ControlIn =
  | { readonly type: "abort" }
  | { readonly type: "returned"; readonly id: number; readonly reply: Reply };

/** Worker → calling thread, on the control port. */
export type ControlOut = {
  readonly type: "call";
  readonly id: number;
  readonly name: string;
  readonly args: unknown[];
};

const lists = new WeakMap<object, Transferable[]>();

/** Marks buffers inside `value` to be moved, not copied, when it is an argument or a result; the sender loses them. */
export function transfer<T extends object>(value: T, list: Transferable[]): T {
  lists.set(value, list);
  return comlinkTransfer(value, list);
}

/** The buffers that `transfer` marked in any of the values. */
export function transferList(values: readonly unknown[]): Transferable[] {
  return values.flatMap((value) => (typeof value === "object" && value !== null ? (lists.get(value) ?? []) : []));
}
