import type { SegmentEdit } from "#labelmap";
import * as v from "valibot";
import type { Consensus } from "#workers";
import type { FileLabels } from "../read-labelmap.ts";
import type { LabelEffect } from "./effect.ts";

export const consensusMethodSchema = v.picklist(
  ["majority", "staple", "staple-binary"],
  "Methods: majority, staple, staple-binary.",
);

const schema = v.object({ files: v.array(v.string()), method: consensusMethodSchema });

export type ConsensusArguments = v.InferOutput<typeof schema>;

/**
 * What is seen and kept: a consensus that was computed before, under the names of the files it came from. `planned` gives the segments that
 * come with it.
 */
export function consensusEffect(
  found: Consensus,
  planned: () => readonly SegmentEdit[] = () => [],
): LabelEffect<ConsensusArguments> {
  return {
    id: "label.consensus",
    title: "Consensus",
    description: "One label map from several files.",
    schema,
    doing: "Finding a consensus",
    readsLabels: false,
    over: "all",
    nothing: "The files have no label in common.",
    compute: () => Promise.resolve({ ...found.proposal, segments: planned() }),
  };
}

/** The files by name, for the journal. */
export function consensusArguments(
  files: readonly FileLabels[],
  method: ConsensusArguments["method"],
): ConsensusArguments {
  return { files: files.map(({ name }) => name), method };
}
