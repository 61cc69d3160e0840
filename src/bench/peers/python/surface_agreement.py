"""scipy: surface distances of every label of two maps. A (u16) B (u16) NI NJ NK SI SJ SK. Result: f64, label, Dice, Hausdorff 95, mean.

Erosion and exact distance transforms in the box of each label.
"""

import sys

import numpy
from scipy import ndimage

import peer

dims = [int(n) for n in sys.argv[3:6]]
spacing = [float(n) for n in sys.argv[6:9]][::-1]
a, b = (peer.volume(path, "<u2", dims) for path in sys.argv[1:3])


def run():
    most = int(max(a.max(), b.max()))
    boxes = [ndimage.find_objects(map_.astype(numpy.int32), most) for map_ in (a, b)]
    rows = []
    for label in range(1, most + 1):
        own = [found[label - 1] for found in boxes if found[label - 1] is not None]
        if len(own) < 2:
            continue
        box = tuple(slice(min(x.start for x in axis), max(x.stop for x in axis)) for axis in zip(*own))
        one, other = (numpy.pad(map_[box] == label, 1) for map_ in (a, b))
        surfaces = [mask & ~ndimage.binary_erosion(mask) for mask in (one, other)]
        there = ndimage.distance_transform_edt(~surfaces[1], sampling=spacing)[surfaces[0]]
        back = ndimage.distance_transform_edt(~surfaces[0], sampling=spacing)[surfaces[1]]
        both = numpy.concatenate([there, back])
        dice = 2 * (one & other).sum() / (one.sum() + other.sum())
        rows.append([label, dice, numpy.percentile(both, 95), both.mean()])
    return numpy.array(rows, dtype=float)


peer.serve(run)
