export { htmlReport } from "./html-report.ts";
export { type BenchReport, type BenchRow, benchRow, type Machine } from "./report.ts";
export { runSuite, SUITES } from "./run-suite.ts";
export type { BenchPort, Suite, SuitePort } from "./suite.ts";
export { median, timeInterleaved, type TimingOptions } from "./timing.ts";
