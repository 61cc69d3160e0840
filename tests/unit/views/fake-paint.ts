/** Words as a canvas draws them: how they are aligned, and the box that they take. */
export interface DrawnWords {
  readonly text: string;
  readonly align: CanvasTextAlign;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Pixels of one letter. */
const LETTER_PX = 7;

/** A canvas that keeps its state as a real one does, and says what words and boxes it was given. */
export function fakePaint(width: number, height: number) {
  const state: Record<string, unknown> = { textAlign: "start", textBaseline: "alphabetic", font: "", globalAlpha: 1 };
  const kept: Record<string, unknown>[] = [];
  const words: DrawnWords[] = [];
  const boxes: { x: number; y: number; width: number; height: number }[] = [];
  const own: Record<string, unknown> = {
    canvas: { width, height },
    save: () => kept.push({ ...state }),
    restore: () => Object.assign(state, kept.pop()),
    measureText: (text: string) => ({ width: text.length * LETTER_PX }),
    fillText: (text: string, x: number, y: number) =>
      words.push({ text, align: state["textAlign"] as CanvasTextAlign, x, y, width: text.length * LETTER_PX }),
    roundRect: (x: number, y: number, w: number, h: number) => boxes.push({ x, y, width: w, height: h }),
  };
  const nothing = (): void => undefined;
  const paint = new Proxy(own, {
    get: (_, name: string) => own[name] ?? (name in state ? state[name] : nothing),
    set: (_, name: string, value) => {
      state[name] = value;
      return true;
    },
  }) as unknown as CanvasRenderingContext2D;
  return { paint, words, boxes };
}
