import type { JSX } from "solid-js";
import { ExportPanel } from "../panels/export-panel.tsx";
import { HistoryPanel } from "../panels/history-panel.tsx";
import { MeasurementsPanel } from "../panels/measurements-panel.tsx";
import { NotesPanel } from "../panels/notes-panel.tsx";
import { SegmentsPanel } from "../panels/segments-panel.tsx";
import { ToolPanel } from "../panels/tool-panel.tsx";
import { ViewPanel } from "../panels/view-panel.tsx";
import { VolumePanel } from "../panels/volume-panel.tsx";
import { Splitter } from "../parts/splitter.tsx";
import { useUi } from "../ui-state.ts";

/** The panels at the right: segments keep their place above, the others scroll below. */
export function Dock(): JSX.Element {
  const ui = useUi();
  let dock!: HTMLElement;
  const state = () => ui.panels.state();
  return (
    <aside class="dock" aria-label="Panels" ref={dock} style={{ "--dock-split": `${state().split * 100}%` }}>
      <Splitter
        label="Width of the panels"
        orientation="vertical"
        value={(state().width / 560) * 100}
        onMove={(pixels) => ui.panels.setWidth(state().width - pixels)}
      />
      <div class="dock-top" classList={{ "dock-top-folded": !state().open.segments }}>
        <SegmentsPanel />
      </div>
      <Splitter
        label="Height of the segments"
        orientation="horizontal"
        value={state().split * 100}
        onMove={(pixels) => ui.panels.setSplit(state().split + pixels / dock.clientHeight)}
      />
      <div class="dock-rest scrolls">
        <ToolPanel />
        <MeasurementsPanel />
        <ViewPanel />
        <VolumePanel />
        <HistoryPanel />
        <NotesPanel />
        <ExportPanel />
      </div>
    </aside>
  );
}
