import { meansOf } from "../accuracy-means.ts";
import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { formatDice } from "./format.ts";
import type { Input } from "./pooled.ts";

/** An input on which a peer has the higher mean Dice. */
export interface Behind {
  readonly input: Input;
  readonly dice: number;
  readonly peer: string;
  readonly peerDice: number;
  /** Structures of which at least one peer has the higher Dice, and all that are scored. */
  readonly structures: readonly [number, number];
}

/** Inputs on which ours has not the highest mean Dice, the largest difference first. */
export function inputsBehind(inputs: readonly Input[], ours: string, peers: readonly string[]): Behind[] {
  const behind: Behind[] = [];
  for (const input of inputs) {
    const own = input.cases.find(({ method }) => method === ours);
    const others = input.cases.filter(({ method }) => peers.includes(method));
    if (!own || others.length === 0) continue;
    const { dice } = meansOf(own);
    const best = others.map((one) => ({ peer: one.method, peerDice: meansOf(one).dice }));
    const [top] = best.sort((a, b) => b.peerDice - a.peerDice);
    if (top!.peerDice <= dice) continue;
    const lower = own.scores.filter((score, n) => others.some((one) => one.scores[n]!.dice > score.dice)).length;
    behind.push({ input, dice, ...top!, structures: [lower, own.scores.length] });
  }
  return behind.sort((a, b) => b.peerDice - b.dice - (a.peerDice - a.dice));
}

export function behindTable(caption: string, behind: readonly Behind[]): string {
  if (behind.length === 0) return `<p>${escapeHtml(caption)}: none.</p>`;
  const rows = behind.map(
    ({ input, dice, peer, peerDice, structures }) =>
      `<tr><td>${escapeHtml(input.scan.what)}</td><td>${escapeHtml(input.condition)}</td><td class="n">${formatDice(dice)}</td><td class="n">${formatDice(peerDice)}</td><td>${escapeHtml(METHODS[peer]!.short)}</td><td class="n">${(peerDice - dice).toFixed(4)}</td><td class="n">${structures[0]} of ${structures[1]}</td></tr>`,
  );
  return `<table><caption>${escapeHtml(caption)}</caption><thead><tr><th>scan</th><th>given</th><th class="n">ours</th><th class="n">best peer</th><th>which</th><th class="n">difference</th><th class="n">structures</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
