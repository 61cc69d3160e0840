import type { ProgressOptions } from "#base";
import type { FoundThresholds, Histogram, ThresholdMethod } from "#volume";
import type { BrickPool } from "./brick-pool.ts";
import { components } from "./components/components.ts";
import { compare } from "./compare/share-compare.ts";
import { consensus } from "./consensus/share-consensus.ts";
import type { Crew } from "./crew/crew.ts";
import { fill } from "./fill/fill.ts";
import { FillKeeper } from "./fill/fill-keeper.ts";
import { fillCertainty, nextSlice } from "./fill/next-slice.ts";
import { growByConfidence } from "./growth/confidence.ts";
import { needsNeighbours } from "./growth/needs-neighbours.ts";
import { distance } from "./distance/ask-distance.ts";
import { unpackMask } from "./growth/packed-mask.ts";
import { histogram } from "./histogram/histogram.ts";
import { holes } from "./holes/holes.ts";
import { islands } from "./islands/islands.ts";
import type {
  CompareOptions,
  CompareRow,
  Components,
  ComponentsRequest,
  FillCertainty,
  FillOptions,
  FillProposal,
  FillRequest,
  GrowRequest,
  HistogramRequest,
  HolesRequest,
  Islands,
  IslandsRequest,
  DistanceField,
  DistanceRequest,
  Consensus,
  ConsensusRequest,
  GrowResult,
  HollowRequest,
  KernelImage,
  KernelLabels,
  Kernels,
  LabelProposal,
  MarginRequest,
  MaskProposal,
  NextSlice,
  SeedsProposal,
  SeedsRequest,
  SegmentSums,
  SmoothRequest,
  SliceOfAxis,
  SpacingMm,
  StatisticsRequest,
  StatisticsRow,
  BrickSurface,
  SurfaceRequest,
  ThresholdRequest,
} from "./kernels.api.ts";
import { hollow, margin } from "./margin/ask-margin.ts";
import { unpackSeeds } from "./seeds/seeds-alone.ts";
import { smooth } from "./smooth/ask-smooth.ts";
import { segmentSums, statistics } from "./statistics/share-statistics.ts";
import { surface } from "./surface/surface.ts";
import { threshold } from "./threshold/share-threshold.ts";

/** The kernels over any crew; each is a function of its own folder. */
export abstract class KernelSet implements Kernels {
  abstract readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  abstract readonly bricks: BrickPool | undefined;
  /** What fills between planes keep for the next one. */
  protected readonly fills = new FillKeeper();
  /** The threads; throws when the kernels are closed. */
  protected abstract crew(): Crew;
  abstract dispose(): void;

  async grow(image: KernelImage, request: GrowRequest, options: ProgressOptions = {}): Promise<GrowResult> {
    const crew = this.crew();
    if (!request.confidence) return this.#growIn(image, request, options);
    const { confidence: _, ...rest } = request;
    return growByConfidence(crew, image, request, options, (range, run) =>
      this.#growIn(image, { ...rest, range }, run),
    );
  }

  /** Growing by a range and nothing else; on all threads where they share memory. */
  protected async growByRange(
    image: KernelImage,
    request: GrowRequest,
    options: ProgressOptions,
  ): Promise<MaskProposal> {
    return unpackMask(await this.crew().run("grow", { image }, request, options));
  }

  async #growIn(image: KernelImage, request: GrowRequest, options: ProgressOptions): Promise<MaskProposal> {
    if (!needsNeighbours(request)) return this.growByRange(image, request, options);
    return unpackMask(await this.crew().run("grow", { image }, request, options));
  }

  async fill(labels: KernelLabels, request: FillRequest, options: FillOptions = {}): Promise<FillProposal> {
    return fill(this.crew(), labels, request, this.fills, options);
  }

  async fillCertainty(
    labels: KernelLabels,
    request: FillRequest,
    slice: SliceOfAxis,
    options: ProgressOptions = {},
  ): Promise<FillCertainty> {
    return fillCertainty(this.crew(), labels, request, slice, this.fills, options);
  }

  async nextSlice(
    labels: KernelLabels,
    request: FillRequest,
    across?: readonly (0 | 1 | 2)[],
    options: ProgressOptions = {},
  ): Promise<NextSlice> {
    return nextSlice(this.crew(), labels, request, across, this.fills, options);
  }

  async statistics(
    image: KernelImage | undefined,
    labels: KernelLabels,
    request: StatisticsRequest = {},
    options: ProgressOptions = {},
  ): Promise<StatisticsRow[]> {
    return statistics(this.crew(), image, labels, request, options);
  }

  async segmentSums(
    image: KernelImage | undefined,
    labels: KernelLabels,
    options: ProgressOptions = {},
  ): Promise<SegmentSums[]> {
    return segmentSums(this.crew(), image, labels, options);
  }

  async compare(
    a: KernelLabels,
    b: KernelLabels,
    spacingMm: SpacingMm,
    options: CompareOptions = {},
  ): Promise<CompareRow[]> {
    return compare(this.crew(), a, b, spacingMm, options);
  }

  async consensus(
    maps: readonly KernelLabels[],
    request: ConsensusRequest,
    options: ProgressOptions = {},
  ): Promise<Consensus> {
    return consensus(this.crew(), maps, request, options);
  }

  async distance(
    labels: KernelLabels,
    request: DistanceRequest,
    options: ProgressOptions = {},
  ): Promise<DistanceField> {
    return distance(this.crew(), labels, request, options);
  }

  async margin(labels: KernelLabels, request: MarginRequest, options: ProgressOptions = {}): Promise<LabelProposal> {
    return margin(this.crew(), labels, request, options);
  }

  async hollow(labels: KernelLabels, request: HollowRequest, options: ProgressOptions = {}): Promise<LabelProposal> {
    return hollow(this.crew(), labels, request, options);
  }

  async smooth(labels: KernelLabels, request: SmoothRequest, options: ProgressOptions = {}): Promise<LabelProposal> {
    return smooth(this.crew(), labels, request, options);
  }

  async components(
    labels: KernelLabels,
    request: ComponentsRequest,
    options: ProgressOptions = {},
  ): Promise<Components> {
    return components(this.crew(), labels, request, options);
  }

  async islands(labels: KernelLabels, request: IslandsRequest, options: ProgressOptions = {}): Promise<Islands> {
    return islands(this.crew(), labels, request, options);
  }

  async threshold(image: KernelImage, request: ThresholdRequest, options: ProgressOptions = {}): Promise<MaskProposal> {
    return threshold(this.crew(), image, request, options);
  }

  async histogram(
    image: KernelImage,
    request: HistogramRequest = {},
    options: ProgressOptions = {},
  ): Promise<Histogram> {
    return histogram(this.crew(), image, request, options);
  }

  async holes(labels: KernelLabels, request: HolesRequest, options: ProgressOptions = {}): Promise<LabelProposal> {
    return holes(this.crew(), labels, request, options);
  }

  async surface(labels: KernelLabels, request: SurfaceRequest, options: ProgressOptions = {}): Promise<BrickSurface[]> {
    return surface(this.crew(), labels, request, options);
  }

  async thresholds(
    histogram: Histogram,
    methods: readonly ThresholdMethod[],
    options: ProgressOptions = {},
  ): Promise<FoundThresholds[]> {
    return this.crew().run("thresholdsOf", {}, { histogram, methods }, options);
  }

  async growFromSeeds(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options: ProgressOptions = {},
  ): Promise<SeedsProposal> {
    return unpackSeeds(await this.crew().run("seeds", { image, maps: [labels] }, request, options));
  }
}
