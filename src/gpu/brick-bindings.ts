import lookup from "#shaders/common/brick-lookup.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import { uniformView } from "./struct-views.ts";
import { brickLayout, filters } from "./bind-layouts.ts";
import type { GpuContext } from "./gpu-context.ts";
import { createBuffer, type GpuResource } from "./gpu-resource.ts";
import type { VolumeBricks } from "./volume-bricks.ts";

/** Bind group 1 for one volume: levels, page table, uneven offsets, atlas. Rebuilt by itself when the atlas or the device changes. */
export class BrickBindings implements Disposable {
  readonly bricks: VolumeBricks;
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  #buffers: Buffers | undefined;
  #group: GPUBindGroup | undefined;
  #layout: GPUBindGroupLayout | undefined;
  #atlasVersion = -1;

  constructor(context: GpuContext, bricks: VolumeBricks) {
    this.#context = context;
    this.bricks = bricks;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Override constants that every pass over this volume sets. */
  get constants(): Record<string, number> {
    return {
      UNEVEN: this.bricks.grid.regular ? 0 : 1,
      ATLAS_TEXTURES: this.bricks.atlas.textureCount,
      ATLAS_PAIRS: this.bricks.atlas.format === "rg8unorm" ? 1 : 0,
      ATLAS_MISSING: this.bricks.voxelType === "float32" ? 1 : 0,
    };
  }

  /** Names what `constants`, `filterConstant` and `layout` depend on. */
  get variant(): string {
    const { bricks, filterable } = this;
    const { atlas, grid, voxelType } = bricks;
    return `${grid.regular} ${atlas.textureCount} ${atlas.format} ${voxelType} ${filterable} ${this.#context.filtersExactly}`;
  }

  /** The override that chooses the hardware's filter; `exact` passes take it only where it rounds nothing. */
  filterConstant(exact: boolean): Record<string, number> {
    return { ATLAS_FILTERS: this.filterable && (!exact || this.#context.filtersExactly) ? 1 : 0 };
  }

  get filterable(): boolean {
    return filters(this.#context.device, this.bricks.atlas.format);
  }

  get layout(): GPUBindGroupLayout {
    this.#layout ??= brickLayout(this.#context.device, this.filterable);
    return this.#layout;
  }

  /** Brings the page table on the GPU up to date and gives the group. */
  group(): GPUBindGroup {
    const { device } = this.#context;
    const { bricks } = this;
    const buffers = (this.#buffers ??= this.#create());
    const dirty = bricks.table.takeDirty();
    if (dirty)
      device.queue.writeBuffer(
        buffers.table.handle,
        dirty.from * 4,
        bricks.table.entries,
        dirty.from,
        dirty.to - dirty.from,
      );
    if (!this.#group || this.#atlasVersion !== bricks.atlas.version) {
      this.#atlasVersion = bricks.atlas.version;
      this.#writeUniform(buffers.uniform.handle);
      const filter = this.filterable ? "linear" : "nearest";
      const sampler = device.createSampler({ label: "BrickBindings.sampler", magFilter: filter, minFilter: filter });
      this.#group = device.createBindGroup({
        label: "BrickBindings.group",
        layout: this.layout,
        entries: [
          { binding: 0, resource: { buffer: buffers.uniform.handle } },
          { binding: 1, resource: { buffer: buffers.table.handle } },
          { binding: 2, resource: { buffer: buffers.offsets.handle } },
          { binding: 3, resource: sampler },
          ...bricks.atlas.views().map((view, n) => ({ binding: 4 + n, resource: view })),
        ],
      });
    }
    return this.#group;
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  #create(): Buffers {
    const { table, grid } = this.bricks;
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const view = uniformView(lookup, "brickVolume");
    const made = {
      uniform: createBuffer(
        this.#context,
        "BrickBindings.uniform",
        view.arrayBuffer.byteLength,
        GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      ),
      table: createBuffer(this.#context, "BrickBindings.table", table.entries.byteLength, storage),
      offsets: createBuffer(this.#context, "BrickBindings.offsets", (grid.sliceOffsetsMm?.length ?? 1) * 4, storage),
    };
    const { queue } = this.#context.device;
    queue.writeBuffer(made.table.handle, 0, table.entries);
    queue.writeBuffer(made.offsets.handle, 0, new Float32Array(grid.sliceOffsetsMm ?? [0]));
    return made;
  }

  #writeUniform(buffer: GPUBuffer): void {
    const { bricks } = this;
    const view = uniformView(lookup, "brickVolume");
    view.set({
      levels: bricks.levels.map(({ dims, bricks: count, factor }, level) => ({
        dims,
        pageOffset: bricks.table.offsets[level]!,
        bricks: count,
        scale: factor.map((n) => 1 / n),
      })),
      atlasTexel: bricks.atlas.sizes().map((size) => [1 / size[0], 1 / size[1], 1 / size[2], 0]),
      atlasSlots: bricks.cells.layout(),
      valueScale: bricks.format.scale,
      valueOffset: bricks.format.offset,
      levelCount: bricks.levels.length,
      sliceCount: bricks.grid.sliceOffsetsMm?.length ?? 0,
    });
    this.#context.device.queue.writeBuffer(buffer, 0, view.arrayBuffer);
  }

  #release(): void {
    for (const buffer of Object.values<GpuResource<GPUBuffer>>(this.#buffers ?? {})) buffer.dispose();
    this.#buffers = undefined;
    this.#group = undefined;
    this.#layout = undefined;
  }
}

type Buffers = Readonly<Record<"uniform" | "table" | "offsets", GpuResource<GPUBuffer>>>;
