import type { Thumbnail } from "#sources";

/** A grey picture as a PNG data URL, drawn with the canvas of this thread. */
export async function thumbnailUrl({ width, height, pixels }: Thumbnail): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) return "";
  const image = context.createImageData(width, height);
  for (let n = 0; n < pixels.length; n++) {
    image.data.fill(pixels[n]!, 4 * n, 4 * n + 3);
    image.data[4 * n + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
}
