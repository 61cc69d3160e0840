import type { BenchRow } from "../report.ts";
import type { Suite } from "../suite.ts";
import { appBytesRows } from "./app-bytes.ts";
import { fillRows } from "./fill.ts";
import { growthRows } from "./growth.ts";
import { importRows } from "./import.ts";
import { pageRows } from "./page.ts";
import { peakMemoryRows } from "./peak-memory.ts";

/** What a newcomer asks first: how fast a scan opens, grows and fills, how large the program is and what memory it takes. */
export const mainSuite: Suite = {
  peers: ["@itk-wasm/image-io", "@itk-wasm/morphological-contour-interpolation", "@cornerstonejs/codec-charls"],
  async run(port) {
    const rows: BenchRow[] = [];
    for (const part of [importRows, growthRows, fillRows, appBytesRows, peakMemoryRows, pageRows]) {
      port.signal?.throwIfAborted();
      rows.push(...(await part(port)));
    }
    return rows;
  },
};
