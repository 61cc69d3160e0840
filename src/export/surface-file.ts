import type { Segment } from "#labelmap";
import { brickCoordinates, brickDims, type Dims, type ImageGrid } from "#volume";
import { type BrickSurface, SurfaceReader } from "#workers";

/** File forms of surfaces. `ply` holds labels and colours; `stl` triangles alone. */
export const SURFACE_FORMATS = ["stl", "ply"] as const;
export type SurfaceFormat = (typeof SURFACE_FORMATS)[number];

/** Axes of the coordinates, millimetres: to the patient's left, posterior, superior; or right, anterior, superior. */
export type SurfaceFrame = "LPS" | "RAS";

/** Whose surfaces are written, and how. */
export interface SurfaceFileOptions {
  readonly grid: ImageGrid;
  readonly segments: readonly Segment[];
  readonly frame: SurfaceFrame;
}

/** What one brick adds to a file. */
export interface SurfacePart {
  readonly vertices: Uint8Array<ArrayBuffer>;
  readonly faces: Uint8Array<ArrayBuffer>;
}

/**
 * Surfaces as a file, little-endian binary, triangles counter-clockwise from outside: the header, then the vertices of every brick, then
 * the faces of every brick, so that no more than a brick need be in memory.
 */
export interface SurfaceFile {
  /** With the leading dot. */
  readonly extension: string;
  readonly mediaType: string;
  readonly notes: readonly string[];
  /** Triangles added so far. */
  readonly triangles: number;
  /** Takes the bricks in ascending order. */
  add(surface: BrickSurface): SurfacePart;
  /** Once all bricks are added. Names the frame as `SPACE=LPS`, which 3D Slicer reads. */
  header(): Uint8Array<ArrayBuffer>;
}

export function surfaceFile(format: SurfaceFormat, options: SurfaceFileOptions): SurfaceFile {
  return format === "stl" ? new StlFile(options) : new PlyFile(options);
}

const STL_FACE_BYTES = 50;
const PLY_VERTEX_BYTES = 29;
const PLY_FACE_BYTES = 13;
/** Of a segment that has none. */
const GREY = 0x9aa0a6;

/** STL: Rosen, The stl format (1993). */
class StlFile implements SurfaceFile {
  readonly extension = ".stl";
  readonly mediaType = "model/stl";
  readonly notes = ["Names, colours and labels of segments are not in .stl files; .ply keeps labels and colours."];
  readonly #reader: SurfaceReader;
  readonly #frame: SurfaceFrame;
  #triangles = 0;

  constructor({ grid, frame }: SurfaceFileOptions) {
    this.#reader = new SurfaceReader(grid);
    this.#frame = frame;
  }

  get triangles(): number {
    return this.#triangles;
  }

  add(surface: BrickSurface): SurfacePart {
    const { triangles } = surface;
    const points = pointsOf(surface, this.#reader, this.#frame);
    // Left-handed grids turn triangles round.
    const [second, third] = this.#reader.mirrored ? [2, 1] : [1, 2];
    const count = triangles.length / 3;
    const faces = new DataView(new ArrayBuffer(count * STL_FACE_BYTES));
    for (let n = 0, at = 0; n < triangles.length; n += 3, at += STL_FACE_BYTES) {
      const [a, b, c] = [triangles[n]! * 3, triangles[n + second]! * 3, triangles[n + third]! * 3];
      const [bx, by, bz] = [points[b]! - points[a]!, points[b + 1]! - points[a + 1]!, points[b + 2]! - points[a + 2]!];
      const [cx, cy, cz] = [points[c]! - points[a]!, points[c + 1]! - points[a + 1]!, points[c + 2]! - points[a + 2]!];
      const [x, y, z] = [by * cz - bz * cy, bz * cx - bx * cz, bx * cy - by * cx];
      const size = Math.sqrt(x * x + y * y + z * z) || 1;
      faces.setFloat32(at, x / size, true);
      faces.setFloat32(at + 4, y / size, true);
      faces.setFloat32(at + 8, z / size, true);
      for (let axis = 0; axis < 3; axis++) {
        faces.setFloat32(at + 12 + axis * 4, points[a + axis]!, true);
        faces.setFloat32(at + 24 + axis * 4, points[b + axis]!, true);
        faces.setFloat32(at + 36 + axis * 4, points[c + axis]!, true);
      }
    }
    this.#triangles += count;
    return { vertices: new Uint8Array(), faces: new Uint8Array(faces.buffer) };
  }

  header(): Uint8Array<ArrayBuffer> {
    const header = new Uint8Array(84);
    header.set(new TextEncoder().encode(`Voxelwright surfaces; mm; SPACE=${this.#frame}`));
    new DataView(header.buffer).setUint32(80, this.#triangles, true);
    return header;
  }
}

/**
 * Vertices where bricks meet are one vertex, so that a closed surface is closed.
 * PLY: Turk, The PLY polygon file format (1994).
 */
class PlyFile implements SurfaceFile {
  readonly extension = ".ply";
  readonly mediaType = "model/ply";
  readonly notes = [];
  readonly #options: SurfaceFileOptions;
  readonly #reader: SurfaceReader;
  readonly #colors: ReadonlyMap<number, number>;
  readonly #bricks: Dims;
  /** Numbers of vertices that bricks share, of the layer of bricks that is written and of the one below. */
  #layer = { k: -1, own: new Map<string, number>(), below: new Map<string, number>() };
  #vertices = 0;
  #triangles = 0;

  constructor(options: SurfaceFileOptions) {
    this.#options = options;
    this.#reader = new SurfaceReader(options.grid);
    this.#colors = new Map(options.segments.map(({ value, color }) => [value, Number.parseInt(color.slice(1), 16)]));
    this.#bricks = brickDims(options.grid.dims);
  }

  get triangles(): number {
    return this.#triangles;
  }

  add(surface: BrickSurface): SurfacePart {
    this.#enterLayer(brickCoordinates(this.#bricks, surface.brick)[2]);
    const first = this.#vertices;
    const numbers = this.#numbersOf(surface);
    const vertices = this.#verticesFrom(first, surface, numbers);
    const { triangles } = surface;
    const [second, third] = this.#reader.mirrored ? [2, 1] : [1, 2];
    const count = triangles.length / 3;
    const faces = new DataView(new ArrayBuffer(count * PLY_FACE_BYTES));
    for (let n = 0, at = 0; n < triangles.length; n += 3, at += PLY_FACE_BYTES) {
      faces.setUint8(at, 3);
      faces.setUint32(at + 1, numbers[triangles[n]!]!, true);
      faces.setUint32(at + 5, numbers[triangles[n + second]!]!, true);
      faces.setUint32(at + 9, numbers[triangles[n + third]!]!, true);
    }
    this.#triangles += count;
    return { vertices, faces: new Uint8Array(faces.buffer) };
  }

  header(): Uint8Array<ArrayBuffer> {
    const { segments, frame } = this.#options;
    const header = [
      "ply",
      "format binary_little_endian 1.0",
      `comment Voxelwright surfaces; mm; SPACE=${frame}`,
      ...segments.map(({ value, name }) => `comment label ${value}: ${name.replaceAll(/\s+/g, " ")}`),
      `element vertex ${this.#vertices}`,
      ...["x", "y", "z", "nx", "ny", "nz"].map((name) => `property float ${name}`),
      ...["red", "green", "blue"].map((name) => `property uchar ${name}`),
      "property ushort label",
      `element face ${this.#triangles}`,
      "property list uchar uint vertex_indices",
      "end_header\n",
    ].join("\n");
    return new TextEncoder().encode(header) as Uint8Array<ArrayBuffer>;
  }

  #enterLayer(k: number): void {
    const { own } = this.#layer;
    if (k === this.#layer.k) return;
    this.#layer = { k, own: new Map(), below: k === this.#layer.k + 1 ? own : new Map() };
  }

  /** A number in the file for each vertex: those at one place with one label have one. */
  #numbersOf(surface: BrickSurface): Uint32Array {
    const { own, below } = this.#layer;
    const reader = this.#reader;
    const numbers = new Uint32Array(surface.vertices.length / 3);
    for (let n = 0; n < numbers.length; n++) {
      if (!reader.nearBorder(surface, n)) {
        numbers[n] = this.#vertices++;
        continue;
      }
      const name = `${reader.label(surface, n)}/${reader.index(surface, n).join("/")}`;
      const number = own.get(name) ?? below.get(name) ?? this.#vertices++;
      own.set(name, number);
      numbers[n] = number;
    }
    return numbers;
  }

  /** Records of the vertices that were not there before. */
  #verticesFrom(first: number, surface: BrickSurface, numbers: Uint32Array): Uint8Array<ArrayBuffer> {
    const { frame } = this.#options;
    const turn = frame === "RAS" ? -1 : 1;
    const points = pointsOf(surface, this.#reader, frame);
    const part = new DataView(new ArrayBuffer((this.#vertices - first) * PLY_VERTEX_BYTES));
    for (let n = 0; n < numbers.length; n++) {
      const at = (numbers[n]! - first) * PLY_VERTEX_BYTES;
      if (at < 0) continue;
      const [x, y, z] = this.#reader.normal(surface, n);
      part.setFloat32(at, points[n * 3]!, true);
      part.setFloat32(at + 4, points[n * 3 + 1]!, true);
      part.setFloat32(at + 8, points[n * 3 + 2]!, true);
      part.setFloat32(at + 12, x * turn, true);
      part.setFloat32(at + 16, y * turn, true);
      part.setFloat32(at + 20, z, true);
      const label = this.#reader.label(surface, n);
      const color = this.#colors.get(label) ?? GREY;
      part.setUint8(at + 24, color >> 16);
      part.setUint8(at + 25, color >> 8);
      part.setUint8(at + 26, color);
      part.setUint16(at + 27, label, true);
    }
    return new Uint8Array(part.buffer);
  }
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
