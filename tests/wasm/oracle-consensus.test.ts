import { createHash } from "node:crypto";
import type { Consensus } from "#workers";
import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { type DenseLabels, grown, oracleLabels, shifted } from "./support/changed-labels.ts";
import { inlineKernels } from "./support/kernels.ts";
import { expectNear, hasSource, oracleResults, type OracleSource } from "./support/oracles.ts";
import { flattenLabels, labelsOf } from "./support/volumes.ts";

interface Decided {
  readonly undecided: number;
  readonly voxels: number;
  readonly sha256: string;
}

interface Result {
  readonly labels: OracleSource;
  readonly raters: number;
  readonly majority: Decided;
  readonly multi: readonly (Decided & {
    readonly threshold: number;
    readonly iterations: number;
    readonly confusion: readonly (readonly (readonly [decided: number, truth: number, probability: number])[])[];
  })[];
  readonly binary: readonly {
    readonly label: number;
    readonly iterations: number;
    readonly voxels: number;
    readonly sensitivity: readonly number[];
    readonly specificity: readonly number[];
  }[];
}

const kernels = inlineKernels();

const RATERS: readonly ((labels: DenseLabels) => ArrayLike<number>)[] = [
  ({ labels }) => labels,
  (labels) => shifted(labels, [1, 0, 0]),
  (labels) => shifted(labels, [0, -1, 1]),
  grown,
  (labels) => shifted(labels, [2, 1, 0]),
];

function digest(dims: Dims, { proposal }: Consensus): string {
  const flat = flattenLabels(dims, proposal.bricks);
  return createHash("sha256").update(new Uint8Array(flat.buffer)).digest("hex");
}

describe.each(oracleResults<Result>("consensus"))("$raters raters of $labels.path", (expected) => {
  const maps = async () => {
    const labels = await oracleLabels(expected.labels);
    return {
      dims: labels.dims,
      maps: RATERS.slice(0, expected.raters).map((make) => labelsOf(labels.dims, make(labels))),
    };
  };

  test.runIf(hasSource(expected.labels))("majority equals counting", async () => {
    const { dims, maps: raters } = await maps();
    const found = await kernels.consensus(raters, { method: "majority" });
    expect(found.undecided).toBe(expected.majority.undecided);
    expect(found.proposal.voxels).toBe(expected.majority.voxels);
    expect(digest(dims, found)).toBe(expected.majority.sha256);
  });

  for (const want of expected.multi) {
    test.runIf(hasSource(expected.labels))(`STAPLE to ${want.threshold} equals ITK's of all labels`, async () => {
      const { dims, maps: raters } = await maps();
      const found = await kernels.consensus(raters, { method: "staple", threshold: want.threshold });
      expect(found.iterations).toBe(want.iterations);
      expect([found.undecided, found.proposal.voxels]).toEqual([want.undecided, want.voxels]);
      let worst = 0;
      for (const [rater, entries] of want.confusion.entries()) {
        const { confusion } = found.raters[rater]!;
        const held = new Map(confusion!.map((entry) => [`${entry.decided} ${entry.truth}`, entry.probability]));
        for (const [decided, truth, probability] of entries) {
          worst = Math.max(worst, Math.abs((held.get(`${decided} ${truth}`) ?? 0) - probability));
          held.delete(`${decided} ${truth}`);
        }
        for (const rest of held.values()) worst = Math.max(worst, rest);
      }
      expect(digest(dims, found)).toBe(want.sha256);
      expect(worst).toBeLessThan(1e-11);
    });
  }

  test.runIf(hasSource(expected.labels))("binary STAPLE equals ITK's for a label", async () => {
    const { maps: raters } = await maps();
    const found = await kernels.consensus(raters, { method: "staple-binary" });
    for (const want of expected.binary) {
      const at = found.labels.indexOf(want.label);
      for (const [rater, { labels }] of found.raters.entries()) {
        const what = `of rater ${rater}, label ${want.label}`;
        expectNear(labels[at]!.sensitivity!, want.sensitivity[rater]!, 1e-9, `sensitivity ${what}`);
        expectNear(labels[at]!.specificity!, want.specificity[rater]!, 1e-9, `specificity ${what}`);
      }
    }
  });
});
