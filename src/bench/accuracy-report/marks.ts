import { METHODS } from "../accuracy-methods.ts";

/** How a method is drawn: colours that the colour-blind tell apart (Okabe and Ito 2008), and a shape of its own for print in grey. */
export interface Mark {
  readonly className: string;
  readonly shape: "disc" | "square" | "triangle" | "diamond" | "cross";
  readonly dash?: string;
}

const OURS: Mark = { className: "m-ours", shape: "disc" };

const MARKS: Readonly<Record<string, Mark>> = {
  "fill-ours": OURS,
  "fill-ours-image": { className: "m-ours", shape: "square", dash: "5 2" },
  "fill-itk": { className: "m-itk", shape: "square" },
  "fill-sdf": { className: "m-sdf", shape: "triangle" },
  "fill-walker": { className: "m-walker", shape: "diamond" },
  "fill-nearest": { className: "m-plain", shape: "cross", dash: "3 2" },
  "fill-nearest-voxel": { className: "m-plain", shape: "cross", dash: "3 2" },
  "grow-range": OURS,
  "grow-range-itk": { className: "m-itk", shape: "square", dash: "3 2" },
  "grow-guard": { className: "m-guard", shape: "triangle" },
  "grow-confidence": { className: "m-walker", shape: "diamond" },
  "grow-confidence-itk": { className: "m-plain", shape: "cross", dash: "3 2" },
  "seeds-ours": OURS,
  "seeds-growcut": { className: "m-itk", shape: "square" },
  "seeds-walker": { className: "m-walker", shape: "diamond" },
};

export function markOf(method: string): Mark {
  return MARKS[method]!;
}

/** A mark around a point. */
export function markAt(method: string, x: number, y: number, r = 2.6): string {
  const { className, shape } = markOf(method);
  const at = (dx: number, dy: number): string => `${round(x + dx * r)},${round(y + dy * r)}`;
  const c = `class="${className}"`;
  if (shape === "disc") return `<circle ${c} cx="${round(x)}" cy="${round(y)}" r="${r}"/>`;
  if (shape === "cross") {
    const [a, b] = [`M${at(-1, -1)}L${at(1, 1)}`, `M${at(-1, 1)}L${at(1, -1)}`];
    return `<path class="${className} line" d="${a}${b}"/>`;
  }
  const corners = {
    square: [at(-0.9, -0.9), at(0.9, -0.9), at(0.9, 0.9), at(-0.9, 0.9)],
    triangle: [at(0, -1.15), at(1.05, 0.8), at(-1.05, 0.8)],
    diamond: [at(0, -1.25), at(1.25, 0), at(0, 1.25), at(-1.25, 0)],
  }[shape];
  return `<polygon ${c} points="${corners.join(" ")}"/>`;
}

/** The marks of methods with their names, in a line. */
export function legend(methods: readonly string[]): string {
  const entries = methods.map((method) => {
    const { className, dash } = markOf(method);
    const line = `<line class="${className} line" x1="1" x2="27" y1="6" y2="6"${dashed(dash)}/>`;
    return `<span><svg width="28" height="12" aria-hidden="true">${line}${markAt(method, 14, 6, 3)}</svg> ${METHODS[method]!.short}</span>`;
  });
  return `<p class="legend">${entries.join("")}</p>`;
}

export function dashed(dash: string | undefined): string {
  return dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
