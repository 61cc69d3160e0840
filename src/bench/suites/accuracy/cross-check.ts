import type { CrossCheck, StructureScore } from "../../accuracy.ts";
import { pythonPeer } from "../../peers/peer-process.ts";
import type { LabelledScan, Structure } from "./labelled-scans.ts";

/** Holds whole-structure scores against scipy's erosion and distance transforms of the same two label maps. */
export class CrossChecker {
  #structures = 0;
  readonly #worst = { dice: 0, hd95Mm: 0, meanSurfaceMm: 0 };
  readonly #note: (line: string) => void;

  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  /** Checks one result of a scan; throws where figures differ by more than rounding. */
  async run(
    { dims, spacingMm, labels }: LabelledScan,
    found: Uint16Array,
    structures: readonly Structure[],
    scores: readonly Pick<StructureScore, "dice" | "hd95Mm" | "meanSurfaceMm">[],
  ): Promise<void> {
    const peer = await pythonPeer("surface_agreement", [labels, found, ...dims, ...spacingMm], this.#note);
    if (!peer) return;
    try {
      await peer.run();
      const rows = new Float64Array(Uint8Array.from(await peer.result()).buffer);
      const theirs = new Map<number, Float64Array>();
      for (let n = 0; n < rows.length; n += 4) theirs.set(rows[n]!, rows.subarray(n + 1, n + 4));
      structures.forEach(({ label, name }, n) => {
        const row = theirs.get(label);
        const { dice, hd95Mm, meanSurfaceMm } = scores[n]!;
        if (!row || hd95Mm === undefined || meanSurfaceMm === undefined) return;
        this.#compare(name, "dice", dice, row[0]!, 1e-12);
        this.#compare(name, "hd95Mm", hd95Mm, row[1]!, 1e-6);
        this.#compare(name, "meanSurfaceMm", meanSurfaceMm, row[2]!, 1e-6);
        this.#structures++;
      });
    } finally {
      peer.close();
    }
  }

  result(): CrossCheck {
    return { structures: this.#structures, ...this.#worst };
  }

  #compare(name: string, what: "dice" | "hd95Mm" | "meanSurfaceMm", ours: number, theirs: number, limit: number): void {
    const apart = Math.abs(ours - theirs);
    if (apart > limit) throw new Error(`${what} of ${name}: ours is ${ours}, scipy's ${theirs}`);
    this.#worst[what] = Math.max(this.#worst[what], apart);
  }
}
