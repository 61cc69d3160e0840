import { cross, dot, subtract, type Vec3 } from "#base";
import { surfaceFile, type SurfaceFormat, type SurfaceFrame } from "#export";
import type { Segment } from "#labelmap";
import { type Dims, ImageGrid } from "#volume";
import { describe, expect, it } from "vitest";
import { inlineKernels } from "../../wasm/support/kernels.ts";
import { flatVolume, labelsOf } from "../../wasm/support/volumes.ts";

/** Three layers of bricks. */
const dims: Dims = [70, 40, 140];
const SEGMENTS: readonly Segment[] = [
  { value: 3, name: "left  lung", color: "#ff8000", locked: false, visible: true },
  { value: 40_000, name: "heart", color: "#0000ff", locked: false, visible: true },
];

/** Two touching blocks across borders of bricks, in a left-handed grid, as a file. */
async function fileOf(format: SurfaceFormat, frame: SurfaceFrame): Promise<Uint8Array<ArrayBuffer>> {
  const labels = flatVolume(dims, "uint16", (i, j, k) =>
    i < 50 || i >= 68 || j < 10 || j >= 30 || k < 8 || k >= 135 ? 0 : i < 66 ? 3 : 40_000,
  ).voxels;
  const grid = new ImageGrid({ dims, indexToLps: [-0.5, 0, 0, 12, 0, 2, 0, -30, 0, 0, 1.5, 100] });
  const file = surfaceFile(format, { grid, segments: SEGMENTS, frame });
  const parts = (await inlineKernels().surface(labelsOf(dims, labels), { rounds: 0 })).map((one) => file.add(one));
  expect(parts).toHaveLength(6);
  const blob = new Blob([file.header(), ...parts.map(({ vertices }) => vertices), ...parts.map(({ faces }) => faces)]);
  return new Uint8Array(await blob.arrayBuffer());
}

/** Volume that triangles enclose, mm³; above 0 where they turn outward. */
function volumeOf(triangles: readonly (readonly [Vec3, Vec3, Vec3])[]): number {
  return triangles.reduce((sum, [a, b, c]) => sum + dot(a, cross(b, c)) / 6, 0);
}

const VOLUMES = { 3: 16 * 20 * 127 * 1.5, 40000: 2 * 20 * 127 * 1.5 };

describe("surfaces as files", () => {
  for (const frame of ["LPS", "RAS"] as const) {
    it(`STL in ${frame} holds closed triangles with normals`, async () => {
      const bytes = await fileOf("stl", frame);
      const view = new DataView(bytes.buffer);
      expect(new TextDecoder().decode(bytes.subarray(0, 80))).toContain(`mm; SPACE=${frame}`);
      const count = view.getUint32(80, true);
      expect(bytes.byteLength).toBe(84 + count * 50);
      const triangles = Array.from({ length: count }, (_, n) => {
        const vector = (v: number): Vec3 =>
          [0, 1, 2].map((axis) => view.getFloat32(84 + n * 50 + v * 12 + axis * 4, true)) as unknown as Vec3;
        const [normal, a, b, c] = [vector(0), vector(1), vector(2), vector(3)];
        expect(dot(normal, cross(subtract(b, a), subtract(c, a)))).toBeGreaterThan(0);
        return [a, b, c] as const;
      });
      expect(volumeOf(triangles)).toBeCloseTo(VOLUMES[3] + VOLUMES[40000], 1);
      const x = triangles.flat().map(([first]) => first);
      const ends = frame === "LPS" ? [12 - 0.5 * 67.5, 12 - 0.5 * 49.5] : [-12 + 0.5 * 49.5, -12 + 0.5 * 67.5];
      expect([Math.min(...x), Math.max(...x)]).toEqual(ends);
    });
  }

  it("PLY has one vertex where bricks meet, labels and colours", async () => {
    const bytes = await fileOf("ply", "LPS");
    const text = new TextDecoder("latin1").decode(bytes);
    const start = text.indexOf("end_header\n") + 11;
    const header = text.slice(0, start);
    expect(header).toContain("comment label 3: left lung");
    const [vertices, faces] = [/vertex (\d+)/, /face (\d+)/].map((of) => Number(of.exec(header)![1])) as [
      number,
      number,
    ];
    expect(bytes.byteLength).toBe(start + vertices * 29 + faces * 13);
    const view = new DataView(bytes.buffer);
    const vertexAt = (n: number) => {
      const at = start + n * 29;
      const numbers = [0, 1, 2, 3, 4, 5].map((v) => view.getFloat32(at + v * 4, true));
      return {
        point: numbers.slice(0, 3) as unknown as Vec3,
        normal: numbers.slice(3) as unknown as Vec3,
        color: [24, 25, 26].map((v) => view.getUint8(at + v)),
        label: view.getUint16(at + 27, true),
      };
    };
    const triangles = new Map<number, [Vec3, Vec3, Vec3][]>();
    const edges = new Map<string, number>();
    const places = new Set<string>();
    for (let n = 0; n < vertices; n++) {
      const { point, label, color } = vertexAt(n);
      places.add(`${point.join()},${label}`);
      expect(color).toEqual(label === 3 ? [255, 128, 0] : [0, 0, 255]);
    }
    expect(places.size).toBe(vertices);
    for (let n = 0; n < faces; n++) {
      const at = start + vertices * 29 + n * 13;
      expect(view.getUint8(at)).toBe(3);
      const corners = [1, 5, 9].map((by) => view.getUint32(at + by, true)) as [number, number, number];
      corners.forEach((from, c) => {
        const to = corners[(c + 1) % 3]!;
        const key = `${Math.min(from, to)}-${Math.max(from, to)}`;
        edges.set(key, (edges.get(key) ?? 0) + (from < to ? 1 : -1));
      });
      const [a, b, c] = corners.map(vertexAt) as [
        ReturnType<typeof vertexAt>,
        ReturnType<typeof vertexAt>,
        ReturnType<typeof vertexAt>,
      ];
      const facing = cross(subtract(b.point, a.point), subtract(c.point, a.point));
      expect(dot(facing, a.normal)).toBeGreaterThan(0);
      const own = triangles.get(a.label) ?? [];
      triangles.set(a.label, own);
      own.push([a.point, b.point, c.point]);
    }
    expect([...edges.values()].every((sum) => sum === 0)).toBe(true);
    for (const [label, volume] of Object.entries(VOLUMES))
      expect(volumeOf(triangles.get(Number(label))!)).toBeCloseTo(volume, 1);
  });
});
