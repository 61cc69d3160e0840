import { For, type JSX, Show } from "solid-js";
import { Check, Row } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useUi } from "../ui-state.ts";

/** What drawing may overwrite. Locked segments are never touched, whatever is chosen. */
export function OverRule(): JSX.Element {
  const ui = useUi();
  const over = () => ui.tool().over;
  const kind = (): "all" | "empty" | "chosen" => {
    const rule = over();
    return typeof rule === "string" ? rule : "chosen";
  };
  const chosen = (): readonly number[] => {
    const rule = over();
    return typeof rule === "string" ? [] : rule;
  };
  const others = () => ui.segments().filter((segment) => segment.value !== ui.activeSegment() && !segment.locked);
  return (
    <>
      <Row label="Over">
        <Segmented
          label="Draw over"
          value={kind()}
          options={[
            { value: "all", title: "Everything", hint: "All but locked segments" },
            { value: "empty", title: "Empty", hint: "Only voxels without a label" },
            { value: "chosen", title: "Chosen", hint: "Empty voxels and the segments ticked below" },
          ]}
          onChange={(next) => void ui.run("tool.set", { over: next === "chosen" ? [] : next })}
        />
      </Row>
      <Show when={kind() === "chosen"}>
        <div class="chosen-segments scrolls" role="group" aria-label="Segments that may be overwritten">
          <For each={others()} fallback={<span class="muted">There is no other unlocked segment.</span>}>
            {(segment) => (
              <Check
                label={segment.name}
                checked={chosen().includes(segment.value)}
                onChange={(on) =>
                  void ui.run("tool.set", {
                    over: on ? [...chosen(), segment.value] : chosen().filter((value) => value !== segment.value),
                  })
                }
              />
            )}
          </For>
        </div>
      </Show>
    </>
  );
}
