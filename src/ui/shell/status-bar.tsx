import { type JSX, Show } from "solid-js";
import { formatBytes } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { JobLines } from "../parts/job-lines.tsx";
import { useUi } from "../ui-state.ts";

/** What the program is doing and what it runs on: jobs, fallbacks, workers, storage, version. */
export function StatusBar(): JSX.Element {
  const ui = useUi();
  return (
    <footer class="status-bar" aria-label="Status">
      <div class="status-jobs" role="status" aria-label="Running jobs">
        <JobLines fallback={<span class="muted">Ready</span>} />
      </div>
      <div class="status-facts">
        <Fallbacks />
        <Machine />
        <StorageUse />
        <span class="muted">Voxelwright {ui.port.version}</span>
      </div>
    </footer>
  );
}

function Fallbacks(): JSX.Element {
  const ui = useUi();
  const all = (): readonly string[] => ui.capabilities()?.fallbacks ?? [];
  return (
    <Show when={all().length > 0}>
      <button
        type="button"
        class="status-warning"
        title={all().join("\n")}
        onClick={() => {
          for (const text of all()) ui.post({ tone: "warning", text });
        }}
      >
        <Icon name="warning" size={13} />
        <span class="status-text">{all().length === 1 ? all()[0] : `${all().length} fallbacks in use`}</span>
      </button>
    </Show>
  );
}

function Machine(): JSX.Element {
  const ui = useUi();
  const gpu = (): string => {
    const webgpu = ui.capabilities()?.webgpu;
    return webgpu?.ok ? webgpu.adapter : "No WebGPU";
  };
  return (
    <Show when={ui.capabilities()}>
      {(report) => (
        <span class="muted status-machine" title={`${gpu()}, ${report().isolated ? "shared" : "transferred"} memory`}>
          {gpu()} · {report().workers} {report().workers === 1 ? "worker" : "workers"}
        </span>
      )}
    </Show>
  );
}

function StorageUse(): JSX.Element {
  const ui = useUi();
  return (
    <Show when={ui.storage()}>
      {(storage) => (
        <span class="status-storage" classList={{ "status-warning": storage().usedBytes > storage().quotaBytes * 0.9 }}>
          <Icon name="storage" size={13} />
          <span>
            {formatBytes(storage().usedBytes)} used,{" "}
            {formatBytes(Math.max(storage().quotaBytes - storage().usedBytes, 0))} left
          </span>
          <Show
            when={storage().persisted}
            fallback={
              <button
                type="button"
                class="mini-button"
                title="The browser may clear studies when the disk runs full. Ask it to keep them."
                onClick={() => void ui.run("storage.persist", {})}
              >
                Keep
              </button>
            }
          >
            <span class="muted" title="The browser promised not to clear studies by itself.">
              · kept
            </span>
          </Show>
        </span>
      )}
    </Show>
  );
}
