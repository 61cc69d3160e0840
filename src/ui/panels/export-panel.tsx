import type { JSX } from "solid-js";
import { Panel } from "../parts/panel.tsx";
import { ExportList } from "./export-list.tsx";

/** The export formats in the dock. */
export function ExportPanel(): JSX.Element {
  return (
    <Panel name="export" title="Export">
      <ExportList />
    </Panel>
  );
}
