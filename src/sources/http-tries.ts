/** Waits before the second, third, … try of a request, milliseconds: some four seconds in all. */
export const WAITS_MS: readonly number[] = [250, 500, 1000, 2000];

/** Answers of a server that is busy or starting, so that the same request can do better later (RFC 9110, 15; RFC 6585, 4). */
export const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
