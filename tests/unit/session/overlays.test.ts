import { describe, expect, it } from "vitest";
import type { OverlayLook } from "#views";
import { startProgram } from "./program.ts";

interface Told {
  readonly overlay: string;
  readonly name: string;
  readonly look: OverlayLook;
}

/** A MetaImage whose voxels hold their own number, times `frames`. */
function scan(
  name: string,
  dims: readonly number[],
  origin: readonly number[],
  spacing: readonly number[],
  frames = 1,
) {
  const four = frames > 1;
  const header = [
    "ObjectType = Image",
    `NDims = ${four ? 4 : 3}`,
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    `Offset = ${[...origin, ...(four ? [0] : [])].join(" ")}`,
    `ElementSpacing = ${[...spacing, ...(four ? [1] : [])].join(" ")}`,
    `DimSize = ${[...dims, ...(four ? [frames] : [])].join(" ")}`,
    "ElementType = MET_SHORT",
    "ElementDataFile = LOCAL\n",
  ].join("\n");
  const count = dims.reduce((product, n) => product * n, frames);
  return { name: `${name}.mha`, blob: new Blob([header, Int16Array.from({ length: count }, (_, n) => n % 1000)]) };
}

const below = () => scan("below", [20, 20, 10], [0, 0, 0], [1, 1, 1]);
const coarse = (name = "coarse") => scan(name, [5, 5, 5], [2, 2, 2], [3, 3, 3]);

async function open() {
  const { session, store } = await startProgram();
  const run = <Result = unknown>(id: string, args: object = {}): Promise<Result> =>
    session.commands.run(id, args) as Promise<Result>;
  return { session, store, run };
}

describe("volumes over the open one", () => {
  it("are added from files, joined to the list, changed, and there again when the study is opened anew", async () => {
    const { run, session } = await open();
    const { volumeId } = await run<{ volumeId: string }>("study.open", { files: [below()] });
    const added = await run<Told>("overlay.add", { files: [coarse()] });
    expect(added.look).toMatchObject({ lut: "hot-metal", opacity: 0.5, visible: true, hideLow: true });
    expect(session.studies.value.map((study) => study.volumeId)).toContain(added.overlay);
    expect(session.requireStudy().record.volumeId).toBe(volumeId);
    const look = { opacity: 0.8, lut: "pet", window: { center: 30, width: 40 }, interpolation: "nearest" };
    // Many changes at once, as a slider makes them: the last is what is kept.
    const changes = Array.from({ length: 20 }, (_, n) =>
      run("overlay.set", { overlay: added.overlay, opacity: n / 20 }),
    );
    await Promise.all([...changes, run("overlay.set", { overlay: added.overlay, ...look })]);
    const [overlay] = session.requireStudy().overlays.list.value;
    expect(await overlay!.valueAt([1, 2, 3])).toBe(3 * 25 + 2 * 5 + 1);
    expect(await overlay!.valueAt([5, 0, 0])).toBeUndefined();
    await run("study.close");
    await run("study.reopen", { volumeId });
    const [restored] = await run<Told[]>("overlay.list");
    expect(restored).toMatchObject({ overlay: added.overlay, look });
    await run("overlay.set", { overlay: added.overlay, preset: "auto" });
    const [automatic] = await run<Told[]>("overlay.list");
    expect(automatic!.look.window).toEqual(added.look.window);
  });

  it("are two at most, overlap the volume, and are never the volume itself", async () => {
    const { run, session } = await open();
    const { volumeId } = await run<{ volumeId: string }>("study.open", { files: [below()] });
    await expect(run("overlay.add", { volumeId })).rejects.toThrow("It is the open volume itself");
    const studies = session.studies.value.length;
    const far = scan("far", [5, 5, 5], [20, 0, 0], [1, 1, 1]);
    await expect(run("overlay.add", { files: [far] })).rejects.toThrow("It does not overlap the open volume");
    // What is refused was not imported.
    expect(session.studies.value.length).toBe(studies);
    const first = await run<Told>("overlay.add", { files: [coarse("one")] });
    await expect(run("overlay.add", { volumeId: first.overlay })).rejects.toThrow("shown over this volume already");
    const second = await run<Told>("overlay.add", { files: [coarse("two")] });
    expect(second.look.lut).toBe("viridis");
    await expect(run("overlay.add", { files: [coarse("three")] })).rejects.toThrow("Two volumes are shown");
    await run("overlay.remove", { overlay: first.overlay });
    await run("overlay.add", { files: [coarse("three")] });
    expect((await run<Told[]>("overlay.list")).map(({ name }) => name)).toEqual(["two", "three"]);
    await run("overlay.remove");
    expect(await run("overlay.list")).toEqual([]);
    await expect(run("overlay.remove", { overlay: "none" })).rejects.toThrow("not shown over the open one");
    await expect(run("overlay.add", { volumeId: "none" })).rejects.toThrow("not in the local cache");
  });

  it("choose their time frame, and refuse what they do not have", async () => {
    const { run, session } = await open();
    await run("study.open", { files: [below()] });
    const { overlay } = await run<Told>("overlay.add", { files: [scan("time", [5, 5, 5], [2, 2, 2], [3, 3, 3], 4)] });
    const [shown] = session.requireStudy().overlays.list.value;
    await run("overlay.set", { overlay, frame: 2 });
    expect(await shown!.valueAt([1, 0, 0])).toBe(2 * 125 + 1);
    await expect(run("overlay.set", { overlay, frame: 4 })).rejects.toThrow("There is no frame 4: the last is 3");
    expect(await run("overlay.set", { overlay, lut: "labels" })).toMatchObject({
      look: { interpolation: "nearest", hideLow: true, window: { center: 127.5, width: 255 } },
    });
    await expect(run("overlay.set", { overlay, opacity: 1.5 })).rejects.toThrow("opacity");
    await expect(run("overlay.set", { overlay, preset: "x" })).rejects.toThrow("There is no preset x");
  });

  it("share the memory of the open study, and give it back", async () => {
    const { run, session } = await open();
    await run("study.open", { files: [below()] });
    const budgets: number[] = [];
    const { bricks } = session.requireStudy().image;
    const set = bricks.setBudgetBytes.bind(bricks);
    bricks.setBudgetBytes = (bytes) => {
      budgets.push(bytes / 2 ** 28);
      set(bytes);
    };
    await run("overlay.add", { files: [coarse("one")] });
    await run("overlay.add", { files: [coarse("two")] });
    await run("overlay.remove");
    expect(budgets).toEqual([0.75, 0.5, 0.75, 1]);
  });

  it("go when their study is deleted, and a study forgets its own when it is", async () => {
    const { run, session, store } = await open();
    const { volumeId } = await run<{ volumeId: string }>("study.open", { files: [below()] });
    const one = await run<Told>("overlay.add", { files: [coarse("one")] });
    const two = await run<Told>("overlay.add", { files: [coarse("two")] });
    await run("study.remove", { volumeId: one.overlay });
    expect((await run<Told[]>("overlay.list")).map(({ name }) => name)).toEqual(["two"]);
    // Deleted where the study over which it lay was not open: said once.
    await run("study.close");
    await run("study.remove", { volumeId: two.overlay });
    await run("study.reopen", { volumeId });
    expect(await run("overlay.list")).toEqual([]);
    const texts = (): string[] => session.messages.list.value.map(({ text }) => text);
    expect(texts()).toEqual(["A volume that was shown over this study is no longer in the list of studies."]);
    session.messages.dismiss(session.messages.list.value[0]!.id);
    await run("study.close");
    await run("study.reopen", { volumeId });
    expect(texts()).toEqual([]);
    await run("overlay.add", { files: [coarse("three")] });
    await run("study.remove", { volumeId });
    expect(await store.setting(`overlays/${volumeId}`)).toBeUndefined();
  });
});
