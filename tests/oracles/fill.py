"""Fill between slices by scipy: signed distances of whole slices, blended by Catmull-Rom's cubic; Dice of the slices left out.

Writes tests/fixtures/oracles/fill.json. Ours links and moves pieces and is to be at least as near to the truth.
"""

import json
import os

import numpy
import scipy
from scipy.ndimage import distance_transform_edt, label

from scans import ROOT, read, source

# File, spacing along k, j, i in millimetres, every how many slices one is kept.
CASES = [
    ("samples/chest-ct.mha", (2.5, 1.366, 1.366), 8),
    ("labels/spleen-ct/spleen-manual.nii.gz", (5.0, 0.7949219942092896, 0.7949219942092896), 2),
    ("labels/spleen-ct/spleen-manual.nii.gz", (5.0, 0.7949219942092896, 0.7949219942092896), 5),
    ("labels/hippocampus/001-label.nii.gz", (1.0, 1.0, 1.0), 5),
    ("labels/hippocampus/006-label.nii.gz", (1.0, 1.0, 1.0), 5),
    ("labels/spinal-cord-t1/cord-manual.nii.gz", (1.0, 1.0, 1.0), 5),
]


def lungs(voxels):
    """The component of -1100 to -400 at voxel 50, 80, 60, as the sample's lungs are grown elsewhere."""
    pieces, _ = label((voxels >= -1100) & (voxels <= -400))
    return (pieces == pieces[60, 80, 50]).astype(numpy.int32)


def signed(mask, spacing):
    if mask.all():
        return numpy.full(mask.shape, 50.0)
    half = min(spacing) / 2
    inside = distance_transform_edt(mask, sampling=spacing)
    outside = distance_transform_edt(~mask, sampling=spacing)
    return numpy.where(mask, inside - half, half - outside)


def filled(labels, kept, spacing):
    best = numpy.zeros(labels.shape)
    found = numpy.zeros(labels.shape, numpy.int32)
    for value in numpy.unique(labels[labels > 0]):
        own = [k for k in kept if (labels[k] == value).any()]
        fields = {k: signed(labels[k] == value, spacing) for k in own}
        for n, (a, b) in enumerate(zip(own[:-1], own[1:])):
            before = own[n - 1] if n > 0 else None
            after = own[n + 2] if n + 2 < len(own) else None
            chord = fields[b] - fields[a]
            start = chord if before is None else (fields[b] - fields[before]) * (b - a) / (b - before)
            end = chord if after is None else (fields[after] - fields[a]) * (b - a) / (after - a)
            for k in range(a + 1, b):
                t = (k - a) / (b - a)
                field = (2 * t**3 - 3 * t**2 + 1) * fields[a] + (t**3 - 2 * t**2 + t) * start
                field += (3 * t**2 - 2 * t**3) * fields[b] + (t**3 - t**2) * end
                wins = field > best[k]
                best[k][wins] = field[wins]
                found[k][wins] = value
    return found


def mean_dice(truth, found):
    values = numpy.unique(truth[truth > 0])
    return float(numpy.mean([2 * ((truth == v) & (found == v)).sum() / ((truth == v).sum() + (found == v).sum()) for v in values]))


results = []
for name, spacing, every in CASES:
    labels = read(name).astype(numpy.int32)
    if name.startswith("samples/"):
        labels = lungs(labels)
    slices = numpy.flatnonzero(labels.any(axis=(1, 2)))
    kept = list(range(int(slices[0]), int(slices[-1]) + 1, every))
    hidden = [k for k in range(kept[0], kept[-1]) if k not in kept]
    dice = mean_dice(labels[hidden], filled(labels, kept, spacing[1:])[hidden])
    where = source(name)
    path = where["file"].removeprefix("samples/")
    results.append({"source": {"path": path, "sha256": where["sha256"]}, "spacingMm": spacing[::-1], "every": every, "kept": kept, "dice": dice})
    print(name, every, dice)

how = f"tests/oracles/fill.py, scipy {scipy.__version__}, numpy {numpy.__version__}"
with open(os.path.join(ROOT, "tests/fixtures/oracles/fill.json"), "w") as file:
    json.dump({"made": how, "results": results}, file, indent=2)
    file.write("\n")
