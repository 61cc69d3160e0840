/** Something that holds a resource until `dispose`, which may be called more than once. */
export interface Disposable {
  dispose(): void;
}

/** Collects disposables and disposes them once, in reverse order. */
export class DisposableStack implements Disposable {
  #items: Disposable[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership of `item`; disposes it at once if the stack is already disposed. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Registers a function to be run on dispose. */
  defer(run: () => void): void {
    this.add({ dispose: run });
  }

  dispose(): void {
    this.#disposed = true;
    for (let item = this.#items.pop(); item; item = this.#items.pop()) item.dispose();
  }
}
