import { agreementCsv, collectBytes, type ShownAgreement } from "#export";
import type { SourceFile } from "#sources";
import { createSignal, For, type JSX, Show } from "solid-js";
import { safeFileName } from "../format.ts";
import { NumberField } from "../parts/fields.tsx";
import { FileButton } from "../parts/file-button.tsx";
import { JobLines } from "../parts/job-lines.tsx";
import { MeasureTable } from "../parts/measure-table.tsx";
import { Modal } from "../parts/modal.tsx";
import { saveFile } from "../save-file.ts";
import type { CompareResult } from "../ui-commands.ts";
import { useUi } from "../ui-state.ts";
import { agreementColumns } from "./agreement-columns.ts";

/** How far the labels agree with those of a file that is held to be right. */
export function CompareDialog(): JSX.Element {
  const ui = useUi();
  const [files, setFiles] = createSignal<readonly SourceFile[]>([]);
  const [toleranceMm, setToleranceMm] = createSignal(1);
  const [found, setFound] = createSignal<CompareResult>();
  const [busy, setBusy] = createSignal(false);

  const compare = async (): Promise<void> => {
    setBusy(true);
    const result = await ui.run("label.compare", { files: files(), toleranceMm: toleranceMm() });
    setFound(result as CompareResult | undefined);
    setBusy(false);
  };
  const save = async (rows: readonly ShownAgreement[], file: string): Promise<void> => {
    const bytes = await collectBytes(agreementCsv(rows));
    saveFile(`${safeFileName(`${ui.study()?.description.name ?? "study"} and ${file}`)}.csv`, bytes, "text/csv");
  };
  const columns = () => agreementColumns(toleranceMm());
  const foot = () => {
    const overall = found()?.overall;
    return overall ? { name: "All", cells: columns().map((column) => column.overall(overall)) } : undefined;
  };

  return (
    <Modal
      title="Compare with a labelmap"
      description="The labels here (B) against those of a file (A) that is held to be right, segment by segment."
      size="wide"
      onClose={() => ui.showDialog(undefined)}
      footer={
        <button
          type="button"
          class="button"
          disabled={!found()?.rows.length}
          onClick={() => void save(found()!.rows, found()!.file)}
        >
          Save as CSV
        </button>
      }
    >
      <div class="dialog-row">
        <FileButton
          text="Choose a labelmap…"
          disabled={busy()}
          onFiles={(chosen) => {
            setFiles(chosen);
            void compare();
          }}
        />
        <span class="file-name" title={found()?.file}>
          {found()?.file ?? ""}
        </span>
        <span>Surfaces agree within</span>
        <NumberField
          label="Tolerance"
          value={toleranceMm()}
          min={0}
          max={1000}
          unit="mm"
          disabled={busy()}
          onChange={(value) => {
            setToleranceMm(value);
            if (files().length > 0) void compare();
          }}
        />
      </div>
      <Show when={busy()}>
        <JobLines />
      </Show>
      <Show
        when={found()}
        fallback={
          <Show when={!busy()}>
            <p class="dialog-empty">
              Choose a NIfTI, NRRD, MetaImage or DICOM SEG file on the grid of this scan. Segments are matched by their
              number.
            </p>
          </Show>
        }
      >
        {(result) => (
          <>
            <Show when={result().rows.length > 0} fallback={<p class="dialog-empty">Neither has a labelled voxel.</p>}>
              <MeasureTable columns={columns()} rows={result().rows} foot={foot()} />
            </Show>
            <For each={result().notes}>{(note) => <p class="muted">{note}</p>}</For>
            <Show when={ui.preview()}>
              <p class="muted">What the preview shows is not compared until it is accepted.</p>
            </Show>
          </>
        )}
      </Show>
    </Modal>
  );
}
