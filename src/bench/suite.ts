import type { AbortOptions } from "#base";
import type { AccuracyFindings } from "./accuracy.ts";
import type { BenchPicture, BenchRow } from "./report.ts";

/** What a caller of suites gives. */
export interface BenchPort extends AbortOptions {
  /** Says one line: what is being measured, and what is left out and why. */
  note(line: string): void;
}

/** What a suite may use beside its inputs. */
export interface SuitePort extends BenchPort {
  /** What the suite learns of the platform while it runs, for the report. */
  readonly found: {
    adapter?: string;
    accuracy?: AccuracyFindings;
    readonly versions: Record<string, string>;
    readonly pictures: BenchPicture[];
  };
}

export interface Suite {
  /** Packages whose versions the report names. */
  readonly peers: readonly string[];
  run(port: SuitePort): Promise<BenchRow[]>;
}
