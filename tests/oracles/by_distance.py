"""Distances, margins and smoothing of real labels by other programs: scipy, scikit-image and ITK (a native peer of the benchmarks).

Writes ../fixtures/oracles/by-distance.json. A distance field is told by how many voxels lie up to each of some distances, its sum,
and its value at some voxels; labels by how many voxels changed and the SHA-256 of the result, u16 little-endian, i fastest.
Needs Debian's python3-scipy, python3-skimage, python3-nibabel, libinsighttoolkit5-dev, cmake and g++.
"""

import json
import os
import subprocess
import tempfile

import nibabel
import numpy
import scipy
import scipy.ndimage as ndimage
import skimage
from skimage.filters import rank

from scans import ROOT, path_of, read, sha256, source

NATIVE = os.path.join(ROOT, ".build/native")
LUNGS = "samples/chest-ct.mha"
SPLEEN = "labels/spleen-ct/spleen-manual.nii.gz"
HIPPOCAMPUS = "labels/hippocampus/001-label.nii.gz"
ATLAS = "labels/colin27-aal/aal-labels.nii.gz"
BODY = "labels/totalsegmentator-body/labels.nii.gz"

# What is farther by less still counts as within.
SAME = 1e-6


def spacing_of(name):
    """Voxel size along i, j, k."""
    if name.endswith(".mha"):
        header = open(path_of(name), "rb").read(2000).decode("latin1")
        words = next(line for line in header.splitlines() if line.startswith("ElementSpacing")).split("=")[1].split()
        return [float(word) for word in words]
    return [float(mm) for mm in nibabel.load(path_of(name)).header.get_zooms()[:3]]


def labels_of(name):
    """Labels as they are, or the lungs of the sample as region growing finds them."""
    voxels = read(name)
    if name != LUNGS:
        return voxels.astype(numpy.uint16)
    parts, _ = ndimage.label((voxels >= -1100) & (voxels <= -400))
    return (parts == parts[60, 80, 40]).astype(numpy.uint16)


def edt(mask, spacing):
    """Distance to the voxels of a mask."""
    return ndimage.distance_transform_edt(~mask, sampling=spacing[::-1])


def native(name, mask, *args):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in.raw")
        mask.astype(numpy.uint8).tofile(path)
        out = os.path.join(folder, "out.raw")
        words = [os.path.join(NATIVE, name), path, *map(str, mask.shape[::-1]), *map(str, args)]
        subprocess.run(words, input=f"run\nwrite {out}\n", text=True, check=True, stdout=subprocess.DEVNULL)
        return numpy.fromfile(out, numpy.float32).reshape(mask.shape)


def around(box, pads, shape):
    return tuple(slice(max(0, s.start - p), min(n, s.stop + p)) for s, p, n in zip(box, pads, shape))


def each_label(labels, pads, chosen=None):
    """Every label with a box around it, as slices."""
    for label, box in enumerate(ndimage.find_objects(labels), 1):
        if box is not None and (chosen is None or label in chosen):
            yield label, around(box, pads, labels.shape)


def many(labels, spacing):
    field = numpy.zeros(labels.shape)
    for label, box in each_label(labels, (1, 1, 1)):
        own = labels[box] == label
        field[box][own] = edt(~own, spacing)[own]
    return field


def reach(mm, spacing):
    return [int(mm * (1 + SAME) / step) for step in spacing[::-1]]


def ball(mm, spacing):
    """The offsets within a length, as a structure."""
    grids = numpy.ogrid[tuple(slice(-n, n + 1) for n in reach(mm, spacing))]
    squares = sum((grid * step) ** 2 for grid, step in zip(grids, spacing[::-1]))
    return squares <= (mm * (1 + SAME)) ** 2


class Contest:
    """Labels in ascending order; a later one takes a voxel only where it is nearer by more than a millionth."""

    def __init__(self, labels):
        self.after = labels.copy()
        self.best = numpy.full(labels.shape, numpy.inf)

    def enter(self, label, box, field, allowed):
        wins = allowed & (field < self.best[box] * (1 - SAME))
        self.best[box][wins] = field[wins]
        self.after[box][wins] = label


def grow(labels, spacing, mm, chosen=None):
    contest = Contest(labels)
    for label, box in each_label(labels, reach(mm, spacing), chosen):
        field = edt(labels[box] == label, spacing)
        contest.enter(label, box, field, field <= mm * (1 + SAME))
    return contest.after


def eroded(labels, spacing, mm, keep_within=False):
    """Without the voxels within `mm` of another value, or without the others. The border of the volume counts as nothing."""
    field = many(labels, spacing)
    field[(labels != 0) & (field == 0)] = numpy.inf
    within = field <= mm * (1 + SAME)
    return numpy.where(within if keep_within else ~within, labels, 0).astype(numpy.uint16)


def padded(mask, pads, value):
    return numpy.pad(mask, [(p, p) for p in pads], constant_values=value)


def opened(labels, spacing, mm):
    """By a structure, on a volume that goes on beyond its border as if all there were of the label."""
    pads = [2 * n for n in reach(mm, spacing)]
    after = numpy.zeros_like(labels)
    for label, _ in each_label(labels, pads):
        own = padded(labels == label, pads, True)
        deep = ndimage.binary_erosion(own, ball(mm, spacing), border_value=1)
        kept = ndimage.binary_dilation(deep, ball(mm, spacing))[tuple(slice(p, -p or None) for p in pads)]
        after[(labels == label) & kept] = label
    return after


def closed(labels, spacing, mm):
    """By a structure, on a volume that goes on beyond its border as if nothing there were of the label."""
    pads = [2 * n for n in reach(mm, spacing)]
    contest = Contest(labels)
    for label, box in each_label(labels, (0, 0, 0)):
        own = labels[box] == label
        closing = ndimage.binary_closing(padded(own, pads, False), ball(mm, spacing))
        contest.enter(label, box, edt(own, spacing), closing[tuple(slice(p, -p or None) for p in pads)])
    return contest.after


def most_frequent(labels, spacing, mm):
    """Counts in a box for every label; where another one is more frequent than the own, the lowest of the most frequent."""
    size = [2 * int(mm / 2 * (1 + SAME) / step) + 1 for step in spacing[::-1]]
    counts = lambda mask: box_sum(mask, size)
    values = [0, *(label for label, _ in each_label(labels, (0, 0, 0)))]
    best = numpy.zeros(labels.shape, numpy.int64)
    winner = numpy.zeros(labels.shape, numpy.uint16)
    own = numpy.zeros(labels.shape, numpy.int64)
    for value in values:
        count = counts(labels == value)
        own[labels == value] = count[labels == value]
        wins = count > best
        best[wins] = count[wins]
        winner[wins] = value
    after = numpy.where(own == best, labels, winner).astype(numpy.uint16)
    # scikit-image cuts its window at the border and breaks ties otherwise: equal elsewhere.
    if labels.max() < 256:
        theirs = rank.majority(labels.astype(numpy.uint8), numpy.ones(size, numpy.uint8))
        inside = tuple(slice(n // 2, -(n // 2) or None) for n in size)
        decided = sum((counts(labels == value) == best).astype(int) for value in values)[inside] == 1
        assert (theirs[inside] == after[inside])[decided].all(), "scikit-image finds another majority"
    return after


def box_sum(mask, size):
    total = mask.astype(numpy.int64)
    for axis, n in enumerate(size):
        total = ndimage.correlate1d(total, numpy.ones(n, numpy.int64), axis=axis, mode="reflect")
    return total


def weights_of(sigma):
    """A Gaussian cut at four standard deviations in whole numbers that add up to 2^14: rounded sums from the tail on."""
    radius = int(4 * sigma + 0.5)
    shape = numpy.exp(-0.5 * (numpy.arange(radius + 1) / sigma) ** 2)
    tails = numpy.cumsum(shape[::-1] / (shape[0] + 2 * shape[1:].sum()) * 2**14)[:-1]
    half = numpy.diff(numpy.floor(tails + 0.5).astype(numpy.int64), prepend=0)
    return numpy.concatenate([half, [2**14 - 2 * half.sum()], half[::-1]])


def smoothed(mask, spacing, mm):
    values = mask.astype(numpy.int64) * 2**14
    for axis, step in ((2, spacing[0]), (1, spacing[1]), (0, spacing[2])):
        sums = ndimage.correlate1d(values, weights_of(mm / step), axis=axis, mode="reflect")
        values = -(-sums // 2**14)
    return values


def gaussian(labels, spacing, mm, joint):
    """The largest of the labels, where it, or all of them together, come to one half."""
    best = numpy.zeros(labels.shape, numpy.int64)
    winner = numpy.zeros(labels.shape, numpy.uint16)
    exact = numpy.zeros(labels.shape)
    for label, _ in each_label(labels, (0, 0, 0)):
        values = smoothed(labels == label, spacing, mm)
        wins = values > best
        best[wins] = values[wins]
        winner[wins] = label
        sigmas = [mm / step for step in spacing[::-1]]
        exact = numpy.maximum(exact, ndimage.gaussian_filter((labels == label).astype(numpy.float64), sigmas))
    level = smoothed(labels != 0, spacing, mm) if joint else best
    if not joint:
        # Whole numbers and real ones fall on different sides of one half only next to it.
        other = (level >= 2**13) != (exact >= 0.5)
        assert numpy.abs(exact[other] - 0.5).max(initial=0) < 2e-3, "the kernel of whole numbers is no Gaussian"
    return numpy.where(level >= 2**13, winner, 0).astype(numpy.uint16)


def field_facts(field):
    """Counts up to distances that no voxel is near to, the sum, and some values."""
    distances = numpy.unique(field.ravel())
    gaps = numpy.diff(distances)
    picks = numpy.linspace(0, len(distances) - 2, 25).astype(int)
    levels = []
    for pick in picks:
        while pick < len(gaps) and gaps[pick] < 1e-3:
            pick += 1
        if pick < len(gaps):
            levels.append(float((distances[pick] + distances[pick + 1]) / 2))
    levels = sorted(set(levels))
    places = numpy.random.default_rng(7).integers(0, field.size, 40)
    return {
        "levels": [[level, int((field <= level).sum())] for level in levels],
        "sum": float(field.astype(numpy.float64).sum()),
        "values": [[int(n), round(float(field.ravel()[n]), 6)] for n in places],
    }


def main():
    subprocess.run(["cmake", "-S", os.path.join(ROOT, "src/bench/peers/native"), "-B", NATIVE], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", NATIVE], check=True, stdout=subprocess.DEVNULL)
    fields = []
    changes = []

    def field(name, by, request, values):
        fields.append({**source(name), "by": by, "request": request, **field_facts(values)})
        print(name, request, by, values.max())

    def change(name, by, request, before, after):
        voxels = int((before != after).sum())
        changes.append({**source(name), "by": by, "request": request, "voxels": voxels, "labels": sha256(after.astype("<u2").tobytes())})
        print(name, request, by, voxels)

    for name in (LUNGS, SPLEEN, HIPPOCAMPUS, ATLAS, BODY):
        labels = labels_of(name)
        spacing = spacing_of(name)
        mask = labels != 0
        base = {"spacingMm": spacing}
        edt_by = "scipy.ndimage.distance_transform_edt"
        field(name, edt_by, {**base, "mode": "unsigned"}, edt(mask, spacing))
        field(name, edt_by, {**base, "mode": "signed"}, edt(mask, spacing) - edt(~mask, spacing))
        if labels.max() > 1:
            chosen = [int(label) for label in numpy.unique(labels)[1:4]]
            field(name, edt_by, {**base, "mode": "unsigned", "segments": chosen}, edt(numpy.isin(labels, chosen), spacing))
            field(name, edt_by, {**base, "mode": "many"}, many(labels, spacing))
        itk = numpy.maximum(native("signed-maurer", mask, *spacing), 0)
        field(name, "ITK SignedMaurerDistanceMap, outside", {**base, "mode": "unsigned"}, itk)

        mm = 2 * max(spacing)
        by = "scipy.ndimage.distance_transform_edt and a threshold"
        change(name, by, {**base, "kind": "margin", "mm": mm}, labels, grow(labels, spacing, mm))
        change(name, by, {**base, "kind": "margin", "mm": -mm}, labels, eroded(labels, spacing, mm))
        change(name, by, {**base, "kind": "hollow", "mode": "inside", "thicknessMm": mm}, labels, eroded(labels, spacing, mm, True))
        shell = grow(labels, spacing, mm)
        shell[mask] = 0
        change(name, by, {**base, "kind": "hollow", "mode": "outside", "thicknessMm": mm}, labels, shell)
        by = "scipy.ndimage.binary_erosion and binary_dilation by a ball"
        change(name, by, {**base, "kind": "open", "mm": mm}, labels, opened(labels, spacing, mm))
        change(name, by.replace("erosion and binary_dilation", "closing"), {**base, "kind": "close", "mm": mm}, labels, closed(labels, spacing, mm))

        mm = 2.5 * min(spacing)
        if labels.max() == 1:
            size = [2 * int(mm / step) + 1 for step in spacing[::-1]]
            median = ndimage.median_filter(labels.astype(numpy.uint8), size)
            assert (median == most_frequent(labels, spacing, 2 * mm)).all(), "median and majority differ"
        change(name, "scipy.ndimage.median_filter" if labels.max() == 1 else "counts by scipy.ndimage.correlate1d, checked by skimage.filters.rank.majority", {**base, "kind": "median", "mm": 2 * mm}, labels, most_frequent(labels, spacing, 2 * mm))
        by = "scipy.ndimage.correlate1d in whole numbers, checked by gaussian_filter"
        if name != ATLAS:
            change(name, by, {**base, "kind": "gaussian", "mm": mm}, labels, gaussian(labels, spacing, mm, False))
        change(name, by, {**base, "kind": "joint", "mm": mm}, labels, gaussian(labels, spacing, mm, True))

    made = {
        "by": "tests/oracles/by_distance.py",
        "scipy": scipy.__version__,
        "scikit-image": skimage.__version__,
        "numpy": numpy.__version__,
        "itk": "5.2 (Debian)",
        "fields": fields,
        "changes": changes,
    }
    with open(os.path.join(ROOT, "tests/fixtures/oracles/by-distance.json"), "w") as file:
        json.dump(made, file, indent=1)
        file.write("\n")


main()
