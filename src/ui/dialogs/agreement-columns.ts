import type { ShownAgreement, ShownOverall } from "#export";
import { formatCount } from "../format.ts";
import type { MeasureColumn } from "../parts/measure-table.tsx";

interface AgreementColumn extends MeasureColumn<ShownAgreement> {
  /** The figure over all segments. */
  overall(row: ShownOverall): string;
}

const share = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
const mm = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
const percent = (value: number | null): string =>
  value === null ? "–" : `${value < 0 ? "−" : "+"}${(Math.abs(value) * 100).toFixed(1)} %`;

/** Columns of how far two labelmaps agree; `toleranceMm` is that of surface Dice. */
export function agreementColumns(toleranceMm: number): readonly AgreementColumn[] {
  return [
    {
      title: "Dice",
      hint: "2 |A ∩ B| / (|A| + |B|); over all segments from summed counts",
      of: (row) => share(row.dice),
      overall: (row) => share(row.dice),
    },
    {
      title: "Jaccard",
      hint: "|A ∩ B| / |A ∪ B|",
      of: (row) => share(row.jaccard),
      overall: (row) => share(row.jaccard),
    },
    {
      title: `Surface Dice`,
      hint: `Share of the surface voxels of both that lie within ${toleranceMm} mm of the other surface`,
      of: (row) => share(row.surfaceDice),
      overall: (row) => share(row.surfaceDice),
    },
    {
      title: "HD 95 (mm)",
      hint: "95th percentile of all surface distances, both ways pooled; over all segments their mean",
      of: (row) => mm(row.hausdorff95Mm),
      overall: (row) => mm(row.meanHausdorff95Mm),
    },
    {
      title: "HD (mm)",
      hint: "Hausdorff distance: the largest surface distance, either way",
      of: (row) => mm(row.hausdorffMm),
      overall: (row) => mm(row.hausdorffMm),
    },
    {
      title: "Mean (mm)",
      hint: "Mean of all surface distances; over all segments the mean of their means",
      of: (row) => mm(row.meanSurfaceDistanceMm),
      overall: (row) => mm(row.meanSurfaceDistanceMm),
    },
    {
      title: "Median (mm)",
      hint: "Median of all surface distances",
      of: (row) => mm(row.medianSurfaceDistanceMm),
      overall: () => "",
    },
    {
      title: "Found",
      hint: "Sensitivity: how much of the file's segment the labels have, |A ∩ B| / |A|",
      of: (row) => share(row.sensitivity),
      overall: (row) => share(row.sensitivity),
    },
    {
      title: "Right",
      hint: "Precision: how much of the labels' segment the file has, |A ∩ B| / |B|",
      of: (row) => share(row.precision),
      overall: (row) => share(row.precision),
    },
    {
      title: "Volume",
      hint: "How much larger or smaller the labels' segment is than the file's",
      of: (row) => percent(row.volumeDifference),
      overall: (row) => percent(row.volumeDifference),
    },
    {
      title: "Voxels",
      hint: "Voxels of the labels' segment",
      of: (row) => formatCount(row.voxelsB),
      overall: (row) => formatCount(row.voxelsB ?? 0),
    },
  ];
}
