import type { Proposal } from "#labelmap";

/**
 * How label maps of one grid become one.
 *
 * - `majority`: the label that most maps have. A tie is undecided.
 * - `staple`: multi-label STAPLE (Rohlfing, Russakoff and Maurer, 2004): a confusion matrix for every map and the probability of every
 *   label at every voxel, by expectation and maximisation. Begins with the majority, prior probabilities are the labels' shares of
 *   all maps' voxels, ends when no entry of a matrix changes by 1e-5, all as ITK's MultiLabelSTAPLEImageFilter, whose figures it gives.
 *   The most probable label wins; a tie is undecided.
 * - `staple-binary`: STAPLE (Warfield, Zou and Wells, 2004) for each label against all others: sensitivity and specificity of every map.
 *   Begins with the share of maps that have the label, the prior is its mean, ends when no parameter changes by 1e-7, all as ITK's
 *   STAPLEImageFilter. A voxel gets the label whose probability is largest and above one half; a tie is undecided.
 *
 * Undecided voxels become background, and are counted. Expectations are over the whole volume, background included.
 */
export type ConsensusMethod = "majority" | "staple" | "staple-binary";

export interface ConsensusRequest {
  readonly method: ConsensusMethod;
  /** Ends the iteration when no parameter changes by as much; 1e-5 for `staple` and 1e-7 for `staple-binary` when absent. */
  readonly threshold?: number;
  /** Ends the iteration in any case; without end when absent. */
  readonly maxIterations?: number;
}

/** How well one map does on one label, held against the consensus; undefined where the consensus has no such voxel. */
export interface LabelPerformance {
  readonly label: number;
  /** Probability that the map has the label where it is right. */
  readonly sensitivity: number | undefined;
  /** Probability that the map does not have the label where it is wrong. */
  readonly specificity: number | undefined;
}

/** An entry of a confusion matrix: how probable it is that a map decides so where the truth is that. */
export interface ConfusionEntry {
  readonly decided: number;
  readonly truth: number;
  readonly probability: number;
}

export interface RaterPerformance {
  /** For every label but background, ascending. */
  readonly labels: readonly LabelPerformance[];
  /** Entries of the confusion matrix that are not 0, background included; for `staple`. */
  readonly confusion?: readonly ConfusionEntry[];
}

export interface Consensus {
  /** The labels; background stays as it is where they are laid. */
  readonly proposal: Extract<Proposal, { kind: "labels" }>;
  /** Labels of any map, ascending, without background. */
  readonly labels: readonly number[];
  /** In the order of the maps. */
  readonly raters: readonly RaterPerformance[];
  /** Iterations; of `staple-binary` the most that a label took. 0 for `majority`. */
  readonly iterations: number;
  /** Voxels without a decision, left background. */
  readonly undecided: number;
}
