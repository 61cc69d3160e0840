import { createHash } from "node:crypto";
import {
  createSigner,
  generateDeviceKey,
  invertEdits,
  rasteriseStroke,
  replayJournal,
  sealJournal,
  type Signer,
  verifyJournal,
} from "#labelmap";
import { VoxelwrightError } from "#base";
import { describe, expect, it } from "vitest";
import { GRID, openStudy, type OpenStudy, stateOf } from "./open-study.ts";
import { MemoryPort } from "./memory-port.ts";

const kind = (name: string) => expect.objectContaining({ kind: name });

async function paint(study: OpenStudy, segment: number, ijk: readonly [number, number, number], radiusMm: number) {
  const change = study.labelmap.begin({ over: "all" });
  const at = GRID.toLps(ijk);
  const masks = rasteriseStroke({ grid: GRID, from: at, to: at, radiusMm, shape: "sphere" });
  for (const [index, mask] of masks) change.setMask(index, mask, segment);
  return study.writer.append({
    command: "label.paint",
    arguments: { segment, ijk: [ijk], radiusMm, shape: "sphere" },
    edits: change.commit(),
  });
}

async function smallJournal() {
  const study = await openStudy();
  const add = study.segments.planAdd({ name: "Léber “left”" });
  study.segments.apply([add]);
  await study.writer.append({ command: "segment.add", arguments: { name: "Léber" }, segments: [add] });
  await paint(study, 1, [20, 20, 20], 4);
  await paint(study, 2, [22, 20, 20], 3);
  await study.history.undo();
  const lines: string[] = [];
  for await (const line of sealJournal(study.port.entries, study.signer)) lines.push(line);
  return { study, lines, text: lines.map((line) => `${line}\n`).join("") };
}

it("[J1] a line is an entry in its one spelling only", async () => {
  const { text, lines } = await smallJournal();
  expect(await verifyJournal(text)).toMatchObject({ ok: true, entries: 5, volumeId: "study-1" });
  const spellings = [
    text.replace('"author":', '"author": '),
    text.replace("é", "\\u00e9"),
    text.replace('"format":1', '"format":1.0'),
    text.replace('"format":1', '"format":1,"format":1'),
    text.replace(/\{"arguments"/, '{"extra":1,"arguments"'),
    text.replaceAll("\n", "\r\n"),
    `\ufeff${text}`,
    text.trimEnd(),
    `${text}\n`,
    ` ${text}`,
  ];
  for (const spelling of spellings)
    expect(await verifyJournal(spelling), spelling.slice(0, 80)).toMatchObject({ ok: false });
  expect(lines).toHaveLength(6);
});

describe("[J2] tampering", () => {
  it("names the entry of any single byte that is changed", async () => {
    const { text } = await smallJournal();
    const bytes = new TextEncoder().encode(text);
    const start = performance.now();
    let line = 1;
    for (let position = 0; position < bytes.length; position++) {
      const was = bytes[position]!;
      // The lowest bit, and the one that tells letters of a hash or of base64 apart only by case.
      for (const flip of [0x01, 0x20]) {
        bytes[position] = was ^ flip;
        const result = await verifyJournal(bytes);
        if (result.ok || result.firstBad.line !== line) {
          expect.fail(`byte ${position} ^ ${flip}, in line ${line}: ${JSON.stringify(result)}`);
        }
      }
      bytes[position] = was;
      if (was === 10) line++;
    }
    console.info(`${bytes.length * 2} changes found in ${Math.round(performance.now() - start)} ms`);
    expect(await verifyJournal(bytes)).toMatchObject({ ok: true });
  }, 120_000);

  it("names the place of an entry that is removed, swapped, doubled or added", async () => {
    const { lines } = await smallJournal();
    const verify = (changed: readonly string[]) => verifyJournal(changed.map((line) => `${line}\n`).join(""));
    expect(await verify(lines)).toMatchObject({ ok: true });
    for (let n = 0; n < lines.length; n++) {
      expect(await verify(lines.toSpliced(n, 1)), `without ${n}`).toMatchObject({
        ok: false,
        firstBad: { line: n + 1 },
      });
      expect(await verify(lines.toSpliced(n, 0, lines[n]!)), `twice ${n}`).toMatchObject({
        ok: false,
        firstBad: { line: n + 2 },
      });
      for (let m = n + 1; m < lines.length; m++) {
        const swapped = lines.with(n, lines[m]!).with(m, lines[n]!);
        expect(await verify(swapped), `${n} and ${m}`).toMatchObject({
          ok: false,
          firstBad: { line: n + 1, sequence: n },
        });
      }
    }
    const other = await smallJournal();
    for (let n = 0; n <= lines.length; n++) {
      for (const [place, foreign] of other.lines.entries()) {
        // Another journal's entry 0 is a good beginning; then our own is the one out of place.
        const bad = n === 0 && place === 0 ? 2 : n + 1;
        expect(await verify(lines.toSpliced(n, 0, foreign)), `added at ${n}`).toMatchObject({
          ok: false,
          firstBad: { line: bad },
        });
      }
    }
  });

  it("sees that the end, the seal or everything was cut off", async () => {
    const { study, lines, text } = await smallJournal();
    for (let keep = 0; keep < lines.length; keep++) {
      const cut = lines
        .slice(0, keep)
        .map((line) => `${line}\n`)
        .join("");
      expect(await verifyJournal(cut)).toMatchObject({ ok: false, firstBad: { line: keep + 1 } });
    }
    const seal = lines.at(-1)!;
    const resealed = [...lines.slice(0, -2), seal].map((line) => `${line}\n`).join("");
    expect(await verifyJournal(resealed)).toMatchObject({ ok: false, firstBad: { line: lines.length - 1 } });
    const live = { seal: "absent", lastHash: study.writer.lastHash } as const;
    expect(await verifyJournal(study.port.entries, live)).toMatchObject({ ok: true });
    expect(await verifyJournal(study.port.entries.slice(0, -1), live)).toMatchObject({
      ok: false,
      firstBad: { sequence: 4 },
    });
    expect(await verifyJournal(text.slice(0, -1))).toMatchObject({ ok: false, firstBad: { line: lines.length } });
  });
});

it("[J3] an entry by a key that was not introduced is bad, whoever computes its hash", async () => {
  const { study, lines } = await smallJournal();
  const stranger = await openStudy();
  const { previous, hash } = JSON.parse(lines[4]!) as { previous: string; hash: string };
  expect(previous).toHaveLength(64);
  const port = new MemoryPort();
  port.entries.push(...study.port.entries);
  port.heads.push(...study.port.heads);
  await expect(openStudy(port, stranger.signer)).rejects.toThrowError(kind("integrity"));
  // A head that lies about the keys lets the stranger write; verification does not.
  port.heads[0] = port.heads[0]!.replace(study.signer.device, stranger.signer.device);
  port.heads[0] = port.heads[0].replace(
    `"introduces":"${study.signer.device}"`,
    `"introduces":"${stranger.signer.device}"`,
  );
  const intruder = await openStudy(port, stranger.signer);
  await intruder.writer.append({ command: "label.paint", arguments: {} });
  const last = JSON.parse(port.entries[5]!) as { previous: string };
  expect(last.previous).toBe(hash);
  expect(await verifyJournal(port.entries, { seal: "absent" })).toMatchObject({
    ok: false,
    entries: 5,
    firstBad: { sequence: 5, reason: expect.stringContaining("device") },
  });
});

it("[J4] a journal is bound to its volume and grid", async () => {
  const { study, text } = await smallJournal();
  expect(await verifyJournal(text, { volumeId: "study-2" })).toMatchObject({ ok: false, firstBad: { line: 1 } });
  expect(await verifyJournal(text, { device: "0".repeat(64) })).toMatchObject({ ok: false, firstBad: { line: 1 } });
  expect(await verifyJournal(text, { device: study.signer.device, volumeId: "study-1" })).toMatchObject({ ok: true });
});

it("[J5] replay leads to the live labels and segments", async () => {
  const { study, text } = await smallJournal();
  const replayed = await replayJournal(text, study.labelmap.dims);
  expect(stateOf(replayed)).toBe(stateOf(study));
  expect(replayed.entries).toBe(5);
  const lines = study.port.entries.toSpliced(2, 1);
  await expect(replayJournal(lines, study.labelmap.dims)).rejects.toThrowError(kind("integrity"));
  const doubled = study.port.entries.toSpliced(2, 0, study.port.entries[2]!);
  await expect(replayJournal(doubled, study.labelmap.dims)).rejects.toThrowError(kind("integrity"));
});

it("[J6] appends at the same time keep the order they were asked in", async () => {
  const study = await openStudy();
  const all = Array.from({ length: 20 }, (_, n) => paint(study, (n % 3) + 1, [n * 5, 50, 30], 5));
  expect((await Promise.all(all)).map((header) => header.sequence)).toEqual(
    Array.from({ length: 20 }, (_, n) => n + 1),
  );
  expect(await verifyJournal(study.port.entries, { seal: "absent" })).toMatchObject({ ok: true, entries: 21 });
  const reopened = await openStudy(study.port, study.signer);
  expect(stateOf(reopened)).toBe(stateOf(study));
});

it("[J7] when an entry cannot be kept, its change and all later ones are taken back", async () => {
  const study = await openStudy();
  await paint(study, 1, [20, 20, 20], 5);
  const before = stateOf(study);
  study.port.failWith = new VoxelwrightError("storage", "The disk is full.", { fields: { quota: true } });
  const add = study.segments.planAdd();
  study.segments.apply([add]);
  const failing = [
    study.writer.append({ command: "segment.add", arguments: {}, segments: [add] }),
    paint(study, 2, [22, 20, 20], 5),
    paint(study, 3, [24, 20, 20], 5),
  ];
  const stroke = study.labelmap.begin({ over: "all" });
  stroke.setMask(0, new Uint8Array(32768).fill(255), 9);
  for (const result of await Promise.allSettled(failing)) {
    expect(result).toMatchObject({ status: "rejected", reason: { kind: "storage" } });
  }
  expect(stateOf(study)).toBe(before);
  expect(stroke.open).toBe(false);
  study.port.failWith = undefined;
  await paint(study, 2, [22, 20, 20], 5);
  expect(await verifyJournal(study.port.entries, { seal: "absent" })).toMatchObject({ ok: true, entries: 3 });
});

it("[J8] an entry too odd for JSON is refused and taken back", async () => {
  const study = await openStudy();
  const before = stateOf(study);
  const change = study.labelmap.begin({ over: "all" });
  change.setMask(0, new Uint8Array(32768).fill(1), 4);
  const edits = change.commit();
  await expect(study.writer.append({ command: "x", arguments: { n: Number.NaN }, edits })).rejects.toThrowError(
    kind("argument"),
  );
  expect(stateOf(study)).toBe(before);
  expect(() => study.labelmap.apply(invertEdits(edits))).toThrowError(kind("integrity"));
});

it("[J9] a journal of 200 edits is verified in about a second", async () => {
  const study = await openStudy();
  for (let n = 0; n < 200; n++) await paint(study, (n % 5) + 1, [(n * 13) % 150, (n * 7) % 100, (n * 3) % 70], 9);
  const lines: string[] = [];
  for await (const line of sealJournal(study.port.entries, study.signer)) lines.push(line);
  const text = lines.map((line) => `${line}\n`).join("");
  const start = performance.now();
  expect(await verifyJournal(text)).toMatchObject({ ok: true, entries: 201 });
  const verified = performance.now();
  const replayed = await replayJournal(text, study.labelmap.dims);
  const end = performance.now();
  expect(stateOf(replayed)).toBe(stateOf(study));
  console.info(
    `200 edits, ${text.length} characters: verified in ${Math.round(verified - start)} ms, replayed in ${Math.round(end - verified)} ms`,
  );
});

it("[J10] a byte stream is read like the whole, wherever it is cut", async () => {
  const { text } = await smallJournal();
  const bytes = new TextEncoder().encode(text);
  async function* parts(size: number) {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  }
  for (const size of [1, 7, 1000, 1e6])
    expect(await verifyJournal(parts(size))).toMatchObject({ ok: true, entries: 5 });
  expect(await verifyJournal(bytes.subarray(0, -1))).toMatchObject({ ok: false, firstBad: { line: 6 } });
});

it("[J11] where a browser has no Ed25519 the key is ECDSA P-256 and says so", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const signer = await createSigner(pair);
  expect(signer.key.algorithm).toBe("ECDSA-P256-SHA256");
  const study = await openStudy(new MemoryPort(), signer);
  await paint(study, 1, [20, 20, 20], 5);
  expect(await verifyJournal(sealJournal(study.port.entries, signer))).toMatchObject({
    ok: true,
    devices: [signer.device],
  });
});

it("[J12] a key that an introduced key introduces may sign from there on", async () => {
  const study = await openStudy();
  const other = await createSigner(await generateDeviceKey());
  const author = { ...study.signer, sign: (text: string) => study.signer.sign(text) };
  const sign = async (entry: object, signer: Signer) => {
    const hash = createHash("sha256").update(canonical(entry)).digest("hex");
    return canonical({ ...entry, hash, signature: await signer.sign(`entry ${hash}`) });
  };
  const first = JSON.parse(study.port.entries[0]!) as Record<string, unknown> & { hash: string };
  const { study: _study, introduces: _key, hash: previous, signature: _signature, ...rest } = first;
  const second = await sign({ ...rest, sequence: 1, previous, command: "key.add", introduces: other.key }, author);
  const { hash } = JSON.parse(second) as { hash: string };
  const third = await sign({ ...rest, sequence: 2, previous: hash, command: "note", device: other.device }, other);
  const lines = [study.port.entries[0]!, second, third];
  expect(await verifyJournal(lines, { seal: "absent" })).toMatchObject({
    ok: true,
    devices: [study.signer.device, other.device],
  });
  const early = await sign({ ...rest, sequence: 1, previous, command: "note", device: other.device }, other);
  expect(await verifyJournal([lines[0]!, early], { seal: "absent" })).toMatchObject({
    ok: false,
    firstBad: { line: 2 },
  });
});

/** Canonical JSON written apart from the code under test; entries here hold only flat objects and empty arrays. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}
