import { type AbortOptions, VoxelwrightError } from "#base";
import { createVerifier, sha256, type Verifier } from "./device-key.ts";
import {
  entrySigningText,
  gridDigest,
  type JournalEntry,
  looksLikeSeal,
  NO_HASH,
  parseEntryLine,
  parseSealLine,
  sealSigningText,
  unsignedText,
} from "./entry.ts";
import { gridChangeOf, SPACING_COMMAND } from "./grid-change.ts";
import { type JournalInput, journalLines } from "./journal-lines.ts";

export interface VerifyOptions extends AbortOptions {
  /** `required` (default): an exported journal, which ends with a seal. `absent`: entries as the store has them. */
  readonly seal?: "required" | "absent";
  /** Fingerprint of the key that must have begun the journal. */
  readonly device?: string;
  /** Hash that the last entry must have, as `JournalWriter.lastHash` gives it: entries without a seal may lack their end. */
  readonly lastHash?: string;
  /** The volume that the journal must be of. */
  readonly volumeId?: string;
}

export type VerifyResult =
  | {
      readonly ok: true;
      readonly entries: number;
      /** Fingerprints of the keys that may sign, in order of introduction. */
      readonly devices: readonly string[];
      readonly volumeId: string;
    }
  | { readonly ok: false; readonly entries: number; readonly firstBad: BadLine };

/** The first line that is not what it must be. */
export interface BadLine {
  /** From 1. */
  readonly line: number;
  /** Sequence number that an entry at this place has. */
  readonly sequence: number;
  /** One full sentence. */
  readonly reason: string;
}

/**
 * Checks a journal: every line spelled canonically, numbered without gaps, chained to the one before, hashed and signed by a known
 * key; and for an export that its seal names the last entry. Resolves with the first line that fails.
 */
export async function verifyJournal(input: JournalInput, options: VerifyOptions = {}): Promise<VerifyResult> {
  const sealed = (options.seal ?? "required") === "required";
  const check = new JournalCheck(options);
  let line = 0;
  try {
    for await (const text of journalLines(input)) {
      options.signal?.throwIfAborted();
      line++;
      if (check.sealed) throw fault("There is something after the seal.");
      if (text instanceof VoxelwrightError) throw text;
      if (sealed && looksLikeSeal(text)) await check.takeSeal(text);
      else await check.takeEntry(text);
    }
    line++;
    if (check.entries === 0) throw fault("The journal is empty.");
    if (options.lastHash !== undefined && check.lastHash !== options.lastHash) {
      throw fault("The journal ends too early: entries at its end are missing.");
    }
    if (sealed && !check.sealed) throw fault("The seal is missing: the end was cut off.");
  } catch (error) {
    if (!(error instanceof VoxelwrightError) || error.kind !== "integrity") throw error;
    return { ok: false, entries: check.entries, firstBad: { line, sequence: line - 1, reason: error.message } };
  }
  return { ok: true, entries: check.entries, devices: check.devices, volumeId: check.volumeId };
}

class JournalCheck {
  entries = 0;
  sealed = false;
  volumeId = "";
  readonly #options: VerifyOptions;
  readonly #verifiers = new Map<string, Verifier>();
  #last = NO_HASH;
  /** Digest of the grid by then. */
  #grid = "";

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  get lastHash(): string {
    return this.#last;
  }

  get devices(): string[] {
    return [...this.#verifiers.keys()];
  }

  async takeEntry(line: string): Promise<void> {
    const entry = parseEntryLine(line);
    const due = this.entries;
    if (entry.sequence !== due) throw fault(`Entry ${entry.sequence} stands where entry ${due} is due.`);
    if (entry.previous !== this.#last) throw fault("The entry does not follow the one before it.");
    if ((await sha256(unsignedText(entry))) !== entry.hash) throw fault("The entry was changed: its hash is another.");
    if (due === 0) await this.#begin(entry);
    else if (entry.study) throw fault("Only entry 0 names the study.");
    const verifier = this.#verifiers.get(entry.device);
    if (!verifier) throw fault("The entry is by a device that no entry before it introduces.");
    if (!(await verifier.verify(entrySigningText(entry.hash), entry.signature)))
      throw fault("The signature does not fit.");
    if (due > 0 && entry.introduces) await this.#introduce(entry.introduces);
    if (entry.command === SPACING_COMMAND) await this.#changeGrid(entry);
    this.#last = entry.hash;
    this.entries++;
  }

  async takeSeal(line: string): Promise<void> {
    const seal = parseSealLine(line);
    const verifier = this.#verifiers.get(seal.device);
    if (!verifier) throw fault("The seal is by a device that no entry introduces.");
    if (!(await verifier.verify(sealSigningText(seal), seal.signature)))
      throw fault("The signature of the seal does not fit.");
    if (seal.count !== this.entries || seal.last !== this.#last) {
      throw fault(`The seal is of ${seal.count} entries, but ${this.entries} come before it.`);
    }
    this.sealed = true;
  }

  async #begin(entry: JournalEntry): Promise<void> {
    const { device, volumeId } = this.#options;
    if (!entry.study || !entry.introduces) throw fault("Entry 0 names no study or no key.");
    await this.#introduce(entry.introduces);
    if (device !== undefined && entry.device !== device) throw fault("The journal was begun by another device.");
    if (volumeId !== undefined && entry.study.volumeId !== volumeId) throw fault("The journal is of another volume.");
    this.volumeId = entry.study.volumeId;
    this.#grid = entry.study.grid;
  }

  async #changeGrid(entry: JournalEntry): Promise<void> {
    const { from, to } = gridChangeOf(entry);
    if ((await gridDigest(from)) !== this.#grid)
      throw fault("The entry changes another grid than the study had by then.");
    this.#grid = await gridDigest(to);
  }

  async #introduce(key: NonNullable<JournalEntry["introduces"]>): Promise<void> {
    const verifier = await createVerifier(key);
    this.#verifiers.set(verifier.device, verifier);
  }
}

function fault(reason: string): VoxelwrightError {
  return new VoxelwrightError("integrity", reason);
}
