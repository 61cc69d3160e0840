import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { act } from "../actions.ts";
import { formatCount } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import { useUi } from "../ui-state.ts";
import { SegmentList } from "./segment-list.tsx";

/** The segments of the study: add, find, choose and change them. */
export function SegmentsPanel(): JSX.Element {
  const ui = useUi();
  const [filter, setFilter] = createSignal("");
  const found = createMemo(() => {
    const wanted = filter().trim().toLowerCase();
    if (!wanted) return ui.segments();
    return ui.segments().filter(({ name, value }) => name.toLowerCase().includes(wanted) || String(value) === wanted);
  });
  const allShown = (): boolean => ui.segments().some((segment) => segment.visible);
  return (
    <Panel
      name="segments"
      title="Segments"
      class="panel-segments"
      aside={<Show when={ui.segments().length > 0}>{formatCount(ui.segments().length)}</Show>}
      actions={
        <>
          <ButtonTip
            class="icon-button icon-button-small"
            label="Show all segments"
            hint={allShown() ? "Shown; press to hide all" : "Hidden; press to show all"}
            action="labels.show"
            pressed={allShown()}
            disabled={ui.segments().length === 0}
            onClick={() => act(ui, "labels.show")}
          >
            <Icon name={allShown() ? "eye" : "eyeOff"} size={16} />
          </ButtonTip>
          <ButtonTip
            class="icon-button icon-button-small"
            label="Import labels"
            hint="A labelmap file onto this study"
            onClick={() => act(ui, "study.importLabels")}
          >
            <Icon name="import" size={16} />
          </ButtonTip>
          <Show when={ui.study()?.inParts && ui.study()?.description.stored}>
            <ButtonTip
              class="icon-button icon-button-small"
              label="Import labels of the image"
              hint="Labels that lie beside the image itself"
              onClick={() => act(ui, "study.importImageLabels")}
            >
              <Icon name="folder" size={16} />
            </ButtonTip>
          </Show>
          <ButtonTip
            class="icon-button icon-button-small"
            label="Add segment"
            action="segment.add"
            onClick={() => act(ui, "segment.add")}
          >
            <Icon name="plus" size={16} />
          </ButtonTip>
        </>
      }
    >
      <Show
        when={ui.segments().length > 0}
        fallback={
          <div class="empty empty-small">
            <p>No segments yet.</p>
            <p class="muted">A segment is one thing to label, such as an organ. Add one, then draw it with a tool.</p>
            <button type="button" class="button" onClick={() => act(ui, "segment.add")}>
              <Icon name="plus" size={15} />
              Add the first segment
            </button>
          </div>
        }
      >
        <div class="segment-filter">
          <input
            type="search"
            class="text-field"
            placeholder="Filter by name or number"
            aria-label="Filter segments"
            value={filter()}
            onInput={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => {
              const first = found()[0];
              if (event.key === "Enter" && first) void ui.run("segment.activate", { value: first.value });
            }}
          />
          <Show when={filter().trim() !== ""}>
            <span class="muted numbers">
              {found().length} of {ui.segments().length}
            </span>
          </Show>
        </div>
        <Show
          when={found().length > 0}
          fallback={<p class="muted segment-none">No segment has “{filter().trim()}” in its name.</p>}
        >
          <SegmentList segments={found()} />
        </Show>
      </Show>
    </Panel>
  );
}
