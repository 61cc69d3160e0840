import { encodeLabelBrick, Labelmap } from "#labelmap";
import { type Dims, ImageGrid } from "#volume";
import type { SpacingMm } from "#workers";
import { labelsOfDense } from "../../dense.ts";
import { samplePath, sharedPath } from "../../inputs.ts";
import { plainGrowth } from "../../peers/plain-growth.ts";
import { chestPhantom } from "../../phantom.ts";
import { readScan } from "../../scan.ts";
import { GROWTHS } from "../growth.ts";

/** Labels as peers read them and as our kernels do: bricks at rest, as the program holds them. */
export interface LabelSet {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: SpacingMm;
  readonly dense: Uint16Array;
  readonly labels: Labelmap;
}

/** Label maps by name: one that is made, one grown on a sample, and real ones of the shared data where that is here. */
export const LABEL_SETS = {
  phantom: () => Promise.resolve(phantomLungs(256)),
  lungs: grownLungs,
  spleen: () => drawn("spleen-ct/spleen-manual.nii.gz", "spleen drawn by hand"),
  hippocampus: () => drawn("hippocampus/001-label.nii.gz", "hippocampus, 2 labels drawn by hand"),
  body: () => drawn("totalsegmentator-body/labels.nii.gz", "body, 39 organs"),
  atlas: () => drawn("colin27-aal/aal-labels.nii.gz", "AAL atlas, 116 regions"),
} satisfies Readonly<Record<string, () => Promise<LabelSet | undefined>>>;

export type LabelSetName = keyof typeof LABEL_SETS;

function labelSet(what: string, dims: Dims, spacingMm: SpacingMm, dense: Uint16Array): LabelSet {
  const bricks = labelsOfDense(dims, dense);
  const encoded = Array.from(bricks.brickIndices(), (index): [number, Uint8Array] => {
    return [index, encodeLabelBrick(bricks.readBrick(index)!)!];
  });
  return { what, dims, spacingMm, dense, labels: new Labelmap(dims, { bricks: encoded }) };
}

function phantomLungs(n: number): LabelSet {
  const { dims, dense } = chestPhantom(n, 0);
  const lungs = Uint16Array.from(dense, (value) => (value > -1000 && value < -700 ? 1 : 0));
  return labelSet(`phantom ${n}³, lungs`, dims, [1, 1, 1], lungs);
}

async function grownLungs(): Promise<LabelSet | undefined> {
  const { file, seed, range } = GROWTHS[0]!;
  const path = samplePath(file);
  if (path === undefined) return undefined;
  const { dims, dense, description } = await readScan(path);
  const grown = plainGrowth(dims, dense, seed, range[0], range[1]);
  return labelSet(`lungs of ${file}`, dims, spacingOf(new ImageGrid(description.grid)), Uint16Array.from(grown));
}

async function drawn(file: string, what: string): Promise<LabelSet | undefined> {
  const path = sharedPath(`labels/${file}`);
  if (path === undefined) return undefined;
  const { dims, dense, description } = await readScan(path);
  return labelSet(what, dims, spacingOf(new ImageGrid(description.grid)), Uint16Array.from(dense));
}

function spacingOf(grid: ImageGrid): SpacingMm {
  const [i, j, k] = grid.spacingMm;
  return [i, j, k];
}
