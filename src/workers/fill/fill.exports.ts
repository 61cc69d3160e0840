/** The exports of `assembly/kernels/fill`; pointers and counts are numbers. Documented where they are defined. */
export interface FillExports {
  fillOccupancyRowBytes(): number;
  fillOccupancy(bytes: number, count: number, rowOf: number, rows: number): number;
  fillSliceCounts(bytes: number, count: number, wanted: number, counts: number): void;
  fillSlice(
    bytes: number,
    count: number,
    axis: number,
    local: number,
    to: number,
    nu: number,
    nv: number,
    uAt: number,
    vAt: number,
  ): void;
  fillRunBytes(): number;
  fillComponentBytes(): number;
  fillCountRuns(slice: number, nu: number, nv: number, wanted: number): number;
  fillFindRuns(slice: number, nu: number, nv: number, wanted: number, runs: number): number;
  fillComponents(runs: number, count: number, among: number, components: number, sorted: number): number;
  fillFieldScratch(w: number, h: number): number;
  fillField(
    runs: number,
    count: number,
    u0: number,
    v0: number,
    w: number,
    h: number,
    ru: number,
    rv: number,
    reach: number,
    to: number,
    scratch: number,
  ): number;
  fillSampleBytes(): number;
  fillBendScratch(nx: number, nodes: number): number;
  fillBendStart(nodes: number, sides: number, diagonal: number): void;
  fillBendSamples(
    samples: number,
    count: number,
    nx: number,
    ny: number,
    weight: number,
    sides: number,
    diagonal: number,
  ): void;
  fillBendSolve(
    field: number,
    nx: number,
    ny: number,
    nz: number,
    samples: number,
    count: number,
    weight: number,
    sides: number,
    diagonal: number,
    scratch: number,
    fresh: number,
    steps: number,
  ): void;
  fillBendRefine(
    field: number,
    nx: number,
    ny: number,
    nz: number,
    to: number,
    mx: number,
    my: number,
    mz: number,
  ): void;
  fillEvaluate(
    field: number,
    nx: number,
    ny: number,
    nz: number,
    x0: number,
    y0: number,
    z0: number,
    dx: number,
    dy: number,
    dz: number,
    segment: number,
    least: number,
    best: number,
    second: number,
    labels: number,
    row: number,
  ): void;
  fillBrickDoubts(
    best: number,
    second: number,
    least: number,
    planes: number,
    count: number,
    own: number,
    spread: number,
    to: number,
  ): void;
  fillClearPlane(labels: number, a: number, b: number, c: number, d: number): void;
  fillKeepEmpty(
    labels: number,
    best: number,
    union: number,
    existing: number,
    ni: number,
    nj: number,
    nk: number,
  ): number;
  fillValue(to: number, count: number, value: number): void;
  fillLeast(to: number, count: number): void;
  fillShapesScratch(nu: number): number;
  fillShapes(
    shapes: number,
    count: number,
    weights: number,
    nu: number,
    nv: number,
    best: number,
    label: number,
    union: number,
    doubts: number,
    scratch: number,
  ): void;
  fillObliqueScratch(slices: number): number;
  fillObliqueShapes(
    shapes: number,
    count: number,
    places: number,
    nu: number,
    nv: number,
    best: number,
    label: number,
    union: number,
    doubts: number,
    scratch: number,
  ): void;
  fillStackWeights(
    to: number,
    nu: number,
    nv: number,
    d0: number,
    du: number,
    dv: number,
    depths: number,
    count: number,
  ): number;
  fillAddWeights(weights: number, nu: number, nv: number, d0: number, du: number, dv: number): void;
  fillAddErrors(errors: number, eu: number, ev: number, sums: number, nu: number, nv: number, places: number): void;
  fillCorrect(
    values: number,
    sums: number,
    weights: number,
    own: number,
    count: number,
    segment: number,
    shared: number,
    best: number,
    label: number,
    union: number,
    doubts: number,
    base: number,
    perMm: number,
    reach: number,
  ): void;
  fillClearLine(labels: number, chances: number, nu: number, nv: number, d0: number, du: number, dv: number): void;
  fillFieldSlice(
    field: number,
    nx: number,
    ny: number,
    nz: number,
    places: number,
    perMm: number,
    nu: number,
    nv: number,
    only: number,
    to: number,
  ): void;
  fillDoubtBytes(): number;
  fillDoubtStart(doubts: number, count: number): void;
  fillDoubts(doubts: number, count: number, own: number, spread: number, to: number): void;
  fillImageSlice(
    from: number,
    type: number,
    stepU: number,
    stepV: number,
    nu: number,
    nv: number,
    raw: number,
    to: number,
  ): void;
  fillSteps(labels: number, nu: number, nv: number, to: number): void;
  fillSure(labels: number, chances: number, existing: number, count: number): void;
  fillLocalBytes(pixels: number): number;
  fillLocalFind(
    labels: number,
    values: number,
    steps: number,
    drawn: number,
    nu: number,
    nv: number,
    table: number,
    to: number,
  ): number;
  fillLocalScratch(nu: number, nv: number): number;
  fillLocalSums(
    labels: number,
    values: number,
    steps: number,
    drawn: number,
    nu: number,
    nv: number,
    table: number,
    found: number,
    to: number,
    scratch: number,
  ): void;
  fillUnsure(chances: number, count: number): number;
  fillDoubtful(
    slice: number,
    chances: number,
    steps: number,
    nu: number,
    nv: number,
    before: number,
    after: number,
    t: number,
    around: number,
    tables: number,
  ): number;
  fillFieldBytes(room: number): number;
  fillFieldStart(slice: number, room: number, labels: number, values: number, ordinals: number): void;
  fillFieldPixels(slice: number): number;
  fillFieldReady(slice: number, step: number): void;
  fillFieldLink(
    slice: number,
    side: number,
    beside: number,
    nu: number,
    nv: number,
    du: number,
    dv: number,
    ratio: number,
  ): void;
  fillFieldAlone(slice: number, weight: number, to: number): void;
  fillFieldRound(slice: number, weight: number, chances: number, below: number, above: number, to: number): void;
  fillFieldDecide(slice: number, chances: number, pixels: number, to: number): void;
  fillWrite(
    labels: number,
    existing: number,
    nu: number,
    countU: number,
    countV: number,
    brick: number,
    first: number,
    strideU: number,
    strideV: number,
  ): number;
}
