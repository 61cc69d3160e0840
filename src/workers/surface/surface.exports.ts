/** Exports of the core for surfaces (`assembly/kernels/surface`). */
export interface SurfaceExports {
  surfaceCells(labels: number, edge: number, cells: number): number;
  surfaceLinks(labels: number, edge: number, cells: number, places: number, links: number): void;
  surfaceStepsBytes(): number;
  surfaceSteps(steps: number): void;
  surfaceRelax(count: number, links: number, steps: number, from: number, to: number): void;
  surfaceCount(job: number): number;
  surfaceFaces(job: number): void;
}
