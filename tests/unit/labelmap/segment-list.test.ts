import { invertSegmentEdits, paletteColor, SegmentList } from "#labelmap";
import { expect, it } from "vitest";

const kind = (name: string) => expect.objectContaining({ kind: name });

it("[S1] a new segment takes the next value never given and a colour of its own", () => {
  const segments = new SegmentList();
  segments.apply([segments.planAdd({ name: "liver" })]);
  segments.apply([segments.planAdd()]);
  segments.apply([segments.planDelete(2)]);
  segments.apply([segments.planAdd()]);
  expect(segments.list().map(({ value, name }) => [value, name])).toEqual([
    [1, "liver"],
    [3, "Segment 3"],
  ]);
  expect(new Set(Array.from({ length: 64 }, (_, n) => paletteColor(n))).size).toBe(64);
  for (let n = 0; n < 64; n++) expect(paletteColor(n)).toMatch(/^#[0-9a-f]{6}$/);
});

it("[S2] values go from 1 to 65,535", () => {
  const segments = new SegmentList();
  for (const value of [0, 65536, -3, 1.5]) expect(() => segments.planAdd({ value })).toThrowError(kind("label-range"));
  segments.apply([segments.planAdd({ value: 65535 })]);
  expect(segments.planAdd().value).toBe(1);
  expect(() => segments.planAdd({ value: 65535 })).toThrowError(kind("argument"));
});

it("[S2] 65,535 segments fit and one more is refused", () => {
  const edits = Array.from({ length: 65535 }, (_, n) => new SegmentList().planAdd({ value: n + 1 }));
  const segments = new SegmentList();
  segments.apply(edits);
  expect(segments.size).toBe(65535);
  expect(() => segments.planAdd()).toThrowError(kind("limit"));
  expect(SegmentList.parse(segments.toJson()).size).toBe(65535);
});

it("[S1] [S2] the values of several new segments are known before they are added", () => {
  const segments = new SegmentList();
  segments.apply([segments.planAdd(), segments.planAdd({ value: 3 })]);
  expect(segments.freeValues(3)).toEqual([4, 5, 6]);
  segments.apply([segments.planAdd({ value: 65_534 })]);
  expect(segments.freeValues(4)).toEqual([65_535, 2, 4, 5]);
  expect(segments.freeValues(70_000).length).toBe(65_535 - 3);
});

it("[S3] a change and its inverse cancel out", () => {
  const segments = new SegmentList();
  segments.apply([segments.planAdd({ name: "a", code: { scheme: "SCT", value: "10200004", meaning: "Liver" } })]);
  const before = segments.list();
  const changes = [segments.planChange(1, { name: "b", locked: true, color: "#ABCDEF", code: undefined })!];
  segments.apply(changes);
  expect(segments.get(1)).toEqual({ value: 1, name: "b", color: "#abcdef", locked: true, visible: true });
  expect(segments.lockedValues()).toEqual([1]);
  segments.apply(invertSegmentEdits(changes));
  expect(segments.list()).toEqual(before);
  expect(segments.planChange(1, { name: "a" })).toBeUndefined();
});

it("[S4] a change that does not fit is refused whole", () => {
  const segments = new SegmentList();
  const add = segments.planAdd();
  expect(() => segments.apply([add, add])).toThrowError(kind("integrity"));
  expect(segments.size).toBe(0);
});

it("[S5] a locked segment cannot be deleted", () => {
  const segments = new SegmentList();
  segments.apply([segments.planAdd()]);
  segments.apply([segments.planChange(1, { locked: true })!]);
  expect(() => segments.planDelete(1)).toThrowError(kind("locked"));
  expect(() => segments.planDelete(4)).toThrowError(kind("not-found"));
});

it("[S6] a stored list comes back and a damaged one is refused", () => {
  const segments = new SegmentList();
  segments.apply([segments.planAdd({ name: 'é "x" \u2028' })]);
  const json = segments.toJson();
  expect(SegmentList.parse(json).list()).toEqual(segments.list());
  for (const bad of ["", "{}", json.replace("true", "1"), `${json} `, json.replace("#e6194b", "red")]) {
    expect(() => SegmentList.parse(bad)).toThrowError(kind("integrity"));
  }
});

it("[S2] a colour that is none is refused", () => {
  expect(() => new SegmentList().planAdd({ color: "red" })).toThrowError(kind("argument"));
});
