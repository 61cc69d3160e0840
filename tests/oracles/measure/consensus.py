"""Oracle of consensus: ITK's STAPLEImageFilter and MultiLabelSTAPLEImageFilter (double weights), and majority by counting.

Run by /usr/bin/python3 (Debian: python3-numpy python3-scipy python3-skimage python3-nibabel libinsighttoolkit5-dev cmake g++).
"""

import hashlib
from pathlib import Path

import numpy
from scipy import ndimage

import oracle

SEED, RANGE = (50, 80, 60), (-1100, -400)
#: Files, how many raters, whether ITK can be asked for all labels at once, labels that binary STAPLE is asked for.
SETS = [
    ("labels/hippocampus/001-label.nii.gz", 3, True, [1, 2]),
    ("labels/hippocampus/003-label.nii.gz", 4, True, [1, 2]),
    ("labels/spleen-ct/spleen-manual.nii.gz", 5, True, [1]),
    ("labels/totalsegmentator-body/labels.nii.gz", 5, True, [5, 20]),
    ("labels/colin27-aal/aal-labels.nii.gz", 5, False, [1, 38, 97]),
    ("chest-ct.mha", 4, True, [1]),
]


def shifted(labels, step):
    moved = numpy.zeros_like(labels)
    to = tuple(slice(max(s, 0), n + min(s, 0)) for s, n in zip(step, labels.shape))
    of = tuple(slice(max(-s, 0), n + min(-s, 0)) for s, n in zip(step, labels.shape))
    moved[to] = labels[of]
    return moved


def grown(labels):
    return ndimage.grey_dilation(labels, footprint=ndimage.generate_binary_structure(3, 1), mode="constant", cval=0)


#: Raters in order; tests make the same.
RATERS = [
    lambda labels: labels,
    lambda labels: shifted(labels, (1, 0, 0)),
    lambda labels: shifted(labels, (0, -1, 1)),
    grown,
    lambda labels: shifted(labels, (2, 1, 0)),
]


def digest(labels):
    return hashlib.sha256(labels.astype("<u2").tobytes(order="F")).hexdigest()


def majority(maps):
    """The label that most maps have, and where two have as many."""
    labels = numpy.unique(maps)
    votes = numpy.stack([(maps == label).sum(axis=0, dtype=numpy.int8) for label in labels])
    most = votes.max(axis=0)
    tie = (votes == most).sum(axis=0) > 1
    return numpy.where(tie, 0, labels[votes.argmax(axis=0)]), tie


def multi(folder, paths, shape, threshold):
    out = Path(folder) / "out.raw"
    found = oracle.native("staple", "multi", threshold, *shape, out, *paths)
    labels = numpy.fromfile(out, "<u2").reshape(shape, order="F")
    undecided = labels == found["undecided"]
    decided = numpy.where(undecided, 0, labels)
    return {
        "threshold": threshold or 1e-5,
        # ITK counts from 0 and stops before it counts the last.
        "iterations": found["iterations"] + 1,
        "undecided": int(undecided.sum()),
        "voxels": int((decided > 0).sum()),
        "sha256": digest(decided),
        "confusion": found["confusion"],
    }


def binary(folder, paths, shape, label):
    out = Path(folder) / "out.raw"
    found = oracle.native("staple", label, 0, *shape, out, *paths)
    weights = numpy.fromfile(out, "<f8")
    return {
        "label": label,
        "iterations": found["iterations"] + 1,
        "voxels": int((weights > 0.5).sum()),
        "sensitivity": found["sensitivity"],
        "specificity": found["specificity"],
    }


def main():
    results = []
    for name, count, whole, chosen in SETS:
        labels, _ = oracle.read(name)
        if name.endswith(".mha"):
            parts, _ = ndimage.label((labels >= RANGE[0]) & (labels <= RANGE[1]))
            labels = parts == parts[SEED]
        labels = labels.astype(numpy.uint16)
        maps = numpy.stack([make(labels) for make in RATERS[:count]])
        voted, tie = majority(maps)
        with oracle.scratch() as folder:
            paths = [oracle.raw_file(folder, f"rater-{n}", map_) for n, map_ in enumerate(maps)]
            results.append(
                {
                    "labels": oracle.source(name),
                    "raters": count,
                    "majority": {
                        "undecided": int(tie.sum()),
                        "voxels": int((voted > 0).sum()),
                        "sha256": digest(voted),
                    },
                    "multi": [multi(folder, paths, labels.shape, t) for t in ((0, 1e-12) if whole else ())],
                    "binary": [binary(folder, paths, labels.shape, label) for label in chosen],
                }
            )
        print(name)
    what = (
        "Raters are the labels, shifted by (1, 0, 0), by (0, -1, 1), grown by one voxel (largest label of a voxel and its six "
        "neighbours), shifted by (2, 1, 0), as many as told. sha256 is of 16-bit labels, i fastest, undecided ones 0. multi is "
        "itk::MultiLabelSTAPLEImageFilter with double weights: confusion has [decided, truth, probability] of each rater; binary is "
        "itk::STAPLEImageFilter for one label, voxels those with a probability above one half."
    )
    oracle.write("consensus", what, results)


main()
