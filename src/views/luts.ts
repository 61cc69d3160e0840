import { paletteColor } from "#labelmap";
import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolateTurbo,
  interpolateViridis,
} from "d3-scale-chromatic";

/** A table of 256 colours, rgba, from the lower end of the window to the upper. */
export interface Lut {
  readonly id: string;
  readonly title: string;
  readonly colors: Uint8Array<ArrayBuffer>;
}

type Stop = readonly [at: number, red: number, green: number, blue: number];

/** Colours in equal steps between stops, 0 to 1 and 0 to 255. */
function between(stops: readonly Stop[]): Uint8Array<ArrayBuffer> {
  return table((at) => {
    const next = Math.max(
      stops.findIndex((stop) => stop[0] >= at),
      1,
    );
    const [a, b] = [stops[next - 1]!, stops[next]!];
    const f = (at - a[0]) / (b[0] - a[0]);
    return [1, 2, 3].map((n) => a[n]! + (b[n]! - a[n]!) * f) as unknown as readonly [number, number, number];
  });
}

/** Colours that a function gives as `#rrggbb` or `rgb(r, g, b)`. */
function named(color: (at: number) => string): Uint8Array<ArrayBuffer> {
  return table((at) => {
    const text = color(at);
    const numbers = text.startsWith("#")
      ? [1, 3, 5].map((n) => Number.parseInt(text.slice(n, n + 2), 16))
      : text.match(/\d+/g)!.map(Number);
    return [numbers[0]!, numbers[1]!, numbers[2]!];
  });
}

function table(color: (at: number) => readonly [number, number, number]): Uint8Array<ArrayBuffer> {
  const colors = new Uint8Array(256 * 4);
  for (let n = 0; n < 256; n++) {
    const [red, green, blue] = color(n / 255);
    colors.set([Math.round(red), Math.round(green), Math.round(blue), 255], n * 4);
  }
  return colors;
}

/** Black, then the colours that segments get in their order. */
function labelColor(label: number): readonly [number, number, number] {
  if (label === 0) return [0, 0, 0];
  const number = Number.parseInt(paletteColor(label - 1).slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** The table for images whose values are labels. */
export const LABEL_LUT = "labels";

/**
 * Colour tables by id. Grey, hot metal and the table of PET stations as radiology knows them; the others change evenly to the eye
 * (matplotlib's maps; cividis also without red-green vision), turbo for contrast.
 */
export const LUTS: readonly Lut[] = [
  {
    id: "grey",
    title: "Grey",
    colors: between([
      [0, 0, 0, 0],
      [1, 255, 255, 255],
    ]),
  },
  {
    id: "hot-metal",
    title: "Hot metal",
    colors: between([
      [0, 0, 0, 0],
      [0.4, 180, 0, 0],
      [0.7, 255, 130, 0],
      [0.9, 255, 240, 90],
      [1, 255, 255, 255],
    ]),
  },
  {
    id: "pet",
    title: "PET",
    colors: between([
      [0, 0, 0, 0],
      [0.25, 0, 40, 200],
      [0.5, 160, 0, 180],
      [0.75, 255, 110, 0],
      [0.9, 255, 230, 60],
      [1, 255, 255, 255],
    ]),
  },
  { id: "viridis", title: "Viridis", colors: named(interpolateViridis) },
  { id: "inferno", title: "Inferno", colors: named(interpolateInferno) },
  { id: "magma", title: "Magma", colors: named(interpolateMagma) },
  { id: "plasma", title: "Plasma", colors: named(interpolatePlasma) },
  { id: "cividis", title: "Cividis", colors: named(interpolateCividis) },
  { id: "turbo", title: "Turbo", colors: named(interpolateTurbo) },
  { id: LABEL_LUT, title: "Labels", colors: table((at) => labelColor(Math.round(at * 255))) },
];

/** The window in which the table of labels gives every whole value from 0 to 255 the colour of its own. */
export const LABEL_WINDOW = { center: 127.5, width: 255 } as const;

/** A table by id; undefined where there is none. */
export function lutOf(id: string): Lut | undefined {
  return LUTS.find((lut) => lut.id === id);
}
