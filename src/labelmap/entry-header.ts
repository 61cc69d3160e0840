import { VoxelwrightError } from "#base";
import * as v from "valibot";
import { countEditedVoxels } from "./brick-edit.ts";
import { canonicalJson } from "./canonical-json.ts";
import { sha256 } from "./device-key.ts";
import { fromBase64 } from "./base64.ts";
import { decodeEdits } from "./edit-payload.ts";
import type { JournalEntry } from "./entry.ts";

const headerSchema = v.strictObject({
  sequence: v.number(),
  time: v.string(),
  author: v.string(),
  device: v.string(),
  command: v.string(),
  source: v.picklist(["user", "job", "remote"]),
  /** True when labels, segments or measurements change. */
  changes: v.boolean(),
  /** Voxels whose label changes. */
  voxels: v.number(),
  /** The entry that this one takes back. */
  undoes: v.exactOptional(v.number()),
  /** The entry that this one does again. */
  redoes: v.exactOptional(v.number()),
  /** Fingerprint of a key that may sign from here on. */
  introduces: v.exactOptional(v.string()),
});

/** What lists and the history need of an entry, kept beside its line so that large edits need not be read for it. */
export type EntryHeader = v.InferOutput<typeof headerSchema>;

/** Commands that walk the history; their arguments name an entry. */
export const UNDO_COMMAND = "history.undo";
export const REDO_COMMAND = "history.redo";

export async function headerOf(entry: JournalEntry): Promise<EntryHeader> {
  const { sequence, time, author, device, command, source, introduces } = entry;
  const named = (field: string): number | undefined => {
    const value = entry.arguments[field];
    return typeof value === "number" ? value : undefined;
  };
  const undoes = command === UNDO_COMMAND ? named("undoes") : undefined;
  const redoes = command === REDO_COMMAND ? named("redoes") : undefined;
  return {
    sequence,
    time,
    author,
    device,
    command,
    source,
    voxels: countEditedVoxels(decodeEdits(entry.edits)),
    changes: entry.edits !== "" || entry.segments.length > 0 || entry.measurements !== undefined,
    ...(undoes === undefined ? {} : { undoes }),
    ...(redoes === undefined ? {} : { redoes }),
    ...(introduces ? { introduces: await sha256(fromBase64(introduces.publicKey)) } : {}),
  };
}

export function headerToJson(header: EntryHeader): string {
  return canonicalJson(header);
}

/** The inverse of `headerToJson`; throws `integrity` for anything else. */
export function parseHeader(json: string): EntryHeader {
  try {
    return v.parse(headerSchema, JSON.parse(json));
  } catch (cause) {
    throw new VoxelwrightError("integrity", "The stored head of a journal entry is damaged.", { cause });
  }
}
