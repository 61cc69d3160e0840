export const PLANE_NAMES = ["axial", "coronal", "sagittal"] as const;
export type PlaneName = (typeof PLANE_NAMES)[number];

/** Where one plane view looks, relative to the whole volume fitted into the view. */
export interface PlaneLook {
  /** 1 = the volume just fits. */
  readonly zoom: number;
  /** The view's centre away from the volume's centre: to the right, down; mm. */
  readonly panMm: readonly [number, number];
}
