import { expect, test } from "vitest";
import {
  type Entrant,
  SHAPE_BYTES,
  ShapeRecords,
  WEIGHTS_BYTES,
  writeWeights,
} from "../../src/workers/fill/shape-records.ts";
import { createMemory, instantiate } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import {
  obliqueShapesReference,
  type PlacedField,
  type ShapeWeights,
  type StackPlaces,
  type StackShape,
} from "../../src/workers/reference/oblique-shapes.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const core = instantiate(wasmModule, createMemory(2 ** 26));
const { exports, memory } = core;

/** The same contest in the core. */
function inCore(shapes: readonly StackShape[], places: StackPlaces, nu: number, nv: number) {
  const arena = new MemoryArena(memory);
  const [best, union] = [arena.allocate(nu * nv * 4 + 64), arena.allocate(nu * nv * 4 + 64)];
  const labels = arena.allocate(nu * nv * 2 + 64);
  exports.fillLeast(best, nu * nv);
  exports.fillLeast(union, nu * nv);
  exports.clearBytes(labels, nu * nv * 2);
  const at = arena.allocate(shapes.length * SHAPE_BYTES);
  const longest = Math.max(...shapes.map(({ from, to }) => to - from));
  const scratch = arena.allocate(exports.fillObliqueScratch(longest));
  const placesAt = arena.allocate(72);
  new Float64Array(memory.buffer, placesAt, 9).set(places.flat());
  for (const [n, shape] of shapes.entries()) {
    const weights = arena.allocate(shape.weights.length * WEIGHTS_BYTES);
    for (const [slice, own] of shape.weights.entries()) {
      const [growing, dwindling] = own.bulge;
      const [shrunkFrom, shrunkTo] = own.shrunk;
      writeWeights(memory.buffer, weights, slice, { ...own, growing, dwindling, shrunkFrom, shrunkTo });
    }
    const fields = shape.fields.map((field) => {
      if (!field) return undefined;
      const room = arena.allocate(field.values.length * 2 + 16);
      new Int16Array(memory.buffer, room, field.values.length).set(field.values);
      return { ...field, at: room, radius: shape.radius };
    });
    const [u0, v0, u1, v1] = shape.box;
    const box = { u0, v0, u1, v1 };
    const { segment, shared, from, to, places: path, margin } = shape;
    const [kind, side] = shape.kind === "linked" ? ["linked"] : ["lone", shape.kind.slice(5)];
    const gap = { segment, shared, from, to };
    const entrant = {
      shape: { kind, side, gap, component: box, four: [box, box, box, box], places: path, margin },
      fields,
    };
    new ShapeRecords(memory.buffer, at, shapes.length).write(
      n,
      { ...entrant, hull: box, least: shape.least } as unknown as Entrant,
      weights,
    );
  }
  exports.fillObliqueShapes(at, shapes.length, placesAt, nu, nv, best, labels, union, 0, scratch);
  return {
    best: new Int32Array(memory.buffer, best, nu * nv).slice(),
    union: new Int32Array(memory.buffer, union, nu * nv).slice(),
    labels: new Uint16Array(memory.buffer, labels, nu * nv).slice(),
  };
}

/** The distances of a disc, as whole steps. */
function disc(u: number, v: number, radius: number, w = 24, h = 22): PlacedField {
  const values = Array.from({ length: w * h }, (_, n) =>
    Math.round(64 * (radius - Math.hypot((n % w) - w / 2, Math.floor(n / w) - h / 2))),
  );
  return { u0: u - (w >> 1), v0: v - (h >> 1), w, h, values };
}

const halves = (t: number): ShapeWeights => ({
  fields: [-1024, Math.round(16384 * (1 - t)) + 1024, Math.round(16384 * t) + 1024, -1024],
  bulge: [900, -700],
  path: [-0.0625, 1.0625 - t, t + 0.0625, -0.0625],
  shrunk: [t * 1.5, (1 - t) * 1.5],
});

const linked: StackShape = {
  kind: "linked",
  segment: 3,
  shared: false,
  from: 2,
  to: 10,
  fields: [disc(18, 16, 5), disc(20, 16, 6), disc(22, 17, 7), disc(25, 18, 7)],
  places: [
    [-2, 0],
    [0, 0],
    [1.5, 0.75],
    [4, 1.5],
  ],
  box: [12, 8, 30, 26],
  margin: 4,
  radius: 6 * 64,
  least: [-3 * 64, -200],
  weights: Array.from({ length: 9 }, (_, n) => halves(n / 8)),
};
const upright: StackPlaces = [
  [0, 0, 6],
  [1, 0, 0],
  [0, 1, 0],
];
const leaning: StackPlaces = [
  [-4.25, 3.5, 0.75],
  [0.90625, -0.125, 0.15625],
  [0.1875, 0.84375, 0.078125],
];
const other: StackShape = {
  ...linked,
  segment: 2,
  fields: [undefined, disc(26, 20, 6), disc(24, 20, 6), undefined],
  box: [18, 12, 34, 30],
};
const cases: readonly (readonly [string, readonly StackShape[], StackPlaces, number, number])[] = [
  ["a linked shape on a slice along the planes", [linked], upright, 40, 36],
  ["a linked shape on a slice that the planes cross", [linked], leaning, 40, 36],
  ["a shape that shrinks from the plane before", [{ ...linked, kind: "lone-from" }], leaning, 40, 36],
  ["a shape that shrinks from the plane after", [{ ...linked, kind: "lone-to" }], leaning, 40, 36],
  ["two segments that meet, the lower one first", [other, linked], leaning, 40, 36],
  [
    "two segments and their union",
    [
      { ...linked, segment: 0 },
      { ...other, shared: true },
      { ...linked, shared: true },
    ],
    leaning,
    40,
    36,
  ],
  [
    "places beyond the planes",
    [linked],
    [
      [0, 0, 11],
      [1, 0, 0.25],
      [0, 1, 0],
    ],
    40,
    36,
  ],
  [
    "one pixel",
    [linked],
    [
      [20, 16, 6],
      [1, 0, 0],
      [0, 1, 0],
    ],
    1,
    1,
  ],
  [
    "one pixel that lies on the first plane",
    [linked],
    [
      [20, 16, 2],
      [1, 0, 0],
      [0, 1, 0],
    ],
    1,
    1,
  ],
  [
    "a slice that turns back along u",
    [linked],
    [
      [34, 4, 9],
      [-1, 0.25, -0.25],
      [0, 1, 0.0625],
    ],
    40,
    36,
  ],
];

test.each(cases)("%s: as pixel by pixel", (_, shapes, places, nu, nv) => {
  expect(inCore(shapes, places, nu, nv)).toEqual(obliqueShapesReference(shapes, places, nu, nv));
});

test.each([1, 2, 3, 4, 5, 6])("shapes at random: as pixel by pixel, seed %i", (seed) => {
  const random = randomFrom(seed);
  const whole = (most: number): number => Math.floor(random() * most);
  const part = (most: number): number => (whole(129) / 64 - 1) * most;
  const shapes = Array.from({ length: 5 }, (_, n): StackShape => {
    const [u, v] = [8 + whole(24), 8 + whole(20)];
    const to = 4 + whole(12);
    return {
      ...linked,
      kind: (["linked", "linked", "lone-from", "lone-to"] as const)[whole(4)]!,
      segment: n === 0 ? 0 : n,
      shared: random() < 0.5,
      from: 1,
      to,
      fields: Array.from({ length: 4 }, (__, m) =>
        m % 3 === 0 && random() < 0.4
          ? undefined
          : disc(u + whole(4), v + whole(4), 2 + whole(6), 8 * (1 + whole(3)), 9 + whole(20)),
      ),
      places: Array.from({ length: 4 }, () => [part(4), part(4)] as const),
      box: [u - 8, v - 8, u + 9, v + 9],
      weights: Array.from({ length: to }, (__, m) => halves(m / (to - 1))),
    };
  });
  const places: StackPlaces = [
    [part(4), part(4), 4 + part(3)],
    [1 + part(0.25), part(0.25), part(0.25)],
    [part(0.25), 1 + part(0.25), part(0.25)],
  ];
  const expected = obliqueShapesReference(shapes, places, 44, 40);
  expect(expected.labels.some((label) => label > 0)).toBe(true);
  expect(inCore(shapes, places, 44, 40)).toEqual(expected);
});
