import type { JSX } from "solid-js";
import { ExportList } from "../panels/export-list.tsx";
import { Modal } from "../parts/modal.tsx";
import { useUi } from "../ui-state.ts";

/** The export formats as a dialog, for Ctrl+S. */
export function ExportDialog(): JSX.Element {
  const ui = useUi();
  return (
    <Modal
      title="Export"
      description="Changes are saved by themselves. An export is a file for other programs."
      size="medium"
      onClose={() => ui.showDialog(undefined)}
    >
      <ExportList />
    </Modal>
  );
}
