import { For, type JSX } from "solid-js";

/** A text with the matched characters marked. */
export function Highlighted(props: { readonly text: string; readonly positions: readonly number[] }): JSX.Element {
  const parts = (): { readonly text: string; readonly hit: boolean }[] => {
    const hits = new Set(props.positions);
    const runs: { text: string; hit: boolean }[] = [];
    [...props.text].forEach((character, at) => {
      const hit = hits.has(at);
      const last = runs.at(-1);
      if (last && last.hit === hit) last.text += character;
      else runs.push({ text: character, hit });
    });
    return runs;
  };
  return <For each={parts()}>{(part) => (part.hit ? <mark>{part.text}</mark> : part.text)}</For>;
}
