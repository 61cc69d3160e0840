import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { hasSharedData, sampleFile, sharedData } from "../../fixtures/shared-data.ts";

/** An input of an oracle: its path in the shared data, or the name of a sample, and the hash of its bytes. */
export interface OracleSource {
  readonly path: string;
  readonly sha256: string;
}

/** Results of a fixture in tests/fixtures/oracles, which says how they were made. */
export function oracleResults<Result>(name: string): readonly Result[] {
  const path = fileURLToPath(new URL(`../../fixtures/oracles/${name}.json`, import.meta.url));
  return (JSON.parse(readFileSync(path, "utf8")) as { results: Result[] }).results;
}

const isSample = ({ path }: OracleSource): boolean => !path.includes("/");

/** Whether the input is here: samples always are. */
export function hasSource(source: OracleSource): boolean {
  return isSample(source) || hasSharedData;
}

/** Path of an input; it must be the file that the oracle read. */
export function sourcePath(source: OracleSource): string {
  const path = isSample(source) ? sampleFile(source.path) : sharedData(source.path);
  expect(createHash("sha256").update(readFileSync(path)).digest("hex"), source.path).toBe(source.sha256);
  return path;
}

/** Equal within a share of the larger of the expected size and `scaleOf`. */
export function expectNear(found: number, expected: number, share: number, what: string, scaleOf = 0): void {
  const most = share * Math.max(Math.abs(expected), scaleOf);
  if (!(Math.abs(found - expected) <= most)) expect.fail(`${what}: ${found} is not ${expected} within ${most}`);
}
