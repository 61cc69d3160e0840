import { sealJournal, verifyJournal } from "#labelmap";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";

/** Undo, redo and the journal. */
export function addHistoryCommands(registry: CommandRegistry, session: Session): void {
  registry.add({
    id: "history.undo",
    title: "Undo",
    description: "Takes back the last action; a measurement being drawn or an open preview first.",
    schema: v.object({}),
    async run() {
      const { labels, preview, measuring } = session.requireStudy();
      if (measuring.drafting.value) {
        measuring.cancel();
        return { entry: null };
      }
      if (preview.state.value) {
        await preview.cancel();
        return { entry: null };
      }
      return { entry: (await labels.undo()) ?? null };
    },
  });
  registry.add({
    id: "history.redo",
    title: "Redo",
    description: "Does the last undone action again.",
    schema: v.object({}),
    run: async () => ({ entry: (await session.requireStudy().labels.redo()) ?? null }),
  });
  registry.add({
    id: "journal.list",
    title: "List the journal",
    description: "Heads of all entries: who did what, and when.",
    palette: false,
    schema: v.object({}),
    run: async () => [...session.requireStudy().labels.journal.headers],
  });
  registry.add({
    id: "journal.verify",
    title: "Verify the journal",
    description: "Checks every entry's place, hash and signature; names the first bad one.",
    schema: v.object({}),
    async run(_args, options) {
      const { labels } = session.requireStudy();
      return session.jobs.run(
        "Verifying the journal",
        async ({ signal }) => {
          await labels.journal.idle();
          const result = await verifyJournal(labels.store.lines(), { seal: "absent", signal });
          return result.ok
            ? { ok: true, entries: result.entries }
            : { ok: false, firstBad: result.firstBad.sequence, reason: result.firstBad.reason };
        },
        options,
      );
    },
  });
  registry.add({
    id: "journal.export",
    title: "Export the journal",
    description: "The journal as signed JSON lines, which `voxelwright verify` checks anywhere.",
    palette: false,
    schema: v.object({}),
    async run() {
      const study = session.requireStudy();
      await study.labels.journal.idle();
      const parts: string[] = [];
      for await (const line of sealJournal(study.labels.store.lines(), session.port.signer)) parts.push(`${line}\n`);
      return {
        bytes: new TextEncoder().encode(parts.join("")),
        fileName: `${study.record.description.name}.journal.jsonl`,
      };
    },
  });
}
