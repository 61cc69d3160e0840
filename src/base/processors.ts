let told: number | undefined;

/** Processors to share work among: as many as the platform says, or as this thread was told. */
export function processors(): number {
  return told ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whoever starts a worker tells it its own number, so that all of a page's threads count the same, in tests too. */
export function tellProcessors(count: number): void {
  told = count;
}
