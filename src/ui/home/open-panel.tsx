import { For, type JSX } from "solid-js";
import { act } from "../actions.ts";
import { formatBytes } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useUi } from "../ui-state.ts";

/** Ways to open a scan, and the samples. */
export function OpenPanel(): JSX.Element {
  const ui = useUi();
  return (
    <section class="home-open" aria-label="Open a scan">
      <h2>Open a scan</h2>
      <div class="drop-zone">
        <Icon name="import" size={28} />
        <p>
          <strong>Drop files, a folder or a zip</strong> anywhere on this page
        </p>
        <p class="muted">
          DICOM, NIfTI (.nii, .nii.gz), NRRD, MetaImage (.mha, .mhd), TIFF stacks, folders of OME-Zarr and precomputed
        </p>
        <div class="drop-zone-buttons">
          <button type="button" class="button button-primary" onClick={() => act(ui, "study.openFiles")}>
            <Icon name="file" size={15} />
            Open files…
          </button>
          <button type="button" class="button" onClick={() => act(ui, "study.openFolder")}>
            <Icon name="folder" size={15} />
            Open folder…
          </button>
          <button type="button" class="button" onClick={() => act(ui, "study.openAddress")}>
            <Icon name="link" size={15} />
            Open address…
          </button>
        </div>
      </div>
      <h2>Sample scans</h2>
      <ul class="sample-list">
        <For each={ui.port.samples} fallback={<li class="muted">This build ships no samples.</li>}>
          {(sample) => (
            <li>
              <button
                type="button"
                class="sample"
                aria-label={`Open sample: ${sample.title}`}
                onClick={() => void ui.run("study.open", { sample: sample.id })}
              >
                <span class="sample-line">
                  <strong>{sample.title}</strong>
                  <span class="muted numbers">{formatBytes(sample.byteLength)}</span>
                </span>
                <span>{sample.description}</span>
                <span class="muted sample-license">{sample.license}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
