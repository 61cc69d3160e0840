import type { Dims } from "#volume";
import { transfer } from "../wire.ts";
import type { SliceOfAxis } from "./fill.api.ts";

/** Chances that a fill is wrong, added up: voxels that are wrong by expectation, slice by slice of each axis. */
export interface FillDoubts {
  readonly perSlice: readonly [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
  /** The chance at each voxel of the slice that was asked for, the lower axis fastest. */
  readonly shown: Float32Array<ArrayBuffer> | undefined;
}

export class DoubtCollector {
  readonly #perSlice: FillDoubts["perSlice"];
  readonly #show: SliceOfAxis | undefined;
  readonly #shown: Float32Array<ArrayBuffer> | undefined;
  readonly #u: 0 | 1 | 2;
  readonly #v: 0 | 1 | 2;
  readonly #width: number;

  constructor(dims: Dims, show: SliceOfAxis | undefined) {
    this.#perSlice = [new Float64Array(dims[0]), new Float64Array(dims[1]), new Float64Array(dims[2])];
    this.#show = show;
    [this.#u, this.#v] = show?.axis === 0 ? [1, 2] : show?.axis === 1 ? [0, 2] : [0, 1];
    this.#width = dims[this.#u];
    this.#shown = show && new Float32Array(this.#width * dims[this.#v]);
  }

  add(ijk: Dims, chance: number): void {
    this.#perSlice[0][ijk[0]]! += chance;
    this.#perSlice[1][ijk[1]]! += chance;
    this.#perSlice[2][ijk[2]]! += chance;
    if (this.#show && ijk[this.#show.axis] === this.#show.index) {
      this.#shown![ijk[this.#v] * this.#width + ijk[this.#u]] = chance;
    }
  }

  finish(): FillDoubts {
    const moved = [...this.#perSlice, ...(this.#shown ? [this.#shown] : [])].map(({ buffer }) => buffer);
    return transfer({ perSlice: this.#perSlice, shown: this.#shown }, moved);
  }
}

/** Doubts of several parts together. */
export function addDoubts(parts: readonly FillDoubts[]): FillDoubts {
  const sum = <Values extends Float32Array | Float64Array>(a: Values, b: Values | undefined): Values => {
    for (let n = 0; b && n < a.length; n++) a[n]! += b[n]!;
    return a;
  };
  const [first, ...others] = parts as [FillDoubts, ...FillDoubts[]];
  for (const { perSlice, shown } of others) {
    for (const axis of [0, 1, 2] as const) sum(first.perSlice[axis], perSlice[axis]);
    if (first.shown) sum(first.shown, shown);
  }
  return first;
}
