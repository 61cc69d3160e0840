import { createUniqueId, For, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

interface SegmentedProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly title: string;
    readonly icon?: IconName;
    readonly hint?: string;
  }[];
  readonly onChange: (value: T) => void;
}

/** A few choices side by side, one of them taken: a group of radio buttons that look like one control. */
export function Segmented<T extends string | number>(props: SegmentedProps<T>): JSX.Element {
  const name = createUniqueId();
  return (
    <div class="segmented" role="radiogroup" aria-label={props.label}>
      <For each={props.options}>
        {(option) => (
          <label class="segmented-option" title={option.hint ?? (option.icon ? option.title : undefined)}>
            <input
              type="radio"
              name={name}
              aria-label={option.title}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.icon ? <Icon name={option.icon} size={16} /> : option.title}</span>
          </label>
        )}
      </For>
    </div>
  );
}
