import { around, type Component, type PixelBox, together } from "./components.ts";
import type { ClosedEnds } from "./curve.ts";
import type { StackFrame } from "./frame.ts";
import { type DistancePort, type Link, linkComponents, type Links } from "./links.ts";
import { motion, type Place } from "./motion.ts";
import type { Gap } from "./planes.ts";

/** What becomes of one component (or part) between two annotated slices. */
export type Shape =
  | {
      readonly kind: "linked";
      readonly gap: Gap;
      /** On the slices before, from, to and after; undefined where the curve does not go on. */
      readonly four: readonly [Component | undefined, Component, Component, Component | undefined];
      readonly places: readonly [Place, Place, Place, Place];
      /** Ends at which the structure closes. */
      readonly closed: ClosedEnds;
      /** Pixels around the moved boxes in which the blend may be positive. */
      readonly margin: number;
    }
  | { readonly kind: "lone"; readonly gap: Gap; readonly side: "from" | "to"; readonly component: Component };

/** Gives the components of a segment (0: of the union) on an annotated slice. */
export interface ComponentPort {
  components(z: number, segment: number): readonly Component[];
}

/** The gaps of every segment with what links their slices, worked out when they are asked for. */
export class ShapeChains {
  readonly #frame: StackFrame;
  readonly #components: ComponentPort;
  readonly #distances: DistancePort;
  /** Gaps of a segment by the slice they begin and end on. */
  readonly #from = new Map<number, Map<number, Gap>>();
  readonly #to = new Map<number, Map<number, Gap>>();
  readonly #links = new Map<Gap, Links>();
  readonly #joins = new Map<Component, Component>();

  constructor(frame: StackFrame, gaps: readonly Gap[], components: ComponentPort, distances: DistancePort) {
    this.#frame = frame;
    this.#components = components;
    this.#distances = distances;
    for (const gap of gaps) {
      inner(this.#from, gap.segment).set(gap.from, gap);
      inner(this.#to, gap.segment).set(gap.to, gap);
    }
  }

  linksOf(gap: Gap): Links {
    let links = this.#links.get(gap);
    if (!links) {
      const from = gap.drawnFrom ? this.#components.components(gap.from, gap.segment) : [];
      const to = gap.drawnTo ? this.#components.components(gap.to, gap.segment) : [];
      links = linkComponents(from, to, this.#frame, (gap.to - gap.from) * this.#frame.sz, this.#distances);
      this.#links.set(gap, links);
    }
    return links;
  }

  /** The shapes of a gap; of the union only those in which several segments meet: the others are a segment's own. */
  shapesOf(gap: Gap): Shape[] {
    const { links, loneFrom, loneTo } = this.linksOf(gap);
    const shapes: Shape[] = [];
    for (const link of links) {
      if (gap.segment !== 0 || link.from.several || link.to.several) shapes.push(this.#linked(gap, link));
    }
    for (const [side, lone] of [["from", loneFrom] as const, ["to", loneTo] as const]) {
      for (const component of lone) {
        if (gap.segment !== 0 || component.several) shapes.push({ kind: "lone", gap, side, component });
      }
    }
    return shapes;
  }

  /**
   * The box that a component's distances are needed in: its own and those of its partners on both sides, moved to it. Depends on
   * the labels alone, not on what was asked for before.
   */
  fieldBox(component: Component): PixelBox {
    let box: PixelBox = grown(component, 1);
    const below = this.#to.get(component.segment)?.get(component.z);
    const above = this.#from.get(component.segment)?.get(component.z);
    if (below)
      for (const link of this.linksOf(below).links) if (link.toPart === component) box = around(box, reach(link, "to"));
    if (above) {
      for (const link of this.linksOf(above).links)
        if (link.fromPart === component) box = around(box, reach(link, "from"));
    }
    return box;
  }

  /** Lets go of the links of a segment's gaps that begin below a slice; returns their components and parts. */
  release(segment: number, below: number): Component[] {
    const gone: Component[] = [];
    for (const [from, gap] of this.#from.get(segment) ?? []) {
      const links = from < below ? this.#links.get(gap) : undefined;
      if (!links) continue;
      this.#links.delete(gap);
      for (const { fromPart, toPart, to } of links.links) {
        gone.push(fromPart);
        if (toPart !== to) gone.push(toPart);
      }
      gone.push(...links.loneFrom);
    }
    return gone;
  }

  #linked(gap: Gap, link: Link): Shape {
    const { fromPart, toPart } = link;
    const before = fromPart === link.from ? this.#beyond(gap, link, "from") : undefined;
    const after = toPart === link.to ? this.#beyond(gap, link, "to") : undefined;
    const to = motion(fromPart, toPart);
    const back = before ? motion(before, link.from) : [0, 0];
    const on = after ? motion(link.to, after) : [0, 0];
    const places = [[-back[0]!, -back[1]!], [0, 0], to, [to[0] + on[0]!, to[1] + on[1]!]] as const;
    return {
      kind: "linked",
      gap,
      four: [before, fromPart, toPart, after],
      places,
      closed: (this.#closes(gap, link, "from") + this.#closes(gap, link, "to")) as ClosedEnds,
      margin: marginOf(fromPart, toPart),
    };
  }

  /** What a link goes on to beyond its gap: all partners of its members there, unless they belong to others as well. */
  #beyond(gap: Gap, link: Link, side: "from" | "to"): Component | undefined {
    const next = this.#next(gap, side);
    if (!next) return undefined;
    const members = side === "from" ? link.fromMembers : link.toMembers;
    const found: Component[] = [];
    for (const other of this.linksOf(next).links) {
      const near = side === "from" ? other.toMembers : other.fromMembers;
      if (!near.some((component) => members.includes(component))) continue;
      const whole = other.fromPart === other.from && other.toPart === other.to;
      if (!whole || !near.every((component) => members.includes(component))) return undefined;
      found.push(side === "from" ? other.from : other.to);
    }
    const [only] = found;
    return found.length < 2 ? only : this.#joined(found);
  }

  /** 1 where nothing of a link's structure is drawn beyond its slice, 0 otherwise. */
  #closes(gap: Gap, link: Link, side: "from" | "to"): 0 | 1 {
    if (side === "from" ? gap.from === 0 : gap.to === this.#frame.slices - 1) return 0;
    const next = this.#next(gap, side);
    if (!next) return 1;
    const members = side === "from" ? link.fromMembers : link.toMembers;
    const goesOn = this.linksOf(next).links.some((other) =>
      (side === "from" ? other.toMembers : other.fromMembers).some((component) => members.includes(component)),
    );
    return goesOn ? 0 : 1;
  }

  /** The gap beyond one, where the segment is drawn on its far side. */
  #next(gap: Gap, side: "from" | "to"): Gap | undefined {
    if (side === "from") return gap.before === undefined ? undefined : this.#to.get(gap.segment)!.get(gap.from);
    return gap.after === undefined ? undefined : this.#from.get(gap.segment)!.get(gap.to);
  }

  /** Components as one, the same object for the same components. */
  #joined(components: readonly Component[]): Component {
    let joined = this.#joins.get(components[0]!);
    if (!joined) this.#joins.set(components[0]!, (joined = together(components)));
    return joined;
  }
}

/** Cubics overshoot by a part of the size. */
function marginOf(a: Component, b: Component): number {
  return 3 + (Math.max(a.u1 - a.u0, a.v1 - a.v0, b.u1 - b.u0, b.v1 - b.v0) >> 4);
}

/** What a link samples of the distances of its component on one side. */
function reach({ fromPart, toPart }: Link, side: "from" | "to"): PixelBox {
  const [du, dv] = motion(fromPart, toPart);
  const [own, other, sign] = side === "from" ? [fromPart, toPart, -1] : [toPart, fromPart, 1];
  const moved = {
    u0: Math.floor(other.u0 + sign * du),
    v0: Math.floor(other.v0 + sign * dv),
    u1: Math.ceil(other.u1 + sign * du),
    v1: Math.ceil(other.v1 + sign * dv),
  };
  return grown(around(own, moved), marginOf(fromPart, toPart) + 2);
}

function grown(box: PixelBox, by: number): PixelBox {
  return { u0: box.u0 - by, v0: box.v0 - by, u1: box.u1 + by, v1: box.v1 + by };
}

function inner(maps: Map<number, Map<number, Gap>>, segment: number): Map<number, Gap> {
  let map = maps.get(segment);
  if (!map) maps.set(segment, (map = new Map()));
  return map;
}
