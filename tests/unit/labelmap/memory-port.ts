import type { JournalPort } from "#labelmap";

/** A journal kept in memory, with a switch to fail the next appends as a full disk does. */
export class MemoryPort implements JournalPort {
  readonly entries: string[] = [];
  readonly heads: string[] = [];
  readonly bricks = new Map<number, Uint8Array>();
  segments: string | undefined;
  measurements: string | undefined;
  failWith: Error | undefined;

  async append(...[entry, bricks, lists]: Parameters<JournalPort["append"]>): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failWith) throw this.failWith;
    if (entry.sequence !== this.entries.length) throw new Error("out of order");
    this.entries.push(entry.line);
    this.heads.push(entry.header);
    for (const { brickIndex, bytes } of bricks) {
      if (bytes) this.bricks.set(brickIndex, bytes);
      else this.bricks.delete(brickIndex);
    }
    this.segments = lists.segments;
    this.measurements = lists.measurements;
  }

  async line(sequence: number): Promise<string | undefined> {
    return this.entries[sequence];
  }

  async headers(): Promise<string[]> {
    return [...this.heads];
  }
}
