import {
  createEffect,
  createMemo,
  createSelector,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
} from "solid-js";
import type { Segment } from "#labelmap";
import { useUi } from "../ui-state.ts";
import { SegmentRow } from "./segment-row.tsx";

/** Height of a row in CSS pixels, as in panels.css. */
const ROW_HEIGHT = 28;
/** Rows kept above and below what is seen. */
const OVERSCAN = 6;

/** A list of any length: only the rows in sight exist. Rows are kept by segment value, so a change redraws one row. */
export function SegmentList(props: { readonly segments: readonly Segment[] }): JSX.Element {
  const ui = useUi();
  let list!: HTMLUListElement;
  const [top, setTop] = createSignal(0);
  const [height, setHeight] = createSignal(400);
  const byValue = createMemo(() => new Map(props.segments.map((segment) => [segment.value, segment])));
  const places = createMemo(() => new Map(props.segments.map((segment, place) => [segment.value, place])));
  const seen = createMemo(() => {
    const from = Math.max(Math.floor(top() / ROW_HEIGHT) - OVERSCAN, 0);
    const to = Math.ceil((top() + height()) / ROW_HEIGHT) + OVERSCAN;
    return props.segments.slice(from, to).map((segment) => segment.value);
  });
  const isActive = createSelector(ui.activeSegment);

  onMount(() => {
    const watch = new ResizeObserver(() => setHeight(list.clientHeight));
    watch.observe(list);
    onCleanup(() => watch.disconnect());
  });
  const reveal = (value: number | undefined): void => {
    const place = value === undefined ? undefined : places().get(value);
    if (place === undefined) return;
    const y = place * ROW_HEIGHT;
    if (y < list.scrollTop) list.scrollTop = y;
    else if (y + ROW_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = y + ROW_HEIGHT - list.clientHeight;
  };
  createEffect(on([ui.activeSegment, ui.renaming], ([active, renaming]) => reveal(renaming ?? active)));

  return (
    <ul class="segment-list scrolls" aria-label="Segment list" ref={list} onScroll={() => setTop(list.scrollTop)}>
      <li class="segment-space" role="presentation" style={{ height: `${props.segments.length * ROW_HEIGHT}px` }} />
      <For each={seen()}>
        {(value) => (
          <SegmentRow
            segment={byValue().get(value)}
            top={(places().get(value) ?? 0) * ROW_HEIGHT}
            place={(places().get(value) ?? 0) + 1}
            count={props.segments.length}
            active={isActive(value)}
          />
        )}
      </For>
    </ul>
  );
}
