import { around, type Component, componentOf, overlap, type PixelBox, together } from "./components.ts";
import type { StackFrame } from "./frame.ts";

/** Whole steps of distance in the smaller edge of a pixel of the frame. */
export const STEPS_PER_PIXEL = 64;

/** Signed distances of a component, positive inside, in steps of 1/64 of the smaller pixel edge. */
export interface DistancePort {
  /** The largest: the radius of the largest disc inside. */
  radius(component: Component): number;
  /** Those of every pixel of `box`, which holds the component, u fastest; valid until the next call. */
  distances(component: Component, box: PixelBox): { readonly values: Int16Array; readonly width: number };
}

/** Components on one slice that become components on the next annotated slice. */
export interface Link {
  /** What is linked: a component, or several as one where they overlap the same on the other slice. */
  readonly from: Component;
  readonly to: Component;
  /** The components that `from` and `to` are of. */
  readonly fromMembers: readonly Component[];
  readonly toMembers: readonly Component[];
  /** What of them belongs to this link: all, or the part nearest to the partner where there are several partners. */
  readonly fromPart: Component;
  readonly toPart: Component;
}

export interface Links {
  readonly links: readonly Link[];
  /** Components without a partner: they shrink away into the gap. */
  readonly loneFrom: readonly Component[];
  readonly loneTo: readonly Component[];
}

/** Components of one slice that are linked as one. */
interface Node {
  readonly whole: Component;
  readonly members: readonly Component[];
  readonly partners: Node[];
}

/**
 * Links components of one segment on two annotated slices `gapMm` apart. Those that overlap are the same structure, all of them
 * together where one overlaps several: a branch then opens where its distances say. One that overlaps none goes to its nearest by
 * centroid if it is near enough; what has several such partners is cut among them: each pixel belongs to the partner whose distance
 * is largest there, to all of them at a tie.
 */
export function linkComponents(
  from: readonly Component[],
  to: readonly Component[],
  frame: StackFrame,
  gapMm: number,
  port: DistancePort,
): Links {
  // One on each side that overlap, as most do, need no search.
  const [a, b] = [from[0], to[0]];
  if (a && b && from.length === 1 && to.length === 1 && overlap(a, b)) {
    const link = { from: a, to: b, fromMembers: from, toMembers: to, fromPart: a, toPart: b };
    return { links: [link], loneFrom: [], loneTo: [] };
  }
  const nodes = new Map<Component, Node>();
  for (const [fromMembers, toMembers] of overlapping(from, to)) {
    const [p, q] = [nodeOf(fromMembers), nodeOf(toMembers)];
    for (const node of [p, q]) for (const member of node?.members ?? []) nodes.set(member, node!);
    if (p && q) {
      p.partners.push(q);
      q.partners.push(p);
    }
  }
  const single = (component: Component): boolean => nodes.get(component)!.partners.length === 0;
  const lone: [Component, readonly Component[]][] = [];
  for (const component of from) if (single(component)) lone.push([component, to]);
  for (const component of to) if (single(component)) lone.push([component, from]);
  for (const [component, others] of lone) {
    const own = nodes.get(component)!;
    for (const other of nearest(component, others, frame, gapMm, port)) {
      const node = nodes.get(other)!;
      if (own.partners.includes(node)) continue;
      own.partners.push(node);
      node.partners.push(own);
    }
  }
  const parts = new Map<Node, readonly Component[]>();
  for (const node of nodes.values()) {
    const { whole, partners } = node;
    if (parts.has(node)) continue;
    const wholes = partners.map((partner) => partner.whole);
    parts.set(node, partners.length < 2 ? [whole] : cut(whole, wholes, port));
  }
  const part = (node: Node, partner: Node): Component => parts.get(node)![node.partners.indexOf(partner)]!;
  const links: Link[] = [];
  for (const node of new Set(from.map((component) => nodes.get(component)!))) {
    for (const partner of node.partners) {
      links.push({
        from: node.whole,
        to: partner.whole,
        fromMembers: node.members,
        toMembers: partner.members,
        fromPart: part(node, partner),
        toPart: part(partner, node),
      });
    }
  }
  return { links, loneFrom: from.filter(single), loneTo: to.filter(single) };
}

/** Components that hang together over overlaps with the other slice, by their first; either list may be empty. */
function overlapping(from: readonly Component[], to: readonly Component[]): (readonly [Component[], Component[]])[] {
  const parent = Array.from({ length: from.length + to.length }, (_, n) => n);
  const root = (n: number): number => {
    while (parent[n] !== n) n = parent[n] = parent[parent[n]!]!;
    return n;
  };
  for (const [m, a] of from.entries()) {
    for (const [n, b] of to.entries()) {
      if (!overlap(a, b)) continue;
      const [p, q] = [root(m), root(from.length + n)];
      parent[Math.max(p, q)] = Math.min(p, q);
    }
  }
  const groups = new Map<number, readonly [Component[], Component[]]>();
  for (const [n, component] of [...from, ...to].entries()) {
    const group = groups.get(root(n)) ?? [[], []];
    group[n < from.length ? 0 : 1].push(component);
    groups.set(root(n), group);
  }
  return [...groups.values()];
}

function nodeOf(members: readonly Component[]): Node | undefined {
  return members.length === 0 ? undefined : { whole: together(members), members, partners: [] };
}

/** The nearest of the others by centroid (all that are equally near), none when even it is too far away. */
function nearest(
  component: Component,
  others: readonly Component[],
  frame: StackFrame,
  gapMm: number,
  port: DistancePort,
): Component[] {
  const distance = (other: Component): number =>
    Math.hypot((other.cu - component.cu) * frame.su, (other.cv - component.cv) * frame.sv);
  const mm = (component_: Component): number =>
    (port.radius(component_) / STEPS_PER_PIXEL) * Math.min(frame.su, frame.sv);
  const away = others.map(distance);
  const least = away.reduce((near, own) => Math.min(near, own), Number.POSITIVE_INFINITY);
  return others.filter((other, n) => {
    if (away[n]! > least) return false;
    // A structure that runs at up to 45 degrees to the slices moves by the gap.
    return least <= gapMm + mm(component) + mm(other);
  });
}

/** The parts of a component that belong to each of its partners; the whole of it where a partner would get nothing. */
function cut(component: Component, partners: readonly Component[], port: DistancePort): Component[] {
  const { runs } = component;
  const best = new Int16Array(component.pixels).fill(-32768);
  const values = partners.map((partner) => {
    const box = around(component, partner);
    const { values: all, width } = port.distances(partner, box);
    const own = new Int16Array(component.pixels);
    let at = 0;
    for (let n = 0; n < runs.length; n += 3) {
      const row = (runs[n]! - box.v0) * width - box.u0;
      for (let u = runs[n + 1]!; u < runs[n + 2]!; u++, at++) {
        const value = all[row + u]!;
        own[at] = value;
        if (value > best[at]!) best[at] = value;
      }
    }
    return own;
  });
  return values.map((own) => {
    const kept: number[] = [];
    let at = 0;
    for (let n = 0; n < runs.length; n += 3) {
      let start = -1;
      for (let u = runs[n + 1]!; u < runs[n + 2]!; u++, at++) {
        const inside = own[at] === best[at];
        if (inside && start < 0) start = u;
        if (inside || start < 0) continue;
        kept.push(runs[n]!, start, u);
        start = -1;
      }
      if (start >= 0) kept.push(runs[n]!, start, runs[n + 2]!);
    }
    return kept.length === 0 ? component : componentOf(component, Int32Array.from(kept));
  });
}
