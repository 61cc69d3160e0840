import type { CodecExports } from "./codec/codec.exports.ts";
import type { CompareExports } from "./compare/compare.exports.ts";
import type { ComponentsExports } from "./components/components.exports.ts";
import type { ConsensusExports } from "./consensus/consensus.exports.ts";
import type { DistanceExports } from "./distance/distance.exports.ts";
import type { FillExports } from "./fill/fill.exports.ts";
import type { GrowthExports } from "./growth/growth.exports.ts";
import type { HistogramExports } from "./histogram/histogram.exports.ts";
import type { PyramidExports } from "./pyramid/pyramid.exports.ts";
import type { SeedsExports } from "./seeds/seeds.exports.ts";
import type { SmoothExports } from "./smooth/smooth.exports.ts";
import type { StatisticsExports } from "./statistics/statistics.exports.ts";
import type { SurfaceExports } from "./surface/surface.exports.ts";

/** The exports of the WASM core (`assembly/index.ts`); pointers and counts are numbers. Documented where they are defined. */
export interface KernelExports
  extends CodecExports,
    CompareExports,
    ComponentsExports,
    ConsensusExports,
    DistanceExports,
    FillExports,
    GrowthExports,
    HistogramExports,
    PyramidExports,
    SeedsExports,
    SmoothExports,
    StatisticsExports,
    SurfaceExports {
  labelRunsRoom(): number;
  labelRunsEncode(labels: number, to: number): number;
  labelRunsDecode(bytes: number, count: number, labels: number): number;
  maskRunsRoom(): number;
  maskRunsEncode(bits: number, to: number): number;
  maskRunsDecode(bytes: number, count: number, bits: number): void;
  copyBox(
    from: number,
    fromRow: number,
    fromPlane: number,
    to: number,
    toRow: number,
    toPlane: number,
    rowBytes: number,
    nj: number,
    nk: number,
  ): void;
  clearBytes(at: number, bytes: number): void;
  repeatBorder(
    at: number,
    size: number,
    ni: number,
    nj: number,
    nk: number,
    i0: number,
    j0: number,
    k0: number,
    i1: number,
    j1: number,
    k1: number,
  ): void;
  readOnce(from: number, bytes: number): number;
  clearBox(to: number, toRow: number, toPlane: number, rowBytes: number, nj: number, nk: number): void;
}
