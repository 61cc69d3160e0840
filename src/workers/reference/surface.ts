import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims } from "#volume";

/*
 * Surface nets of a whole label map, plainly: every cell of the volume and of a voxel around it, all relaxed together; then the faces
 * brick by brick. Sums of 32-bit floats are in the order of the core's, so that all bits agree.
 */

const LIMIT = Math.fround(0.4);
const { fround } = Math;

type Triple = [number, number, number];

export interface ReferenceSurface {
  /** Rows of i, j, k (512 parts of a voxel from one before the brick), label, x and y of the normal. */
  readonly vertices: number[][];
  readonly triangles: Triple[];
}

/** The surfaces by brick, those without any left out. */
export function surfaceReference(labels: ArrayLike<number>, dims: Dims, rounds: number): Map<number, ReferenceSurface> {
  const labelAt = ([i, j, k]: Dims): number =>
    i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]
      ? 0
      : labels[(k * dims[1] + j) * dims[0] + i]!;
  const net = relaxed(labelAt, dims, rounds);
  const surfaces = new Map<number, ReferenceSurface>();
  const bricks = brickDims(dims);
  for (let index = 0; index < bricks[0] * bricks[1] * bricks[2]; index++) {
    const surface = brickFaces(labelAt, net, brickCoordinates(bricks, index));
    if (surface.triangles.length > 0) surfaces.set(brickIndex(bricks, ...brickCoordinates(bricks, index)), surface);
  }
  return surfaces;
}

type LabelAt = (ijk: Dims) => number;
type Net = (cell: Dims) => Triple;

const CORNERS: readonly Dims[] = Array.from({ length: 8 }, (_, n) => [n & 1, (n >> 1) & 1, n >> 2] as const);

function plus(a: Dims, b: Dims, times = 1): Triple {
  return [a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times];
}

function unit(axis: number): Triple {
  return [0, 1, 2].map((n) => (n === axis ? 1 : 0)) as Triple;
}

function relaxed(labelAt: LabelAt, dims: Dims, rounds: number): Net {
  const key = ([i, j, k]: Dims): number => ((k + 1) * (dims[1] + 1) + j + 1) * (dims[0] + 1) + i + 1;
  const cells: { readonly at: Triple; readonly links: (readonly [cell: number, side: number])[] }[] = [];
  const numbers = new Map<number, number>();
  for (let k = -1; k < dims[2]; k++) {
    for (let j = -1; j < dims[1]; j++) {
      for (let i = -1; i < dims[0]; i++) {
        const corners = CORNERS.map((corner) => labelAt(plus([i, j, k], corner)));
        if (corners.every((label) => label === corners[0])) continue;
        numbers.set(key([i, j, k]), cells.length);
        cells.push({ at: [i, j, k], links: [] });
      }
    }
  }
  for (const { at, links } of cells) {
    for (let side = 0; side < 6; side++) {
      const face = CORNERS.filter((corner) => corner[side >> 1] === (side & 1)).map((corner) =>
        labelAt(plus(at, corner)),
      );
      if (face.every((label) => label === face[0])) continue;
      links.push([numbers.get(key(plus(at, unit(side >> 1), side & 1 ? 1 : -1)))!, side]);
    }
  }
  let offsets = cells.map((): Triple => [0, 0, 0]);
  for (let round = 0; round < rounds; round++) {
    offsets = cells.map(({ links }, n) => {
      const along = (axis: 0 | 1 | 2): number => {
        const beyond = (side: number): number =>
          offsets[links.find((link) => link[1] === side)?.[0] ?? -1]?.[axis] ?? 0;
        const steps = links.reduce((all, [, side]) => all + (side >> 1 === axis ? (side & 1 ? 1 : -1) : 0), 0);
        const [i, j, k] = [0, 2, 4].map((side) => fround(beyond(side) + beyond(side + 1))) as Triple;
        const sum = fround(fround(fround(i + j) + k) + steps);
        const mean = fround(sum * fround(1 / links.length));
        return Math.min(Math.max(fround(fround(offsets[n]![axis] + mean) * 0.5), -LIMIT), LIMIT);
      };
      return [along(0), along(1), along(2)];
    });
  }
  return (cell) => offsets[numbers.get(key(cell))!]!;
}

function brickFaces(labelAt: LabelAt, net: Net, brick: Dims): ReferenceSurface {
  const vertices: number[][] = [];
  const triangles: Triple[] = [];
  const known = new Map<string, number>();
  const first = brick.map((n) => n * BRICK_EDGE) as Triple;
  const vertex = (cell: Dims, label: number): number => {
    const name = `${cell.join()},${label}`;
    const made = known.get(name) ?? vertices.length;
    if (made === vertices.length) {
      known.set(name, made);
      const offset = net(cell);
      const place = cell.map(
        (n, axis) => (n - first[axis]! + 1) * 512 + 256 + Math.floor(fround(fround(offset[axis]! * 512) + 0.5)),
      );
      vertices.push([...place, label, ...octahedral(normalOf(labelAt, net, cell, label))]);
    }
    return made;
  };
  for (let k = first[2]; k < first[2] + BRICK_EDGE; k++) {
    for (let j = first[1]; j < first[1] + BRICK_EDGE; j++) {
      for (let i = first[0]; i < first[0] + BRICK_EDGE; i++) {
        const label = labelAt([i, j, k]);
        if (label === 0) continue;
        for (let side = 0; side < 6; side++) {
          const [axis, forward] = [side >> 1, side & 1];
          if (labelAt(plus([i, j, k], unit(axis), forward ? 1 : -1)) === label) continue;
          const round = cellsRound(plus([i, j, k], unit(axis), forward ? 0 : -1), axis);
          const [v0, v1, v2, v3] = round.map((cell) => vertex(cell, label)) as [number, number, number, number];
          const shorter = squared(between(net, round[0]!, round[2]!)) <= squared(between(net, round[1]!, round[3]!));
          const [w1, w3] = forward ? [v1, v3] : [v3, v1];
          triangles.push(
            ...((shorter
              ? [
                  [v0, w1, v2],
                  [v0, v2, w3],
                ]
              : [
                  [w1, v2, w3],
                  [w1, w3, v0],
                ]) as Triple[]),
          );
        }
      }
    }
  }
  return { vertices, triangles };
}

/** Cells round the edge between a voxel and the next along an axis, counter-clockwise seen from the axis's far end. */
function cellsRound(voxel: Dims, axis: number): Triple[] {
  const [b, c] = [unit((axis + 1) % 3), unit((axis + 2) % 3)];
  return [plus(plus(voxel, b, -1), c, -1), plus(voxel, c, -1), plus(voxel, [0, 0, 0]), plus(voxel, b, -1)];
}

/** From the vertex of one cell to that of another, in the order of the core's sums. */
function between(net: Net, from: Dims, to: Dims): Triple {
  const [a, b] = [net(from), net(to)];
  return [0, 1, 2].map((axis) => fround(fround(b[axis]! - a[axis]!) + (to[axis]! - from[axis]!))) as Triple;
}

function squared([x, y, z]: Triple): number {
  return fround(fround(fround(x * x) + fround(y * y)) + fround(z * z));
}

function normalOf(labelAt: LabelAt, net: Net, cell: Dims, label: number): Triple {
  let sum: Triple = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    for (let way = 0; way < 4; way++) {
      const near = plus(plus(cell, unit((axis + 1) % 3), way & 1), unit((axis + 2) % 3), way >> 1);
      const inside = labelAt(near) === label;
      if (inside === (labelAt(plus(near, unit(axis))) === label)) continue;
      const round = cellsRound(near, axis);
      const area = cross(between(net, round[0]!, round[2]!), between(net, round[1]!, round[3]!));
      sum = sum.map((value, n) => fround(inside ? value + area[n]! : value - area[n]!)) as Triple;
    }
  }
  return sum;
}

function cross(a: Triple, b: Triple): Triple {
  const part = (m: 0 | 1 | 2, n: 0 | 1 | 2): number => fround(fround(a[m] * b[n]) - fround(a[n] * b[m]));
  return [part(1, 2), part(2, 0), part(0, 1)];
}

function octahedral([x, y, z]: Triple): [number, number] {
  const size = fround(fround(Math.abs(x) + Math.abs(y)) + Math.abs(z));
  if (size === 0) return [0, 0];
  let [a, b] = [fround(x / size), fround(y / size)];
  if (z < 0) {
    [a, b] = [fround(fround(1 - Math.abs(b)) * (a < 0 ? -1 : 1)), fround(fround(1 - Math.abs(a)) * (b < 0 ? -1 : 1))];
  }
  const whole = (value: number): number => Math.floor(fround(fround(value * 32767) + 0.5));
  return [whole(a), whole(b)];
}
