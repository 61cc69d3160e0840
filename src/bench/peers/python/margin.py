"""A margin by scipy's exact distance transform and a threshold: FILE (u16 labels) NI NJ NK SI SJ SK MM. Result: u16 labels.

MM above 0 grows, of several labels the nearest wins; below 0 shrinks all labels together.
"""

import sys

import numpy
from scipy import ndimage

from peer import serve, volume

dims = [int(word) for word in sys.argv[2:5]]
spacing = [float(word) for word in sys.argv[5:8]][::-1]
labels = volume(sys.argv[1], numpy.uint16, dims)
mm = float(sys.argv[8]) * (1 + 1e-6)
several = len(numpy.unique(labels)) > 2


def run():
    if mm < 0:
        return numpy.where(ndimage.distance_transform_edt(labels, sampling=spacing) > -mm, labels, 0)
    if not several:
        near = ndimage.distance_transform_edt(labels == 0, sampling=spacing) <= mm
        return near.astype(numpy.uint16) * labels.max()
    field, nearest = ndimage.distance_transform_edt(labels == 0, sampling=spacing, return_indices=True)
    return numpy.where(field <= mm, labels[tuple(nearest)], 0).astype(numpy.uint16)


serve(run)
