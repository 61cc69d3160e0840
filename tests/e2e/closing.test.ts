import { expect, test } from "@playwright/test";
import { App } from "./app.ts";
import { openSample } from "./durable.ts";

/* A study that is closed and opened again while a change of it is under way. */

const ACTIONS = [
  ["history.undo", {}],
  ["label.grow", { segment: 1, seeds: [[90, 100, 90]], range: [20, 250] }],
] as const;

for (const [action, args] of ACTIONS) {
  test(`closed in the middle of ${action}: what is seen is what is kept, and the journal goes on`, async ({ page }) => {
    const app = new App(page);
    await app.start();
    await openSample(app, "Head MR, T1");
    const [study] = await app.run<{ volumeId: string }[]>("study.list");
    await app.run("segment.add", { name: "s" });
    for (const waitMs of [0, 5, 40, 150]) {
      await app.run("label.threshold", { segment: 1, range: [60 + waitMs / 5, 90] });
      const found = await page.evaluate(
        async ([id, command, given, ms]) => {
          const { run } = window.voxelwright!;
          const voxels = async (): Promise<number> =>
            ((await run("label.statistics")) as { voxels: number }[])[0]!.voxels;
          const again = async (): Promise<unknown> => {
            await run("study.close");
            return run("study.reopen", { volumeId: id });
          };
          const acting = run(command, given).catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, ms));
          await again();
          const seen = await voxels();
          await acting;
          await run("segment.add", { name: "after" });
          await again();
          return { seen, kept: await voxels(), journal: await run("journal.verify") };
        },
        [study!.volumeId, action, args, waitMs] as const,
      );
      expect(found, `after ${waitMs} ms`).toMatchObject({ kept: found.seen, journal: { ok: true } });
    }
    await app.expectNoErrors();
  });
}
