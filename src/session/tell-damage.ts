import { type Disposable, DisposableStack } from "#base";
import type { StudyStore } from "#storage";
import { brickKey } from "#volume";
import { DAMAGE_ADVICE, placeOfBrick } from "./damaged-place.ts";
import type { Messages } from "./messages.ts";
import type { StudyImage } from "./study-image.ts";

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
        first = placeOfBrick(image.levels, address);
        store.update(image.volumeId, { damaged: true }).catch((error: unknown) => messages.postError(error));
      }
      seen.add(key);
      const more = seen.size === 1 ? "" : `, and ${seen.size - 1} more ${seen.size === 2 ? "place" : "places"}`;
      messages.retract(name);
      messages.post({
        tone: "error",
        text: `${name}: A part of the scan is damaged in this browser's storage and is not shown: ${first}${more}.`,
        advice: DAMAGE_ADVICE,
      });
    }),
  );
  return stack;
}
