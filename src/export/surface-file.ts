import type { Segment } from "#labelmap";
import { BRICK_EDGE, type ImageGrid } from "#volume";
import { type BrickSurface, SurfaceReader } from "#workers";
import type { ExportFile } from "./export-file.ts";

/** File forms of surfaces. `ply` holds labels and colours; `stl` triangles alone. */
export const SURFACE_FORMATS = ["stl", "ply"] as const;
export type SurfaceFormat = (typeof SURFACE_FORMATS)[number];

/** Axes of the coordinates, millimetres: to the patient's left, posterior, superior; or right, anterior, superior. */
export type SurfaceFrame = "LPS" | "RAS";

/** Surfaces with what is needed to write them. */
export interface SurfaceInput {
  readonly grid: ImageGrid;
  readonly surfaces: readonly BrickSurface[];
  readonly segments: readonly Segment[];
  readonly frame: SurfaceFrame;
}

/** Records written at a time. */
const CHUNK_RECORDS = 2 ** 15;

/**
 * Surfaces as a file, little-endian binary, triangles counter-clockwise from outside. The header names the frame as `SPACE=LPS`, which
 * 3D Slicer reads. Vertices where bricks meet are one vertex in PLY, so that a closed surface is closed there.
 * STL: Rosen, The stl format (1993); PLY: Turk, The PLY polygon file format (1994).
 */
export function surfaceFile(format: SurfaceFormat, input: SurfaceInput): ExportFile {
  return format === "stl" ? stlFile(input) : plyFile(input);
}

function stlFile({ grid, surfaces, frame }: SurfaceInput): ExportFile {
  const reader = new SurfaceReader(grid);
  const count = triangleCount(surfaces);
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const header = new Uint8Array(84);
    header.set(new TextEncoder().encode(`Voxelwright surfaces; mm; SPACE=${frame}`));
    new DataView(header.buffer).setUint32(80, count, true);
    yield header;
    for (const surface of surfaces) {
      const points = pointsOf(surface, reader, frame);
      const { triangles } = surface;
      for (let from = 0; from < triangles.length; from += CHUNK_RECORDS * 3) {
        const end = Math.min(from + CHUNK_RECORDS * 3, triangles.length);
        const part = new DataView(new ArrayBuffer(((end - from) / 3) * 50));
        for (let n = from, at = 0; n < end; n += 3, at += 50) {
          const corners = cornersOf(triangles, n, reader.mirrored);
          writeNormal(part, at, points, corners);
          corners.forEach((corner, c) => {
            for (let axis = 0; axis < 3; axis++)
              part.setFloat32(at + 12 + c * 12 + axis * 4, points[corner * 3 + axis]!, true);
          });
        }
        yield new Uint8Array(part.buffer);
      }
    }
  }
  const notes = ["Names, colours and labels of segments are not in .stl files; .ply keeps labels and colours."];
  return { extension: ".stl", mediaType: "model/stl", chunks: chunks(), notes };
}

function plyFile({ grid, surfaces, segments, frame }: SurfaceInput): ExportFile {
  const reader = new SurfaceReader(grid);
  const { numbers, count } = joinVertices(surfaces, reader);
  const colors = new Map(segments.map(({ value, color }) => [value, Number.parseInt(color.slice(1), 16)]));
  const header = [
    "ply",
    "format binary_little_endian 1.0",
    `comment Voxelwright surfaces; mm; SPACE=${frame}`,
    ...segments.map(({ value, name }) => `comment label ${value}: ${name.replaceAll(/\s+/g, " ")}`),
    `element vertex ${count}`,
    ...["x", "y", "z", "nx", "ny", "nz"].map((name) => `property float ${name}`),
    ...["red", "green", "blue"].map((name) => `property uchar ${name}`),
    "property ushort label",
    `element face ${triangleCount(surfaces)}`,
    "property list uchar uint vertex_indices",
    "end_header\n",
  ].join("\n");
  async function* chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield new TextEncoder().encode(header) as Uint8Array<ArrayBuffer>;
    let written = 0;
    for (const [s, surface] of surfaces.entries()) {
      const points = pointsOf(surface, reader, frame);
      const fresh = Array.from(numbers[s]!.keys()).filter((n) => numbers[s]![n]! >= written);
      const part = new DataView(new ArrayBuffer(fresh.length * 29));
      for (const [r, n] of fresh.entries()) {
        const at = r * 29;
        const [x, y, z] = reader.normal(surface, n);
        const turn = frame === "RAS" ? -1 : 1;
        [points[n * 3]!, points[n * 3 + 1]!, points[n * 3 + 2]!, x * turn, y * turn, z].forEach((value, v) =>
          part.setFloat32(at + v * 4, value, true),
        );
        const label = reader.label(surface, n);
        const color = colors.get(label) ?? 0x9aa0a6;
        [color >> 16, (color >> 8) & 255, color & 255].forEach((byte, c) => part.setUint8(at + 24 + c, byte));
        part.setUint16(at + 27, label, true);
      }
      written += fresh.length;
      yield new Uint8Array(part.buffer);
    }
    for (const [s, { triangles }] of surfaces.entries()) {
      const part = new DataView(new ArrayBuffer((triangles.length / 3) * 13));
      for (let n = 0, at = 0; n < triangles.length; n += 3, at += 13) {
        part.setUint8(at, 3);
        cornersOf(triangles, n, reader.mirrored).forEach((corner, c) =>
          part.setUint32(at + 1 + c * 4, numbers[s]![corner]!, true),
        );
      }
      yield new Uint8Array(part.buffer);
    }
  }
  return { extension: ".ply", mediaType: "model/ply", chunks: chunks(), notes: [] };
}

function triangleCount(surfaces: readonly BrickSurface[]): number {
  return surfaces.reduce((sum, { triangles }) => sum + triangles.length / 3, 0);
}

/** Corners counter-clockwise from outside in patient space. */
function cornersOf(triangles: Uint32Array, n: number, mirrored: boolean): [number, number, number] {
  const [a, b, c] = [triangles[n]!, triangles[n + 1]!, triangles[n + 2]!];
  return mirrored ? [a, c, b] : [a, b, c];
}

/** Three numbers a vertex. Right and anterior are left and posterior turned, which keeps triangles the way round they are. */
function pointsOf(surface: BrickSurface, reader: SurfaceReader, frame: SurfaceFrame): Float32Array {
  const turn = frame === "RAS" ? -1 : 1;
  const points = new Float32Array(surface.vertices.length);
  for (let n = 0; n < points.length; n += 3) {
    const [x, y, z] = reader.point(surface, n / 3);
    points[n] = x * turn;
    points[n + 1] = y * turn;
    points[n + 2] = z;
  }
  return points;
}

function writeNormal(
  to: DataView,
  at: number,
  points: Float32Array,
  [a, b, c]: readonly [number, number, number],
): void {
  const from = (corner: number, axis: number): number => points[corner * 3 + axis]! - points[a * 3 + axis]!;
  const part = (m: number, n: number): number => from(b, m) * from(c, n) - from(b, n) * from(c, m);
  const normal = [part(1, 2), part(2, 0), part(0, 1)];
  const size = Math.hypot(...normal) || 1;
  normal.forEach((value, axis) => to.setFloat32(at + axis * 4, value / size, true));
}

/** Numbers of every brick's vertices in the file: those at one place with one label have one number. */
function joinVertices(
  surfaces: readonly BrickSurface[],
  reader: SurfaceReader,
): { readonly numbers: readonly Uint32Array[]; readonly count: number } {
  const known = new Map<string, number>();
  let count = 0;
  const numbers = surfaces.map((surface) =>
    Uint32Array.from({ length: surface.vertices.length / 3 }, (_, n) => {
      const index = reader.index(surface, n);
      // Only cells that reach into the next brick are shared.
      const shared = index.some((at) => {
        const within = (((at + 1) % BRICK_EDGE) + BRICK_EDGE) % BRICK_EDGE;
        return within < 1;
      });
      if (!shared) return count++;
      const name = `${reader.label(surface, n)}/${index.join("/")}`;
      const number = known.get(name) ?? count;
      if (number === count) known.set(name, count++);
      return number;
    }),
  );
  return { numbers, count };
}
