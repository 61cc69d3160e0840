/** Exports of the core for reading several label maps together (assembly/kernels/consensus). */
export interface ConsensusExports {
  consensusNextRun(cursor: number): void;
  consensusCount(job: number): number;
  consensusIndex(job: number, count: number): void;
  consensusWrite(job: number, to: number, voxels: number): number;
}
