import type { Dims } from "#volume";
import { transfer } from "../wire.ts";
import type { SliceOfAxis } from "./fill.api.ts";

/** A number for every slice across i, j and k. */
type PerSlice = readonly [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];

/** Chances that a fill is wrong, added up: voxels that are wrong by expectation, slice by slice of each axis. */
export interface FillDoubts {
  readonly perSlice: PerSlice;
  /** What of them the jitter of drawn outlines alone would leave. */
  readonly jitterPerSlice: PerSlice;
  /** The chance at each voxel of the slice that was asked for, the lower axis fastest. */
  readonly shown: Float32Array<ArrayBuffer> | undefined;
}

/** What doubts of the image and of shapes (logarithms of odds) are worth together: each alone is too sure, or too little. */
const SAID_BY_IMAGE = 0.5;
const SAID_BY_SHAPE = 0.25;

/** The chance of an error by the chances that the image's field and shapes have for it. */
export function wrongByBoth(image: number, shape: number): number {
  const odds = SAID_BY_IMAGE * Math.log((1 - image) / image) + SAID_BY_SHAPE * Math.log((1 - shape) / shape);
  return 1 / (1 + Math.exp(odds));
}

export class DoubtCollector {
  readonly #perSlice: PerSlice;
  readonly #jitterPerSlice: PerSlice;
  readonly #show: SliceOfAxis | undefined;
  readonly #shown: Float32Array<ArrayBuffer> | undefined;
  readonly #u: 0 | 1 | 2;
  readonly #v: 0 | 1 | 2;
  readonly #width: number;

  constructor(dims: Dims, show: SliceOfAxis | undefined) {
    const perSlice = (): PerSlice => [new Float64Array(dims[0]), new Float64Array(dims[1]), new Float64Array(dims[2])];
    this.#perSlice = perSlice();
    this.#jitterPerSlice = perSlice();
    this.#show = show;
    [this.#u, this.#v] = show?.axis === 0 ? [1, 2] : show?.axis === 1 ? [0, 2] : [0, 1];
    this.#width = dims[this.#u];
    this.#shown = show && new Float32Array(this.#width * dims[this.#v]);
  }

  /** A voxel's chance to be wrong, and what of it is jitter. */
  add(ijk: Dims, chance: number, jitter: number): void {
    for (const axis of [0, 1, 2] as const) {
      this.#perSlice[axis][ijk[axis]]! += chance;
      this.#jitterPerSlice[axis][ijk[axis]]! += jitter;
    }
    if (this.#show && ijk[this.#show.axis] === this.#show.index) {
      this.#shown![ijk[this.#v] * this.#width + ijk[this.#u]] = chance;
    }
  }

  finish(): FillDoubts {
    const [perSlice, jitterPerSlice, shown] = [this.#perSlice, this.#jitterPerSlice, this.#shown];
    const moved = [...perSlice, ...jitterPerSlice, ...(shown ? [shown] : [])].map(({ buffer }) => buffer);
    return transfer({ perSlice, jitterPerSlice, shown }, moved);
  }
}

/** Doubts of several parts together. */
export function addDoubts(parts: readonly FillDoubts[]): FillDoubts {
  const sum = <Values extends Float32Array | Float64Array>(a: Values, b: Values | undefined): Values => {
    for (let n = 0; b && n < a.length; n++) a[n]! += b[n]!;
    return a;
  };
  const [first, ...others] = parts as [FillDoubts, ...FillDoubts[]];
  for (const { perSlice, jitterPerSlice, shown } of others) {
    for (const axis of [0, 1, 2] as const) {
      sum(first.perSlice[axis], perSlice[axis]);
      sum(first.jitterPerSlice[axis], jitterPerSlice[axis]);
    }
    if (first.shown) sum(first.shown, shown);
  }
  return first;
}
