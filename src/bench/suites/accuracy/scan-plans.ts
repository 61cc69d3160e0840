/** What is measured of a scan. Paths are those in the shared data, or of a sample. */
export interface ScanPlan {
  readonly id: string;
  readonly what: string;
  /** Of scans that count as one in means over scans; `what` when absent. */
  readonly group?: string;
  readonly image: string;
  readonly sample?: true;
  /** Lungs grown by a threshold when absent. */
  readonly labels?: string;
  readonly truth: string;
  readonly remark?: string;
  readonly names?: Readonly<Record<number, string>>;
  /** Axes across which slices are kept, of index axes 0 to 2. */
  readonly axes: readonly (0 | 1 | 2)[];
  /** Planes in several directions are kept, too. */
  readonly planes?: true;
  /** Values of structures that are grown from one seed; none when absent. */
  readonly grown?: (value: number) => boolean;
  /** How seeds are made out of labels; none when absent. */
  readonly seeds?: SeedsPlan;
}

export interface SeedsPlan {
  /** Labels are eroded by this many millimetres, in the seeds of all slices. */
  readonly erodedMm: number;
  /** Background is seeded where it is this far from labels, above the first and up to the second, in millimetres. */
  readonly ringMm: readonly [number, number];
}

const ALL = [0, 1, 2] as const;
const EVERY = () => true;
const BY_HAND = "drawn by hand";

const hippocampi = ["001", "003", "004", "006", "007"].map(
  (subject): ScanPlan => ({
    id: `hippocampus-${subject}`,
    what: `Hippocampus ${subject}, T1 MR`,
    group: "Hippocampus, T1 MR",
    image: `labels/hippocampus/${subject}-image.nii.gz`,
    labels: `labels/hippocampus/${subject}-label.nii.gz`,
    truth: BY_HAND,
    names: { 1: "anterior hippocampus", 2: "posterior hippocampus" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 1.5, ringMm: [2.1, 4.1] },
  }),
);

/** Scans with known labels, small ones first. */
export const SCAN_PLANS: readonly ScanPlan[] = [
  ...hippocampi,
  {
    id: "spinal-cord",
    what: "Cervical spinal cord, T1 MR",
    image: "labels/spinal-cord-t1/t1w.nii.gz",
    labels: "labels/spinal-cord-t1/cord-manual.nii.gz",
    truth: BY_HAND,
    names: { 1: "spinal cord" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 1.5, ringMm: [2.1, 4.1] },
  },
  {
    id: "tumour-pet",
    what: "Soft-tissue sarcoma, PET",
    image: "labels/sts-001-gtv/PET_image.nii.gz",
    labels: "labels/sts-001-gtv/PET_gtv_mask.nii.gz",
    truth: BY_HAND,
    names: { 1: "gross tumour volume" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 5.9, ringMm: [6.1, 12.1] },
  },
  {
    id: "tumour-mr",
    what: "Soft-tissue sarcoma, T1 MR",
    image: "labels/sts-001-gtv/MR_T1_image.nii.gz",
    labels: "labels/sts-001-gtv/MR_T1_gtv_mask.nii.gz",
    truth: BY_HAND,
    names: { 1: "gross tumour volume" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 5.9, ringMm: [6.1, 9.1] },
  },
  {
    id: "tumour-ct",
    what: "Soft-tissue sarcoma, CT",
    image: "pet-ct-mr-rtstruct/sts-001/CT",
    labels: "labels/sts-001-gtv/CT_gtv_mask.nii.gz",
    truth: BY_HAND,
    names: { 1: "gross tumour volume" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 5.9, ringMm: [6.1, 9.1] },
  },
  {
    id: "brain-tumour",
    what: "Brain tumour, MR",
    image: "nrrd/brain-tumour-mr.nrrd",
    labels: "nrrd/brain-tumour-mr-label.nrrd",
    truth: BY_HAND,
    names: { 1: "tumour" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 3.1, ringMm: [4.1, 7.1] },
  },
  {
    id: "spleen",
    what: "Spleen, portal-venous CT",
    image: "labels/spleen-ct/ct.nii.gz",
    labels: "labels/spleen-ct/spleen-manual.nii.gz",
    truth: BY_HAND,
    names: { 1: "spleen" },
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 5.9, ringMm: [6.1, 9.1] },
  },
  {
    id: "organs",
    what: "Organs of the body, CT",
    image: "labels/totalsegmentator-body/ct.nii.gz",
    labels: "labels/totalsegmentator-body/labels.nii.gz",
    truth: "TotalSegmentator (software)",
    axes: ALL,
    planes: true,
    grown: EVERY,
    seeds: { erodedMm: 3.1, ringMm: [3.1, 6.1] },
  },
  {
    id: "lungs",
    what: "Lungs, chest CT",
    image: "chest-ct.mha",
    sample: true,
    truth: "grown from a seed between two values (software)",
    names: { 1: "lungs" },
    axes: ALL,
  },
  {
    id: "aal",
    what: "AAL atlas, Colin27 T1 MR",
    image: "labels/colin27-aal/t1-colin27-ch2.nii.gz",
    labels: "labels/colin27-aal/aal-labels.nii.gz",
    truth: BY_HAND,
    // Along k 134,429 voxels change from odd slices to the next, 40,013 from even ones.
    remark:
      "Labels change three times as often at every second slice as at the others, along each axis: they come from a grid of 2 mm. Copying the nearest slice does well where every second one is kept.",
    axes: ALL,
    seeds: { erodedMm: 1.5, ringMm: [2.1, 4.1] },
  },
  {
    id: "freesurfer",
    what: "Brain, FreeSurfer regions, T1 MR",
    image: "labels/freesurfer/norm.mgz",
    labels: "labels/freesurfer/aparc.a2009s+aseg.mgz",
    truth: "FreeSurfer (software)",
    // A volume this large takes a peer some minutes for the other axes.
    axes: [2],
    names: { 2: "left cerebral white matter", 4: "left lateral ventricle" },
    // Of the regions these have values of their own.
    grown: (value) => value === 2 || value === 4,
  },
];
