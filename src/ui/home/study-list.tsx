import { For, type JSX, Show } from "solid-js";
import { countOf, formatBytes } from "../format.ts";
import { useUi } from "../ui-state.ts";
import { StudyRow } from "./study-row.tsx";

/** Studies in this browser's cache, and the space they take. */
export function StudyList(): JSX.Element {
  const ui = useUi();
  const total = (): number => ui.studies().reduce((sum, study) => sum + study.bytes, 0);
  return (
    <section class="home-studies" aria-label="Your studies">
      <div class="home-studies-head">
        <h2>Your studies</h2>
        <Show when={ui.studies().length > 0}>
          <span class="muted">
            {countOf(ui.studies().length, "study", "studies")}, {formatBytes(total())} in this browser
          </span>
        </Show>
      </div>
      <Show
        when={ui.studies().length > 0}
        fallback={
          <div class="empty">
            <p>
              <strong>Nothing here yet.</strong>
            </p>
            <p class="muted">
              Open a scan or a sample at the left. It is kept in this browser with its labels and its whole history, and
              opens again without the files and without a network.
            </p>
          </div>
        }
      >
        <ul class="study-list">
          <For each={ui.studies()}>{(study) => <StudyRow study={study} />}</For>
        </ul>
      </Show>
      <StorageLine />
    </section>
  );
}

function StorageLine(): JSX.Element {
  const ui = useUi();
  return (
    <Show when={ui.storage()}>
      {(storage) => {
        const share = (): number => storage().usedBytes / Math.max(storage().quotaBytes, 1);
        return (
          <div class="storage-line">
            <div
              class="meter"
              role="meter"
              aria-label="Storage used"
              aria-valuenow={Math.round(share() * 100)}
              aria-valuemin={0}
              aria-valuemax={100}
            >
              <div
                class="meter-fill"
                classList={{ "meter-full": share() > 0.9 }}
                style={{ width: `${Math.min(share(), 1) * 100}%` }}
              />
            </div>
            <span class="muted">
              {formatBytes(storage().usedBytes)} of {formatBytes(storage().quotaBytes)} used.{" "}
              {storage().persisted ? "Kept until you delete it." : "The browser may clear it on a full disk."}
            </span>
            <Show when={!storage().persisted}>
              <button type="button" class="button button-small" onClick={() => void ui.run("storage.persist", {})}>
                Keep studies
              </button>
            </Show>
          </div>
        );
      }}
    </Show>
  );
}
