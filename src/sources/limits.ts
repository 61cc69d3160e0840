/** Limits that keep a hostile or broken file from costing time or memory. Each says where its number is from. */

/**
 * Deflate cannot grow data by more than this: a match of 258 bytes costs at least two bits (RFC 1951, 258 · 8 / 2 = 1032).
 * A compressed file that claims more is lying, whatever it holds.
 */
export const DEFLATE_MAX_RATIO = 1032;

/**
 * Compressed data above this size once inflated and shrunk by more than `BOMB_RATIO` holds next to nothing but one repeated
 * byte: a decompression bomb, or an empty labelmap that can be opened after unpacking it by hand.
 */
export const BOMB_BYTES = 1024 ** 3;

/** Zeros shrink by 1029 with zlib's best level; label volumes with one small organ by 200 to 700. */
export const BOMB_RATIO = 900;

/** Sum of all inflated entries of one archive: four times the largest scan that the local cache is planned for (16 GB). */
export const ARCHIVE_MAX_INFLATED_BYTES = 64 * 1024 ** 3;

/** Entries of one archive: ten times a large study of single-slice files. */
export const ARCHIVE_MAX_ENTRIES = 100_000;

/** Central directory of an archive, read whole: 100,000 entries at about 100 bytes leave room for long names. */
export const ARCHIVE_MAX_DIRECTORY_BYTES = 64 * 1024 ** 2;

/** Inflated archive entries up to this size are kept for a while, since DICOM readers come back to the same file. */
export const ENTRY_KEEP_BYTES = 16 * 1024 ** 2;

/** Inflated archive entries kept together, least recently used out first. */
export const ENTRY_KEEP_TOTAL_BYTES = 64 * 1024 ** 2;

/** A text header (NRRD, MetaImage) ends before this. Real ones with many segments stay below 100 kB. */
export const HEADER_MAX_BYTES = 128 * 1024;

/** NIfTI header extensions together; real ones (DICOM or AFNI text) stay below a few MB. */
export const EXTENSION_MAX_BYTES = 64 * 1024 ** 2;

/** One slice (or one row of interleaved components) is the largest thing a reader holds. 16384² float32 fits. */
export const SLICE_MAX_BYTES = 1024 ** 3;

/** Files that one header may point to. */
export const DETACHED_MAX_FILES = 100_000;

/** Odd gzip files up to this inflated size are read through on opening, to say at once what is wrong with them. */
export const GZIP_SCAN_BYTES = 256 * 1024 ** 2;

/** Inflated on the way to the slice of a thumbnail: about two seconds of gzip. */
export const THUMBNAIL_INFLATE_BYTES = 256 * 1024 ** 2;

/** Bytes after the voxels that are still inflated to reach the checksum; more is left unread. */
export const SURPLUS_MAX_BYTES = 64 * 1024 ** 2;

/** Read from a file at once. Large enough that the cost of a read is small, small enough to abort soon. */
export const CHUNK_BYTES = 1024 ** 2;

/** Slices of a raw file up to this size are read at once, each to one place. */
export const STEP_MAX_BYTES = 16 * 1024 ** 2;

/** Gzip bytes inflated at one go when members are read one by one: at most 66 MB come out, even of a bomb. */
export const GZIP_STEP_BYTES = 64 * 1024;

/** Boxes of labels held while a labelmap is resampled: 512 slices of 1024 × 1024, all of them labelled. */
export const RESAMPLE_MAX_BYTES = 1024 ** 3;

/** Largest file that is fetched; the largest scan that the local cache is planned for. */
export const FETCH_MAX_BYTES = 16 * 1024 ** 3;

/** One chunk of a Zarr image, decoded: it is held whole. Real ones are 64³ to 256³ voxels of up to 8 bytes (134 MB). */
export const ZARR_CHUNK_MAX_BYTES = 512 * 1024 ** 2;

/** Decoded chunks of Zarr images held, since neighbouring bricks share them: eight of 128³ float64 voxels. */
export const ZARR_CHUNKS_KEPT_BYTES = 128 * 1024 ** 2;

/** A metadata file of a Zarr image. Real ones stay below 1 MB, consolidated ones included. */
export const ZARR_METADATA_MAX_BYTES = 64 * 1024 ** 2;

/** Decoded rows of bricks held of a file that is read where it lies: some 16 of a volume of 2048 voxels along i, 16 bit. */
export const RAW_BANDS_KEPT_BYTES = 256 * 1024 ** 2;
