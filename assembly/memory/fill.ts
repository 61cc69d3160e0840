/*
 * Records of the fill between slices, laid out by src/workers/fill/shape-records.ts. All lengths are pixels of the frame.
 *
 *   shape    216 B   what one segment is between two annotated slices: up to four moved fields, or one that shrinks away
 *   weights   72 B   of one slice and one arrangement of annotated slices around it
 */

/** i32: the segment, 0 for the union of all. */
export const SHAPE_LABEL: usize = 0;
/** i32: number of its record of weights; in a stack of parallel planes the address of its first, one follows for every slice. */
export const SHAPE_WEIGHTS: usize = 4;
/** i32: LINKED, LONE_FROM or LONE_TO. */
export const SHAPE_KIND: usize = 8;
/** i32: 1 where the union of all segments helps to decide. */
export const SHAPE_SHARED: usize = 12;
/** i32 for each of the slices before, from, to, after: address of the field, 0 where there is none. */
export const SHAPE_FIELDS: usize = 16;
/** i32 × 4 for each of them: u0, v0, width and height of the field. */
export const SHAPE_GEOMETRY: usize = 32;
/**
 * i32 × 4: box of the shape on the slice from, u0 v0 u1 v1 (outside), then that on the slice to; in a stack of parallel planes one around
 * both wherever they are moved.
 */
export const SHAPE_BOXES: usize = 96;
/** i32: pixels around the boxes that are looked at. */
export const SHAPE_MARGIN: usize = 128;
/** i32: largest distance of a lone shape's field. */
export const SHAPE_RADIUS: usize = 132;
/** f64 × 2 for each slice: where the shape lies along its path. */
export const SHAPE_PATH: usize = 136;
/** i32 × 2: the annotated slices before and after, in a stack of parallel planes (../kernels/fill/oblique.ts). */
export const SHAPE_ENDS: usize = 200;
/** i32 × 2: values below which those of the fields before and from, and to and after, do not count. */
export const SHAPE_LEAST: usize = 208;
export const SHAPE_BYTES: usize = 216;

export const LINKED: i32 = 0;
export const LONE_FROM: i32 = 1;

/** i32 × 4: weights of the four fields, in 1/16384. */
export const WEIGHTS_FIELDS: usize = 0;
/** i32 × 2: bulge where the shape grows, and where it dwindles, from one slice to the next, in 1/16384. */
export const WEIGHTS_BULGE: usize = 16;
/** f64 × 4: weights of the four places. */
export const WEIGHTS_PATH: usize = 24;
/** f64 × 2: share of its radius by which a lone shape of the slice before, and after, has shrunk. */
export const WEIGHTS_SHRUNK: usize = 56;
export const WEIGHTS_BYTES: usize = 72;

/**
 * A pixel's doubt: the largest value of any segment, above 0 or not, that of the next other segment, how far the fields of the winner
 * on both annotated slices are apart, and the winner (all i32).
 */
export const DOUBT_BYTES: usize = 16;
/** Less than any value. */
export const LEAST_DOUBT: i32 = -(1 << 30);
