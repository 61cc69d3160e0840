import { VoxelwrightError } from "#base";

/** One label value with what people know about it. Value 0 is background and never a segment. */
export interface Segment {
  /** 1 to 65,535, unique in a study, never given again after deletion within one session of numbering. */
  readonly value: number;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** Coded term (coding scheme designator, value, meaning), as DICOM. */
  readonly code?: { readonly scheme: string; readonly value: string; readonly meaning: string };
  /** A locked segment's voxels are never changed by any command. */
  readonly locked: boolean;
  readonly visible: boolean;
  /** Opacity in 3D, as surface or coloured volume, 0 to below 1; absent = 1. Planes have an opacity of their own for all. */
  readonly opacity3d?: number;
}

/** Largest label value. */
export const MAX_LABEL = 65535;

/** A change of the segment list: `from` absent = added, `to` absent = deleted. */
export interface SegmentEdit {
  readonly value: number;
  readonly from?: Segment;
  readonly to?: Segment;
}

/** Throws `label-range` for anything but a whole number of 0 to 65,535. */
export function checkLabel(value: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= MAX_LABEL) return;
  throw new VoxelwrightError(
    "label-range",
    `The label value ${value} does not fit 16 bits; values go from 0 to ${MAX_LABEL}.`,
    {
      fields: { value },
    },
  );
}
