import { Slider } from "@kobalte/core/slider";
import type { JSX } from "solid-js";
import { NumberField } from "./fields.tsx";

interface RangePairProps {
  /** What the range is of, such as `Growth range`. */
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly disabled?: boolean;
  readonly onChange: (low: number, high: number) => void;
}

/** Lowest and highest value on one track with two thumbs, and as numbers. Values outside the track stay as they are. */
export function RangePair(props: RangePairProps): JSX.Element {
  const step = (): number => stepFor(props.min, props.max);
  const inside = (value: number): number => Math.min(Math.max(value, props.min), props.max);
  return (
    <div class="range-pair">
      <Slider
        class="slider"
        value={[inside(props.low), inside(props.high)]}
        minValue={props.min}
        maxValue={props.max}
        step={step()}
        disabled={props.disabled ?? false}
        aria-label={props.label}
        onChange={([low, high]) => {
          // A thumb that was not moved keeps its exact value, also outside the track.
          const nextLow = low === inside(props.low) ? props.low : low!;
          const nextHigh = high === inside(props.high) ? props.high : high!;
          if (nextLow !== props.low || nextHigh !== props.high) props.onChange(nextLow, nextHigh);
        }}
      >
        <Slider.Track class="slider-track">
          <Slider.Fill class="slider-fill" />
          <Slider.Thumb class="slider-thumb" aria-label={`${props.label}: lowest`}>
            <Slider.Input />
          </Slider.Thumb>
          <Slider.Thumb class="slider-thumb" aria-label={`${props.label}: highest`}>
            <Slider.Input />
          </Slider.Thumb>
        </Slider.Track>
      </Slider>
      <div class="range-pair-numbers">
        <NumberField
          label={`${props.label}: lowest value`}
          value={props.low}
          max={props.high}
          step={step()}
          disabled={props.disabled ?? false}
          onChange={(low) => props.onChange(low, props.high)}
        />
        <span class="muted">to</span>
        <NumberField
          label={`${props.label}: highest value`}
          value={props.high}
          min={props.low}
          step={step()}
          disabled={props.disabled ?? false}
          onChange={(high) => props.onChange(props.low, high)}
        />
        <span class="unit">{props.unit}</span>
      </div>
    </div>
  );
}

/** One for whole ranges of 100 and more, else a power of ten about a thousandth of the range. */
function stepFor(min: number, max: number): number {
  const range = max - min;
  if (!(range > 0)) return 1;
  return range >= 100 ? 1 : 10 ** Math.floor(Math.log10(range / 500));
}
