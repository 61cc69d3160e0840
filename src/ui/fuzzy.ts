/** A text found by a query: how well, and which characters matched (for highlighting). */
export interface FuzzyMatch {
  readonly score: number;
  readonly positions: readonly number[];
}

/**
 * Finds the characters of `query` in order in `text`, without regard to case. Prefers starts of words, runs of characters
 * and short texts. Undefined when `text` does not hold them all; spaces in the query match anything.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") return { score: 0, positions: [] };
  const lower = text.toLowerCase();
  let best: FuzzyMatch | undefined;
  // Every place where the first character stands is a start; greedy from there is enough for titles of a few words.
  for (let start = lower.indexOf(wanted[0]!); start >= 0; start = lower.indexOf(wanted[0]!, start + 1)) {
    const match = matchFrom(wanted, lower, text, start);
    if (match && (!best || match.score > best.score)) best = match;
  }
  return best;
}

function matchFrom(wanted: string, lower: string, text: string, start: number): FuzzyMatch | undefined {
  const positions: number[] = [];
  let score = 0;
  let at = start;
  for (const character of wanted) {
    const next = positions.length === 0 ? start : nextPosition(lower, text, character, at);
    if (next < 0) return undefined;
    const follows = positions.length > 0 && next === positions.at(-1)! + 1;
    score += isWordStart(text, next) ? 8 : follows ? 6 : 1;
    score -= Math.min(next - at, 6) * 0.2;
    positions.push(next);
    at = next + 1;
  }
  if (positions[0] === 0) score += 4;
  return { score: score - text.length * 0.05, positions };
}

/** The character right here, else at a start of a later word, else anywhere later. */
function nextPosition(lower: string, text: string, character: string, from: number): number {
  if (lower[from] === character) return from;
  const first = lower.indexOf(character, from);
  for (let at = first; at >= 0; at = lower.indexOf(character, at + 1)) if (isWordStart(text, at)) return at;
  return first;
}

function isWordStart(text: string, position: number): boolean {
  return position === 0 || /[\s._/:()-]/.test(text[position - 1]!);
}

/** Items that match, best first; equal scores keep their order. An empty query keeps all. */
export function fuzzyRank<T>(
  query: string,
  items: readonly T[],
  textOf: (item: T) => string,
): { readonly item: T; readonly match: FuzzyMatch }[] {
  return items
    .flatMap((item) => {
      const match = fuzzyMatch(query, textOf(item));
      return match ? [{ item, match }] : [];
    })
    .sort((a, b) => b.match.score - a.match.score);
}
