import { BRICK_EDGE, type Dims, levelToBaseIndex } from "#volume";

/**
 * A scan of any size as a function of position, so that no file and no memory holds it: a body in air within a shell, vessels along
 * k, a ball of one size in the middle, noise. Stored values are Hounsfield units.
 */
export const SCALE_VOLUME = {
  /** Values of the ball; no other voxel is among them. */
  ballRange: [250, 350],
  /** The ball's radius in voxels of level 0, whatever the size of the volume. */
  ballRadius: 40,
  /** Values of the vessels, tubes along k. */
  vesselRange: [140, 190],
  /** Values of the shell, whose share of the volume is the same for every size. */
  shellRange: [600, 700],
} as const;

const AIR = -1000;
const BODY = 0;
const SHELL = 650;
const VESSEL = 150;
const BALL = 300;
/** Noise is from 0 to this, HU. */
const NOISE = 32;
/** The body's and the shell's outer radius as shares of half the volume. */
const BODY_SHARE = 0.85;
const SHELL_SHARE = 0.9;
/** Vessels are this far apart and this wide, voxels of level 0. */
const VESSEL_PITCH = 128;
const VESSEL_RADIUS = 6;

/** Voxels of the ball. */
export function ballVoxels(): number {
  const radius = SCALE_VOLUME.ballRadius;
  let count = 0;
  for (let z = -radius; z <= radius; z++)
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++) if (x * x + y * y + z * z < radius * radius) count++;
  return count;
}

/** The middle voxel, in which the ball lies. */
export function scaleMiddle(dims: Dims): Dims {
  return [dims[0] >> 1, dims[1] >> 1, dims[2] >> 1];
}

/** A voxel in the shell, on the line from the middle along i. */
export function shellVoxel(dims: Dims): Dims {
  const [i, j, k] = scaleMiddle(dims);
  return [Math.round(i + (i * (BODY_SHARE + SHELL_SHARE)) / 2), j, k];
}

/**
 * Fills `out`, 64³ with i fastest, with a brick of the level whose voxels cover `factor` voxels of level 0: its voxels are the
 * values in the middle of what they cover.
 */
export function writeScaleBrick(
  dims: Dims,
  factor: Dims,
  brick: readonly [number, number, number],
  out: Int16Array,
): void {
  const place = (axis: 0 | 1 | 2, n: number): number => levelToBaseIndex(brick[axis] * BRICK_EDGE + n, factor[axis]);
  const [middleI, middleJ, middleK] = scaleMiddle(dims);
  const ball = SCALE_VOLUME.ballRadius ** 2;
  for (let k = 0, at = 0; k < BRICK_EDGE; k++) {
    const z = place(2, k);
    const c = (z - middleK) / middleK;
    for (let j = 0; j < BRICK_EDGE; j++) {
      const y = place(1, j);
      const b = (y - middleJ) / middleJ;
      const alongK = b * b + c * c;
      const vesselJ = (y % VESSEL_PITCH) - VESSEL_PITCH / 4;
      const ballJk = (y - middleJ) ** 2 + (z - middleK) ** 2;
      let noise = Math.imul(Math.floor(y) * 0x1f123bb5 + Math.floor(z) * 0x5f356495, 0x9e3779b1);
      for (let i = 0; i < BRICK_EDGE; i++, at++) {
        const x = place(0, i);
        const a = (x - middleI) / middleI;
        const radius = alongK + a * a;
        let value = AIR;
        if (radius < BODY_SHARE * BODY_SHARE) {
          const vesselI = (x % VESSEL_PITCH) - VESSEL_PITCH / 4;
          value = vesselI * vesselI + vesselJ * vesselJ < VESSEL_RADIUS * VESSEL_RADIUS ? VESSEL : BODY;
          if ((x - middleI) ** 2 + ballJk < ball) value = BALL;
        } else if (radius < SHELL_SHARE * SHELL_SHARE) value = SHELL;
        // A step of a xorshift generator for each voxel.
        noise ^= noise << 13;
        noise ^= noise >>> 17;
        noise ^= noise << 5;
        out[at] = value + ((noise >>> 16) & (NOISE - 1));
      }
    }
  }
}
