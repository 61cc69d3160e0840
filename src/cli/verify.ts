import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { VoxelwrightError } from "#base";
import { verifyJournal } from "#labelmap";
import { readingOf } from "./input-files.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright verify JOURNAL`. */
export const verify: Verb = {
  name: "verify",
  positionals: ["JOURNAL"],
  summary: "Check an exported journal offline: order, hashes and signatures of its entries.",
  details:
    "Prints {ok: true, entries, devices, volumeId}, or {ok: false, entries, firstBad: {line, sequence, reason}} with exit status 1.\n" +
    "devices are the fingerprints of the keys that signed: whose they are, the journal cannot tell.",
  options: {},
  async run(args, port) {
    const [path] = args.positionals as [string];
    const found = await readingOf(path, stat(path));
    if (!found.isFile()) throw new VoxelwrightError("source", "It is not a file.", { subject: path });
    const { signal } = port;
    const result = await readingOf(path, verifyJournal(createReadStream(path), signal ? { signal } : {}));
    port.print(`${JSON.stringify(result)}\n`);
    return result.ok ? 0 : 1;
  },
};
