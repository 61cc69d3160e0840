import { createSignal, For, type JSX, Show } from "solid-js";
import { Modal } from "../parts/modal.tsx";
import type { SpacingQuestion } from "../ui-port.ts";
import { SpacingField } from "./spacing-field.tsx";
import { faultOf, readMm, writeMm } from "./spacing-text.ts";

/** A value of each of i, j and k. */
type Each<T> = readonly [T, T, T];
type Axis = 0 | 1 | 2;

function each<T>(of: (axis: Axis) => T): Each<T> {
  return [of(0), of(1), of(2)];
}

/** Files do not say how large their voxels are: asks for what they lack, or for what takes the place of what was given. */
export function SpacingDialog(props: { readonly question: SpacingQuestion }): JSX.Element {
  const { name, dims, spacingMm, missing, lastMm, alike, instead = false } = props.question;
  const lacks = each((axis) => missing.includes((["i", "j", "k"] as const)[axis]));
  const asked = ([0, 1, 2] as const).filter((axis) => lacks[axis]);
  const [texts, setTexts] = createSignal(each((axis) => (lacks[axis] && !instead ? "" : writeMm(spacingMm[axis]))));
  const [told, setTold] = createSignal<readonly Axis[]>([]);
  const [forAlike, setForAlike] = createSignal(false);
  let form!: HTMLFormElement;
  const focus = (axis: Axis): void => form.querySelector<HTMLInputElement>(`#spacing-${axis}`)?.focus();
  const fault = (axis: Axis): string | undefined => (lacks[axis] ? faultOf(texts()[axis]) : undefined);
  const faulty = (): Axis[] => asked.filter((axis) => fault(axis) !== undefined);
  const sizes = (): Each<number> => each((axis) => (lacks[axis] ? readMm(texts()[axis]) : spacingMm[axis]));
  const type = (typed: Axis, text: string): void => {
    setTexts((before) => each((axis) => (axis === typed ? text : before[axis])));
    // What was said of a field goes as soon as it is put right, and comes when it is left.
    if (fault(typed) === undefined) setTold((axes) => axes.filter((axis) => axis !== typed));
  };
  const leave = (axis: Axis): void => {
    if (texts()[axis].trim() !== "") setTold((axes) => [...axes, axis]);
  };
  const takeLast = (mm: Each<number>): void => {
    for (const axis of asked) type(axis, writeMm(mm[axis]));
    focus(asked[0]!);
  };
  const answer = (spacing: Each<number> | "assumed"): void =>
    props.question.answer({ spacingMm: spacing, forAlike: forAlike() });
  const use = (event: Event): void => {
    event.preventDefault();
    const [wrong] = faulty();
    setTold(faulty());
    if (wrong === undefined) answer(sizes());
    else focus(wrong);
  };
  const cancel = (): void => props.question.answer(undefined);
  const assumed = [...new Set(asked.map((axis) => writeMm(spacingMm[axis])))];
  const otherwise = assumed.length === 1 ? `${assumed[0]} mm` : "what is assumed";
  return (
    <Modal
      title={`How large are the voxels of ${name}?`}
      description={
        instead
          ? "Labels and measurements stay on their voxels, and are measured by the new size. The journal keeps the change."
          : `The file ${asked.length === 3 ? "does not say it" : "says it in part only"}, and everything is measured by it.`
      }
      size="medium"
      onClose={cancel}
      footer={
        <>
          <button type="button" class="button" onClick={cancel}>
            Cancel
          </button>
          <Show when={!instead}>
            <button type="button" class="button" onClick={() => answer("assumed")}>
              Take {otherwise}
            </button>
          </Show>
          <button type="submit" form="spacing-form" class="button button-primary">
            Use this size
          </button>
        </>
      }
    >
      <form ref={form} id="spacing-form" class="spacing-form" noValidate onSubmit={use}>
        <For each={[0, 1, 2] as const}>
          {(axis) => (
            <SpacingField
              axis={axis}
              dims={dims}
              asked={lacks[axis]}
              first={axis === asked[0]}
              text={texts()[axis]}
              fault={told().includes(axis) ? fault(axis) : undefined}
              onText={(text) => type(axis, text)}
              onLeave={() => leave(axis)}
            />
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
        {faulty().length === 0
          ? `The volume is then ${each((axis) => writeMm(Number((sizes()[axis] * dims[axis]).toPrecision(4)))).join(" × ")} mm.`
          : instead
            ? "It stays as it is until every size is a number."
            : `Without it ${otherwise} is taken${asked.length === 3 ? "" : " there"}, and what is measured here is not real.`}
      </p>
      <Show when={alike > 0}>
        <label class="check">
          <input type="checkbox" form="spacing-form" onChange={(event) => setForAlike(event.currentTarget.checked)} />
          The same for {alike === 1 ? "the other scan" : `the ${alike} other scans`} without a size
        </label>
      </Show>
    </Modal>
  );
}
