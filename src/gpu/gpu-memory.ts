/** Objects of one label that are alive. */
export interface GpuHolding {
  /** `Class.field` of the owner. */
  readonly label: string;
  readonly count: number;
  readonly bytes: number;
}

/** Counts the bytes of live GPU objects by their labels, so that budgets can be shown and tested. */
export class GpuMemory {
  readonly #held = new Map<string, { count: number; bytes: number }>();
  #liveBytes = 0;
  #peakBytes = 0;

  /** Bytes of all textures and buffers that are alive. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** Most bytes that were alive at one time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** What is alive, the largest first. */
  holdings(): GpuHolding[] {
    return [...this.#held]
      .map(([label, { count, bytes }]) => ({ label, count, bytes }))
      .sort((a, b) => b.bytes - a.bytes || a.label.localeCompare(b.label, "en"));
  }

  allocate(label: string, byteLength: number): void {
    const held = this.#held.get(label) ?? { count: 0, bytes: 0 };
    held.count++;
    held.bytes += byteLength;
    this.#held.set(label, held);
    this.#liveBytes += byteLength;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
  }

  free(label: string, byteLength: number): void {
    const held = this.#held.get(label)!;
    held.count--;
    held.bytes -= byteLength;
    if (held.count === 0) this.#held.delete(label);
    this.#liveBytes -= byteLength;
  }
}
