/**
 * What a kernel proposes, seen as a preview before it is accepted: sparse bricks by `brickIndex` at level 0. Never more than
 * what the kernel reached.
 */
export type Proposal =
  | {
      readonly kind: "mask";
      /** Segment the masked voxels would get. */
      readonly segment: number;
      /** 64³ bits a brick (32 KiB): voxel n is bit n & 7 of byte n >> 3. */
      readonly bricks: ReadonlyMap<number, Uint8Array>;
      /** Voxels set in all masks. */
      readonly voxels: number;
    }
  | {
      readonly kind: "labels";
      /** 64³ label values a brick; 0 leaves the voxel as it is. */
      readonly bricks: ReadonlyMap<number, Uint16Array>;
      readonly voxels: number;
    };

/** What a change may touch; locked segments are never touched, whatever else is said. */
export interface EditRules {
  /** Which voxels may be overwritten: any, only background, or background and these segments. */
  readonly over: "all" | "empty" | readonly number[];
}
