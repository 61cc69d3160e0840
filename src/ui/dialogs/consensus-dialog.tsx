import type { SourceFile } from "#sources";
import { createSignal, For, type JSX, Show } from "solid-js";
import { countOf, formatCount } from "../format.ts";
import { FileButton } from "../parts/file-button.tsx";
import { JobLines } from "../parts/job-lines.tsx";
import { MeasureTable } from "../parts/measure-table.tsx";
import { Modal } from "../parts/modal.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ConsensusMethod, ConsensusResult } from "../ui-commands.ts";
import { useUi } from "../ui-state.ts";

const METHODS: readonly { readonly value: ConsensusMethod; readonly title: string; readonly hint: string }[] = [
  {
    value: "staple",
    title: "STAPLE",
    hint: "Weighs the files by how well each agrees with what all say, over all labels together (Rohlfing 2004)",
  },
  { value: "staple-binary", title: "STAPLE, each label", hint: "Each label against all others (Warfield 2004)" },
  { value: "majority", title: "Majority", hint: "The label that most files have; a tie stays background" },
];

const share = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(4));

/** Makes one label map of several raters' files. */
export function ConsensusDialog(): JSX.Element {
  const ui = useUi();
  const [files, setFiles] = createSignal<readonly SourceFile[]>([]);
  const [method, setMethod] = createSignal<ConsensusMethod>("staple");
  const [found, setFound] = createSignal<ConsensusResult>();
  const [busy, setBusy] = createSignal(false);
  const close = (): void => ui.showDialog(undefined);
  const compute = async (): Promise<void> => {
    setBusy(true);
    setFound((await ui.run("label.consensus", { files: files(), method: method() })) as ConsensusResult | undefined);
    setBusy(false);
  };
  const rows = () =>
    (found()?.raters ?? []).flatMap(({ file, labels }) =>
      labels.map(({ label, ...performance }) => ({
        segment: label,
        name: `${ui.segments().find(({ value }) => value === label)?.name ?? `Label ${label}`} · ${file}`,
        ...performance,
      })),
    );
  return (
    <Modal
      title="Consensus of labelmaps"
      description="One label map from the files of several raters, laid over the labels here as one step that can be undone."
      size="medium"
      onClose={close}
      footer={
        <Show
          when={found()}
          fallback={
            <>
              <button type="button" class="button" onClick={close}>
                Cancel
              </button>
              <button
                type="button"
                class="button button-primary"
                disabled={files().length < 2 || busy()}
                onClick={() => void compute()}
              >
                Find the consensus
              </button>
            </>
          }
        >
          <button type="button" class="button button-primary" onClick={close}>
            Done
          </button>
        </Show>
      }
    >
      <Show
        when={found()}
        fallback={
          <>
            <div class="dialog-row">
              <FileButton
                text="Choose files…"
                disabled={busy()}
                onFiles={(chosen) => setFiles((before) => [...before, ...chosen])}
              />
              <span class="muted">
                {files().length < 2 ? "Two or more, on the grid of this scan" : countOf(files().length, "file")}
              </span>
            </div>
            <ul class="consensus-files">
              <For each={files()}>
                {(file) => (
                  <li>
                    <span class="file-name">{file.name}</span>
                    <button
                      type="button"
                      class="mini-button"
                      aria-label={`Leave out ${file.name}`}
                      disabled={busy()}
                      onClick={() => setFiles((all) => all.filter((other) => other !== file))}
                    >
                      Leave out
                    </button>
                  </li>
                )}
              </For>
            </ul>
            <Segmented label="Method" value={method()} options={METHODS} onChange={setMethod} />
            <p class="muted">{METHODS.find(({ value }) => value === method())!.hint}.</p>
            <Show when={busy()}>
              <JobLines />
            </Show>
          </>
        }
      >
        {(result) => (
          <>
            <p>
              {formatCount(result().voxels)} voxels decided, {formatCount(result().undecided)} undecided and left as
              background
              {result().iterations > 0 ? `, after ${countOf(result().iterations, "iteration")}` : ""}.
            </p>
            <MeasureTable
              head="Label and rater"
              columns={[
                {
                  title: "Sensitivity",
                  hint: "Probability that the rater has the label where it is right",
                  of: (row) => share(row.sensitivity),
                },
                {
                  title: "Specificity",
                  hint: "Probability that the rater does not have the label where it is wrong",
                  of: (row) => share(row.specificity),
                },
              ]}
              rows={rows()}
            />
            <For each={result().notes}>{(note) => <p class="muted">{note}</p>}</For>
          </>
        )}
      </Show>
    </Modal>
  );
}
