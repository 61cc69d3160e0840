import type { BoxPort } from "#tools";
import { applyViewChange, type ViewState } from "#views";
import type { ImageGrid } from "#volume";

/** The box that clips the volume, as its sides are dragged on the planes. */
export function clipBoxPort(view: ViewState, { dims, spacingMm }: ImageGrid): BoxPort {
  return {
    dims,
    spacingMm: [spacingMm[0], spacingMm[1], spacingMm[2]],
    box: () => view.volume.clipBox.value,
    change: ({ min, max }) => void applyViewChange(view, { volume: { clipBox: { min: [...min], max: [...max] } } }),
    done: () => undefined,
  };
}
