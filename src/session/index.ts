export { writeLabelFileInWorker, writeSurfaceFileInWorker } from "./label-files.ts";
export { type ChunkedCalls, ChunkedService } from "./chunked/chunked-service.ts";
export { ChunkedStudies } from "./chunked/chunked-studies.ts";
export { type CommandInfo, CommandRegistry } from "./command-registry.ts";
export { addEffectCommands } from "./effects/effects.ts";
export { addHistoryCommands } from "./history-commands.ts";
export {
  type ChosenSeries,
  ImportService,
  type ImportState,
  type SeriesQuestion,
} from "./import-service.ts";
export { type ImportInput, openInput } from "./import-input.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { importedShare } from "./import-copy.ts";
export { type ImportOptions, importStudy } from "./import-job.ts";
export type { JobState } from "./jobs.ts";
export { addLabelCommands } from "./label-commands.ts";
export { addMemoryCommands, type GpuMemoryReport } from "./memory-commands.ts";
export { addMeasurementCommands } from "./measurements/measurement-commands.ts";
export { mainText, measurementFacts, measurementLines } from "./measurements/measurement-text.ts";
export type { Message } from "./messages.ts";
export { OpenStudy } from "./open-study.ts";
export type { Overlay } from "./overlays/overlay.ts";
export { addOverlayCommands } from "./overlays/overlay-commands.ts";
export { addPictureCommands } from "./picture-commands.ts";
export type { PreviewState } from "./preview.ts";
export { addSegmentCommands } from "./segment-commands.ts";
export { Session, type SessionPort, type SessionSettings } from "./session.ts";
export type { ArrivingStudy } from "./arrival.ts";
export { addViewCommands } from "./view-commands.ts";
export { addStudyCommands, type StudySummary, summarise } from "./study-commands.ts";
export { StudyImage } from "./study-image.ts";
export { type HistoryState, type SavedState, StudyLabels } from "./study-labels.ts";
export { repairStudy } from "./repair-job.ts";
export type { RoomAnswer, RoomQuestion } from "./room.ts";
export type { SpacingAnswer, SpacingQuestion } from "./spacing-question.ts";
export type { SavedVolumePreset } from "./saved-volume-preset.ts";
export { addVolumeCommands } from "./volume-commands.ts";
