/**
 * Colours that stay apart on grey images and from one another: the first twelve by hand, none grey, none close to black. Further
 * ones walk round the hues by the golden angle at two lightnesses.
 */
const FIRST_COLORS = [
  "#e6194b",
  "#3cb44b",
  "#ffe119",
  "#4363d8",
  "#f58231",
  "#42d4f4",
  "#f032e6",
  "#bfef45",
  "#b07aff",
  "#00a88f",
  "#fabed4",
  "#c28a45",
] as const;

const GOLDEN_ANGLE = 137.50776405003785;

/** `#rrggbb` for the `place`-th segment, from 0. */
export function paletteColor(place: number): string {
  const first = FIRST_COLORS[place];
  if (first) return first;
  const hue = (place * GOLDEN_ANGLE) % 360;
  return hslColor(hue, 0.75, place % 2 === 0 ? 0.6 : 0.45);
}

function hslColor(hue: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): string => {
    const turn = (offset + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
