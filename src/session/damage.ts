import { type Disposable, DisposableStack } from "#base";
import type { StudyStore } from "#storage";
import { type BrickAddress, brickKey, BRICK_EDGE } from "#volume";
import type { Messages } from "./messages.ts";
import type { StudyImage } from "./study-image.ts";

/** Voxels of level 0 that a brick covers, for a person: `columns 1–64, rows 65–128, slices 1–64`. */
export function placeOfBrick({ levels }: Pick<StudyImage, "levels">, address: BrickAddress): string {
  const { level, bi, bj, bk } = address;
  const { dims } = levels[0]!;
  const { factor } = levels[level]!;
  const range = (n: number, axis: 0 | 1 | 2): string => {
    const size = BRICK_EDGE * factor[axis];
    return `${n * size + 1}–${Math.min((n + 1) * size, dims[axis])}`;
  };
  return `columns ${range(bi, 0)}, rows ${range(bj, 1)}, slices ${range(bk, 2)}`;
}

/** Says where an image is damaged and what to do, in one message however many bricks there are, and marks its study in the list. */
export function tellDamage(image: StudyImage, store: StudyStore, messages: Messages): Disposable {
  const stack = new DisposableStack();
  const { name } = image.description;
  const seen = new Set<string>();
  let first = "";
  stack.add(
    image.bricks.damaged.on((address) => {
      const key = brickKey(address);
      if (seen.has(key)) return;
      if (seen.size === 0) {
        first = placeOfBrick(image, address);
        store.update(image.volumeId, { damaged: true }).catch((error: unknown) => messages.postError(error));
      }
      seen.add(key);
      const more = seen.size === 1 ? "" : `, and ${seen.size - 1} more ${seen.size === 2 ? "place" : "places"}`;
      messages.retract(name);
      messages.post({
        tone: "error",
        text: `${name}: A part of the scan is damaged in this browser's storage and is not shown: ${first}${more}.`,
        advice: "Open the same files again: what is damaged is replaced, and labels stay.",
      });
    }),
  );
  return stack;
}
