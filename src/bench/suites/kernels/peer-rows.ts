import { type BenchRow, benchRow } from "../../report.ts";
import type { PeerProcess } from "../../peers/peer-process.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";

/** One thing of ours against a peer that is another program. */
export interface PeerCase {
  readonly name: string;
  readonly input: string;
  readonly peerName: string;
  readonly peer: PeerProcess;
  readonly rounds?: number;
  ours(): Promise<unknown>;
  /** Throws where the peer's result (f64 rows) is not ours. */
  check?(result: Float64Array): void;
}

/** Measures a case on one thread, both in turn; the peer is closed. */
export async function peerRow(port: SuitePort, of: PeerCase): Promise<BenchRow> {
  try {
    const times = await timeInterleaved(
      { ours: async () => void (await of.ours()), peer: () => of.peer.run() },
      { rounds: of.rounds ?? 5, signal: port.signal },
    );
    if (of.check) {
      const bytes = await of.peer.result();
      of.check(new Float64Array(Uint8Array.from(bytes).buffer));
    }
    return benchRow({ name: of.name, input: of.input, ourMs: times.ours, peer: of.peerName, peerMs: times.peer });
  } finally {
    of.peer.close();
  }
}

/** Throws unless two figures are the same to a share. */
export function requireSame(what: string, ours: number | undefined, theirs: number, share: number): void {
  if (ours !== undefined && Math.abs(ours - theirs) <= share * Math.max(1e-9, Math.abs(theirs))) return;
  throw new Error(`${what}: ours is ${ours}, the peer's ${theirs}`);
}
