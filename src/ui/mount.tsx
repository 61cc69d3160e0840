import type { Disposable } from "#base";
import { render } from "solid-js/web";
import { App } from "./app.tsx";
import "./styles/index.css";
import type { UiPort } from "./ui-port.ts";
import { createUi, UiContext } from "./ui-state.ts";

/** Shows the user interface in `root`. `dispose` takes it away with all its listeners; the port stays the caller's. */
export function mountUi(root: HTMLElement, port: UiPort): Disposable {
  const dispose = render(() => {
    const ui = createUi(port);
    return (
      <UiContext.Provider value={ui}>
        <App />
      </UiContext.Provider>
    );
  }, root);
  return { dispose };
}
