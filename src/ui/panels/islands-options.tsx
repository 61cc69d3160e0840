import { type JSX, Match, Show, Switch } from "solid-js";
import { NumberField, Row, Select } from "../parts/fields.tsx";
import { Segmented } from "../parts/segmented.tsx";
import type { ToolState } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { ComputeButton } from "./compute-button.tsx";
import { ScopeRow } from "./scope-row.tsx";

type Operation = ToolState["islands"]["operation"];

const OPERATIONS: readonly { readonly value: Operation; readonly title: string; readonly button: string }[] = [
  { value: "largest", title: "Keep the largest", button: "Keep the largest" },
  { value: "removeSmaller", title: "Remove small ones", button: "Remove small islands" },
  { value: "keep", title: "Keep those I click", button: "Keep the chosen" },
  { value: "remove", title: "Remove those I click", button: "Remove the chosen" },
  { value: "split", title: "Split into segments", button: "Split into segments" },
  { value: "holes", title: "Fill holes", button: "Fill holes" },
];

/** What is done with the connected pieces of segments, and with the holes in them. */
export function IslandsOptions(): JSX.Element {
  const ui = useUi();
  const islands = () => ui.tool().islands;
  const operation = () => islands().operation;
  const clicked = (): boolean => operation() === "keep" || operation() === "remove";
  const set = (change: Partial<ToolState["islands"]>): void => void ui.run("tool.set", { islands: change });
  return (
    <div class="options">
      <Show when={!clicked()}>
        <ActiveTarget />
      </Show>
      <Row label="Do" for="islands-operation">
        <Select
          id="islands-operation"
          label="What is done with islands"
          value={operation()}
          options={OPERATIONS}
          onChange={(value) => set({ operation: value })}
        />
      </Row>
      <Switch>
        <Match when={operation() === "largest" || operation() === "split"}>
          <Row label={operation() === "largest" ? "Keep" : "At most"}>
            <NumberField
              label={operation() === "largest" ? "Islands that are kept" : "New segments at most"}
              value={islands().count}
              min={1}
              max={256}
              step={1}
              unit={islands().count === 1 ? "island" : "islands"}
              onChange={(count) => set({ count: Math.round(count) })}
            />
          </Row>
        </Match>
        <Match when={operation() === "removeSmaller"}>
          <Row label="Below">
            <NumberField
              label="Islands below this volume are removed"
              value={islands().belowMl}
              min={0.0001}
              max={1000}
              step={0.1}
              unit="ml"
              onChange={(belowMl) => set({ belowMl })}
            />
          </Row>
        </Match>
        <Match when={operation() === "holes"}>
          <Row label="Closed in" for="holes-in">
            <Select
              id="holes-in"
              label="Where a hole is closed"
              value={islands().holesIn}
              options={[
                { value: "volume", title: "3D" },
                { value: "axial", title: "Axial slices" },
                { value: "coronal", title: "Coronal slices" },
                { value: "sagittal", title: "Sagittal slices" },
              ]}
              onChange={(holesIn) => set({ holesIn })}
            />
          </Row>
        </Match>
        <Match when={clicked()}>
          <p class="muted panel-text">
            Click islands in the views, also where the preview hides them; click one again to let it go.
          </p>
        </Match>
      </Switch>
      <Row label="Neighbours">
        <Segmented
          label="Neighbours that hang together"
          value={islands().connectivity}
          options={[
            { value: 6, title: "6", hint: "Across faces" },
            { value: 18, title: "18", hint: "Across faces and edges" },
            { value: 26, title: "26", hint: "Across faces, edges and corners" },
          ]}
          onChange={(connectivity) => set({ connectivity })}
        />
      </Row>
      <Show when={!clicked()}>
        <ScopeRow value={islands().segments} onChange={(segments) => set({ segments })} />
        <ComputeButton
          label={OPERATIONS.find(({ value }) => value === operation())!.button}
          disabled={ui.segments().length === 0}
        />
      </Show>
    </div>
  );
}
