import { createSignal, For, type JSX, Show } from "solid-js";
import { countOf } from "../format.ts";
import { Modal } from "../parts/modal.tsx";
import type { SpacingQuestion } from "../ui-port.ts";
import { faultOf, readMm, writeMm } from "./spacing-text.ts";

type Texts = readonly [string, string, string];

const AXES = [0, 1, 2] as const;

/** Files do not say how large their voxels are: asks for what they lack. */
export function SpacingDialog(props: { readonly question: SpacingQuestion }): JSX.Element {
  const { name, dims, spacingMm, missing, lastMm } = props.question;
  const asked = AXES.filter((axis) => missing.includes("ijk"[axis] as "i"));
  const [texts, setTexts] = createSignal<Texts>(
    AXES.map((axis) => (asked.includes(axis) ? "" : writeMm(spacingMm[axis]))) as unknown as Texts,
  );
  const [told, setTold] = createSignal<readonly number[]>([]);
  const fields: HTMLInputElement[] = [];
  const fault = (axis: number): string | undefined => (asked.includes(axis as 0) ? faultOf(texts()[axis]!) : undefined);
  const shownFault = (axis: number): string | undefined => (told().includes(axis) ? fault(axis) : undefined);
  const sizes = (): [number, number, number] =>
    AXES.map((axis) => (asked.includes(axis) ? readMm(texts()[axis]) : spacingMm[axis])) as [number, number, number];
  const type = (axis: number, text: string): void => {
    setTexts((before) => before.map((other, n) => (n === axis ? text : other)) as unknown as Texts);
    // What was said of a field goes as soon as it is put right, and comes when it is left.
    if (fault(axis) === undefined) setTold((axes) => axes.filter((other) => other !== axis));
  };
  const leave = (axis: number): void => {
    if (texts()[axis]!.trim() !== "") setTold((axes) => [...axes, axis]);
  };
  const takeLast = (mm: readonly number[]): void => {
    setTexts(
      (before) => before.map((text, n) => (asked.includes(n as 0) ? writeMm(mm[n]!) : text)) as unknown as Texts,
    );
    fields[asked[0]!]?.focus();
  };
  const use = (event: Event): void => {
    event.preventDefault();
    const wrong = asked.filter((axis) => fault(axis) !== undefined);
    setTold(wrong);
    if (wrong.length === 0) props.question.answer(sizes());
    else fields[wrong[0]!]?.focus();
  };
  const cancel = (): void => props.question.answer(undefined);
  const assumed = [...new Set(asked.map((axis) => writeMm(spacingMm[axis])))];
  const otherwise = assumed.length === 1 ? `${assumed[0]} mm` : "what is assumed";
  return (
    <Modal
      title={`How large are the voxels of ${name}?`}
      description={
        asked.length === 3
          ? "The file does not say it, and everything is measured by it."
          : "The file says it in part only, and everything is measured by it."
      }
      size="medium"
      onClose={cancel}
      footer={
        <>
          <button type="button" class="button" onClick={cancel}>
            Cancel
          </button>
          <button type="button" class="button" onClick={() => props.question.answer("assumed")}>
            Take {otherwise}
          </button>
          <button type="submit" form="spacing-form" class="button button-primary">
            Use this size
          </button>
        </>
      }
    >
      <form id="spacing-form" class="spacing-form" noValidate onSubmit={use}>
        <For each={AXES}>
          {(axis) => (
            <>
              <label class="spacing-axis" for={`spacing-${axis}`}>
                {axisName(axis, dims[2])}
                <Show when={!asked.includes(axis)}>
                  <span class="muted"> from the file</span>
                </Show>
              </label>
              <span class="muted numbers spacing-count">
                {axis === 2 ? countOf(dims[2], "slice") : countOf(dims[axis], "voxel")}
              </span>
              <span class="number-field" classList={{ "spacing-known": !asked.includes(axis) }}>
                <input
                  ref={(input) => {
                    fields[axis] = input;
                  }}
                  id={`spacing-${axis}`}
                  type="text"
                  inputmode="decimal"
                  autocomplete="off"
                  data-first={axis === asked[0] ? "" : undefined}
                  disabled={!asked.includes(axis)}
                  aria-invalid={shownFault(axis) !== undefined}
                  aria-describedby={shownFault(axis) === undefined ? undefined : `spacing-fault-${axis}`}
                  value={texts()[axis]}
                  onInput={(event) => type(axis, event.currentTarget.value)}
                  onBlur={() => leave(axis)}
                />
                <span class="unit">mm</span>
              </span>
              <Show when={shownFault(axis)}>
                {(line) => (
                  <p class="error-text spacing-fault" id={`spacing-fault-${axis}`} role="alert">
                    {line()}
                  </p>
                )}
              </Show>
            </>
          )}
        </For>
        <Show when={lastMm}>
          {(mm) => (
            <button type="button" class="button button-small spacing-last" onClick={() => takeLast(mm())}>
              As last time: {asked.map((axis) => writeMm(mm()[axis])).join(" × ")} mm
            </button>
          )}
        </Show>
      </form>
      <p class="muted" role="status">
        {AXES.every((axis) => fault(axis) === undefined)
          ? `The volume is then ${sizes()
              .map((mm, axis) => writeMm(Number((mm * dims[axis]!).toPrecision(4))))
              .join(" × ")} mm.`
          : `Without it ${otherwise} is taken${asked.length === 3 ? "" : " there"}, and what is measured here is not real.`}
      </p>
    </Modal>
  );
}

function axisName(axis: 0 | 1 | 2, slices: number): string {
  if (axis === 0) return "Across a slice (x)";
  if (axis === 1) return "Down a slice (y)";
  return slices === 1 ? "Thickness of the slice (z)" : "From slice to slice (z)";
}
