import { type Component, fromMask } from "./components.ts";
import type { FieldStore } from "./fields.ts";
import type { SliceFrame } from "./frame.ts";

/** A component (or its part) on one slice that becomes a component (or its part) on the next annotated slice. */
export interface Link {
  /** Whole components. */
  readonly from: Component;
  readonly to: Component;
  /** What of them belongs to this link: all, or the part nearest to the partner where a component has several. */
  readonly fromPart: Component;
  readonly toPart: Component;
}

export interface Links {
  readonly links: readonly Link[];
  /** Components without a partner: they shrink away into the gap. */
  readonly loneFrom: readonly Component[];
  readonly loneTo: readonly Component[];
}

/**
 * Links components of one segment on two annotated slices `gapMm` apart: those that overlap; one that overlaps none goes to
 * its nearest by centroid if it is near enough to be the same structure. A component with several partners is cut among them:
 * each pixel belongs to the partner whose field is largest there, to all of them at a tie.
 */
export function linkComponents(
  from: readonly Component[],
  to: readonly Component[],
  frame: SliceFrame,
  gapMm: number,
  fields: FieldStore,
): Links {
  const pairs = new Map<Component, Set<Component>>([...from, ...to].map((component) => [component, new Set()]));
  const join = (a: Component, b: Component) => {
    pairs.get(a)!.add(b);
    pairs.get(b)!.add(a);
  };
  for (const a of from) for (const b of to) if (overlap(a, b)) join(a, b);
  const single = (component: Component) => pairs.get(component)!.size === 0;
  const lone: [Component, readonly Component[]][] = [
    ...from.filter(single).map((component): [Component, readonly Component[]] => [component, to]),
    ...to.filter(single).map((component): [Component, readonly Component[]] => [component, from]),
  ];
  for (const [component, others] of lone) {
    for (const other of nearest(component, others, frame, gapMm, fields)) join(component, other);
  }
  const links: Link[] = [];
  for (const a of from) {
    for (const b of pairs.get(a)!) {
      links.push({
        from: a,
        to: b,
        fromPart: partFor(a, b, pairs.get(a)!, fields),
        toPart: partFor(b, a, pairs.get(b)!, fields),
      });
    }
  }
  return { links, loneFrom: from.filter(single), loneTo: to.filter(single) };
}

function overlap(a: Component, b: Component): boolean {
  const u0 = Math.max(a.u0, b.u0);
  const u1 = Math.min(a.u1, b.u1);
  for (let v = Math.max(a.v0, b.v0); v < Math.min(a.v1, b.v1); v++) {
    const inA = (v - a.v0) * (a.u1 - a.u0) - a.u0;
    const inB = (v - b.v0) * (b.u1 - b.u0) - b.u0;
    for (let u = u0; u < u1; u++) if (a.mask[inA + u] && b.mask[inB + u]) return true;
  }
  return false;
}

/** The nearest of the others by centroid (all that are equally near), none when even it is too far away. */
function nearest(
  component: Component,
  others: readonly Component[],
  frame: SliceFrame,
  gapMm: number,
  fields: FieldStore,
): Component[] {
  const distance = (other: Component) =>
    Math.hypot((other.cu - component.cu) * frame.su, (other.cv - component.cv) * frame.sv);
  const least = Math.min(...others.map(distance));
  return others.filter((other) => {
    if (distance(other) > least) return false;
    // A structure that runs at up to 45 degrees to the slices moves by the gap.
    return least <= gapMm + fields.get(component).radius + fields.get(other).radius;
  });
}

function partFor(of: Component, partner: Component, partners: ReadonlySet<Component>, fields: FieldStore): Component {
  if (partners.size < 2) return of;
  const own = fields.sampler(partner);
  const others = [...partners].filter((other) => other !== partner).map((other) => fields.sampler(other));
  const mask = new Uint8Array(of.mask.length);
  let n = 0;
  let any = false;
  for (let v = of.v0; v < of.v1; v++) {
    for (let u = of.u0; u < of.u1; u++, n++) {
      if (!of.mask[n]) continue;
      const value = own(u, v);
      if (others.some((other) => other(u, v) > value)) continue;
      mask[n] = 1;
      any = true;
    }
  }
  return any ? fromMask(mask, of.u0, of.v0, of.u1, of.v1) : of;
}
