import type { AbortOptions } from "#base";
import type { BenchRow } from "./report.ts";

/** What a suite may use beside its inputs. */
export interface SuitePort extends AbortOptions {
  /** Says one line: what is being measured, and what is left out and why. */
  note(line: string): void;
}

export interface Suite {
  /** Packages whose versions the report names. */
  readonly peers: readonly string[];
  run(port: SuitePort): Promise<BenchRow[]>;
}
