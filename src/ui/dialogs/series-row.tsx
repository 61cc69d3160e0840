import { For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { SeriesChoice, Thumbnail } from "#sources";
import { ImageGrid } from "#volume";
import { countOf, formatBytes, formatDims, formatSpacing } from "../format.ts";

interface SeriesRowProps {
  readonly series: SeriesChoice;
  readonly chosen: boolean;
  readonly single: boolean;
  readonly onChoose: (on: boolean) => void;
  readonly onOpen: () => void;
}

/** One series: a box to tick, its picture, what it is and what is odd about it. Double-click opens it alone. */
export function SeriesRow(props: SeriesRowProps): JSX.Element {
  const description = () => props.series.description;
  return (
    <li>
      <label class="series-row" classList={{ "series-chosen": props.chosen }} onDblClick={() => props.onOpen()}>
        <input
          type={props.single ? "radio" : "checkbox"}
          name="series"
          aria-label={description().name}
          checked={props.chosen}
          onChange={(event) => props.onChoose(event.currentTarget.checked)}
        />
        <SeriesPicture series={props.series} />
        <span class="series-text">
          <span class="study-row-name">
            <strong>{description().name}</strong>
            <Show when={description().modality}>
              <span class="tag">{description().modality}</span>
            </Show>
          </span>
          <span class="muted">
            {formatDims(description().grid.dims)} · {formatSpacing(new ImageGrid(description().grid))}
            <Show when={description().frames > 1}> · {description().frames} frames</Show>
          </span>
          <For each={description().notes}>{(note) => <span class="warning-text series-note">{note}</span>}</For>
        </span>
        <span class="series-size muted numbers">
          <span>{countOf(props.series.fileCount, "file")}</span>
          <span>{formatBytes(props.series.byteLength)}</span>
        </span>
      </label>
    </li>
  );
}

function SeriesPicture(props: { readonly series: SeriesChoice }): JSX.Element {
  let canvas!: HTMLCanvasElement;
  onMount(() => {
    const stop = new AbortController();
    onCleanup(() => stop.abort());
    props.series.thumbnail({ signal: stop.signal }).then(
      (picture) => draw(canvas, picture),
      // Without a picture the row still says everything else; opening it tells what is wrong.
      () => canvas.classList.add("thumbnail-missing"),
    );
  });
  return <canvas class="thumbnail" ref={canvas} width={56} height={56} />;
}

function draw(canvas: HTMLCanvasElement, { width, height, pixels }: Thumbnail): void {
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let n = 0; n < width * height; n++) image.data.set([pixels[n]!, pixels[n]!, pixels[n]!, 255], n * 4);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}
