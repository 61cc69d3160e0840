import { createEffect, For, type JSX, Show } from "solid-js";

/** A row of a panel: label at the left, control at the right. */
export function Row(props: {
  readonly label: string;
  readonly for?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <div class="row">
      <label class="row-label" for={props.for}>
        {props.label}
      </label>
      <div class="row-control">{props.children}</div>
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number that is taken on Enter, on leaving, and by the arrow keys; what is no number is put back. */
export function NumberField(props: NumberFieldProps): JSX.Element {
  let input!: HTMLInputElement;
  const shown = (): string => String(Number(props.value.toPrecision(6)));
  createEffect(() => {
    const text = shown();
    if (document.activeElement !== input) input.value = text;
  });
  const commit = (): void => {
    // What is shown may be rounded: a field that was only visited changes nothing.
    if (input.value === shown()) return;
    const value = input.valueAsNumber;
    const inside = value >= (props.min ?? -Infinity) && value <= (props.max ?? Infinity);
    if (!Number.isFinite(value) || !inside) input.value = shown();
    else if (value !== props.value) props.onChange(value);
  };
  return (
    <span class="number-field">
      <input
        ref={input}
        type="number"
        aria-label={props.label}
        min={props.min}
        max={props.max}
        step={props.step ?? "any"}
        disabled={props.disabled}
        onChange={commit}
        onBlur={commit}
        onKeyDown={(event) => {
          // What Enter means to the program (accepting a preview) is for the next one.
          if (event.key === "Enter") input.blur();
          if (event.key === "Escape") {
            input.value = shown();
            input.blur();
          }
        }}
      />
      <Show when={props.unit}>
        <span class="unit">{props.unit}</span>
      </Show>
    </span>
  );
}

interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What a screen reader says instead of the bare number. */
  readonly valueText?: string;
  readonly disabled?: boolean;
  readonly onInput: (value: number) => void;
}

/** One value on a track, sent while it is dragged. */
export function Range(props: RangeProps): JSX.Element {
  return (
    <input
      class="range"
      type="range"
      aria-label={props.label}
      aria-valuetext={props.valueText}
      min={props.min}
      max={props.max}
      step={props.step}
      disabled={props.disabled}
      value={props.value}
      style={{ "--filled": `${((props.value - props.min) / (props.max - props.min || 1)) * 100}%` }}
      onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
    />
  );
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly id?: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly onChange: (value: T) => void;
}

export function Select<T extends string>(props: SelectProps<T>): JSX.Element {
  return (
    <select
      class="select"
      id={props.id}
      aria-label={props.label}
      onChange={(event) => props.onChange(event.currentTarget.value as T)}
    >
      <For each={props.options}>
        {(option) => (
          <option value={option.value} selected={option.value === props.value}>
            {option.title}
          </option>
        )}
      </For>
    </select>
  );
}

/** A box to tick with its text. */
export function Check(props: {
  readonly label: string;
  readonly title?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="check" title={props.title}>
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}
