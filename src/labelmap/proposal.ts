/** Bricks of a proposal by `brickIndex` at level 0. What iteration gives may be one array that is filled anew for every brick. */
export interface ProposalBricks<Values> extends Iterable<readonly [brickIndex: number, values: Values]> {
  readonly size: number;
}

/**
 * What a kernel proposes, seen as a preview before it is accepted: sparse bricks at level 0. Never more than what the kernel
 * reached.
 */
export type Proposal =
  | {
      readonly kind: "mask";
      /** Segment the masked voxels would get. */
      readonly segment: number;
      /** 64³ bits a brick (32 KiB): voxel n is bit n & 7 of byte n >> 3. */
      readonly bricks: ProposalBricks<Uint8Array>;
      /** Voxels set in all masks. */
      readonly voxels: number;
      /** What the user should know of how it came about. */
      readonly note?: string;
    }
  | {
      readonly kind: "labels";
      /** 64³ label values a brick; 0 leaves the voxel as it is. */
      readonly bricks: ProposalBricks<Uint16Array>;
      /** 64³ bits a brick: voxels that become background, whatever segment they have; done before `bricks` are. */
      readonly erased?: ProposalBricks<Uint8Array>;
      /** Voxels with a label in `bricks` or a bit in `erased`. */
      readonly voxels: number;
      /** What the user should know of how it came about. */
      readonly note?: string;
    };

/** What a change may touch; locked segments are never touched, whatever else is said. */
export interface EditRules {
  /** Which voxels may be overwritten: any, only background, or background and these segments. */
  readonly over: "all" | "empty" | readonly number[];
}
