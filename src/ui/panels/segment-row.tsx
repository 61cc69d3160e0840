import { type JSX, Show } from "solid-js";
import type { Segment } from "#labelmap";
import { formatCount, formatMl } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useUi } from "../ui-state.ts";
import { SegmentName } from "./segment-name.tsx";

interface SegmentRowProps {
  /** Undefined for the moment between deletion and redraw. */
  readonly segment: Segment | undefined;
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly place: number;
  readonly count: number;
  readonly active: boolean;
}

/** One segment: shown, colour, name, size, opacity in 3D, locked, delete. */
export function SegmentRow(props: SegmentRowProps): JSX.Element {
  return (
    <Show when={props.segment}>
      {(segment) => (
        <li
          class="segment-row"
          classList={{ "segment-active": props.active, "segment-hidden": !segment().visible }}
          style={{ transform: `translateY(${props.top}px)` }}
          aria-setsize={props.count}
          aria-posinset={props.place}
          aria-current={props.active ? "true" : undefined}
        >
          <SegmentControls segment={segment()} active={props.active} />
        </li>
      )}
    </Show>
  );
}

function SegmentControls(props: { readonly segment: Segment; readonly active: boolean }): JSX.Element {
  const ui = useUi();
  const size = () => ui.segmentSizes().get(props.segment.value);
  const opacity = (): number => props.segment.opacity3d ?? 1;
  const update = (change: Partial<Segment>): void =>
    void ui.run("segment.update", { ...change, value: props.segment.value });
  return (
    <>
      <button
        type="button"
        class="row-button"
        aria-label={`Show ${props.segment.name}`}
        aria-pressed={props.segment.visible}
        title={props.segment.visible ? "Hide" : "Show"}
        onClick={() => update({ visible: !props.segment.visible })}
      >
        <Icon name={props.segment.visible ? "eye" : "eyeOff"} size={15} />
      </button>
      <input
        class="swatch"
        type="color"
        aria-label={`Colour of ${props.segment.name}`}
        title="Colour"
        value={props.segment.color}
        onChange={(event) => update({ color: event.currentTarget.value })}
      />
      <span class="segment-value numbers" title="Label value">
        {props.segment.value}
      </span>
      <SegmentName segment={props.segment} active={props.active} />
      <span class="segment-size numbers" title={size() ? `${formatCount(size()!.voxels)} voxels` : undefined}>
        <Show when={size() && size()!.voxels > 0} fallback={<Show when={size()}>empty</Show>}>
          {formatMl(size()!.ml)}
        </Show>
      </span>
      <Show when={ui.view().labelsInVolume !== "off"} fallback={<span />}>
        <input
          class="segment-opacity range"
          classList={{ "segment-opacity-set": opacity() < 1 }}
          type="range"
          aria-label={`Opacity of ${props.segment.name} in 3D`}
          aria-valuetext={`${Math.round(opacity() * 100)}%`}
          title={`Opacity in 3D: ${Math.round(opacity() * 100)}%`}
          min={0}
          max={1}
          step={0.05}
          value={opacity()}
          style={{ "--filled": `${opacity() * 100}%` }}
          onChange={(event) => update({ opacity3d: event.currentTarget.valueAsNumber })}
        />
      </Show>
      <button
        type="button"
        class="row-button"
        classList={{ "row-button-on": props.segment.locked }}
        aria-label={`Lock ${props.segment.name}`}
        aria-pressed={props.segment.locked}
        title={props.segment.locked ? "Locked: nothing changes it. Press to unlock" : "Lock: nothing may change it"}
        onClick={() => update({ locked: !props.segment.locked })}
      >
        <Icon name={props.segment.locked ? "lock" : "unlock"} size={14} />
      </button>
      <button
        type="button"
        class="row-button row-button-danger"
        aria-label={`Delete ${props.segment.name}`}
        title={props.segment.locked ? "Unlock it to delete it" : "Delete with its voxels; undo brings it back"}
        disabled={props.segment.locked}
        onClick={() => void ui.run("segment.remove", { value: props.segment.value })}
      >
        <Icon name="trash" size={14} />
      </button>
    </>
  );
}
