import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { Row } from "../parts/fields.tsx";
import { Histogram } from "../parts/histogram.tsx";
import { RangePair } from "../parts/range-pair.tsx";
import type { ThresholdsResult } from "../ui-commands.ts";
import { useUi } from "../ui-state.ts";
import { ActiveTarget } from "./active-target.tsx";
import { ComputeButton } from "./compute-button.tsx";
import { OverRule } from "./over-rule.tsx";
import { valueBounds } from "./value-bounds.ts";
import { volumeHistogram } from "./volume-histogram.ts";

/** Methods that find where a class of values begins; one with several classes gives the middle ones a range. */
const METHODS = [
  ["otsu", "Otsu"],
  ["multi-otsu-3", "Otsu, middle of 3 classes"],
  ["li", "Li"],
  ["yen", "Yen"],
  ["isodata", "IsoData"],
  ["triangle", "Triangle"],
  ["max-entropy", "Maximum entropy"],
  ["renyi-entropy", "Rényi entropy"],
  ["huang", "Huang"],
  ["intermodes", "Intermodes"],
  ["minimum", "Minimum between peaks"],
  ["moments", "Moments"],
  ["kittler-illingworth", "Kittler–Illingworth"],
  ["shanbhag", "Shanbhag"],
] as const;

const BINS = 128;

/** The range that is labelled: by hand over the histogram, or above or below a threshold that a method finds. */
export function ThresholdOptions(): JSX.Element {
  const ui = useUi();
  const threshold = () => ui.tool().threshold;
  const bounds = () => valueBounds(ui);
  const [method, setMethod] = createSignal("");
  const [histogram] = createResource(
    () => ui.study()?.volumeId,
    () => volumeHistogram(ui, BINS),
  );
  const set = (low: number, high: number): void => void ui.run("tool.set", { threshold: { low, high } });
  const find = async (name: string): Promise<void> => {
    setMethod(name);
    if (name === "") return;
    const found = (await ui.run("volume.thresholds", { methods: [name] })) as ThresholdsResult | undefined;
    const [low, high] = found?.[0]?.starts ?? [];
    if (low !== undefined) set(low, high ?? bounds().max);
    else if (found) {
      setMethod("");
      ui.post({
        tone: "warning",
        text: "This method finds no threshold in the histogram of the volume.",
        advice: "Choose another one.",
      });
    }
  };
  return (
    <div class="options">
      <ActiveTarget />
      <Show when={histogram()}>
        {(counted) => (
          <>
            <Histogram
              label="Histogram of the volume, voxels by value"
              counts={counted().counts}
              from={counted().first - counted().step / 2}
              to={counted().first + (counted().counts.length - 0.5) * counted().step}
              low={threshold().low}
              high={threshold().high}
            />
            <Show when={counted().level > 0}>
              <p class="muted panel-text">
                {ui.study()?.inParts
                  ? `The image is read in parts: values are counted, and thresholds found, at level ${counted().level}.`
                  : `Counted at level ${counted().level}; thresholds are found at full resolution.`}
              </p>
            </Show>
          </>
        )}
      </Show>
      <RangePair
        label="Threshold range"
        low={threshold().low}
        high={threshold().high}
        min={bounds().min}
        max={bounds().max}
        unit={ui.study()?.description.unit ?? ""}
        onChange={set}
      />
      <Row label="Find by" for="threshold-method">
        <select
          class="select"
          id="threshold-method"
          aria-label="Method that finds the threshold"
          onChange={(event) => void find(event.currentTarget.value)}
        >
          <option value="" selected={method() === ""}>
            By hand
          </option>
          <For each={METHODS}>
            {([value, title]) => (
              <option value={value} selected={method() === value}>
                {title}
              </option>
            )}
          </For>
        </select>
      </Row>
      <OverRule />
      <ComputeButton label="Threshold" />
    </div>
  );
}
