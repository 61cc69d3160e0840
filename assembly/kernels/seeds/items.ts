import { ITEM_BYTES_AT, ITEM_BYTES_COUNT, ITEM_OUT, ITEM_OUT_COUNT, ITEM_SLOT } from "../../memory/seeds";
import { ITEM_VOXELS, ITEM_WHAT, SCRATCH_LABELS } from "../../memory/seeds";
import { labelRunsDecode, labelRunsEncode } from "../bricks/runs";
import { applyRedrawn, doomRedrawn, fillDrawn } from "./drawn";
import { takeOutcome } from "./outcome";
import { spillKeys, unspillKeys, writeShell } from "./spill";
import { fillValues } from "./values";

/* What a step does with whole bricks. Numbered as in src/workers/seeds/items.ts. */

const ADMIT: i32 = 0;
const RETURN: i32 = 1;
const PUT_AWAY: i32 = 2;
const DOOM_REDRAWN: i32 = 3;
const APPLY_REDRAWN: i32 = 4;
const OUTCOME: i32 = 5;

export function runItem(job: usize, item: usize, scratch: usize): void {
  const what = load<i32>(item, ITEM_WHAT);
  const slot = <usize>load<u32>(item, ITEM_SLOT);
  const voxels = <usize>load<u32>(item, ITEM_VOXELS);
  const bytes = <usize>load<u32>(item, ITEM_BYTES_AT);
  const count = load<i32>(item, ITEM_BYTES_COUNT);
  const out = <usize>load<u32>(item, ITEM_OUT);
  const labels = scratch + SCRATCH_LABELS;
  if (what == ADMIT) {
    fillDrawn(job, slot, decoded(bytes, count, labels));
    fillValues(job, slot, voxels);
  } else if (what == RETURN) {
    unspillKeys(job, slot, bytes);
    fillValues(job, slot, voxels);
  } else if (what == PUT_AWAY) {
    writeShell(slot, voxels);
    store<i32>(item, spillKeys(job, slot, out), ITEM_OUT_COUNT);
  } else if (what == DOOM_REDRAWN) doomRedrawn(job, slot, drawnNow(bytes, count, labels));
  else if (what == APPLY_REDRAWN) applyRedrawn(job, slot, count < 0 ? 0 : drawnNow(bytes, count, labels));
  else if (what == OUTCOME) {
    // What the item said is read; the counts take its place.
    takeOutcome(job, slot, labels, item + ITEM_VOXELS);
    store<i32>(item, labelRunsEncode(labels, out), ITEM_OUT_COUNT);
  }
}

/** Labels from their bytes at rest; 0 where there are none. */
function decoded(bytes: usize, count: i32, labels: usize): usize {
  if (count <= 0) return 0;
  labelRunsDecode(bytes, count, labels);
  return labels;
}

/** The same, with labels of 0 where nothing is drawn any more. */
function drawnNow(bytes: usize, count: i32, labels: usize): usize {
  if (count > 0) labelRunsDecode(bytes, count, labels);
  else memory.fill(labels, 0, 524288);
  return labels;
}
