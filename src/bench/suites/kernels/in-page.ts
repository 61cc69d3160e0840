import { timeKernelsInPage } from "../../page/kernel-page.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";

const EDGE = 256;
const ROUNDS = 7;

/** The kernels in a page of a real Chromium, on one, two and four workers. */
export async function pageKernelRows(port: SuitePort): Promise<BenchRow[]> {
  port.note("kernels in a page");
  const timed = await timeKernelsInPage(EDGE, ROUNDS);
  if (typeof timed === "string") {
    port.note(`kernels in a page: left out, as ${timed}.`);
    return [];
  }
  port.found.versions["chromium"] = timed.chromium;
  return timed.times.flatMap(({ kernel, input, ms }) =>
    [2, 4].map((workers) =>
      benchRow({
        name: `${kernel}, in the page, ${workers} workers`,
        input,
        ...(ms[workers] === undefined ? {} : { ourMs: ms[workers] }),
        ...(ms[1] === undefined ? {} : { peer: "ours, one worker", peerMs: ms[1] }),
      }),
    ),
  );
}
