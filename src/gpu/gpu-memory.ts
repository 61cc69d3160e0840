/** Counts the bytes of live GPU objects, so that budgets can be shown and tested. */
export class GpuMemory {
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

  allocate(byteLength: number): void {
    this.#liveBytes += byteLength;
    this.#peakBytes = Math.max(this.#peakBytes, this.#liveBytes);
  }

  free(byteLength: number): void {
    this.#liveBytes -= byteLength;
  }
}
