import type { Component } from "./components.ts";
import { curveWeights, type Weights } from "./curve.ts";
import type { FieldStore } from "./fields.ts";
import type { Link, Links } from "./links.ts";
import type { Gap } from "./planes.ts";
import type { PixelBox, SliceContest } from "./slice-contest.ts";

/** Share of the gap over which a component without a partner shrinks away. */
const SHRINK_SHARE = 0.6;

/** Pixels around the moved boxes of a link's two components in which the blend may be positive. */
const MARGIN = 2;

/** The shapes of one segment between two annotated slices. */
export class GapShapes {
  readonly gap: Gap;
  readonly #links: Links;
  readonly #before: Links | undefined;
  readonly #after: Links | undefined;
  readonly #fields: FieldStore;

  constructor(gap: Gap, links: Links, before: Links | undefined, after: Links | undefined, fields: FieldStore) {
    this.gap = gap;
    this.#links = links;
    this.#before = before;
    this.#after = after;
    this.#fields = fields;
  }

  /** Enters the segment's shapes on slice z into the contest. */
  enter(z: number, contest: SliceContest): void {
    for (const link of this.#links.links) this.#enterLink(link, z, contest);
    const t = (z - this.gap.from) / (this.gap.to - this.gap.from);
    for (const component of this.#links.loneFrom) this.#enterLone(component, t, contest);
    for (const component of this.#links.loneTo) this.#enterLone(component, 1 - t, contest);
  }

  #enterLink(link: Link, z: number, contest: SliceContest): void {
    const { gap } = this;
    const { fromPart, toPart } = link;
    // The curve goes on beyond a slice only through whole components with one partner on either side.
    const before =
      this.#before && fromPart === link.from ? only(this.#before, (other) => other.to === link.from)?.from : undefined;
    const after =
      this.#after && toPart === link.to ? only(this.#after, (other) => other.from === link.to)?.to : undefined;
    const weights = curveWeights(z, before && gap.before, gap.from, gap.to, after && gap.after);
    const four = [before, fromPart, toPart, after] as const;
    const cu = along(weights, four, (component) => component.cu);
    const cv = along(weights, four, (component) => component.cv);
    const moved = four.flatMap((component, n) =>
      component
        ? [{ field: this.#fields.get(component), weight: weights[n]!, du: component.cu - cu, dv: component.cv - cv }]
        : [],
    );
    contest.enter(gap.segment, boxAround(fromPart, toPart, cu, cv), moved, 0);
  }

  #enterLone(component: Component, t: number, contest: SliceContest): void {
    if (t >= SHRINK_SHARE) return;
    const field = this.#fields.get(component);
    const minus = field.radius * (t / SHRINK_SHARE) ** 2;
    contest.enter(this.gap.segment, component, [{ field, weight: 1, du: 0, dv: 0 }], minus);
  }
}

/** The one link that fits, if its two components have no other partner. */
function only({ links }: Links, fits: (link: Link) => boolean): Link | undefined {
  const found = links.filter(fits);
  const link = found[0];
  return found.length === 1 && link && link.fromPart === link.from && link.toPart === link.to ? link : undefined;
}

function along(
  weights: Weights,
  four: readonly (Component | undefined)[],
  value: (component: Component) => number,
): number {
  return four.reduce((sum, component, n) => (component ? sum + weights[n]! * value(component) : sum), 0);
}

/** The boxes of both components, moved to a common centroid. */
function boxAround(a: Component, b: Component, cu: number, cv: number): PixelBox {
  return {
    u0: cu + Math.min(a.u0 - a.cu, b.u0 - b.cu) - MARGIN,
    v0: cv + Math.min(a.v0 - a.cv, b.v0 - b.cv) - MARGIN,
    u1: cu + Math.max(a.u1 - a.cu, b.u1 - b.cu) + MARGIN,
    v1: cv + Math.max(a.v1 - a.cv, b.v1 - b.cv) + MARGIN,
  };
}
