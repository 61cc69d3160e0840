"""Smoothing by scipy: FILE (u16 labels) NI NJ NK METHOD A B C. Result: u16 labels.

METHOD median or uniform: A B C are the edges of the box in voxels; the median of a mask, or its mean against one half.
METHOD gaussian: A B C are the standard deviations in voxels; the largest of the labels, each within its box and the kernel around
it, where their sum is at least one half.
"""

import sys

import numpy
from scipy import ndimage

from peer import serve, volume

dims = [int(word) for word in sys.argv[2:5]]
labels = volume(sys.argv[1], numpy.uint16, dims)
method = sys.argv[5]
sizes = [float(word) for word in sys.argv[6:9]][::-1]


def majority():
    mask = labels != 0
    size = [int(n) for n in sizes]
    if method == "median":
        kept = ndimage.median_filter(mask.view(numpy.uint8), size=size) != 0
    else:
        kept = ndimage.uniform_filter(mask.astype(numpy.float32), size=size) > 0.5
    return kept.astype(numpy.uint16) * labels.max()


def gaussian():
    largest = numpy.zeros(labels.shape, numpy.float32)
    total = numpy.zeros(labels.shape, numpy.float32)
    winner = numpy.zeros(labels.shape, numpy.uint16)
    around = [int(4 * sigma + 0.5) for sigma in sizes]
    for number, box in enumerate(ndimage.find_objects(labels), 1):
        if box is None:
            continue
        box = tuple(slice(max(0, side.start - pad), side.stop + pad) for side, pad in zip(box, around))
        field = ndimage.gaussian_filter((labels[box] == number).astype(numpy.float32), sizes)
        total[box] += field
        wins = field > largest[box]
        largest[box][wins] = field[wins]
        winner[box][wins] = number
    return numpy.where(total >= 0.5, winner, 0).astype(numpy.uint16)


serve(gaussian if method == "gaussian" else majority)
