export * from "./brick-edit.ts";
export * from "./brush.ts";
export type { Json } from "./canonical-json.ts";
export {
  createSigner,
  type DeviceKey,
  generateDeviceKey,
  type KeyAlgorithm,
  sha256,
  type Signer,
} from "./device-key.ts";
export { decodeEdits, encodeEdits } from "./edit-payload.ts";
export { type EntrySource, type JournalEntry, type JsonObject, parseEntryLine, type StudyBinding } from "./entry.ts";
export * from "./encoded-bricks.ts";
export type { EntryHeader } from "./entry-header.ts";
export { moveWithVoxels, SPACING_COMMAND } from "./grid-change.ts";
export * from "./history.ts";
export { sealJournal } from "./journal-export.ts";
export type { JournalInput } from "./journal-lines.ts";
export * from "./journal-replay.ts";
export * from "./journal-verify.ts";
export * from "./journal-writer.ts";
export { decodeLabelBrick, encodeLabelBrick, LabelRunReader } from "./label-brick.ts";
export type { LabelChange } from "./label-change.ts";
export { LabelPyramid } from "./label-pyramid.ts";
export * from "./label-totals.ts";
export * from "./label-snapshot.ts";
export { locateVoxel } from "./label-store.ts";
export * from "./labelmap.ts";
export * from "./mask.ts";
export * from "./mask-runs.ts";
export * from "./measurement.ts";
export * from "./measurement-geometry.ts";
export * from "./measurement-list.ts";
export { measurementPlaneSchema, measurementPointsSchema } from "./measurement-schema.ts";
export * from "./palette.ts";
export * from "./path-curve.ts";
export * from "./proposal.ts";
export * from "./segment.ts";
export * from "./segment-list.ts";
export type { LabelTransaction } from "./transaction.ts";
