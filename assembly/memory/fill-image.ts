/*
 * Records of a fill that looks at the image. Planes have a value for every pixel of the frame, u fastest.
 *
 *   local ─┬ step f64, scale f64, count i32    24 B   what one drawn slice looks like near the outlines of its labels
 *          ├ entries                           24 B   of each label there
 *          └ sums                              3 × w × h f64 of each entry: of 1, of values and of their squares
 *
 *   around ─┬ count i32                               pixels in the order of their distance
 *           ├ first ones                       12 i32 where to begin when another label is so many steps away; −1: it is too far
 *           └ entries                           8 B   offset i32, du i8, dv i8, square of the distance u8, 0
 */

export const LOCAL_STEP: usize = 0;
export const LOCAL_SCALE: usize = 8;
export const LOCAL_COUNT: usize = 16;
export const LOCAL_ENTRIES: usize = 24;

/** i32: the label, first square of 2 × 2 pixels, how many there are, and where its sums begin, counted from the end of the entries. */
export const ENTRY_LABEL: usize = 0;
export const ENTRY_U0: usize = 4;
export const ENTRY_V0: usize = 8;
export const ENTRY_W: usize = 12;
export const ENTRY_H: usize = 16;
export const ENTRY_SUMS: usize = 20;
export const ENTRY_BYTES: usize = 24;

export const AROUND_FIRST: usize = 4;
export const AROUND_ENTRIES: usize = 56;
export const AROUND_BYTES: usize = 8;
/** Steps along rows and columns that lead to some pixel around. */
export const AROUND_STEPS: i32 = 12;

export const FIELD_BYTES: usize = 64;
/** Neighbours of a pixel along u, along v and across slices, in pairs, and their axes. */
export const SIDES: usize = 6;
export const AXES: usize = 3;

/** A slice as its neighbours see it, and its doubtful pixels, as `changetype` reads it; never constructed. */
export class FieldSlice {
  /** Planes: labels by shape (u16), values of the image (f32), which doubtful pixel a pixel is and one more (i32, 0 where it is sure). */
  labels: usize = 0;
  values: usize = 0;
  ordinals: usize = 0;
  /** Mean square of the steps between values of neighbouring pixels. */
  step: f64 = 0;
  /** Of every doubtful pixel: which it is (i32), the other label it may have (i32), logarithms of odds by shape and by the image (f32). */
  at: usize = 0;
  rivals: usize = 0;
  byShape: usize = 0;
  byImage: usize = 0;
  /** What neighbours add whatever they are (f32). */
  fixed: usize = 0;
  /** How much those along u, along v and on the slice below are to hold together with it (3 f32). */
  alike: usize = 0;
  /** Doubtful neighbours, and what their chance to have their own label is multiplied with (6 i32, 6 f32). */
  neighbours: usize = 0;
  factors: usize = 0;
  count: i32 = 0;
}
