import { VoxelwrightError } from "#base";
import { canonicalJson } from "./canonical-json.ts";
import type { Signer } from "./device-key.ts";
import { parseEntryLine, sealSigningText } from "./entry.ts";

/** Lines of an export: the entries and the seal. The file is these lines, each ended by a line feed. */
export async function* sealJournal(
  lines: AsyncIterable<string> | Iterable<string>,
  signer: Signer,
  now: () => Date = () => new Date(),
): AsyncGenerator<string> {
  let count = 0;
  let lastLine = "";
  for await (const line of lines) {
    yield line;
    lastLine = line;
    count++;
  }
  if (count === 0) throw new VoxelwrightError("not-found", "There is no journal to export.");
  const last = parseEntryLine(lastLine).hash;
  const unsigned = { seal: 1 as const, count, last, time: now().toISOString(), device: signer.device };
  yield canonicalJson({ ...unsigned, signature: await signer.sign(sealSigningText(unsigned)) });
}
