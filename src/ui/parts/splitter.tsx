import type { JSX } from "solid-js";

interface SplitterProps {
  readonly label: string;
  readonly orientation: "vertical" | "horizontal";
  /** Position in per cent for assistive technology. */
  readonly value: number;
  /** Pixels moved since the last call; positive to the right or down. */
  readonly onMove: (pixels: number) => void;
}

/** A border that can be dragged, and moved with the arrow keys. */
export function Splitter(props: SplitterProps): JSX.Element {
  let last = 0;
  const at = (event: PointerEvent): number => (props.orientation === "vertical" ? event.clientX : event.clientY);
  return (
    <div
      class={`splitter splitter-${props.orientation}`}
      role="separator"
      tabindex={0}
      aria-label={props.label}
      aria-orientation={props.orientation}
      aria-valuenow={Math.round(props.value)}
      onPointerDown={(event) => {
        last = at(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        props.onMove(at(event) - last);
        last = at(event);
      }}
      onKeyDown={(event) => {
        const back = props.orientation === "vertical" ? "ArrowLeft" : "ArrowUp";
        const forth = props.orientation === "vertical" ? "ArrowRight" : "ArrowDown";
        if (event.key !== back && event.key !== forth) return;
        props.onMove(event.key === forth ? 12 : -12);
        event.preventDefault();
      }}
    />
  );
}
