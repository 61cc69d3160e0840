"""Oracle of compare: surfaces by erosion and exact distance transforms of scipy, on labels held against changed copies.

Run by /usr/bin/python3 (Debian: python3-numpy python3-scipy python3-skimage python3-nibabel).
"""

import numpy
from scipy import ndimage

import oracle

TOLERANCE = 1.5
SEED, RANGE = (50, 80, 60), (-1100, -400)
SETS = [
    "labels/colin27-aal/aal-labels.nii.gz",
    "labels/spleen-ct/spleen-manual.nii.gz",
    "labels/hippocampus/001-label.nii.gz",
    "labels/totalsegmentator-body/labels.nii.gz",
    "labels/spinal-cord-t1/cord-manual.nii.gz",
    "labels/sts-001-gtv/MR_T1_gtv_mask.nii.gz",
    "chest-ct.mha",
]


def shifted(labels, step):
    """Voxel p gets the label of p − step; what comes from outside is background."""
    moved = numpy.zeros_like(labels)
    to = tuple(slice(max(s, 0), n + min(s, 0)) for s, n in zip(step, labels.shape))
    of = tuple(slice(max(-s, 0), n + min(-s, 0)) for s, n in zip(step, labels.shape))
    moved[to] = labels[of]
    return moved


def grown(labels):
    """The largest label of a voxel and its six neighbours."""
    return ndimage.grey_dilation(labels, footprint=ndimage.generate_binary_structure(3, 1), mode="constant", cval=0)


#: How the second map is made; tests do the same.
CHANGES = {
    "shifted 2 -1 1": lambda labels: shifted(labels, (2, -1, 1)),
    "shifted 13 9 4": lambda labels: shifted(labels, (13, 9, 4)),
    "grown": grown,
}


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask)


def percentile(values, share):
    return numpy.percentile(values, share)


def directed(distances):
    return {"mean": distances.mean(), "hausdorff95": percentile(distances, 95), "hausdorff": distances.max()}


def rows(a, b, spacing):
    most = max(a.max(), b.max())
    boxes_a, boxes_b = (ndimage.find_objects(map_.astype(numpy.int32), most) for map_ in (a, b))
    for label in numpy.union1d(numpy.unique(a), numpy.unique(b)):
        if label == 0:
            continue
        boxes = [box for box in (boxes_a[label - 1], boxes_b[label - 1]) if box is not None]
        box = tuple(slice(min(x.start for x in axis), max(x.stop for x in axis)) for axis in zip(*boxes))
        # A border of background, so that the erosion sees what lies outside the box.
        one, other = (numpy.pad(map_[box] == label, 1) for map_ in (a, b))
        common = int((one & other).sum())
        row = {"label": int(label), "voxelsA": int(one.sum()), "voxelsB": int(other.sum()), "common": common}
        surface_a, surface_b = surface(one), surface(other)
        row["surfaceA"], row["surfaceB"] = int(surface_a.sum()), int(surface_b.sum())
        if one.any() and other.any():
            there = ndimage.distance_transform_edt(~surface_b, sampling=spacing)[surface_a]
            back = ndimage.distance_transform_edt(~surface_a, sampling=spacing)[surface_b]
            both = numpy.concatenate([there, back])
            row |= {
                "mean": both.mean(),
                "median": numpy.median(both),
                "hausdorff95": percentile(both, 95),
                "hausdorff": both.max(),
                "within": int((both <= TOLERANCE).sum()),
                "fromAToB": directed(there),
                "fromBToA": directed(back),
            }
        yield row


def main():
    results = []
    for name in SETS:
        labels, affine = oracle.read(name)
        if name.endswith(".mha"):
            parts, _ = ndimage.label((labels >= RANGE[0]) & (labels <= RANGE[1]))
            labels = (parts == parts[SEED]).astype(numpy.uint16)
        spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
        for change, make in CHANGES.items():
            # A few labels of the atlas stand for all.
            found = list(rows(labels, make(labels), spacing))[:: 5 if "aal" in name else 1]
            print(name, change, len(found))
            results.append(
                {
                    "labels": oracle.source(name),
                    "change": change,
                    "spacing": spacing,
                    "tolerance": TOLERANCE,
                    "rows": found,
                }
            )
    what = (
        "Per label of a map against a changed copy of it: surface voxels are mask & ~scipy.ndimage.binary_erosion(mask), distances those "
        "of scipy.ndimage.distance_transform_edt of the other surface, percentiles numpy's; within counts distances up to the tolerance."
    )
    oracle.write("agreement", what, results)


main()
