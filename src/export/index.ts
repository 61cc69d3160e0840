export { agreementCsv } from "./agreement-csv.ts";
export { type ByteChunks, collectBlob, collectBytes, type ExportFile } from "./export-file.ts";
export { imageFormatOf, labelFormatOf } from "./format-of-name.ts";
export { gzip } from "./gzip.ts";
export { IMAGE_FORMATS, imageFile, type ImageFormat } from "./image-file.ts";
export { type ImageInput, wantsRange } from "./image-stream.ts";
export { journalFile } from "./journal-lines.ts";
export {
  LABEL_FORMATS,
  labelFile,
  labelFolder,
  type LabelFormat,
  type LabelInput,
  namesSegments,
} from "./label-file.ts";
export { type LabelBricks, presentLabels } from "./label-stream.ts";
export {
  distanceNotes,
  type ShownAgreement,
  shownAgreement,
  type ShownOverall,
  shownOverall,
} from "./shown-agreement.ts";
export type { PartOfJob } from "./part-of-job.ts";
export { measurementsCsv } from "./measurements-csv.ts";
export { measurementsJson } from "./measurements-json.ts";
export type { AreaValues, ProbeValue, ShownMeasurement } from "./shown-measurement.ts";
export {
  SHOWN_PERCENTILES,
  shapeNotes,
  type ShownStatistics,
  shownStatistics,
  type StatisticsContext,
} from "./shown-statistics.ts";
export {
  SURFACE_FORMATS,
  type SurfaceFile,
  surfaceFile,
  type SurfaceFormat,
  type SurfaceFrame,
} from "./surface-file.ts";
export { statisticsCsv } from "./statistics-csv.ts";
export * from "./movie.ts";
export * from "./webm.ts";
export { addLabelGroup, type WritableFolder, writeLabelGroup } from "./zarr/add-labels.ts";
export type { LabelGroup } from "./zarr/label-group.ts";
export { GROUP_NAME, IMAGE_OF_LABELS } from "./zarr/zarr-zip.ts";
