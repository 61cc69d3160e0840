import { createMemo, type JSX } from "solid-js";

interface HistogramProps {
  readonly label: string;
  readonly counts: readonly number[];
  /** Values at the two ends. */
  readonly from: number;
  readonly to: number;
  /** What of it is taken. */
  readonly low: number;
  readonly high: number;
}

const HEIGHT = 48;

/** Counts by value, drawn on a root scale so that small peaks beside a large one are seen; a range of them stands out. */
export function Histogram(props: HistogramProps): JSX.Element {
  const path = createMemo(() => {
    const most = Math.sqrt(Math.max(...props.counts, 1));
    const steps = props.counts.map((count, n) => {
      const y = HEIGHT - (Math.sqrt(count) / most) * HEIGHT;
      return `L${n} ${y.toFixed(2)}L${n + 1} ${y.toFixed(2)}`;
    });
    return `M0 ${HEIGHT}${steps.join("")}L${props.counts.length} ${HEIGHT}Z`;
  });
  const place = (value: number): number => {
    const share = (value - props.from) / (props.to - props.from || 1);
    return Math.min(Math.max(share, 0), 1) * props.counts.length;
  };
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${props.counts.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={props.label}
    >
      <rect
        class="histogram-range"
        x={place(props.low)}
        y="0"
        width={Math.max(place(props.high) - place(props.low), 0)}
        height={HEIGHT}
      />
      <path class="histogram-counts" d={path()} />
    </svg>
  );
}
