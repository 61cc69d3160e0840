/** Exports of the core for smoothing (`assembly/kernels/smooth`). */
export interface SmoothExports {
  smoothJobBytes(
    ni: number,
    nj: number,
    nk: number,
    i0: number,
    ci: number,
    cj: number,
    ck: number,
    radiusI: number,
  ): number;
  smoothStart(
    job: number,
    bits: number,
    ni: number,
    nj: number,
    nk: number,
    i0: number,
    j0: number,
    k0: number,
    ci: number,
    cj: number,
    ck: number,
    radiusI: number,
    radiusJ: number,
    radiusK: number,
    weightsI: number,
    weightsJ: number,
    weightsK: number,
    to: number,
  ): void;
  smoothSlices(job: number, from: number, end: number): void;
  smoothRows(job: number, from: number, end: number): void;
  startContest(best: number, count: number, value: number): void;
  claimLargest(
    field: number,
    ci: number,
    cj: number,
    ck: number,
    label: number,
    best: number,
    bestRow: number,
    bestPlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
  openWhere(
    field: number,
    ci: number,
    cj: number,
    ck: number,
    least: number,
    best: number,
    bestRow: number,
    bestPlane: number,
  ): void;
  vote(
    field: number,
    ci: number,
    cj: number,
    ck: number,
    label: number,
    before: number,
    beforeRow: number,
    beforePlane: number,
    best: number,
    total: number,
    bestRow: number,
    bestPlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
  endVote(
    all: number,
    ci: number,
    cj: number,
    ck: number,
    members: number,
    before: number,
    beforeRow: number,
    beforePlane: number,
    best: number,
    total: number,
    bestRow: number,
    bestPlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
}
