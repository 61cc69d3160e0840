import { describe, expect, it } from "vitest";
import { type GpuContext, preparePlanes, SlicePass } from "#gpu";
import { PipelineCache } from "../../src/gpu/pipeline-cache.ts";
import { pictureTexture, readPixels, testContext } from "./context.ts";
import { PLAIN_LOOK, sliceScene } from "./slice-scene.ts";
import { memoryVolume } from "./volumes.ts";

/** Pipelines that are names, made later when `finish` is called. */
async function names() {
  const { context } = await testContext();
  const made: string[] = [];
  const coming: { readonly name: string; readonly done: (pipeline: string) => void; readonly fail: () => void }[] = [];
  const cache = new PipelineCache<string, string>(context, {
    label: "names",
    now: (_, name) => {
      made.push(`${name} at once`);
      return `${name} at once`;
    },
    later: (_, name) =>
      new Promise((done, reject) => {
        made.push(`${name} later`);
        coming.push({ name, done, fail: () => reject(new Error(name)) });
      }),
  });
  return { context, cache, made, coming };
}

/** A plane through a volume of two bricks, and what draws it. */
async function loadedPlane(context: GpuContext) {
  const volume = memoryVolume({
    dims: [80, 40, 20],
    voxelType: "int16",
    indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    voxelAt: (i, j) => i * 10 + j,
  });
  const scene = sliceScene(context, volume);
  const plane = {
    origin: [0, 0, 10],
    right: [1, 0, 0],
    down: [0, 1, 0],
    mmPerPixel: 1,
    width: 80,
    height: 40,
  } as const;
  await scene.load(plane, 0);
  const look = { gain: 1 / 900, bias: 0 };
  const drawn = {
    plane,
    level: 0,
    needed: [0, 1].map((bi) => ({ brick: [bi, 0, 0] as const, distance: 0 })),
    bricks: scene.bindings,
    labels: scene.labelBindings,
    look: { ...PLAIN_LOOK, ...look },
  };
  return { scene, plane, look, drawn };
}

describe("compiling", () => {
  it("is begun once, however often it is asked for, and found from then on", async () => {
    const { context, cache, made, coming } = await names();
    const first = cache.find("a", () => "a");
    expect(first).toBeInstanceOf(Promise);
    expect(cache.find("a", () => "a")).toBe(first);
    coming[0]!.done("a later");
    await first;
    expect(cache.find("a", () => "a")).toBe("a later");
    expect(cache.get("a", () => "a")).toBe("a later");
    expect(made).toEqual(["a later"]);
    context.dispose();
  });

  it("does not take the place of what was made at once meanwhile", async () => {
    const { context, cache, coming } = await names();
    const begun = cache.find("a", () => "a");
    expect(cache.get("a", () => "a")).toBe("a at once");
    coming[0]!.done("a later");
    await begun;
    expect(cache.find("a", () => "a")).toBe("a at once");
    context.dispose();
  });

  it("that fails is made at once, so that its fault is told as any other", async () => {
    const { context, cache, made, coming } = await names();
    const begun = cache.find("a", () => "a");
    coming[0]!.fail();
    await begun;
    expect(cache.find("a", () => "a")).toBe("a at once");
    expect(made).toEqual(["a later", "a at once"]);
    context.dispose();
  });

  it("of a plane asks for no target before it can be drawn, and is done for every pass of the device", async () => {
    const { context, faults } = await testContext();
    const { scene, plane, look, drawn } = await loadedPlane(context);
    const texture = pictureTexture(context, 80, 40);
    let asked = 0;
    const view = (): GPUTextureView => {
      asked++;
      return texture.createView();
    };
    const first = new SlicePass(context);
    const compiling = first.drawCompiled({ format: "rgba8unorm", view }, drawn);
    expect(compiling).toBeInstanceOf(Promise);
    await compiling;
    expect(asked).toBe(0);
    expect(first.drawCompiled({ format: "rgba8unorm", view }, drawn)).toBeUndefined();
    const second = new SlicePass(context);
    expect(second.drawCompiled({ format: "rgba8unorm", view }, drawn)).toBeUndefined();
    expect(asked).toBe(2);
    expect(await readPixels(context, texture)).toEqual(await scene.draw(plane, 0, look));
    texture.destroy();
    for (const pass of [first, second]) pass.dispose();
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    expect(faults).toEqual([]);
    context.dispose();
  });

  it("begun before there is a volume leaves nothing to be compiled for its planes, and holds no memory", async () => {
    const { context, faults } = await testContext();
    await preparePlanes(context, "rgba8unorm");
    expect(context.memory.liveBytes).toBe(0);
    const { scene, drawn } = await loadedPlane(context);
    const texture = pictureTexture(context, 80, 40);
    const target = { format: "rgba8unorm", view: () => texture.createView() } as const;
    const pass = new SlicePass(context);
    expect(pass.drawCompiled(target, drawn)).toBeUndefined();
    texture.destroy();
    pass.dispose();
    scene.dispose();
    expect(faults).toEqual([]);
    context.dispose();
  });
});
