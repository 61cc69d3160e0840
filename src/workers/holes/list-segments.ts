import { LabelBytes } from "../components/label-bytes.ts";
import type { TaskContext } from "../crew/task.ts";

/** The segments in each of some bricks, ascending. */
export async function listSegments(
  context: TaskContext,
  { indices }: { readonly indices: readonly number[] },
): Promise<number[][]> {
  const bytes = new LabelBytes(context);
  const found: number[][] = [];
  for (const [n, index] of indices.entries()) {
    await context.pacer.pause(n / indices.length, "Listing segments");
    found.push(bytes.load(context.maps![0]!, index) ? bytes.segments() : []);
  }
  return found;
}
