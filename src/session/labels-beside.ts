import type { SeriesRow } from "./import.api.ts";
import type { Messages } from "./messages.ts";

/** An image with labels beside it is opened as the image: its labels are passed over, and said. */
export class LabelsBeside {
  readonly #names: string[] = [];

  /** For `ImportService.choose`. */
  readonly imagesOnly = ({ id, labelsOf }: SeriesRow): boolean => {
    if (labelsOf !== undefined) this.#names.push(id.slice(id.lastIndexOf("/") + 1));
    return labelsOf === undefined;
  };

  tell(messages: Messages): void {
    if (this.#names.length === 0) return;
    const text = `The image has labels of its own: ${this.#names.join(", ")}. “Import labels of the image” puts them onto it.`;
    messages.post({ tone: "info", text });
  }
}
