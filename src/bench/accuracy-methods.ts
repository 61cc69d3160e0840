/** A method as the report names it. */
export interface Method {
  readonly name: string;
  /** Short, for the heads of tables. */
  readonly short: string;
  readonly ours?: true;
  readonly what: string;
}

/** Every method that is measured, by the name in `AccuracyCase.method`, in the order of the report. */
export const METHODS: Readonly<Record<string, Method>> = {
  "fill-ours": {
    name: "Voxelwright, fill between slices",
    short: "Voxelwright",
    ours: true,
    what: "the program's fill, shape only: it is told which slices were drawn and does not look at the image",
  },
  "fill-ours-image": {
    name: "Voxelwright, fill that also looks at the image",
    short: "Voxelwright, image",
    ours: true,
    what: "the same with method image: between slices across one axis it finds out on the drawn slices how much the image counts, or whether at all",
  },
  "fill-itk": {
    name: "ITK morphological contour interpolation (itk-wasm)",
    short: "ITK contours",
    what: "@itk-wasm/morphological-contour-interpolation along the axis of the slices, or all axes where slices of several are kept, as 3D Slicer, ITK-SNAP, VolView and Cornerstone3D use it",
  },
  "fill-sdf": {
    name: "Signed distances, blended (scipy)",
    short: "Signed distances",
    what: "shape-based interpolation after Raya and Udupa (1990): signed Euclidean distances within the two slices around, blended by position; of several labels the one with the largest blend",
  },
  "fill-walker": {
    name: "Random walker (scikit-image)",
    short: "Random walker",
    what: "Grady (2006) on the image, beta 130, mode cg_j, every drawn slice with its background as seeds, in the box of what is drawn and 8 voxels around it; it sees the image. At most three structures and a box of a million voxels",
  },
  "fill-nearest": {
    name: "Nearest slice copied",
    short: "Nearest slice",
    what: "the drawn slice that is nearest, the baseline that anything must beat",
  },
  "fill-nearest-voxel": {
    name: "Nearest drawn voxel copied (scipy)",
    short: "Nearest voxel",
    what: "the drawn voxel that is nearest in millimetres, background too: the baseline for planes in several directions",
  },
  "grow-range": {
    name: "Voxelwright, growth by a range",
    short: "Voxelwright, range",
    ours: true,
    what: "region growing from one seed in the middle of the structure, 6 neighbours; the range is the mean of the structure's core (deeper than half its greatest depth) and 1, 1.5, 2 or 3 standard deviations to either side",
  },
  "grow-range-itk": {
    name: "ITK ConnectedThreshold (C++)",
    short: "ITK ConnectedThreshold",
    what: "the same seed and range",
  },
  "grow-guard": {
    name: "Voxelwright, growth by a range with leak guard",
    short: "Voxelwright, guard",
    ours: true,
    what: "the same seed and range; passages that a box of three voxels (one across slices that are thicker than twice the others) does not fit through stop the growth",
  },
  "grow-confidence": {
    name: "Voxelwright, confidence",
    short: "Voxelwright, confidence",
    ours: true,
    what: "the same seed; mean and 1.5 or 2.5 standard deviations of the voxels around the seed (radius 2), found again from what has grown four times",
  },
  "grow-confidence-itk": {
    name: "ITK ConfidenceConnected (C++)",
    short: "ITK ConfidenceConnected",
    what: "the same seed and figures, on floating-point voxels, so that its range is not rounded",
  },
  "seeds-ours": {
    name: "Voxelwright, growth from seeds",
    short: "Voxelwright",
    ours: true,
    what: "default costs: difference of stored values and 2 for each millimetre, 6 neighbours",
  },
  "seeds-growcut": {
    name: "Fast GrowCut, Fibonacci heap (C++)",
    short: "Fast GrowCut",
    what: "Zhu et al. (2014) as 3D Slicer weighs by default: difference of stored values alone, 26 neighbours; Dijkstra's algorithm with boost's Fibonacci heap",
  },
  "seeds-walker": {
    name: "Random walker (scikit-image)",
    short: "Random walker",
    what: "Grady (2006), beta 130, mode cg_j, the same seeds, in the box of the seeds. At most three structures and a box of a million voxels",
  },
};
