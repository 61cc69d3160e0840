import { type JSX, onCleanup, onMount, Show } from "solid-js";
import { CapabilityNotice } from "../home/capability-notice.tsx";
import { ImportBar } from "../overlays/import-bar.tsx";
import { PreviewBar } from "../overlays/preview-bar.tsx";
import { useUi } from "../ui-state.ts";
import { Dock } from "./dock.tsx";
import { ToolRail } from "./tool-rail.tsx";
import { TopBar } from "./top-bar.tsx";

/** An open study: bar, tools, views, dock. */
export function Workbench(): JSX.Element {
  const ui = useUi();
  return (
    <div class="workbench" style={{ "--dock-width": `${ui.panels.state().width}px` }}>
      <TopBar />
      <ToolRail />
      <main class="views" aria-label="Views">
        <Show when={ui.canDraw()} fallback={<CapabilityNotice />}>
          <ViewsHost />
        </Show>
        <ImportBar />
        <PreviewBar />
      </main>
      <Dock />
    </div>
  );
}

/** The plain element that the views fill. */
function ViewsHost(): JSX.Element {
  const ui = useUi();
  let host!: HTMLDivElement;
  onMount(() => {
    const views = ui.port.attachViews(host);
    onCleanup(() => views.dispose());
  });
  return <div class="views-host" ref={host} />;
}
