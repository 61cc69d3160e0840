import type { Kernels } from "#workers";
import type { AccuracyCase, AccuracyFindings, ScanFacts, StructureScore } from "../../accuracy.ts";
import type { SuitePort } from "../../suite.ts";
import { CrossChecker } from "./cross-check.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import type { Timed } from "./runner.ts";

/** What a run has found so far. */
export class AccuracyRecord {
  readonly scans: ScanFacts[] = [];
  readonly cases: AccuracyCase[] = [];
  readonly check: CrossChecker;
  readonly #leftOut = new Set<string>();
  readonly #note: (line: string) => void;
  readonly #date = new Date().toISOString();

  constructor({ note }: Pick<SuitePort, "note">) {
    this.#note = note;
    this.check = new CrossChecker(note);
  }

  /** Says, once, what is not measured and why. */
  leaveOut(line: string): void {
    if (this.#leftOut.has(line)) return;
    this.#leftOut.add(line);
    this.#note(`left out: ${line}`);
  }

  add(of: Omit<AccuracyCase, "method" | "ms" | "runs" | "scores">, timed: Timed, scores: StructureScore[]): void {
    this.cases.push({ ...of, method: timed.method, ms: timed.ms, runs: timed.runs, scores });
  }

  findings(about: Pick<AccuracyFindings, "command" | "commit">): AccuracyFindings {
    return {
      date: this.#date,
      ...about,
      scans: this.scans,
      cases: this.cases,
      check: this.check.result(),
      leftOut: [...this.#leftOut],
    };
  }
}

/** What a part of the suite works with. */
export interface PartInput {
  readonly scan: LabelledScan;
  readonly kernels: Kernels;
  readonly record: AccuracyRecord;
  readonly port: SuitePort;
}
