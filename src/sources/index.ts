export { openUrl } from "./fetch.ts";
export { type LabelmapSource, type LabelSlice, openLabelmap } from "./labelmap.ts";
export { imageToLabelAffine, type LabelmapFit, labelmapFit, labelSlicesFor } from "./labelmap-fit.ts";
export { type OpenOptions, openSources } from "./open.ts";
export type * from "./source.ts";
