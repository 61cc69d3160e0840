export { openAddress, openUrl } from "./fetch.ts";
export { describeZarrImage } from "./describe-zarr.ts";
export { type LabelSlab, labelSlabs } from "./label-slabs.ts";
export { type LabelmapSource, type LabelSlice, openLabelmap } from "./labelmap.ts";
export { type LabelmapFit, labelmapFit } from "./labelmap-fit.ts";
export { RangeBlob, type ReadRange } from "./range-blob.ts";
export { resampleLabels } from "./labelmap-resample.ts";
export { type OpenOptions, openSources } from "./open.ts";
export type * from "./source.ts";
