import type { JSX } from "solid-js";

/** A bar of the share done; moves to and fro while the share is not known. */
export function ProgressBar(props: { readonly label: string; readonly fraction: number | undefined }): JSX.Element {
  return (
    <div
      class="progress"
      classList={{ "progress-unknown": props.fraction === undefined }}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={props.fraction === undefined ? undefined : Math.round(props.fraction * 100)}
    >
      <div class="progress-fill" style={{ width: props.fraction === undefined ? "30%" : `${props.fraction * 100}%` }} />
    </div>
  );
}
