import { bricksCases } from "./store-bricks.contract.ts";
import { importsCases } from "./store-imports.contract.ts";
import { journalCases } from "./store-journal.contract.ts";
import type { ContractCase } from "./store-kit.ts";

export { browserHarness, memoryHarness } from "./store-harnesses.ts";
export { lists, type StoreHarness } from "./store-kit.ts";

/** What every study store does, whatever holds its bytes. Runs in Node and in a page. */
export const studyStoreContract: readonly ContractCase[] = [...importsCases, ...journalCases, ...bricksCases];
