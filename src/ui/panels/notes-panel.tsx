import { createMemo, For, Index, type JSX, Show } from "solid-js";
import { finestMm, ImageGrid } from "#volume";
import { formatCount, formatDims, formatSpacing, formatValue } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import { useUi } from "../ui-state.ts";

const SPACING = "Spacing";

/** Everything odd about the scan, its geometry and its metadata. */
export function NotesPanel(): JSX.Element {
  const ui = useUi();
  const description = () => ui.study()?.description;
  const notes = (): readonly string[] => [...(description()?.notes ?? []), ...(ui.study()?.notes ?? [])];
  /** The file leaves a size open; like the facts it stays known while a study is opened anew. */
  const spacingIsOpen = createMemo((before: boolean): boolean => {
    const d = description();
    return d ? (d.missingSpacing ?? d.givenSpacing) !== undefined : before;
  }, false);
  /** They stay while a study is opened anew for another size of voxels, so that the button that asked for it keeps the focus. */
  const facts = createMemo((before: readonly [string, string][]): readonly [string, string][] => {
    const d = description();
    if (!d) return before;
    const open = d.givenSpacing ? givenText(d.givenSpacing.axes) : assumedText(d.missingSpacing?.axes ?? []);
    const grid = new ImageGrid(d.grid);
    const range = ui.study()?.valueRange;
    const unit = d.unit ? ` ${d.unit}` : "";
    return [
      ["Format", d.format],
      ["Dims", `${formatDims(d.grid.dims)} (${formatCount(grid.voxelCount)} voxels)`],
      [SPACING, `${formatSpacing(grid)}${open}`],
      ["Origin (LPS)", `${grid.originMm.map((mm) => mm.toFixed(digitsOf(grid))).join(", ")} mm`],
      ["Direction", matrixText(grid.direction)],
      [
        "Slices",
        grid.regular ? (grid.sheared ? "evenly spaced, sheared (gantry tilt)" : "evenly spaced") : "unevenly spaced",
      ],
      ["Voxels", d.sourceType && d.sourceType !== d.voxelType ? `${d.voxelType}, from ${d.sourceType}` : d.voxelType],
      ...(range
        ? [["Values", `${formatValue(range.min)} to ${formatValue(range.max)}${unit}`] as [string, string]]
        : []),
      ["Rescale", rescaleText(d.rescale)],
      ...(d.frames > 1 ? [["Frames", String(d.frames)] as [string, string]] : []),
      ...Object.entries(d.metadata),
    ];
  }, []);
  return (
    <Panel
      name="notes"
      title="Notes and facts"
      class="panel-notes"
      aside={
        <Show when={notes().length > 0}>
          <span class="warning-text">{notes().length}</span>
        </Show>
      }
    >
      <div class="options">
        <ul class="notes" aria-label="Notes">
          <For each={notes()} fallback={<li class="note-none muted">Nothing about this scan was odd.</li>}>
            {(note) => <li>{note}</li>}
          </For>
        </ul>
        <dl class="facts">
          <Index each={facts()}>
            {(fact) => (
              <>
                <dt>{fact()[0]}</dt>
                <dd class="numbers">
                  {fact()[1]}
                  <Show when={fact()[0] === SPACING && spacingIsOpen()}>
                    <button
                      type="button"
                      class="button button-small fact-change"
                      title="Change the voxel size, which the file does not give"
                      onClick={() => void ui.run("study.setSpacing", {})}
                    >
                      Change…
                    </button>
                  </Show>
                </dd>
              </>
            )}
          </Index>
        </dl>
      </div>
    </Panel>
  );
}

/** Digits of a place that tell voxels apart, two at least. */
function digitsOf(grid: ImageGrid): number {
  return Math.max(2, Math.ceil(-Math.log10(finestMm(grid))));
}

function rescaleText({ slope, intercept }: { readonly slope: number; readonly intercept: number }): string {
  if (slope === 1 && intercept === 0) return "none, values are shown as stored";
  return `${formatValue(slope)} · stored ${intercept < 0 ? "−" : "+"} ${formatValue(Math.abs(intercept))}`;
}

function assumedText(axes: readonly string[]): string {
  if (axes.length === 0) return "";
  return axes.length === 3 ? " (assumed)" : ` (assumed along ${axes.join(" and ")})`;
}

function givenText(axes: readonly string[]): string {
  return axes.length === 3 ? " (given by hand)" : ` (given by hand along ${axes.join(" and ")})`;
}

function matrixText(m: readonly number[]): string {
  const row = (n: number): string =>
    [m[n]!, m[n + 1]!, m[n + 2]!].map((x) => (Math.abs(x) < 5e-4 ? 0 : x).toFixed(3)).join("  ");
  return `${row(0)}\n${row(3)}\n${row(6)}`;
}
