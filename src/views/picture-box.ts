/** A rectangle of a picture, in its pixels. */
export interface PictureBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether two boxes share more than an edge. */
export function overlap(a: PictureBox, b: PictureBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** A box moved as little as needed to lie within a picture, `margin` from its edges. */
export function keptWithin(box: PictureBox, width: number, height: number, margin: number): PictureBox {
  const within = (at: number, size: number, room: number): number =>
    Math.max(Math.min(at, room - size - margin), margin);
  return { ...box, x: within(box.x, box.width, width), y: within(box.y, box.height, height) };
}

/** Places just beside `taken` on all four sides, at most `gap` away, the nearest to `box` first. */
export function placesClearOf(box: PictureBox, taken: PictureBox, gap: number): PictureBox[] {
  const away = (one: PictureBox): number => Math.abs(one.x - box.x) + Math.abs(one.y - box.y);
  return [
    { ...box, y: taken.y - box.height - gap },
    { ...box, y: taken.y + taken.height + gap },
    { ...box, x: taken.x - box.width - gap },
    { ...box, x: taken.x + taken.width + gap },
  ].sort((a, b) => away(a) - away(b));
}
