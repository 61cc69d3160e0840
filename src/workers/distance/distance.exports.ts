/** Exports of the core for masks of bits and distances (`assembly/kernels/distance`, `assembly/kernels/labels`). */
export interface DistanceExports {
  distanceJobBytes(
    ni: number,
    nj: number,
    nk: number,
    i0: number,
    j0: number,
    k0: number,
    ci: number,
    cj: number,
    ck: number,
  ): number;
  distanceStart(
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
    si: number,
    sj: number,
    sk: number,
    limit: number,
    scale: number,
    to: number,
  ): void;
  distanceSlices(job: number, from: number, end: number): void;
  distanceRows(job: number, from: number, end: number): void;
  boxDistances(job: number): void;
  placeInside(
    inside: number,
    ci: number,
    cj: number,
    ck: number,
    to: number,
    rowBytes: number,
    planeBytes: number,
  ): void;
  placeOfLabel(
    field: number,
    ci: number,
    cj: number,
    ck: number,
    labels: number,
    labelRow: number,
    labelPlane: number,
    label: number,
    to: number,
    rowBytes: number,
    planeBytes: number,
  ): void;
  capField(field: number, count: number, least: number, most: number): void;
  bitsOfLabel(
    labels: number,
    rowBytes: number,
    planeBytes: number,
    ci: number,
    cj: number,
    ck: number,
    label: number,
    others: number,
    to: number,
  ): void;
  bitsMirrored(
    labels: number,
    rowBytes: number,
    planeBytes: number,
    di: number,
    dj: number,
    dk: number,
    i0: number,
    j0: number,
    k0: number,
    ci: number,
    cj: number,
    ck: number,
    label: number,
    members: number,
    to: number,
  ): void;
  bitsOfMembers(
    labels: number,
    rowBytes: number,
    planeBytes: number,
    ci: number,
    cj: number,
    ck: number,
    members: number,
    to: number,
    toRowBytes: number,
    toPlaneBytes: number,
  ): number;
  bitsWithin(field: number, ci: number, cj: number, ck: number, limit: number, others: number, to: number): void;
  invertBits(bits: number, ni: number, rows: number): void;
  boxOfBits(bits: number, ni: number, nj: number, nk: number, to: number): number;
  boxesOfLabels(labels: number, ni: number, nj: number, nk: number, boxes: number, found: number): number;
  changesOfBrick(
    before: number,
    beforeRow: number,
    beforePlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
    i0: number,
    j0: number,
    k0: number,
    ni: number,
    nj: number,
    nk: number,
    members: number,
    labels: number,
    erased: number,
  ): number;
  fillFar(to: number, count: number): void;
  claimNearest(
    field: number,
    fieldRow: number,
    fieldPlane: number,
    ci: number,
    cj: number,
    ck: number,
    limit: number,
    label: number,
    best: number,
    bestRow: number,
    bestPlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
  clearOfLabel(
    field: number,
    ci: number,
    cj: number,
    ck: number,
    limit: number,
    beyond: number,
    label: number,
    before: number,
    beforeRow: number,
    beforePlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
  clearMembers(
    members: number,
    ci: number,
    cj: number,
    ck: number,
    before: number,
    beforeRow: number,
    beforePlane: number,
    after: number,
    afterRow: number,
    afterPlane: number,
  ): void;
  farWhereWithin(
    other: number,
    ci: number,
    cj: number,
    ck: number,
    limit: number,
    field: number,
    fieldRow: number,
    fieldPlane: number,
  ): void;
}
