import { type JSX, Show } from "solid-js";
import { thumbnailSizeMm } from "#sources";
import type { VolumeDescription } from "#volume";

/** The small picture of a study, in the proportions that its voxels have now: their size may have been put right since it was drawn. */
export function StudyPicture(props: {
  readonly study: { readonly thumbnail?: string | undefined; readonly description: VolumeDescription };
}): JSX.Element {
  const shape = (): JSX.CSSProperties => {
    const [width, height] = thumbnailSizeMm(props.study.description);
    const longest = Math.max(width, height);
    return { width: `${(100 * width) / longest}%`, height: `${(100 * height) / longest}%` };
  };
  return (
    <span class="thumbnail">
      <Show when={props.study.thumbnail}>{(source) => <img src={source()} alt="" style={shape()} />}</Show>
    </span>
  );
}
