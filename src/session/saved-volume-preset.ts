import type { VolumeTransfer } from "#views";

/** A transfer function kept by name, for volumes of one modality. */
export interface SavedVolumePreset {
  readonly name: string;
  readonly modality: string;
  /** The preset that it was made from, which gives the light. */
  readonly preset: string;
  readonly transfer: VolumeTransfer;
}
