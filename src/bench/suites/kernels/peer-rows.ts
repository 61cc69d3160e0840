import { type BenchRow, benchRow } from "../../report.ts";
import type { PeerProcess } from "../../peers/peer-process.ts";
import type { Bandwidth } from "#workers";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";

/** One thing of ours against a peer that is another program. */
export interface PeerCase {
  readonly name: string;
  readonly input: string;
  readonly peerName: string;
  readonly peer: PeerProcess;
  readonly rounds?: number;
  /** What our work is in proportion to, and how many there are. */
  readonly visited: { readonly what: string; readonly count: number };
  /** Bytes that must be read and written at least. */
  readonly floorBytes: number;
  ours(): Promise<unknown>;
  /** Throws where the peer's result (f64 rows) is not ours. */
  check?(result: Float64Array): void;
}

/** Measures a case on one thread, both in turn; the peer is closed. */
export async function peerRow(port: SuitePort, of: PeerCase, bandwidth: Bandwidth): Promise<BenchRow> {
  try {
    const times = await timeInterleaved(
      { ours: async () => void (await of.ours()), peer: () => of.peer.run() },
      { warmups: 2, rounds: of.rounds ?? 7, signal: port.signal },
    );
    if (of.check) {
      const bytes = await of.peer.result();
      of.check(new Float64Array(Uint8Array.from(bytes).buffer));
    }
    return benchRow({
      name: of.name,
      input: `${of.input}, ${((times.ours * 1e6) / of.visited.count).toFixed(1)} ns a ${of.visited.what}; floor: ${megabytes(of.floorBytes)} MB read once`,
      ourMs: times.ours,
      peer: of.peerName,
      peerMs: times.peer,
      floorMs: of.floorBytes / bandwidth.read,
    });
  } finally {
    of.peer.close();
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1);
}

/** Throws unless two figures are the same to a share. */
export function requireSame(what: string, ours: number | undefined, theirs: number, share: number): void {
  if (ours !== undefined && Math.abs(ours - theirs) <= share * Math.max(1e-9, Math.abs(theirs))) return;
  throw new Error(`${what}: ours is ${ours}, the peer's ${theirs}`);
}
