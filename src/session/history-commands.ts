import { VoxelwrightError } from "#base";
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
      // What is being kept already is taken back as a step.
      if (preview.accepting) await preview.accepting.catch(() => undefined);
      else if (preview.state.value) {
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
    description:
      "The journal as signed JSON lines, which `voxelwright verify` checks anywhere: of the open study, or of one of the list by `volumeId`.",
    palette: false,
    schema: v.object({ volumeId: v.optional(v.string()) }),
    async run({ volumeId }) {
      const { name, lines } = await journalOf(session, volumeId);
      const parts: string[] = [];
      for await (const line of sealJournal(lines, session.port.signer)) parts.push(`${line}\n`);
      return { bytes: new TextEncoder().encode(parts.join("")), fileName: `${name}.journal.jsonl` };
    },
  });
}

/** Name and entries of a study; of the open one when none is named. A study that cannot be opened has them as well. */
async function journalOf(
  session: Session,
  volumeId: string | undefined,
): Promise<{ readonly name: string; readonly lines: AsyncIterable<string> }> {
  const open = session.study.value;
  if (volumeId === undefined || volumeId === open?.record.volumeId) {
    const { labels, record } = session.requireStudy();
    await labels.journal.idle();
    return { name: record.description.name, lines: labels.store.lines() };
  }
  const { store } = session.port;
  const record = await store.get(volumeId);
  if (!record) {
    throw new VoxelwrightError("not-found", "There is no such study in the local cache.", { subject: volumeId });
  }
  return { name: record.description.name, lines: store.openJournal(volumeId).lines() };
}
