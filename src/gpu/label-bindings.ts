import { type Disposable, DisposableStack } from "#base";
import { labelLayout } from "./bind-layouts.ts";
import type { GpuContext } from "./gpu-context.ts";
import { createBuffer, type GpuResource } from "./gpu-resource.ts";
import type { LabelBricks } from "./label-bricks.ts";
import type { LabelColors } from "./label-colors.ts";
import type { PageTable } from "./page-table.ts";

/** Bind group 2: label and proposal page tables, colours, label atlas. */
export class LabelBindings implements Disposable {
  readonly labels: LabelBricks;
  readonly proposals: LabelBricks;
  readonly colors: LabelColors;
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  #buffers: Buffers | undefined;
  #group: GPUBindGroup | undefined;
  #layout: GPUBindGroupLayout | undefined;
  #atlasVersion = -1;

  /** `labels` and `proposals` share one atlas. */
  constructor(context: GpuContext, labels: LabelBricks, proposals: LabelBricks, colors: LabelColors) {
    this.#context = context;
    this.labels = labels;
    this.proposals = proposals;
    this.colors = colors;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  get constants(): Record<string, number> {
    return { LABEL_TEXTURES: this.labels.atlas.textureCount };
  }

  /** Names what `constants` depend on. */
  get variant(): string {
    return `${this.labels.atlas.textureCount}`;
  }

  get layout(): GPUBindGroupLayout {
    this.#layout ??= labelLayout(this.#context.device);
    return this.#layout;
  }

  /** Brings tables and colours on the GPU up to date and gives the group. */
  group(): GPUBindGroup {
    const { device } = this.#context;
    const buffers = (this.#buffers ??= this.#create());
    this.#upload(buffers.labels.handle, this.labels.table);
    this.#upload(buffers.proposals.handle, this.proposals.table);
    const dirty = this.colors.takeDirty();
    if (dirty)
      device.queue.writeBuffer(
        buffers.colors.handle,
        dirty.from * 4,
        this.colors.words,
        dirty.from,
        dirty.to - dirty.from,
      );
    const { atlas } = this.labels;
    if (!this.#group || this.#atlasVersion !== atlas.version) {
      this.#atlasVersion = atlas.version;
      this.#group = device.createBindGroup({
        label: "LabelBindings.group",
        layout: this.layout,
        entries: [
          { binding: 0, resource: { buffer: buffers.labels.handle } },
          { binding: 1, resource: { buffer: buffers.proposals.handle } },
          { binding: 2, resource: { buffer: buffers.colors.handle } },
          ...atlas.views().map((view, n) => ({ binding: 3 + n, resource: view })),
        ],
      });
    }
    return this.#group;
  }

  /** The colours on the GPU, up to date. */
  colorBuffer(): GPUBuffer {
    this.group();
    return this.#buffers!.colors.handle;
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  #upload(buffer: GPUBuffer, table: PageTable): void {
    const dirty = table.takeDirty();
    if (dirty)
      this.#context.device.queue.writeBuffer(buffer, dirty.from * 4, table.entries, dirty.from, dirty.to - dirty.from);
  }

  #create(): Buffers {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const made = {
      labels: createBuffer(this.#context, "LabelBindings.labels", this.labels.table.entries.byteLength, usage),
      proposals: createBuffer(this.#context, "LabelBindings.proposals", this.proposals.table.entries.byteLength, usage),
      colors: createBuffer(this.#context, "LabelBindings.colors", this.colors.words.byteLength, usage),
    };
    this.colors.touch();
    const { queue } = this.#context.device;
    queue.writeBuffer(made.labels.handle, 0, this.labels.table.entries);
    queue.writeBuffer(made.proposals.handle, 0, this.proposals.table.entries);
    return made;
  }

  #release(): void {
    for (const buffer of Object.values<GpuResource<GPUBuffer>>(this.#buffers ?? {})) buffer.dispose();
    this.#buffers = undefined;
    this.#group = undefined;
    this.#layout = undefined;
  }
}

type Buffers = Readonly<Record<"labels" | "proposals" | "colors", GpuResource<GPUBuffer>>>;
