import { type BrickEdit, diffBricks, encodeLabelBrick } from "#labelmap";

/** The edit from one state of a brick's 64³ labels to another. */
export function editOf(brickIndex: number, before: Uint16Array, after: Uint16Array): BrickEdit | undefined {
  return diffBricks(brickIndex, encodeLabelBrick(before), encodeLabelBrick(after));
}
