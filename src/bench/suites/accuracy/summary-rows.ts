import type { AccuracyCase, AccuracyFindings } from "../../accuracy.ts";
import { meansOf } from "../../accuracy-means.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { METHODS } from "../../accuracy-methods.ts";

/** A row for every case of ours and each peer on the same input, as other suites have them. Dice is the mean over structures. */
export function summaryRows({ cases, scans }: AccuracyFindings): BenchRow[] {
  const what = new Map(scans.map((scan) => [scan.id, scan]));
  const rows: BenchRow[] = [];
  for (const ours of cases.filter(({ method }) => METHODS[method]!.ours)) {
    const scan = what.get(ours.scan)!;
    for (const peer of cases.filter((other) => !METHODS[other.method]!.ours && sameInput(ours, other))) {
      rows.push(
        benchRow({
          name: `${METHODS[ours.method]!.name}: ${scan.what}`,
          input: `${scan.dims.join("×")}, ${ours.condition}, ${ours.scores.length} structures`,
          ourMs: ours.ms,
          dice: meansOf(ours).dice,
          peer: METHODS[peer.method]!.name,
          peerMs: peer.ms,
          peerDice: meansOf(peer).dice,
        }),
      );
    }
  }
  return rows;
}

function sameInput(a: AccuracyCase, b: AccuracyCase): boolean {
  return a.part === b.part && a.scan === b.scan && a.condition === b.condition;
}
