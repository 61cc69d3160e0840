import type { GpuMemoryReport } from "#session";
import { createResource, createSignal, type JSX, Show } from "solid-js";
import { formatMemory } from "../format.ts";
import { Row, Select } from "../parts/fields.tsx";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

const BUDGETS: readonly number[] = [256, 512, 1024, 2048, 3072, 4096, 8192].map((mebibytes) => mebibytes * 2 ** 20);

/** Who works here, and how much memory the program may take. */
export function SettingsDialog(): JSX.Element {
  const ui = useUi();
  const settings = () => ui.settings();
  const [author, setAuthor] = createSignal(settings().author);
  const [held] = createResource(async () => (await ui.run("gpu.memory", {})) as GpuMemoryReport | undefined);
  const close = (): void => {
    if (author().trim() !== settings().author) void ui.run("settings.set", { author: author().trim() });
    ui.showDialog(undefined);
  };
  const options = (now: number) =>
    [...new Set([...BUDGETS, now])]
      .sort((a, b) => a - b)
      .map((bytes) => ({ value: String(bytes), title: formatMemory(bytes) }));
  return (
    <Modal
      title="Settings"
      size="small"
      onClose={close}
      footer={
        <button type="button" class="button button-primary" onClick={close}>
          Done
        </button>
      }
    >
      <div class="options settings">
        <Row label="Your name" for="author">
          <input
            id="author"
            class="text-field"
            type="text"
            autocomplete="name"
            placeholder="Written into every change"
            value={author()}
            onInput={(event) => setAuthor(event.currentTarget.value)}
          />
        </Row>
        <Row label="Memory" for="pool-bytes">
          <Select
            id="pool-bytes"
            label="Memory budget"
            value={String(settings().poolBytes)}
            options={options(settings().poolBytes)}
            onChange={(bytes) => void ui.run("settings.set", { poolBytes: Number(bytes) })}
          />
        </Row>
        <Row label="GPU memory" for="atlas-bytes">
          <Select
            id="atlas-bytes"
            label="GPU memory budget"
            value={String(settings().atlasBytes)}
            options={options(settings().atlasBytes)}
            onChange={(bytes) => void ui.run("settings.set", { atlasBytes: Number(bytes) })}
          />
        </Row>
        <p class="muted">Larger budgets hold more of a scan at full resolution. They count from the next start.</p>
        <Show when={ui.capabilities()}>
          {(report) => {
            const webgpu = report().webgpu;
            return (
              <dl class="facts">
                <dt>GPU</dt>
                <dd>{webgpu.ok ? webgpu.adapter : webgpu.reason}</dd>
                <Show when={webgpu.ok && held()}>
                  {(memory) => (
                    <>
                      <dt>GPU memory in use</dt>
                      <dd title={largestOf(memory())}>{inUse(memory())}</dd>
                    </>
                  )}
                </Show>
                <dt>Workers</dt>
                <dd>
                  {report().workers}, {report().isolated ? "with shared memory" : "without shared memory"}
                </dd>
                <dt>Storage</dt>
                <dd>{STORAGE[report().storage]}</dd>
              </dl>
            );
          }}
        </Show>
      </div>
    </Modal>
  );
}

/** All that is held, and what bricks of the image take of their budget. */
function inUse({ liveBytes, views }: GpuMemoryReport): string {
  const all = formatMemory(liveBytes);
  if (!views) return all;
  return `${all}; image ${formatMemory(views.imageBytes)} of ${formatMemory(views.imageBudgetBytes)}`;
}

function largestOf({ holdings }: GpuMemoryReport): string {
  return holdings
    .slice(0, 8)
    .map(({ label, count, bytes }) => `${label}${count > 1 ? ` × ${count}` : ""}: ${formatMemory(bytes)}`)
    .join("\n");
}

const STORAGE = {
  opfs: "IndexedDB with pack files",
  blobs: "IndexedDB only",
  memory: "memory: nothing survives closing the tab",
} as const;
